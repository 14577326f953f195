"""Effect checks: the difference, its interval, and when it may be called an effect."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from manyi.measures.effects import (
    Rule,
    mean_effect,
    mean_test,
    nps_effect,
    nps_test,
    share_effect,
    share_test,
)
from manyi.measures.indicators import MeanSums, NpsSums, ShareSums


def share(hits: int, valid: int) -> ShareSums:
    return ShareSums(valid, valid, hits)


def means(values: list[float]) -> MeanSums:
    return MeanSums(len(values), len(values), sum(values), sum(value * value for value in values))


def test_the_difference_of_two_nps_equals_the_reference(airline: dict[str, Any]) -> None:
    groups = [airline["nps_by_status"][name] for name in ("Blue", "Gold")]
    blue, gold = (
        NpsSums(g["n"], g["n"], round(g["promoters"] * g["n"]), round(g["detractors"] * g["n"]))
        for g in groups
    )
    found, expected = nps_test(blue, gold), airline["nps_diff_Gold_Blue"]
    assert found.difference == pytest.approx(expected["diff"], rel=1e-6)
    assert found.statistic == pytest.approx(expected["z"], rel=1e-6)
    assert found.p == pytest.approx(expected["p"], rel=1e-6)


def test_newcombe_interval_equals_the_published_example() -> None:
    # Newcombe 1998, Statistics in Medicine 17:873, example (a): 56/70 - 48/80, method 10.
    found = share_test(share(48, 80), share(56, 70))
    assert found.difference == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=5e-5)
    assert found.high == pytest.approx(0.3339, abs=5e-5)


@given(
    st.lists(st.integers(0, 100), min_size=2, max_size=30).filter(lambda values: len(set(values)) > 1),
    st.lists(st.integers(0, 100), min_size=2, max_size=30).filter(lambda values: len(set(values)) > 1),
)
def test_welch_equals_scipy(before: list[float], after: list[float]) -> None:
    found = mean_test(means(before), means(after))
    expected = stats.ttest_ind(after, before, equal_var=False)
    interval = expected.confidence_interval()
    assert found.statistic == pytest.approx(expected.statistic, abs=1e-9)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-9)
    assert found.low == pytest.approx(interval.low)
    assert found.high == pytest.approx(interval.high)


def test_a_clear_rise_is_effective_and_the_same_fall_is_not() -> None:
    before, after = share(60, 100), share(85, 100)
    risen = share_effect(before, after, Rule("up"), definition="csat")
    assert risen.verdict == "effective"
    assert risen.p is not None
    assert risen.p < 0.001
    assert (risen.before.value, risen.after.value) == (0.6, 0.85)
    assert share_effect(after, before, Rule("up"), definition="csat").verdict == "not_effective"
    assert share_effect(after, before, Rule("down"), definition="complaints").verdict == "effective"


def test_a_difference_that_may_be_chance_is_not_effective() -> None:
    found = share_effect(share(60, 100), share(66, 100), Rule("up"), definition="csat")
    assert found.verdict == "not_effective"
    assert found.low is not None
    assert found.low < 0 < (found.difference or 0)


@pytest.mark.parametrize(("before", "after"), [(29, 100), (100, 29), (0, 100)])
def test_too_few_answers_in_either_window_give_no_verdict(before: int, after: int) -> None:
    found = share_effect(share(0, before), share(after, after), Rule("up"), definition="csat")
    assert found.verdict == "too_few"
    assert share_effect(share(0, 30), share(30, 30), Rule("up"), definition="csat").verdict == "effective"


def test_means_and_nps_are_judged_by_the_same_rule() -> None:
    low, high = means([60, 80] * 30), means([80, 100] * 30)
    found = mean_effect(low, high, Rule("up"), definition="mean")
    assert (found.difference, found.verdict, found.method) == (20, "effective", "welch_t")
    before, after = NpsSums(100, 100, 20, 50), NpsSums(100, 100, 60, 10)
    risen = nps_effect(before, after, Rule("up"), definition="nps", variance="sample")
    assert (risen.difference, risen.verdict) == (80, "effective")
    assert risen.method == risen.before.method == "nps_z_sample_variance"
    assert nps_effect(before, after, Rule("up", minimum=101), definition="nps").verdict == "too_few"


def test_answers_without_any_spread_still_show_their_difference() -> None:
    rise = mean_effect(means([60] * 40), means([80] * 40), Rule("up"), definition="mean")
    assert (rise.low, rise.high, rise.p, rise.verdict) == (20, 20, 0, "effective")
    same = nps_effect(NpsSums(40, 40, 40, 0), NpsSums(40, 40, 40, 0), Rule("up"), definition="nps")
    assert (same.difference, same.p, same.verdict) == (0, 1, "not_effective")


@pytest.mark.parametrize(
    "found",
    [
        share_test(ShareSums(), share(3, 4)),
        mean_test(means([]), means([1, 2])),
        nps_test(NpsSums(), NpsSums(4, 4, 1, 1)),
    ],
)
def test_without_answers_there_is_no_difference(found: Any) -> None:
    assert (found.difference, found.low, found.high, found.p) == (None, None, None, None)


def test_one_answer_has_a_difference_and_no_interval() -> None:
    found = mean_test(means([50]), means([60, 70]))
    assert (found.difference, found.low, found.p) == (15, None, None)


COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, COUNTS, st.sampled_from(["newcombe", "wald"]))
def test_the_interval_of_two_shares_holds_the_difference_and_turns_round(
    before: tuple[int, int], after: tuple[int, int], interval: Any
) -> None:
    there = share_test(share(*before), share(*after), interval=interval)
    back = share_test(share(*after), share(*before), interval=interval)
    assert there.difference is not None
    assert there.low is not None
    assert there.high is not None
    assert -1 - 1e-9 <= there.low <= there.difference + 1e-9
    assert there.difference <= there.high + 1e-9 <= 1 + 1e-6
    assert back.low == pytest.approx(-there.high)
    assert back.high == pytest.approx(-there.low)
