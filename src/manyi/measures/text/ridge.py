"""Least squares with a ridge on dense rows, several targets at once, the ridge chosen by unseen folds.

Dense rows of a few hundred columns are told apart as well by least squares as by any linear method, and one
matrix of products serves all targets, folds and ridges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True, slots=True, eq=False)
class Separation:
    """``weights`` (targets × columns + 1, intercept last); ``unseen`` (rows × targets): the margin of each
    row by weights that did not see its fold.
    """

    weights: Floats
    unseen: Floats


def separate(rows: Floats, targets: npt.NDArray[np.bool_], folds: npt.NDArray[np.int64]) -> Separation:
    """Tell each column of ``targets`` (rows × targets) from the rest by ``rows`` (rows × columns).

    The ridge of a target is that of PENALTIES with the least squared error on unseen folds.
    """
    known = np.column_stack([rows, np.ones(len(rows))])
    sides = np.where(targets, 1.0, -1.0)
    products, pull = known.T @ known, known.T @ sides
    unseen = np.zeros((len(PENALTIES), *sides.shape))
    for fold in np.unique(folds):
        held = folds == fold
        part = known[held]
        others, other_pull = products - part.T @ part, pull - part.T @ sides[held]
        for place, penalty in enumerate(PENALTIES):
            unseen[place][held] = part @ _solved(others, other_pull, penalty)
    best = ((unseen - sides) ** 2).mean(axis=1).argmin(axis=0)
    weights = [_solved(products, pull[:, n], PENALTIES[place]) for n, place in enumerate(best)]
    return Separation(np.array(weights), unseen[best, :, np.arange(len(best))].T)


def margins(rows: Floats, weights: Floats) -> Floats:
    """(rows × targets) distances from the border; above nought for the target."""
    return np.asarray(rows @ weights[:, :-1].T + weights[:, -1], dtype=np.float64)


def _solved(products: Floats, pull: Floats, penalty: float) -> Floats:
    ridge = np.full(len(products), penalty)
    ridge[-1] = 1e-9  # the intercept is not drawn to nought; a fold without rows still has a solution
    return np.asarray(np.linalg.solve(products + np.diag(ridge), pull), dtype=np.float64)
