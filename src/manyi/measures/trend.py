"""Trends over rounds: wave on wave, the trend of a share, the slope of a series, trend by ranks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from manyi.measures.distributions import p_of_chi2, p_of_t, p_of_z, t_for, z_for
from manyi.measures.effects import DifferenceTest, mean_test, nps_test, share_test
from manyi.measures.indicators import MeanSums, NpsSums, ShareSums


@dataclass(frozen=True, slots=True)
class TrendTest:
    """The Cochran–Armitage test of a linear trend in shares: ``chi2`` with one degree of freedom.

    ``direction`` is 1 for rising, -1 for falling, 0 for neither.
    """

    chi2: float
    p: float
    direction: int


@dataclass(frozen=True, slots=True)
class Slope:
    """A least-squares slope per step, with standard error, t on ``df`` degrees of freedom and interval.

    A series that lies exactly on its line has error 0 and p 0 (p 1 when the line is flat).
    """

    slope: float
    intercept: float
    standard_error: float
    t: float
    p: float
    low: float
    high: float
    df: int


@dataclass(frozen=True, slots=True)
class RankTrend:
    """The Mann–Kendall test of a steady rise or fall, with Sen's slope per step and its interval.

    ``s`` counts rising minus falling pairs of ``n`` values, ``variance`` is corrected for ties, ``z`` for
    continuity. ``slope`` is the median of all pairwise slopes.
    """

    s: int
    variance: float
    z: float
    p: float
    slope: float
    low: float
    high: float
    n: int


def wave_on_wave(waves: Sequence[ShareSums], confidence: float = 0.95) -> tuple[DifferenceTest, ...]:
    """Each wave against the one before: pooled z test with the Wald interval of the difference."""
    return tuple(share_test(old, new, confidence, "wald") for old, new in pairwise(waves))


def mean_wave_on_wave(waves: Sequence[MeanSums], confidence: float = 0.95) -> tuple[DifferenceTest, ...]:
    """Each wave's mean against the one before by Welch's t."""
    return tuple(mean_test(old, new, confidence) for old, new in pairwise(waves))


def nps_wave_on_wave(waves: Sequence[NpsSums], confidence: float = 0.95) -> tuple[DifferenceTest, ...]:
    """Each wave's NPS against the one before by z (population variance)."""
    return tuple(nps_test(old, new, confidence) for old, new in pairwise(waves))


def cochran_armitage(waves: Sequence[ShareSums], scores: Sequence[float] | None = None) -> TrendTest | None:
    """The trend of shares over waves with ``scores`` (1, 2, 3 … by default); Armitage 1955.

    None when the shares or scores leave nothing to test: fewer than two waves, all or none satisfied.
    """
    at = list(scores) if scores is not None else list(range(1, len(waves) + 1))
    if len(at) != len(waves):
        raise ValueError("every wave needs one score")
    n, hits = sum(wave.valid for wave in waves), sum(wave.hits for wave in waves)
    if not 0 < hits < n:
        return None
    mean = math.fsum(wave.valid * x for wave, x in zip(waves, at, strict=True)) / n
    spread = math.fsum(wave.valid * (x - mean) ** 2 for wave, x in zip(waves, at, strict=True))
    if not spread:
        return None
    lean = math.fsum(wave.hits * (x - mean) for wave, x in zip(waves, at, strict=True))
    share = hits / n
    chi2 = lean**2 / (share * (1 - share) * spread)
    return TrendTest(chi2, p_of_chi2(chi2, 1), (lean > 0) - (lean < 0))


def ols_slope(
    values: Sequence[float], at: Sequence[float] | None = None, confidence: float = 0.95
) -> Slope | None:
    """The least-squares slope of values over ``at`` (1, 2, 3 … by default); None below three points.

    None also when all points stand at one place.
    """
    x = list(at) if at is not None else list(range(1, len(values) + 1))
    if len(x) != len(values):
        raise ValueError("every value needs one place")
    n, df = len(values), len(values) - 2
    if df < 1 or len(set(x)) < 2:
        return None
    mx, my = math.fsum(x) / n, math.fsum(values) / n
    spread = math.fsum((xi - mx) ** 2 for xi in x)
    slope = math.fsum((xi - mx) * (yi - my) for xi, yi in zip(x, values, strict=True)) / spread
    intercept = my - slope * mx
    left = math.fsum((yi - intercept - slope * xi) ** 2 for xi, yi in zip(x, values, strict=True))
    error = math.sqrt(left / df / spread)
    t = slope / error if error else math.copysign(math.inf, slope) if slope else 0.0
    half = t_for(confidence, df) * error
    return Slope(slope, intercept, error, t, p_of_t(t, df), slope - half, slope + half, df)


def mann_kendall(
    values: Sequence[float | None], at: Sequence[float] | None = None, confidence: float = 0.95
) -> RankTrend | None:
    """The trend by ranks of values over ``at`` (1, 2, 3 … by default); periods without a value are left out.

    Mann 1945, Kendall 1975; Sen 1968 with the interval of Gilbert 1987. The normal test wants four values at
    least: None below, and when all values are equal. Raises ValueError when values and places do not pair.
    """
    places = list(at) if at is not None else list(range(1, len(values) + 1))
    if len(places) != len(values):
        raise ValueError("every value needs one place")
    points = sorted(
        (x, y) for x, y in zip(places, values, strict=True) if y is not None and not math.isnan(y)
    )
    n, ys = len(points), [y for _, y in points]
    if n < 4 or len(set(ys)) < 2 or len({x for x, _ in points}) < n:
        return None
    s = sum((b > a) - (b < a) for a, b in combinations(ys, 2))
    ties = [ys.count(y) for y in set(ys)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    z = (s - (s > 0) + (s < 0)) / math.sqrt(variance)
    slopes = sorted((yb - ya) / (xb - xa) for (xa, ya), (xb, yb) in combinations(points, 2))
    low, high = _sen_interval(slopes, z_for(confidence) * math.sqrt(variance))
    middle = (slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
    return RankTrend(s, variance, z, p_of_z(z), middle, low, high, n)


def _sen_interval(slopes: Sequence[float], half: float) -> tuple[float, float]:
    """The slopes at the ranks (N - C) / 2 and (N + C) / 2 + 1, cut to what there is."""
    count = len(slopes)
    low, high = round((count - half) / 2), round((count + half) / 2 + 1)
    return slopes[max(low, 1) - 1], slopes[min(high, count) - 1]
