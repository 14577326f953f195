"""Kano's classes of features: what must be, what pays by degree, what delights, what leaves people cold.

Sources: Kano 1984; Berger et al. 1993, Center for Quality of Management Journal 2 (evaluation table, better
and worse); Fong 1996 (test of the two largest classes); Lee and Newcomb 1997 (category and total strength).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import Floats, column_of, complete_rows, effective_n, require_rows, weights_of
from manyi.measures.errors import NotComputable
from manyi.measures.figure import Interval
from manyi.measures.intervals import wilson

Category = Literal["M", "O", "A", "I", "R", "Q"]
#: Must-be, one-dimensional, attractive, indifferent, reverse, questionable: of equal counts the first is
#: taken.
CATEGORIES: tuple[Category, ...] = ("M", "O", "A", "I", "R", "Q")
#: Rows: the answer if the feature is there, 1 (like) to 5 (dislike); columns: the answer if it is not.
TABLE: tuple[tuple[Category, ...], ...] = (
    ("Q", "A", "A", "A", "O"),
    ("R", "I", "I", "I", "M"),
    ("R", "I", "I", "I", "M"),
    ("R", "I", "I", "I", "M"),
    ("R", "R", "R", "R", "Q"),
)
#: Fong's factor: the difference of two counts that is more than chance at 10 %, two-sided.
_FONG = 1.65


@dataclass(frozen=True, slots=True)
class Kano:
    """One feature over ``n`` people who answered both questions (of ``rows``).

    ``counts`` by category (weighted when weights were given), ``mode`` the largest. ``better`` (0 to 1) is
    how much satisfaction the feature can add, ``worse`` (-1 to 0) how much its absence takes; both over A, O,
    M and I, None without any of these, with Wilson intervals. ``category_strength`` is the lead of the mode
    in shares, ``total_strength`` the share of M, O and A. ``fong`` is the mode when it is ahead by more than
    chance, else the two classes joined, for example "O/M"; then the warning ``mixed`` is set. ``blauth`` is
    the largest of M, O and A where these together are more than I, R and Q, else the largest of those.
    """

    counts: Mapping[Category, float]
    n: int
    rows: int
    mode: Category
    better: float | None
    better_interval: Interval | None
    worse: float | None
    worse_interval: Interval | None
    category_strength: float
    total_strength: float
    fong: str
    blauth: Category
    warnings: tuple[str, ...]


def kano(
    functional: npt.ArrayLike, dysfunctional: npt.ArrayLike, *, weights: npt.ArrayLike | None = None
) -> Kano:
    """One feature from the two answers (n, each 1 like … 5 dislike) of every person.

    Raises NotComputable ``out_of_range`` with column and row, ``all_missing``, ``bad_weight``,
    ``not_a_number``.
    """
    pairs = np.column_stack([_answers(functional, "functional"), _answers(dysfunctional, "dysfunctional")])
    w = weights_of(weights, len(pairs))
    kept = complete_rows(pairs, w)
    require_rows(int(kept.sum()), 1, "functional × dysfunctional")
    table = np.zeros((5, 5))
    places = pairs[kept].astype(np.int64) - 1
    np.add.at(table, (places[:, 0], places[:, 1]), w[kept])
    effective = effective_n(w[kept]) if weights is not None else None
    return from_table(table, n=int(kept.sum()), rows=len(pairs), effective=effective)


def from_table(table: Floats, *, n: int, rows: int, effective: float | None = None) -> Kano:
    """One feature from the (5 × 5) joint counts of its two answers; ``effective`` n under weights.

    Raises NotComputable ``all_missing`` for a table of noughts, ``negative`` for counts below nought.
    """
    if (table < 0).any():
        raise NotComputable("negative", column="counts")
    total = float(table.sum())
    if not total:
        raise NotComputable("all_missing", column="counts")
    counts = dict.fromkeys(CATEGORIES, 0.0)
    for row, names in enumerate(TABLE):
        for place, name in enumerate(names):
            counts[name] += float(table[row, place])
    first, second = sorted(CATEGORIES, key=lambda name: -counts[name])[:2]
    scale = 1.0 if effective is None else effective / total
    ahead = _ahead(counts[first] * scale, counts[second] * scale, total * scale)
    better, better_interval = _share(counts, ("A", "O"), scale)
    worse, worse_interval = _share(counts, ("O", "M"), scale)
    told: tuple[str, ...] = ("mixed",) if not ahead else ()
    if counts["Q"] > 0.1 * total:
        told += ("questionable",)
    return Kano(
        MappingProxyType(counts), n, rows, first, better, better_interval,
        None if worse is None else -worse,
        None if worse_interval is None else Interval(-worse_interval.high, -worse_interval.low),
        (counts[first] - counts[second]) / total,
        (counts["M"] + counts["O"] + counts["A"]) / total,
        first if ahead else f"{first}/{second}", _blauth(counts), told,
    )  # fmt: skip


def _answers(values: npt.ArrayLike, name: str) -> Floats:
    column = column_of(values, name)
    wrong = np.flatnonzero(~np.isnan(column) & ~np.isin(column, (1, 2, 3, 4, 5)))
    if len(wrong):
        raise NotComputable("out_of_range", column=name, row=int(wrong[0]), value=float(column[wrong[0]]))
    return column


def _ahead(first: float, second: float, n: float) -> bool:
    """Fong: |a - b| against 1.65 √((a + b)(2n - a - b) / 2n)."""
    both = first + second
    return first - second >= _FONG * math.sqrt(both * (2 * n - both) / (2 * n))


def _share(
    counts: Mapping[Category, float], of: tuple[Category, Category], scale: float
) -> tuple[float | None, Interval | None]:
    base = math.fsum(counts[name] for name in ("A", "O", "M", "I"))
    if not base:
        return None, None
    hits = counts[of[0]] + counts[of[1]]
    return hits / base, wilson(hits * scale, base * scale)


def _blauth(counts: Mapping[Category, float]) -> Category:
    wanted, other = CATEGORIES[:3], CATEGORIES[3:]
    more = sum(counts[name] for name in wanted) > sum(counts[name] for name in other)
    return max(wanted if more else other, key=lambda name: counts[name])
