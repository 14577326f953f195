"""What drives a result: how R² is shared out among drivers that go together.

Everything is computed from a covariance matrix, so that sums of an engine serve as well as rows.
Sources: Lindeman, Merenda and Gold 1980; Grömping 2006, J. Stat. Softw. 17 (LMG = Shapley, first, last,
Pratt); Johnson 2000, Multivariate Behavioral Research 35 (relative weights).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import (
    Floats,
    correlation_of,
    names_for,
    require_independent,
    require_rows,
)
from manyi.measures.errors import NotComputable
from manyi.measures.regression import products_of

#: LMG looks at every subset of drivers: 65,536 of sixteen.
MOST_DRIVERS = 16
Importance = Literal["lmg", "johnson", "first", "last", "pratt"]
Cut = Literal["mean", "median", "fixed"]
Quadrant = Literal["concentrate_here", "keep_up_good_work", "low_priority", "possible_overkill"]


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver. ``lmg``, ``johnson`` and ``pratt`` are parts of R² that sum to it; ``first`` is its R²
    alone, ``last`` what it adds to all others; ``r`` its correlation with the result, ``beta`` standardised.
    """

    name: str
    r: float
    beta: float
    lmg: float
    johnson: float
    first: float
    last: float
    pratt: float


@dataclass(frozen=True, slots=True)
class Drivers:
    """All drivers of a result over ``n`` complete rows of ``rows``; ``r2`` of all together (0 to 1).

    Warnings: ``negative_pratt`` (its parts cannot be read as shares), ``weak_model`` (R² below 0.1),
    ``few_rows_per_driver`` (fewer than 10).
    """

    drivers: tuple[Driver, ...]
    r2: float
    n: int
    rows: int
    warnings: tuple[str, ...]

    def share(self, driver: Driver, by: Importance = "lmg") -> float:
        """The driver's part of R² as a share (0 to 1); first and last as parts of their sum."""
        total = math.fsum(getattr(each, by) for each in self.drivers)
        return float(getattr(driver, by) / total) if total else math.nan


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """One item on the map of importance and performance."""

    name: str
    importance: float
    performance: float
    quadrant: Quadrant


@dataclass(frozen=True, slots=True)
class PriorityMap:
    """Items by importance and performance, cut where ``importance_cut`` and ``performance_cut`` say."""

    items: tuple[PlacedItem, ...]
    importance_cut: float
    performance_cut: float
    cut: Cut


def key_drivers(
    result: npt.ArrayLike,
    drivers: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str] = (),
    *,
    weights: npt.ArrayLike | None = None,
) -> Drivers:
    """The drivers of ``result`` (n) among ``drivers`` (n × k, up to 16) over complete rows.

    Raises NotComputable ``constant``, ``collinear``, ``too_few``, ``too_many``, ``all_missing``,
    ``bad_weight``, ``not_a_number``.
    """
    sums = products_of(result, drivers, names, weights=weights)
    named = names_for(names, len(sums.means) - 1)
    return from_covariance(sums.products, named, n=sums.n, rows=sums.rows)


def from_covariance(covariance: Floats, names: Sequence[str], *, n: int, rows: int | None = None) -> Drivers:
    """The drivers from a covariance matrix (k + 1 × k + 1), the result last, over ``n`` rows.

    Only its proportions count: a matrix of products serves as well. Raises NotComputable ``constant``,
    ``collinear``, ``too_few``, ``too_many``.
    """
    k = len(names)
    if not k:
        raise NotComputable("empty", column="drivers")
    if k > MOST_DRIVERS:
        raise NotComputable("too_many", column="drivers", n=k, most=MOST_DRIVERS)
    require_rows(n, k + 2, ", ".join(names))
    whole = correlation_of(covariance, (*names, "result"))
    inner, with_result = whole[:k, :k], whole[:k, k]
    require_independent(inner, names)
    inverse = np.linalg.inv(inner)
    beta = inverse @ with_result
    r2 = min(float(beta @ with_result), 1.0)
    parts = zip(
        names, with_result.tolist(), beta.tolist(), _lmg(inner, with_result).tolist(),
        _johnson(inner, with_result).tolist(), (with_result**2).tolist(),
        (beta**2 / np.diag(inverse)).tolist(), (beta * with_result).tolist(), strict=True,
    )  # fmt: skip
    found = tuple(Driver(*each) for each in parts)
    return Drivers(found, r2, n, n if rows is None else rows, _warnings(found, r2, n))


