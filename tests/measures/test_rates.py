"""Rates, levels of many tests, Pareto's order, maps of residuals, against R (``references/rates.R``)."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from manyi.measures.heat import heat_map
from manyi.measures.pareto import pareto
from manyi.measures.rates import Counted, RateChange, holm, judged, rate_change

TOLD: dict[str, Any] = json.loads(
    (Path(__file__).parent / "references" / "rates.json").read_text(encoding="utf-8")
)


def change(n: int, exposure: float, now: int, exposure_now: float) -> RateChange:
    return rate_change(Counted(n, exposure), Counted(now, exposure_now))


@pytest.mark.parametrize("told", TOLD["changes"], ids=lambda told: str(told["given"]))
def test_two_rates_compare_as_in_r(told: dict[str, Any]) -> None:
    n, exposure, now, exposure_now = told["given"]
    found = change(int(n), exposure, int(now), exposure_now)
    assert found.p == pytest.approx(told["p"], rel=1e-9)
    ends = [told[name] if told[name] < 1e300 else math.inf for name in ("ratio", "low", "high")]
    assert [found.ratio, found.low, found.high] == pytest.approx(ends, rel=1e-7)


def test_the_example_of_rs_manual() -> None:
    """``poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))`` prints 0.8584264 4.2772659 and 1.971488."""
    found = change(6 + 8 + 7, 1083 + 1050 + 878, 11, 800)
    assert [found.low, found.high, found.ratio] == pytest.approx([0.8584264, 4.2772659, 1.971488], abs=1e-6)
    assert not found.certain


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 90), st.integers(1, 90))
def test_p_is_that_of_the_binomial_test(before: int, now: int, days: int, days_now: int) -> None:
    found = change(before, days, now, days_now)
    part = days_now / (days + days_now)
    told = binomtest(now, before + now, part, alternative="greater").pvalue if before + now else 1.0
    assert found.p is not None
    assert found.p == pytest.approx(told, rel=1e-8, abs=1e-14)
    assert found.least_p <= found.p * (1 + 1e-9)


def test_without_exposure_nothing_is_said() -> None:
    found = change(5, 0, 3, 10)
    assert (found.ratio, found.low, found.p, found.certain, found.least_p) == (None, None, None, False, 1.0)
    nothing = change(0, 10, 0, 10)
    assert (nothing.ratio, nothing.low, nothing.p) == (None, None, 1.0)
    with pytest.raises(ValueError, match="impossible"):
        Counted(-1, 3)


def test_levels_of_many_tests_are_those_of_r() -> None:
    assert holm(TOLD["ps"]) == pytest.approx(TOLD["holm"])
    assert holm([]) == []


def test_what_could_never_be_certain_takes_no_part() -> None:
    """Two events can at best give (20/80)² = 0.0625; the others are tested, among four and not five."""
    few, risen = change(0, 60, 2, 20), change(4, 60, 14, 20)
    rest = [change(30, 60, 10, 20), change(25, 60, 9, 20), change(18, 60, 6, 20)]
    found = judged([few, risen, *rest])
    assert [each.verdict for each in found] == ["too_few", "rising", "by_chance", "by_chance", "by_chance"]
    assert found[0].adjusted is None
    assert risen.p is not None
    assert found[1].adjusted == pytest.approx(4 * risen.p)


def test_one_alone_would_be_certain_but_not_among_many() -> None:
    edge = change(3, 57, 5, 20)  # p = 0.0321 in R
    assert judged([edge])[0].verdict == "rising"
    assert judged([edge, change(30, 57, 10, 20)])[0].verdict == "by_chance"


def test_the_vital_few_reach_four_fifths() -> None:
    bars = pareto({"a": 5, "b": 50, "c": 30, "d": 15, "e": 0})
    assert [(bar.key, bar.n, bar.vital) for bar in bars] == [
        ("b", 50, True),
        ("c", 30, True),
        ("d", 15, False),  # 80 % is reached by the two before it exactly
        ("a", 5, False),
    ]
    assert [bar.cumulative for bar in bars] == [Fraction(1, 2), Fraction(4, 5), Fraction(19, 20), 1]
    assert pareto({}) == pareto({"a": 0}) == []


@given(st.dictionaries(st.integers(), st.integers(0, 500)))
def test_bars_fall_and_sum_to_the_whole(counts: dict[int, int]) -> None:
    bars = pareto(counts)
    assert [bar.n for bar in bars] == sorted((n for n in counts.values() if n), reverse=True)
    if bars:
        assert bars[-1].cumulative == 1 == sum(bar.share for bar in bars)
        assert sum(bar.share for bar in bars if bar.vital) >= Fraction(4, 5)
        assert bars[0].vital


def test_residuals_are_those_of_r() -> None:
    table = np.array(TOLD["table"], dtype=int)
    assert heat_map(table).residuals == pytest.approx(np.array(TOLD["margins"]), rel=1e-9)
    by_volume = heat_map(table, TOLD["volumes"])
    assert by_volume.residuals == pytest.approx(np.array(TOLD["volume"]), rel=1e-9)
    assert by_volume.places.tolist() == [[0, 0, -2], [0, 0, 0], [0, 1, 2]]


def test_a_large_unit_is_not_hot_by_its_size() -> None:
    """Ten times the cases of ten times the visits is as expected; the same cases of fewer visits are not."""
    fair = heat_map([[100, 50], [10, 5]], [10_000, 1_000])
    assert not fair.places.any()
    unfair = heat_map([[100, 50], [40, 5]], [10_000, 1_000])
    assert unfair.places[1, 0] == 2


def test_two_cases_are_never_too_many() -> None:
    found = heat_map([[2, 0], [0, 400]], [1, 4000])
    assert found.residuals[0, 0] > 3
    assert found.places[0, 0] == 0


def test_a_map_without_cells_or_volumes_is_refused() -> None:
    for counts, volumes in (([[]], None), ([[1, 2]], [0.0]), ([[1], [2]], [1.0])):
        with pytest.raises(ValueError, match="needs"):
            heat_map(counts, volumes)
