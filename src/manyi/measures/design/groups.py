"""Whether the means of several groups differ under a design: Wald's F, the same on ranks, and every pair.

Wald's test is that of the regression on the groups (R's ``regTermTest`` of ``svyglm``); it takes the
variances of the groups as they are, unequal or correlated through clusters. On ranks it is the test of Lumley
and Scott 2013, Biometrika 100 (R's ``svyranktest``), the counterpart of Kruskal and Wallis. Pairs are
corrected after Bonferroni: Tukey's range holds for independent means of one variance, which a design does not
leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from manyi.measures.categories import Categories, categories_of
from manyi.measures.columns import Floats, column_of
from manyi.measures.design.estimates import Flags, Used, used_rows
from manyi.measures.design.linearisation import covariance
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.distributions import p_of_f, p_of_t, t_for
from manyi.measures.errors import NotComputable
from manyi.measures.groups import GroupPair, GroupTest

#: Less variation within the groups than this part of the squares is rounding.
_NO_SPREAD = 1e-28


@dataclass(frozen=True, slots=True, eq=False)
class GroupMeans:
    """The weighted ``means`` (k) of groups with their ``spread`` (k × k) on ``df`` degrees of freedom.

    ``between`` is the part of the weighted variation that lies between the groups, 0 to 1.
    """

    labels: tuple[object, ...]
    means: Floats
    spread: Floats
    df: float
    between: float
    used: Used
    column: str

    def test(self, method: str = "design_wald") -> GroupTest:
        """Whether all means are the same."""
        contrasts = np.column_stack([-np.ones(len(self.means) - 1), np.eye(len(self.means) - 1)])
        gaps, spread = contrasts @ self.means, contrasts @ self.spread @ contrasts.T
        certain = [label for label, each in zip(self.labels, np.diag(self.spread), strict=True) if not each]
        if len(certain) > 1:
            raise NotComputable(
                "constant", column=", ".join(f"{self.column} {each}".strip() for each in certain)
            )
        if np.linalg.matrix_rank(spread) < len(gaps):
            # So few clusters that they cannot tell so many groups apart.
            raise NotComputable("too_few", column=self.column, n=self.df, least=len(self.means))
        f, df1 = float(gaps @ np.linalg.solve(spread, gaps)) / len(gaps), len(gaps)
        p, n = p_of_f(f, df1, self.df), len(self.used.weights)
        return GroupTest(f, df1, self.df, p, self.between, n, method, self.used.warnings)

    def pairs(self, confidence: float = 0.95) -> tuple[GroupPair, ...]:
        """Every two groups; intervals hold together with ``confidence``, p is times the number of pairs."""
        chosen = list(combinations(range(len(self.means)), 2))
        reach = t_for(1 - (1 - confidence) / len(chosen), self.df)
        made = []
        for one, other in chosen:
            gap = float(self.means[other] - self.means[one])
            error = float(
                np.sqrt(self.spread[one, one] + self.spread[other, other] - 2 * self.spread[one, other])
            )
            alone = p_of_t(gap / error, self.df) if error else float(not gap)
            p = min(1.0, len(chosen) * alone)
            low, high = gap - reach * error, gap + reach * error
            made.append(GroupPair(self.labels[one], self.labels[other], gap, low, high, p))
        return tuple(made)


def group_means(
    design: SurveyDesign,
    values: npt.ArrayLike,
    groups: npt.ArrayLike | Categories,
    *,
    where: Flags | None = None,
    column: str = "",
) -> GroupMeans:
    """The means of the groups that have a value; df are those of the design less the groups compared.

    Raises NotComputable ``too_few`` below two groups, for a group of one row, and without degrees of freedom;
    ``constant`` where no group has any spread.
    """
    x, found = column_of(values, column), categories_of(groups, column)
    used = used_rows(design, np.isnan(x) | (found.codes < 0), where, column)
    codes, x = found.codes[used.rows], x[used.rows]
    sizes = np.bincount(codes, minlength=len(found.labels))
    kept = np.flatnonzero(sizes)
    if len(kept) < 2:
        raise NotComputable("too_few", column=column, n=len(kept), least=2)
    labels = tuple(found.labels[place] for place in kept)
    for label, size in zip(labels, sizes[kept], strict=True):
        if size < 2:
            raise NotComputable("too_few", column=f"{column} {label}".strip(), n=int(size), least=2)
    if (df := used.df + 1 - len(kept)) <= 0:
        raise NotComputable("too_few", column=column, n=used.df, least=len(kept))
    return _group_means(used, x, np.searchsorted(kept, codes), labels, df, column)


def _group_means(
    used: Used, x: Floats, codes: npt.NDArray[np.int64], labels: tuple[object, ...], df: float, column: str
) -> GroupMeans:
    w, count = used.weights, len(labels)
    whole = np.bincount(codes, w, count)
    means = np.bincount(codes, w * x, count) / whole
    influence = np.zeros((len(x), count))
    influence[np.arange(len(x)), codes] = w * (x - means[codes]) / whole[codes]
    within = np.bincount(codes, w * (x - means[codes]) ** 2, count)
    if not within.sum() > _NO_SPREAD * float(w @ x**2):
        raise NotComputable("constant", column=column)
    every = float(w @ (x - float(w @ x) / w.sum()) ** 2)
    spread = covariance(used.design, influence, used.rows)
    return GroupMeans(labels, means, spread, df, 1 - float(within.sum()) / every, used, column)


def ranked(
    design: SurveyDesign, values: npt.ArrayLike, *, where: Flags | None = None, column: str = ""
) -> Floats:
    """The estimated rank (0 to 1) of every value in the population: what lies below it and half its equals.

    R's ``svyranktest`` takes the plain mean of what rows of equal values have reached in the order of the
    file, which with weights depends on that order.
    """
    x = column_of(values, column)
    used = used_rows(design, np.isnan(x), where, column)
    w = used.weights
    _, back = np.unique(x[used.rows], return_inverse=True)
    mass = np.bincount(back, w)
    ranks = np.full(len(design), np.nan)
    ranks[used.rows] = ((np.cumsum(mass) - mass / 2) / w.sum())[back]
    return ranks
