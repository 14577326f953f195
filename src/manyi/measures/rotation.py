"""Turning factors so that each item belongs to few: varimax, promax, oblimin.

Sources: Kaiser 1958 (varimax, rows normalised); Hendrickson and White 1964 (promax, power 4); Jennrich 2002,
Psychometrika 67, and Bernaards and Jennrich 2005 (gradient projection for oblimin with gamma 0, quartimin).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from manyi.measures.columns import Floats

Rotation = Literal["none", "varimax", "promax", "oblimin"]
#: Where R's stats::varimax stops; loadings then agree with SPSS and R to about three digits after the point.
R_STOP = 1e-5
_ROUNDS = 10_000
#: A slope of the oblimin criterion below it is none: loadings then stand to six digits.
_FLAT = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Rotated:
    """``loadings`` (items × factors) after turning and ``correlations`` of factors (identity if right)."""

    loadings: Floats
    correlations: Floats
    converged: bool


def rotate(loadings: Floats, rotation: Rotation, *, stop: float = R_STOP) -> Rotated:
    """Loadings (items × factors) turned; the strongest factor first, signs so that each column sums to > 0.

    ``stop`` is the relative gain of the criterion below which varimax (and promax, which starts from it)
    ends.
    """
    count = loadings.shape[1]
    if rotation == "none" or count == 1:
        return Rotated(loadings, np.eye(count), True)
    if rotation == "oblimin":
        found = _oblimin(loadings)
    else:
        found = _varimax(loadings, stop) if rotation == "varimax" else _promax(loadings, stop)
    strength = np.diag(found.correlations @ found.loadings.T @ found.loadings)
    order = np.argsort(-strength, kind="stable")
    signs = np.where(found.loadings[:, order].sum(axis=0) < 0, -1.0, 1.0)
    correlations = found.correlations[np.ix_(order, order)] * np.outer(signs, signs)
    return Rotated(found.loadings[:, order] * signs, correlations, found.converged)


def _varimax(loadings: Floats, stop: float) -> Rotated:
    """Rows to length 1, then singular value steps until the criterion stands still."""
    lengths = np.sqrt((loadings**2).sum(axis=1))
    lengths[lengths == 0] = 1.0
    rows = loadings / lengths[:, None]
    turn, best = np.eye(loadings.shape[1]), 0.0
    for _ in range(_ROUNDS):
        turned = rows @ turn
        slope = rows.T @ (turned**3 - turned * (turned**2).mean(axis=0))
        left, values, right = np.linalg.svd(slope)
        turn, before, best = left @ right, best, float(values.sum())
        if best < before * (1 + stop):
            return Rotated(loadings @ turn, np.eye(len(turn)), True)
    return Rotated(loadings @ turn, np.eye(len(turn)), False)


def _promax(loadings: Floats, stop: float, power: int = 4) -> Rotated:
    """Varimax, then the least-squares turn towards its own loadings raised to a power.

    As R's stats::promax does; SPSS and psych give every item length 1 before that turn, with other loadings.
    """
    right = _varimax(loadings, stop)
    target = right.loadings * np.abs(right.loadings) ** (power - 1)
    turn = np.linalg.lstsq(right.loadings, target, rcond=None)[0]
    turn = turn * np.sqrt(np.diag(np.linalg.inv(turn.T @ turn)))
    back = np.linalg.inv(turn)
    return Rotated(right.loadings @ turn, back @ back.T, right.converged)


def _oblimin(loadings: Floats) -> Rotated:
    """Gradient projection over the oblique turns, the step halved until it leads downwards enough."""
    turn, size = np.eye(loadings.shape[1]), 1.0
    value, slope = _quartimin(loadings, turn)
    for _ in range(_ROUNDS):
        away = slope - turn * (turn * slope).sum(axis=0)
        length = float(np.sqrt((away**2).sum()))
        if length < _FLAT:
            return Rotated(loadings @ np.linalg.inv(turn).T, turn.T @ turn, True)
        size *= 2
        for _ in range(30):
            moved = turn - size * away
            moved = moved / np.sqrt((moved**2).sum(axis=0))
            there = _quartimin(loadings, moved)
            if there[0] < value - 0.5 * length**2 * size:
                break
            size /= 2
        turn, (value, slope) = moved, there
    return Rotated(loadings @ np.linalg.inv(turn).T, turn.T @ turn, False)


def _quartimin(loadings: Floats, turn: Floats) -> tuple[float, Floats]:
    """The criterion Σ λ²ᵢⱼ λ²ᵢₖ / 4 over pairs of factors and its slope in the turn."""
    inverse = np.linalg.inv(turn)
    turned = loadings @ inverse.T
    squares = turned**2
    others = squares.sum(axis=1, keepdims=True) - squares
    slope = -(turned.T @ (turned * others) @ inverse).T
    return float((squares * others).sum()) / 4, slope
