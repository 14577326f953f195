"""Funnel plots: does a unit differ from the rest by more than its number of answers lets one expect?

Source: Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202: exact limits of shares by interpolation
(A.1.1), winsorised z-scores and over-dispersion, multiplicative and additive (A.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from manyi.measures.distributions import p_of_chi2, z_for
from manyi.measures.errors import NotComputable

Spread = Literal["none", "multiplicative", "additive"]
Kind = Literal["share", "mean"]
#: Two and three standard deviations: 1 in 20 and 1 in 500 units lie outside by chance alone.
WARNING, ACTION = 0.95, 0.998
#: So many units at least before their spread can be judged.
LEAST_FOR_SPREAD = 5
_WINSOR = 0.1


@dataclass(frozen=True, slots=True)
class FunnelUnit:
    """One unit: its value, n, z from the target, and -2 … 2 for outside the action or warning limits."""

    value: float
    n: int
    z: float
    place: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """The target, every unit, and the limits at any n.

    ``sd`` is the standard deviation of one answer about the target (of a share √(θ(1-θ))). ``phi`` is the
    mean of the squared winsorised z, None below five units; ``p`` tests it against 1 on units - 1 degrees of
    freedom; ``tau`` is the standard deviation between units (additive). ``spread`` is the form of the limits.

    Warnings: ``overdispersed_units`` (the units differ more than their n explain, limits not widened),
    ``few_units`` (below five: their spread cannot be judged).
    """

    kind: Kind
    target: float
    sd: float
    units: tuple[FunnelUnit, ...]
    spread: Spread
    phi: float | None
    p: float | None
    tau: float
    warnings: tuple[str, ...]

    def limits(self, n: float, confidence: float) -> tuple[float, float]:
        """The lower and the upper limit for a unit of ``n`` answers; of a share within 0 to 1."""
        if self.kind == "share" and self.spread == "none":
            tail = (1 - confidence) / 2
            return binomial_limit(self.target, n, tail), binomial_limit(self.target, n, 1 - tail)
        half = z_for(confidence) * self._error(n)
        low, high = self.target - half, self.target + half
        return (max(low, 0.0), min(high, 1.0)) if self.kind == "share" else (low, high)

    def _error(self, n: float) -> float:
        error = self.sd / math.sqrt(n)
        if self.spread == "multiplicative":
            return error * math.sqrt(max(self.phi or 1.0, 1.0))
        return math.hypot(error, self.tau) if self.spread == "additive" else error


def share_funnel(
    hits: Sequence[int], sizes: Sequence[int], *, target: float | None = None, spread: Spread = "none"
) -> Funnel:
    """Shares ``hits`` of ``sizes`` per unit; without a ``target`` (0 to 1) the share of all answers.

    Raises NotComputable ``too_few`` (below two units), ``empty`` (a unit without answers), ``out_of_range``
    (more hits than answers, or a target that is no share), ``constant`` (no hits or nothing else).
    """
    _require_sizes(sizes)
    for place, (k, n) in enumerate(zip(hits, sizes, strict=True)):
        if not 0 <= k <= n:
            raise NotComputable("out_of_range", column="hits", row=place, value=k)
    if target is not None and not 0 < target < 1:
        raise NotComputable("out_of_range", column="target", row=0, value=target)
    goal = sum(hits) / sum(sizes) if target is None else target
    if not 0 < goal < 1:
        raise NotComputable("constant", column="hits")
    values = [k / n for k, n in zip(hits, sizes, strict=True)]
    return _made("share", goal, math.sqrt(goal * (1 - goal)), values, sizes, spread)


def mean_funnel(
    means: Sequence[float],
    deviations: Sequence[float],
    sizes: Sequence[int],
    *,
    target: float | None = None,
    spread: Spread = "none",
) -> Funnel:
    """Means with sample deviations (n - 1) per unit; without a ``target`` the mean of all answers.

    The deviation of one answer is pooled within units. Raises NotComputable as ``share_funnel`` does;
    ``constant`` where nobody differs from their unit's mean.
    """
    _require_sizes(sizes)
    freedom = sum(sizes) - len(sizes)
    pooled = math.fsum((n - 1) * sd * sd for n, sd in zip(sizes, deviations, strict=True) if n > 1)
    if freedom < 1 or not pooled > 0:
        raise NotComputable("constant", column="means")
    goal = math.fsum(n * mean for n, mean in zip(sizes, means, strict=True)) / sum(sizes)
    goal = goal if target is None else target
    return _made("mean", goal, math.sqrt(pooled / freedom), means, sizes, spread)


def binomial_limit(share: float, n: float, p: float) -> float:
    """The limit below which a share of ``n`` answers falls with chance ``p`` where the truth is ``share``.

    Interpolated between the two counts around ``p``, so that limits are smooth in n (A.1.1); n is rounded.
    """
    from scipy import special

    size = max(round(n), 1)
    tail = special.bdtr(np.arange(size + 1), size, share)
    count = int(np.searchsorted(tail, p, side="right"))  # the first count with P(X ≤ count) > p
    below = float(tail[count - 1]) if count else 0.0
    part = (float(tail[count]) - p) / (float(tail[count]) - below)
    return min(max((count - part) / size, 0.0), 1.0)


def _require_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) < 2:
        raise NotComputable("too_few", column="units", n=len(sizes), least=2)
    if min(sizes) < 1:
        raise NotComputable("empty", column="units")


def _made(
    kind: Kind, goal: float, sd: float, values: Sequence[float], sizes: Sequence[int], spread: Spread
) -> Funnel:
    z = [(value - goal) * math.sqrt(n) / sd for value, n in zip(values, sizes, strict=True)]
    phi, p, tau = _dispersion(z, [n / sd**2 for n in sizes])
    told: tuple[str, ...] = ("few_units",) if phi is None else ()
    if spread == "none" and p is not None and p < 0.05:
        told = ("overdispersed_units",)
    empty = Funnel(kind, goal, sd, (), spread, phi, p, tau, told)
    units = tuple(
        FunnelUnit(value, n, each, _place(empty, value, n))
        for value, n, each in zip(values, sizes, z, strict=True)
    )
    return replace(empty, units=units)


def _dispersion(z: Sequence[float], weights: Sequence[float]) -> tuple[float | None, float | None, float]:
    """Phi, its p and tau from z-scores with the outer tenths drawn in: few outliers do not count."""
    count = len(z)
    if count < LEAST_FOR_SPREAD:
        return None, None, 0.0
    low, high = np.quantile(z, [_WINSOR, 1 - _WINSOR])
    chi2 = float((np.clip(z, low, high) ** 2).sum())
    total, squares = math.fsum(weights), math.fsum(w * w for w in weights)
    tau2 = max(chi2 - (count - 1), 0.0) / (total - squares / total)
    return chi2 / count, p_of_chi2(chi2, count - 1), math.sqrt(tau2)


def _place(funnel: Funnel, value: float, n: int) -> int:
    for size, confidence in ((2, ACTION), (1, WARNING)):
        low, high = funnel.limits(n, confidence)
        if value < low or value > high:
            return -size if value < low else size
    return 0
