"""The indicators of satisfaction, finished from sums that merge: shares, means, NPS, distributions.

A sum knows ``n`` (all who were asked), ``valid`` (those who gave a usable answer) and what it counts.
Sums of parts add up to the sum of the whole, so a figure never depends on how the answers were split.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.distributions import t_for, z_for
from manyi.measures.figure import Figure, Interval
from manyi.measures.intervals import wilson

#: Below this many valid answers a figure carries the warning ``few_answers``.
FEW = 30
Variance = Literal["population", "sample"]


@dataclass(frozen=True, slots=True)
class ShareSums:
    """Answers that count (satisfied, top two boxes, returned …): ``hits`` of ``valid`` of ``n``."""

    n: int = 0
    valid: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        _check_counts(self.n, self.valid, self.hits)

    def __add__(self, other: ShareSums) -> ShareSums:
        return ShareSums(self.n + other.n, self.valid + other.valid, self.hits + other.hits)

    @property
    def rate(self) -> Fraction | None:
        """The exact share; None without a valid answer."""
        return Fraction(self.hits, self.valid) if self.valid else None

    def figure(self, definition: str, confidence: float = 0.95) -> Figure:
        """The share (0 to 1) with its Wilson score interval (Wilson 1927)."""
        interval = wilson(self.hits, self.valid, confidence)
        return _figure(self.n, self.valid, self.rate, interval, "wilson", definition, "share")


@dataclass(frozen=True, slots=True)
class MeanSums:
    """Values by their sums: ``s1`` = Σx and ``s2`` = Σx² over ``valid`` values of ``n``."""

    n: int = 0
    valid: int = 0
    s1: float | Fraction = 0
    s2: float | Fraction = 0

    def __post_init__(self) -> None:
        _check_counts(self.n, self.valid)

    @classmethod
    def of(cls, values: npt.ArrayLike) -> MeanSums:
        """The sums of a column (n) in which NaN is missing.

        Taken about a value amidst them, so that far ones (1e9 and some) keep the digits of their spread.
        """
        column = np.asarray(values, dtype=np.float64)
        given = column[~np.isnan(column)]
        if not len(given):
            return cls(len(column))
        centre, size = Fraction(float(np.median(given))), len(given)
        away = given - float(centre)
        first, second = Fraction(math.fsum(away)), Fraction(math.fsum(away**2))
        return cls(len(column), size, first + size * centre, second + 2 * centre * first + size * centre**2)

    def __add__(self, other: MeanSums) -> MeanSums:
        return MeanSums(self.n + other.n, self.valid + other.valid, self.s1 + other.s1, self.s2 + other.s2)

    @property
    def mean(self) -> Fraction | None:
        """The mean, exact in the sums given; None without a value."""
        return Fraction(self.s1) / self.valid if self.valid else None

    @property
    def variance(self) -> Fraction | None:
        """The sample variance (divisor n - 1), exact in the sums given; None below two values."""
        if self.valid < 2:
            return None
        # Exact fractions: the difference of two large sums would lose its digits in floats.
        spread = Fraction(self.s2) - Fraction(self.s1) ** 2 / self.valid
        return max(spread, Fraction()) / (self.valid - 1)

    @property
    def standard_error(self) -> float | None:
        """The standard error of the mean; None below two values."""
        return None if self.variance is None else math.sqrt(self.variance / self.valid)

    def figure(self, definition: str, confidence: float = 0.95, unit: str = "points") -> Figure:
        """The mean with Student's t interval; no interval below two values."""
        mean, error, interval = self.mean, self.standard_error, None
        if mean is not None and error is not None:
            half = t_for(confidence, self.valid - 1) * error
            interval = Interval(float(mean) - half, float(mean) + half)
        return _figure(self.n, self.valid, mean, interval, "t", definition, unit)


