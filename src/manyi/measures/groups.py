"""Do groups differ in a number? Analysis of variance, Welch, Tukey's pairs, and Kruskal-Wallis on ranks.

Sources: Fisher 1925; Welch 1951, Biometrika 38; Tukey 1949 and Kramer 1956 (unequal sizes); Kruskal and
Wallis 1952, JASA 47 (corrected for ties).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import Floats, column_of
from manyi.measures.distributions import p_of_chi2, p_of_f
from manyi.measures.errors import NotComputable

#: Groups smaller than this carry the warning ``few_in_a_group``.
FEW_IN_A_GROUP = 5
#: Groups by label, each with its usable values.
Samples = dict[Hashable, Floats]


@dataclass(frozen=True, slots=True)
class GroupTest:
    """A test of several groups: statistic (F, or H of Kruskal-Wallis) with degrees of freedom and p.

    ``df2`` is None for a chi-squared statistic. ``effect`` is eta squared (epsilon squared on ranks): the
    part of all variation that lies between groups; None for Welch.
    """

    statistic: float
    df1: float
    df2: float | None
    p: float
    effect: float | None
    n: int
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupPair:
    """The difference second - first of two means; interval and p are adjusted for the number of pairs."""

    first: Hashable
    second: Hashable
    difference: float
    low: float
    high: float
    p: float


def samples_of(values: Mapping[Any, npt.ArrayLike], column: str = "") -> Samples:
    """The usable values of every group; groups without any are left out. Two groups at least."""
    found = {label: column_of(row, column) for label, row in values.items()}
    kept = {label: row[~np.isnan(row)] for label, row in found.items()}
    kept = {label: row for label, row in kept.items() if len(row)}
    if len(kept) < 2:
        raise NotComputable("too_few", column=column, n=len(kept), least=2)
    return kept


def anova(samples: Mapping[Any, npt.ArrayLike], column: str = "") -> GroupTest:
    """Classical one-way analysis of variance: F of equal means, equal variances assumed.

    Raises NotComputable ``too_few`` without degrees of freedom, ``constant`` without spread in the groups.
    """
    groups = samples_of(samples, column)
    within, df2 = _within(groups, column)
    every = np.concatenate(list(groups.values()))
    between = sum(len(row) * (row.mean() - every.mean()) ** 2 for row in groups.values())
    df1 = len(groups) - 1
    f = float(between / df1 / (within / df2))
    share = float(between / (between + within))
    return GroupTest(f, df1, df2, p_of_f(f, df1, df2), share, len(every), "anova", _small(groups))


def welch(samples: Mapping[Any, npt.ArrayLike], column: str = "") -> GroupTest:
    """Welch's test of equal means without equal variances; every group needs two values that differ."""
    groups = samples_of(samples, column)
    for label, row in groups.items():
        if len(row) < 2:
            raise NotComputable("too_few", column=f"{column} {label}".strip(), n=len(row), least=2)
        if np.ptp(row) == 0:
            raise NotComputable("constant", column=f"{column} {label}".strip())
    sizes = np.array([len(row) for row in groups.values()])
    means = np.array([row.mean() for row in groups.values()])
    trust = sizes / np.array([row.var(ddof=1) for row in groups.values()])
    grand, count = float(trust @ means / trust.sum()), len(groups)
    lack = float((((1 - trust / trust.sum()) ** 2) / (sizes - 1)).sum())
    between = float(trust @ (means - grand) ** 2) / (count - 1)
    f = between / (1 + 2 * (count - 2) / (count**2 - 1) * lack)
    df2, n = (count**2 - 1) / (3 * lack), int(sizes.sum())
    return GroupTest(f, count - 1, df2, p_of_f(f, count - 1, df2), None, n, "welch", _small(groups))


def kruskal(samples: Mapping[Any, npt.ArrayLike], column: str = "") -> GroupTest:
    """The Kruskal-Wallis test on ranks, corrected for ties; ``constant`` when all values are the same."""
    from scipy.stats import rankdata

    groups = samples_of(samples, column)
    every = np.concatenate(list(groups.values()))
    n = len(every)
    ranks = rankdata(every)
    _, ties = np.unique(every, return_counts=True)
    correction = 1 - float((ties**3 - ties).sum()) / (n**3 - n)
    if correction <= 0:
        raise NotComputable("constant", column=column)
    ends = np.cumsum([len(row) for row in groups.values()])[:-1]
    sums = sum(float(part.sum()) ** 2 / len(part) for part in np.split(ranks, ends))
    h = (12 / (n * (n + 1)) * sums - 3 * (n + 1)) / correction
    df = len(groups) - 1
    return GroupTest(h, df, None, p_of_chi2(h, df), h / (n - 1), n, "kruskal_wallis", _small(groups))


def tukey(
    samples: Mapping[Any, npt.ArrayLike], column: str = "", confidence: float = 0.95
) -> tuple[GroupPair, ...]:
    """Tukey's honest differences of all pairs, by Kramer for unequal sizes; equal variances assumed."""
    from scipy.stats import studentized_range

    groups = samples_of(samples, column)
    within, df = _within(groups, column)
    reach = float(studentized_range.ppf(confidence, len(groups), df))
    pairs = []
    for first, second in combinations(groups, 2):
        one, other = groups[first], groups[second]
        error = math.sqrt(within / df / 2 * (1 / len(one) + 1 / len(other)))
        gap = float(other.mean() - one.mean())
        p = float(studentized_range.sf(abs(gap) / error, len(groups), df))
        pairs.append(GroupPair(first, second, gap, gap - reach * error, gap + reach * error, p))
    return tuple(pairs)


def _within(groups: Samples, column: str) -> tuple[float, int]:
    """The sum of squares within groups and its degrees of freedom."""
    df = sum(len(row) for row in groups.values()) - len(groups)
    if df < 1:
        raise NotComputable("too_few", column=column, n=df + len(groups), least=len(groups) + 1)
    within = float(sum(((row - row.mean()) ** 2).sum() for row in groups.values()))
    if within <= 0:
        raise NotComputable("constant", column=column)
    return within, df


def _small(groups: Samples) -> tuple[str, ...]:
    return ("few_in_a_group",) if min(len(row) for row in groups.values()) < FEW_IN_A_GROUP else ()
