"""Indices of satisfaction from items: against expectation, by gaps, and as a tree of weighted dimensions.

Sources: Parasuraman, Zeithaml and Berry 1988, Journal of Retailing 64 (SERVQUAL gaps). The satisfaction index
has no one formula: both that service guides use are here, and named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import Floats, column_of, weights_of
from manyi.measures.distributions import p_of_t, t_for
from manyi.measures.errors import NotComputable


@dataclass(frozen=True, slots=True)
class ExpectationIndex:
    """Satisfaction against expectation: ``weighted`` is Σ wᵢ satisfactionᵢ with ``weights`` from expectation;
    ``ratio`` is 100 × mean satisfaction over mean expectation, both averaged over items.
    """

    weighted: float
    ratio: float
    weights: dict[str, float]
    n: dict[str, int]


def expectation_index(
    expected: Mapping[str, npt.ArrayLike],
    perceived: Mapping[str, npt.ArrayLike],
    weights: npt.ArrayLike | None = None,
) -> ExpectationIndex:
    """The two forms of the index; items in the same order, each mean over those who answered that item.

    wᵢ = mean expectation of item i over the sum of all. ``n`` counts the answers on satisfaction. Raises
    NotComputable ``all_missing``, and ``no_denominator`` when expectations do not sum to more than nought.
    """
    if len(expected) != len(perceived) or not expected:
        raise ValueError("every item has an expectation and a satisfaction")
    hoped = {name: _mean(values, weights, name) for name, values in expected.items()}
    found = {name: _mean(values, weights, name) for name, values in perceived.items()}
    whole = math.fsum(mean for mean, _ in hoped.values())
    if whole <= 0:
        raise NotComputable("no_denominator", column=", ".join(hoped))
    parts = {name: mean / whole for name, (mean, _) in hoped.items()}
    weighted = math.fsum(w * mean for w, (mean, _) in zip(parts.values(), found.values(), strict=True))
    ratio = 100 * math.fsum(mean for mean, _ in found.values()) / whole
    return ExpectationIndex(weighted, ratio, parts, {name: n for name, (_, n) in found.items()})


@dataclass(frozen=True, slots=True)
class Gap:
    """Perceived - expected over the ``n`` who answered both, with paired t test and interval."""

    n: int
    expected: float
    perceived: float
    gap: float
    t: float
    df: int
    p: float
    low: float
    high: float


def servqual_gap(
    expected: npt.ArrayLike,
    perceived: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> Gap:
    """The gap of one item; with weights its error is that of a weighted mean of rows drawn with replacement.

    Raises NotComputable ``too_few`` (two pairs), ``constant`` (all gaps equal), ``bad_weight``.
    """
    hoped, found = column_of(expected, column), column_of(perceived, column)
    if len(hoped) != len(found):
        raise ValueError("expectation and perception come from the same rows")
    heavy = weights_of(weights, len(hoped))
    both = ~(np.isnan(hoped) | np.isnan(found)) & (heavy > 0)
    n = int(both.sum())
    if n < 2:
        raise NotComputable("too_few", column=column, n=n, least=2)
    gaps = found[both] - hoped[both]
    if np.ptp(gaps) == 0:
        raise NotComputable("constant", column=column)
    w = heavy[both]
    gap, before, after = (float(w @ each / w.sum()) for each in (gaps, hoped[both], found[both]))
    error = math.sqrt(n / (n - 1) * float((w * (gaps - gap)) @ (w * (gaps - gap)))) / float(w.sum())
    half, t = t_for(confidence, n - 1) * error, gap / error
    return Gap(n, before, after, gap, t, n - 1, p_of_t(t, n - 1), gap - half, gap + half)


@dataclass(frozen=True, slots=True)
class Node:
    """A node of an index tree: an item (no children), or the weighted mean of its children."""

    name: str
    weight: float = 1.0
    children: tuple[Node, ...] = ()

    def items(self) -> tuple[str, ...]:
        """The names of all items below, in order."""
        if not self.children:
            return (self.name,)
        return tuple(item for child in self.children for item in child.items())


@dataclass(frozen=True, slots=True, eq=False)
class IndexScores:
    """The value of every node for every row (n), NaN where too little was answered; the root comes first."""

    scores: dict[str, Floats]
    #: The part of the whole index that a node carries when everything is answered.
    shares: dict[str, float]


def index_scores(
    root: Node, columns: Mapping[str, npt.ArrayLike], *, least_answered: float = 0.0
) -> IndexScores:
    """The index of every row: item → dimension → index, with the weights of each level.

    Unanswered children leave their weight to the answered ones; a node of which less than ``least_answered``
    (0 to 1) of the weight is answered has no value. Items must be on one scale. Raises ValueError for weights
    that are not above nought, for names that occur twice, and KeyError for an item without a column.
    """
    names = _names(root)
    if len(names) != len(set(names)):
        raise ValueError("every node of an index has a name of its own")
    scores: dict[str, Floats] = dict.fromkeys(names, np.empty(0))
    _score(root, columns, least_answered, scores)
    shares: dict[str, float] = {}
    _share(root, 1.0, shares)
    return IndexScores(scores, shares)


def _names(node: Node) -> list[str]:
    if not node.weight > 0:
        raise ValueError(f"the weight of {node.name!r} must be above nought")
    return [node.name, *(name for child in node.children for name in _names(child))]


def _score(
    node: Node, columns: Mapping[str, npt.ArrayLike], least: float, scores: dict[str, Floats]
) -> Floats:
    if node.children:
        values = np.column_stack([_score(child, columns, least, scores) for child in node.children])
        weights = np.array([child.weight for child in node.children])
        given = ~np.isnan(values)
        carried = given @ weights
        enough = (carried > 0) & (carried >= least * weights.sum() * (1 - 1e-12))
        sums = np.where(given, values, 0.0) @ weights
        scores[node.name] = np.divide(sums, carried, out=np.full(len(sums), np.nan), where=enough)
    else:
        scores[node.name] = column_of(columns[node.name], node.name)
    return scores[node.name]


def _share(node: Node, part: float, shares: dict[str, float]) -> None:
    shares[node.name] = part
    whole = math.fsum(child.weight for child in node.children)
    for child in node.children:
        _share(child, part * child.weight / whole, shares)


def _mean(values: npt.ArrayLike, weights: npt.ArrayLike | None, name: str) -> tuple[float, int]:
    row = column_of(values, name)
    w = weights_of(weights, len(row))
    kept = ~np.isnan(row) & (w > 0)
    if not kept.any():
        raise NotComputable("all_missing", column=name)
    return float(np.average(row[kept], weights=w[kept])), int(kept.sum())


def weighted_levels(levels: Sequence[tuple[str, float, Sequence[tuple[str, float]]]], name: str) -> Node:
    """A tree of two levels from (dimension, weight, items with weights)."""
    dimensions = [Node(dim, weight, tuple(Node(*item) for item in items)) for dim, weight, items in levels]
    return Node(name, 1.0, tuple(dimensions))
