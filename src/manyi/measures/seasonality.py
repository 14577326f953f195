"""Does a figure come and go with the season? A straight trend with one effect per season, and its test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyi.measures.columns import Floats
from manyi.measures.distributions import p_of_f, t_for
from manyi.measures.errors import NotComputable


@dataclass(frozen=True, slots=True)
class Season:
    """How far one season (1 to ``length``) lies from the trend on average; effects sum to nought."""

    season: int
    effect: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Seasonality:
    """Effects by season with the F test that there are none; ``slope`` per period beside them.

    ``adjusted`` are the values with their season taken away, None where there was none.
    """

    seasons: tuple[Season, ...]
    f: float
    df1: int
    df2: int
    p: float
    slope: float
    adjusted: tuple[float | None, ...]
    n: int


def seasonality(
    values: Sequence[float | None], length: int, *, first: int = 1, confidence: float = 0.95
) -> Seasonality:
    """The seasons of a series with ``length`` periods a year, the first value in season ``first``.

    Least squares on a line and season effects; partial F. Periods without a value are left out. Raises
    NotComputable ``too_few`` below two values of each season, ``constant``.
    """
    if length < 2 or not 1 <= first <= length:
        raise ValueError("a year has two seasons at least, and the first value stands in one of them")
    y = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    season = (np.arange(len(y)) + first - 1) % length
    given = np.isfinite(y)
    least = int(np.bincount(season[given], minlength=length).min())
    if least < 2:
        raise NotComputable("too_few", column="season", n=least, least=2)
    if np.ptp(y[given]) == 0:
        raise NotComputable("constant", column="values")
    time = np.arange(len(y), dtype=np.float64)
    line = np.column_stack([np.ones(len(y)), time - time.mean()])
    # Effects coded to sum to nought: the last season is minus the others.
    coded = np.vstack([np.eye(length - 1), -np.ones(length - 1)])
    whole = np.column_stack([line, coded[season]])
    slopes, left, inverse = _fit(whole[given], y[given])
    n, df = int(given.sum()), int(given.sum()) - length - 1
    seasons = _seasons(slopes[2:], coded, inverse[2:, 2:] * left / df, t_for(confidence, df))
    gain = _fit(line[given], y[given])[1] - left
    f = gain / (length - 1) / (left / df) if left > 1e-12 * gain else math.inf
    effects = np.array([each.effect for each in seasons])[season]
    return Seasonality(
        seasons, f, length - 1, df, p_of_f(f, length - 1, df) if math.isfinite(f) else 0.0, float(slopes[1]),
        tuple(float(v - e) if ok else None for v, e, ok in zip(y, effects, given, strict=True)), n,
    )  # fmt: skip


def _fit(design: Floats, y: Floats) -> tuple[Floats, float, Floats]:
    inverse = np.linalg.inv(design.T @ design)
    slopes = inverse @ (design.T @ y)
    residuals = y - design @ slopes
    return slopes, float(residuals @ residuals), np.asarray(inverse, dtype=np.float64)


def _seasons(slopes: Floats, coded: Floats, covariance: Floats, t: float) -> tuple[Season, ...]:
    effects = coded @ slopes
    errors = np.sqrt(np.einsum("ij,jk,ik->i", coded, covariance, coded))
    return tuple(
        Season(place, effect, error, effect - t * error, effect + t * error)
        for place, (effect, error) in enumerate(zip(effects.tolist(), errors.tolist(), strict=True), start=1)
    )
