"""Tests of several groups against scipy, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from manyi.measures.errors import NotComputable
from manyi.measures.groups import anova, kruskal, tukey, welch

DICE = np.random.default_rng(8)
GROUPS = {
    name: DICE.normal(level, 8, n).round() for name, level, n in (("a", 70, 12), ("b", 78, 20), ("c", 72, 9))
}


def test_anova_and_kruskal_equal_scipy() -> None:
    expected = stats.f_oneway(*GROUPS.values())
    found = anova(GROUPS)
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))
    ranks, theirs = kruskal(GROUPS), stats.kruskal(*GROUPS.values())
    assert (ranks.statistic, ranks.p) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_tukey_equals_scipy() -> None:
    expected: Any = stats.tukey_hsd(*GROUPS.values())
    interval = expected.confidence_interval()
    places = {"a": 0, "b": 1, "c": 2}
    for pair in tukey(GROUPS):
        at = (places[str(pair.second)], places[str(pair.first)])
        assert pair.difference == pytest.approx(expected.statistic[at])
        assert (pair.low, pair.high) == pytest.approx((interval.low[at], interval.high[at]))
        assert pair.p == pytest.approx(expected.pvalue[at])


def test_welch_of_two_groups_is_welchs_t() -> None:
    two = {name: GROUPS[name] for name in ("a", "b")}
    expected = stats.ttest_ind(*two.values(), equal_var=False)
    found = welch(two)
    assert (found.statistic, found.df2, found.p) == pytest.approx(
        (expected.statistic**2, expected.df, expected.pvalue)
    )


@pytest.mark.parametrize("test", [anova, welch, kruskal, tukey])
def test_missing_is_dropped_and_empty_groups_left_out(test: Callable[..., Any]) -> None:
    holed = {name: [*row.tolist(), None] for name, row in GROUPS.items()}
    assert test(holed | {"none": [None, None]}) == test(GROUPS)


@pytest.mark.parametrize("test", [anova, welch, kruskal, tukey])
def test_what_has_no_test_is_refused(test: Callable[..., Any]) -> None:
    for groups in ({"a": [1, 2, 3]}, {"a": [4, 4], "b": [4, 4]}, {"a": ["x"], "b": [1]}):
        with pytest.raises(NotComputable):
            test(groups)
