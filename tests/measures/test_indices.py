"""Indices: trees with weights at each level, gaps, expectation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.indices import Node, expectation_index, index_scores, servqual_gap, weighted_levels

TREE = weighted_levels(
    [("sales", 0.4, [("greeting", 1), ("advice", 3)]), ("service", 0.6, [("wait", 1), ("repair", 1)])],
    "index",
)
COLUMNS: dict[str, Any] = {
    "greeting": [80, None, 60],
    "advice": [100, 90, None],
    "wait": [50, 70, None],
    "repair": [70, None, None],
}


def row(*values: Any) -> Any:
    return list(values)


def test_weights_count_at_each_level() -> None:
    found = index_scores(TREE, COLUMNS)
    # By hand: sales (80 + 3·100)/4 = 95, service (50 + 70)/2 = 60, index 0.4·95 + 0.6·60 = 74.
    assert [found.scores[name][0] for name in ("sales", "service", "index")] == pytest.approx([95, 60, 74])
    assert found.scores["index"][1] == pytest.approx(0.4 * 90 + 0.6 * 70)
    assert found.scores["index"][2] == pytest.approx(60)
    assert found.shares["advice"] == pytest.approx(0.3)
    assert sum(found.shares[name] for name in TREE.items()) == pytest.approx(1)


def test_too_little_answered_gives_no_value() -> None:
    found = index_scores(TREE, COLUMNS, least_answered=0.5)
    assert np.isnan(found.scores["sales"][2])
    assert np.isnan(found.scores["index"][2])
    assert found.scores["service"][1] == pytest.approx(70)


def test_trees_that_cannot_be_weighed_are_refused() -> None:
    with pytest.raises(ValueError, match="above nought"):
        index_scores(Node("a", 1, (Node("b", 0),)), {"b": [1]})
    with pytest.raises(ValueError, match="name of its own"):
        index_scores(Node("a", 1, (Node("b"), Node("b"))), {"b": [1]})


def test_the_index_can_be_weighted_by_row() -> None:
    twice = expectation_index({"e": [80, 90]}, {"s": [60, 80]}, weights=[2, 1])
    rows = expectation_index({"e": [80, 80, 90]}, {"s": [60, 60, 80]})
    assert (twice.weighted, twice.ratio) == pytest.approx((rows.weighted, rows.ratio))


def test_gaps_and_indices_refuse_what_has_none() -> None:
    with pytest.raises(NotComputable, match="too_few"):
        servqual_gap(row(90, None), [80, 70])
    with pytest.raises(NotComputable, match="constant"):
        servqual_gap([90, 80], [80, 70])
    with pytest.raises(NotComputable, match="no_denominator"):
        expectation_index({"e": [0, 0]}, {"s": [1, 2]})
    with pytest.raises(NotComputable, match="all_missing"):
        expectation_index({"e": [90]}, {"s": row(None)})
