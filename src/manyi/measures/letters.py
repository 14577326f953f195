"""Which columns differ, told by letters, after the rule of SPSS Custom Tables.

Every column has a letter; the letter of the smaller column stands under the larger one where the two differ
significantly. Shares: z test with pooled share, columns at 0 or 1 are not compared. Means: t test with the
variance pooled over the two columns compared, or over all. Bonferroni multiplies p by the number of pairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from manyi.measures.distributions import p_of_t, p_of_z

Adjust = Literal["bonferroni", "none"]
Variances = Literal["pair", "all"]


@dataclass(frozen=True, slots=True)
class PairTest:
    """Column ``first`` against ``second``: statistic (z or t, first - second), p and p as adjusted."""

    first: int
    second: int
    statistic: float
    p: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Letters:
    """One row of a table: under every column the letters of the columns that are significantly smaller."""

    letters: tuple[str, ...]
    tests: tuple[PairTest, ...]
    adjust: Adjust
    level: float


def letter_of(column: int) -> str:
    """The letter of a column counted from 0: A to Z, then AA, AB …"""
    name = ""
    while column >= 0:
        name, column = chr(ord("A") + column % 26) + name, column // 26 - 1
    return name


def letters_in(told: str) -> list[str]:
    """The letters under one column, one by one; above 26 columns a space parts them."""
    return told.split() if " " in told else list(told)


def share_letters(
    shares: Sequence[float],
    bases: Sequence[float],
    *,
    adjust: Adjust = "bonferroni",
    level: float = 0.05,
) -> Letters:
    """The letters of one row of column shares (0 to 1) with their bases: counts, or effective n.

    Columns whose share is 0 or 1 are not compared but count among the pairs, as SPSS does.
    """
    _check(shares, bases)
    open_ones = [at for at, share in enumerate(shares) if bases[at] > 0 and 0 < share < 1]

    def tested(first: int, second: int) -> tuple[float, float]:
        n, m = bases[first], bases[second]
        pooled = (shares[first] * n + shares[second] * m) / (n + m)
        z = (shares[first] - shares[second]) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        return z, p_of_z(z)

    return _lettered(open_ones, sum(base > 0 for base in bases), len(shares), tested, adjust, level)


def mean_letters(
    means: Sequence[float],
    variances: Sequence[float],
    bases: Sequence[float],
    *,
    pooled: Variances = "pair",
    adjust: Adjust = "bonferroni",
    level: float = 0.05,
) -> Letters:
    """The letters of one row of column means with their sample variances (n - 1) and bases.

    Columns below two answers are not compared; nor are pairs without any spread.
    """
    _check(means, bases)
    open_ones = [at for at, base in enumerate(bases) if base >= 2]
    squares = {at: (bases[at] - 1) * variances[at] for at in open_ones}

    def tested(first: int, second: int) -> tuple[float, float]:
        among = (first, second) if pooled == "pair" else open_ones
        df = sum(bases[at] - 1 for at in among)
        spread = math.fsum(squares[at] for at in among) / df
        if spread <= 0:
            return math.nan, math.nan
        t = (means[first] - means[second]) / math.sqrt(spread * (1 / bases[first] + 1 / bases[second]))
        return t, p_of_t(t, df)

    return _lettered(open_ones, sum(base > 0 for base in bases), len(means), tested, adjust, level)


def _lettered(
    open_ones: Sequence[int],
    filled: int,
    columns: int,
    tested: Callable[[int, int], tuple[float, float]],
    adjust: Adjust,
    level: float,
) -> Letters:
    times = max(filled * (filled - 1) // 2, 1) if adjust == "bonferroni" else 1
    under: list[list[str]] = [[] for _ in range(columns)]
    tests = []
    for first, second in combinations(open_ones, 2):
        statistic, p = tested(first, second)
        if math.isnan(p):
            continue
        tests.append(PairTest(first, second, statistic, p, min(p * times, 1.0)))
        if tests[-1].p_adjusted < level:
            larger, smaller = (first, second) if statistic > 0 else (second, first)
            under[larger].append(letter_of(smaller))
    between = " " if columns > 26 else ""  # AAB could be A and AB, or AA and B
    told = tuple(between.join(sorted(each, key=lambda name: (len(name), name))) for each in under)
    return Letters(told, tuple(tests), adjust, level)


def _check(values: Sequence[float], bases: Sequence[float]) -> None:
    if len(values) != len(bases) or min(bases, default=0) < 0:
        raise ValueError("every column needs one base, which is not negative")