def priority_map(
    names: Sequence[str],
    importance: Sequence[float],
    performance: Sequence[float],
    *,
    cut: Cut = "mean",
    at: tuple[float, float] | None = None,
) -> PriorityMap:
    """Items in four fields (Martilla and James 1977, Journal of Marketing 41).

    ``at`` holds the two cuts (importance, performance) of a fixed map. An item on a cut counts as above it.
    Raises NotComputable ``empty`` and ``missing`` with the item that lacks a number.
    """
    if not names:
        raise NotComputable("empty", column="items")
    pairs = list(zip(names, importance, performance, strict=True))
    for name, *numbers in pairs:
        if not all(math.isfinite(number) for number in numbers):
            raise NotComputable("missing", column=name)
    if (cut == "fixed") != (at is not None):
        raise ValueError("a fixed cut and its two values belong together")
    middle = np.mean if cut == "mean" else np.median
    across, along = at or (float(middle(importance)), float(middle(performance)))
    items = tuple(
        PlacedItem(name, high, done, _quadrant(high >= across, done >= along)) for name, high, done in pairs
    )
    return PriorityMap(items, across, along, cut)


def _quadrant(important: bool, good: bool) -> Quadrant:
    if important:
        return "keep_up_good_work" if good else "concentrate_here"
    return "possible_overkill" if good else "low_priority"


def _lmg(inner: Floats, with_result: Floats) -> Floats:
    """Each driver's mean gain in R² over all orders of entry, from R² of every subset.

    Subsets of one size are solved together as a stack of matrices: 2ᵏ systems in k calls.
    """
    k = len(with_result)
    explained = _explained(inner, with_result)
    masks = np.arange(2**k)
    sizes = np.bitwise_count(masks.astype(np.uint32)).astype(np.int64)
    chances = np.array([1 / (k * math.comb(k - 1, size)) for size in range(k)])
    gains = np.empty(k)
    for driver in range(k):
        without = masks[(masks >> driver) & 1 == 0]
        gain = explained[without | (1 << driver)] - explained[without]
        gains[driver] = chances[sizes[without]] @ gain
    return gains


def _explained(inner: Floats, with_result: Floats) -> Floats:
    """R² of every subset of drivers; the bits of the place say which are in it."""
    k = len(with_result)
    masks = np.arange(2**k)
    inside = (masks[:, None] >> np.arange(k)) & 1
    sizes = inside.sum(axis=1)
    explained = np.zeros(2**k)
    for size in range(1, k + 1):
        of_size = masks[sizes == size]
        members = np.nonzero(inside[of_size])[1].reshape(-1, size)
        right = with_result[members]
        left = inner[members[:, :, None], members[:, None, :]]
        solved = np.linalg.solve(left, right[:, :, None])[:, :, 0]
        explained[of_size] = np.einsum("ij,ij->i", solved, right)
    return explained


def _johnson(inner: Floats, with_result: Floats) -> Floats:
    """Relative weights: through the orthogonal columns nearest to the drivers, and back."""
    values, vectors = np.linalg.eigh(inner)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    through = np.linalg.solve(root, with_result)
    return np.asarray(root**2 @ through**2, dtype=np.float64)


def _warnings(drivers: Sequence[Driver], r2: float, n: int) -> tuple[str, ...]:
    told = []
    if any(driver.pratt < 0 for driver in drivers):
        told.append("negative_pratt")
    if r2 < 0.1:
        told.append("weak_model")
    if n < 10 * len(drivers):
        told.append("few_rows_per_driver")
    return tuple(told)
