"""Weights for answers: design weights, non-response classes, raking to known margins with limits.

Sources: Kish, Survey Sampling (1965), 11.7 (design effect of weighting); Deming and Stephan (1940), Annals of
Mathematical Statistics 11 (iterative proportional fitting); Deville, Särndal and Sautory (1993), Journal of
the American Statistical Association 88 (generalised raking; the truncated method holds the limits).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
TOLERANCE = 1e-10
#: Raking ends early when the miss of the targets has not shrunk for so many rounds: limits that contradict
#: the margins would otherwise drive the factors on for nothing.
_PATIENCE = 40
_FURTHEST = 1e6


class ImpossibleMargin(ValueError):
    """A target that no weights can reach; ``variable`` and ``category`` name it, ``reason`` says why.

    ``empty``: a target above nought for a category without answers; ``unknown``: answers in a category
    without a target above nought; ``limits``: the limits of the weights stand against it; ``total``: the
    targets of a variable do not sum to those of the others.
    """

    def __init__(self, variable: str, category: str, reason: str) -> None:
        super().__init__(f"{variable} = {category}: {reason}")
        self.variable, self.category, self.reason = variable, category, reason


@dataclass(frozen=True, slots=True)
class Margin:
    """One known margin: the category of every answer and the wanted sum of weights of every category."""

    variable: str
    categories: Sequence[str]
    targets: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights and what to know of them. ``gap`` is the largest miss of a target as a part of the total,
    ``smallest`` and ``largest`` are ratios of the new weight to the old one (both scaled to mean 1).
    """

    weights: Weights
    converged: bool
    iterations: int
    gap: float
    smallest: float
    largest: float

    @property
    def design_effect(self) -> float:
        """Kish's design effect of weighting of these weights."""
        return kish_effect(self.weights)

    @property
    def effective(self) -> float:
        """The effective number of answers: n over the design effect."""
        return len(self.weights) / self.design_effect


def kish_effect(weights: Sequence[float] | Weights) -> float:
    """n Σw² / (Σw)²; 1 when all are equal. Raises ValueError without weights or with a sum of nought."""
    row = np.asarray(weights, dtype=float)
    total = float(row.sum())
    if not len(row) or total <= 0:
        raise ValueError("a design effect needs weights that sum to more than nought")
    return float(len(row) * (row @ row) / total**2)


def response_factors(
    invited: Sequence[tuple[Hashable, float]], answered: Sequence[tuple[Hashable, float]]
) -> dict[Any, float]:
    """For each class the sum of weights over the invited by that over those who answered.

    Items are (class, design weight). Classes in which nobody answered have no factor: the caller merges
    them or tells it.
    """
    sums: list[dict[Hashable, float]] = []
    for rows in (invited, answered):
        sums.append({})
        for name, weight in rows:
            sums[-1][name] = sums[-1].get(name, 0.0) + weight
    return {name: sums[0].get(name, 0.0) / total for name, total in sums[1].items() if total > 0}


def rake(
    base: Sequence[float] | Weights,
    margins: Sequence[Margin],
    *,
    limits: tuple[float, float] | None = None,
    tolerance: float = TOLERANCE,
    most: int = 500,
) -> Weighting:
    """Weights in which every category of every margin has its target; one margin is post-stratification.

    ``limits``: the least and the largest ratio of a weight to its base weight, after the base was scaled to
    the total of the targets. Raises ImpossibleMargin. Without convergence after ``most`` rounds (or with
    limits that the margins do not allow together) the result says so: ``converged`` is false.
    """
    start = np.asarray(base, dtype=float)
    total = _common_total(margins)
    cells = [_cells(margin) for margin in margins]
    start = start * (total / start.sum())
    low, high = limits or (0.0, np.inf)
    for margin, parts in zip(margins, cells, strict=True):
        _require_possible(margin, parts, start, (low, high))
    factors, iterations, gap, best, since = np.ones(len(start)), 0, np.inf, np.inf, 0
    while iterations < most and gap > tolerance and since < _PATIENCE:
        iterations += 1
        for margin, parts in zip(margins, cells, strict=True):
            for category, members in parts.items():
                step = _factor(start[members], factors[members], margin.targets[category], (low, high))
                factors[members] = np.clip(factors[members] * step, 1 / _FURTHEST, _FURTHEST)
        gap = _gap(start * np.clip(factors, low, high), margins, cells) / total
        best, since = (gap, 0) if gap < 0.99 * best else (best, since + 1)
    ratios = np.clip(factors, low, high)
    return Weighting(
        start * ratios,
        bool(gap <= tolerance),
        iterations,
        float(gap),
        float(ratios.min()),
        float(ratios.max()),
    )


def _common_total(margins: Sequence[Margin]) -> float:
    totals = [sum(margin.targets.values()) for margin in margins]
    if not totals or totals[0] <= 0:
        raise ValueError("raking needs a margin with targets above nought")
    for margin, total in zip(margins, totals, strict=True):
        if abs(total - totals[0]) > 1e-9 * totals[0]:
            raise ImpossibleMargin(margin.variable, "", "total")
    return totals[0]


def _cells(margin: Margin) -> dict[str, NDArray[np.intp]]:
    """The places of the answers of each category that has any."""
    names, inverse = np.unique(np.asarray(margin.categories, dtype=object).astype(str), return_inverse=True)
    return {str(name): np.flatnonzero(inverse == place) for place, name in enumerate(names)}


def _require_possible(
    margin: Margin, parts: Mapping[str, NDArray[np.intp]], base: Weights, limits: tuple[float, float]
) -> None:
    for category, target in margin.targets.items():
        if target > 0 and category not in parts:
            raise ImpossibleMargin(margin.variable, category, "empty")
    for category, members in parts.items():
        target, weight = margin.targets.get(category, 0.0), float(base[members].sum())
        if target <= 0:
            raise ImpossibleMargin(margin.variable, category, "unknown")
        if not limits[0] * weight <= target * (1 + TOLERANCE) <= limits[1] * weight * (1 + 2 * TOLERANCE):
            raise ImpossibleMargin(margin.variable, category, "limits")


def _factor(base: Weights, factors: Weights, target: float, limits: tuple[float, float]) -> float:
    """The f with Σ base · clip(f · factors, limits) = target, or the nearest to it that there is.

    The sum rises with f in straight pieces, which meet where a weight comes to a limit.
    """
    plain = target / float(base @ factors)
    if limits[0] <= plain * factors.min() and plain * factors.max() <= limits[1]:
        return plain
    ends = limits[1] / factors if np.isfinite(limits[1]) else np.empty(0)
    corners = np.unique(np.concatenate([limits[0] / factors, ends]))
    low, high = 0, len(corners) - 1
    while low < high:
        middle = (low + high) // 2
        if base @ np.clip(corners[middle] * factors, *limits) < target:
            low = middle + 1
        else:
            high = middle
    right = float(corners[low])
    left = float(corners[low - 1]) if low else 0.0
    ratios = (left + right) / 2 * factors
    free = (ratios > limits[0]) & (ratios < limits[1])
    slope = float(base[free] @ factors[free])
    if slope <= 0:
        return right
    held = float(base[~free] @ np.clip(ratios[~free], *limits))
    return min(max((target - held) / slope, left), right)


def _gap(
    weights: Weights, margins: Sequence[Margin], cells: Sequence[Mapping[str, NDArray[np.intp]]]
) -> float:
    return max(
        abs(float(weights[members].sum()) - margin.targets[category])
        for margin, parts in zip(margins, cells, strict=True)
        for category, members in parts.items()
    )