@dataclass(frozen=True, slots=True)
class NpsSums:
    """Recommendation answers: ``promoters`` (9 and 10) and ``detractors`` (0 to 6) of ``valid`` of ``n``."""

    n: int = 0
    valid: int = 0
    promoters: int = 0
    detractors: int = 0

    def __post_init__(self) -> None:
        _check_counts(self.n, self.valid, self.promoters + self.detractors)
        if min(self.promoters, self.detractors) < 0:
            raise ValueError("counts must not be negative")

    def __add__(self, other: NpsSums) -> NpsSums:
        return NpsSums(
            self.n + other.n,
            self.valid + other.valid,
            self.promoters + other.promoters,
            self.detractors + other.detractors,
        )

    @classmethod
    def from_counts(cls, counts: Mapping[int, int], n: int) -> NpsSums:
        """The sums of a joint count by answer 0 to 10; other answers are not valid."""
        inside = {answer: count for answer, count in counts.items() if 0 <= answer <= 10}
        promoters = sum(count for answer, count in inside.items() if answer >= 9)
        detractors = sum(count for answer, count in inside.items() if answer <= 6)
        return cls(n, sum(inside.values()), promoters, detractors)

    @property
    def nps(self) -> Fraction | None:
        """The exact Net Promoter Score, -100 to 100; None without a valid answer."""
        return Fraction(100 * (self.promoters - self.detractors), self.valid) if self.valid else None

    def standard_error(self, variance: Variance = "population") -> float | None:
        """The standard error in points: variance (P + D - NPS²) over n, or over n - 1 for ``sample``."""
        divisor = self.valid if variance == "population" else self.valid - 1
        if self.nps is None or divisor < 1:
            return None
        share = Fraction(self.promoters + self.detractors, self.valid)
        return 100 * math.sqrt((share - (self.nps / 100) ** 2) / divisor)

    def figure(self, definition: str, confidence: float = 0.95, variance: Variance = "population") -> Figure:
        """The NPS with its normal interval, cut at -100 and 100; the method names the variance."""
        nps, error, interval = self.nps, self.standard_error(variance), None
        if nps is not None and error is not None:
            half = z_for(confidence) * error
            interval = Interval(float(nps) - half, float(nps) + half).clipped(-100, 100)
        method = f"nps_z_{variance}_variance"
        return _figure(self.n, self.valid, nps, interval, method, definition, "points")


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many answers fell on each code; ``n`` counts those without an answer too."""

    n: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.counts.values()):
            raise ValueError("counts must not be negative")
        _check_counts(self.n, self.valid)

    def __add__(self, other: Distribution) -> Distribution:
        counts = Counter(self.counts)
        counts.update(other.counts)
        return Distribution(self.n + other.n, dict(counts))

    @property
    def valid(self) -> int:
        """How many gave an answer."""
        return sum(self.counts.values())

    def shares(self) -> dict[str, Fraction]:
        """The exact share of each code among the valid answers; empty without any."""
        return (
            {code: Fraction(count, self.valid) for code, count in self.counts.items()} if self.valid else {}
        )

    def share_of(self, *codes: str) -> ShareSums:
        """The sums for answers on any of these codes, for example the top two boxes."""
        return ShareSums(self.n, self.valid, sum(self.counts.get(code, 0) for code in set(codes)))

    def means(self, values: Mapping[str, Fraction]) -> MeanSums:
        """The sums of the values (points) that codes stand for; codes without a value are not valid."""
        known = {code: count for code, count in self.counts.items() if code in values}
        s1 = sum((values[code] * count for code, count in known.items()), Fraction())
        s2 = sum((values[code] ** 2 * count for code, count in known.items()), Fraction())
        return MeanSums(self.n, sum(known.values()), s1, s2)


def return_rate(invited: int, returned: int, confidence: float = 0.95) -> Figure:
    """The share of the invited who returned an answer, with its Wilson interval."""
    return ShareSums(invited, invited, returned).figure("return_rate", confidence)


def _figure(
    n: int,
    valid: int,
    value: Fraction | None,
    interval: Interval | None,
    method: str,
    definition: str,
    unit: str,
) -> Figure:
    return Figure(
        value=None if value is None else float(value),
        n=n,
        valid_n=valid,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        method=method,
        definition=definition,
        unit=unit,
        warnings=("few_answers",) if valid < FEW else (),
    )


def _check_counts(n: int, valid: int, hits: int = 0) -> None:
    if not 0 <= hits <= valid <= n:
        raise ValueError(f"impossible counts: {hits} of {valid} valid of {n}")
