"""Weights: reference numbers of R's survey package, and margins that are met exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from manyi.measures.weighting import ImpossibleMargin, Margin, kish_effect, rake, response_factors

SCHOOL_KINDS = {"E": 4421.0, "H": 755.0, "M": 1018.0}


def school_margins(rows: list[dict[str, str]], wide: dict[str, float]) -> list[Margin]:
    return [
        Margin("stype", [row["stype"] for row in rows], SCHOOL_KINDS),
        Margin("sch.wide", [row["sch.wide"] for row in rows], wide),
    ]


def test_raking_equals_the_reference(schools: dict[str, Any], school_rows: list[dict[str, str]]) -> None:
    expected = schools["rake_stype_schwide"]
    found = rake([float(r["pw"]) for r in school_rows], school_margins(school_rows, expected["pop_schwide"]))
    assert found.converged
    assert found.gap <= 1e-10
    assert found.weights[:10] == pytest.approx(expected["weights_first10"], rel=1e-6)
    assert found.weights.sum() == pytest.approx(expected["sum_w"], rel=1e-9)
    assert found.design_effect == pytest.approx(expected["kish_deff"], rel=1e-6)
    assert found.effective == pytest.approx(200 / expected["kish_deff"], rel=1e-6)
    score = np.array([float(row["api00"]) for row in school_rows])
    mean = float(found.weights @ score / found.weights.sum())
    assert mean == pytest.approx(expected["svymean_api00"]["est"]["api00"], rel=1e-6)


def test_post_stratification_is_raking_to_one_margin(
    schools: dict[str, Any], school_rows: list[dict[str, str]]
) -> None:
    margin = Margin("stype", [row["stype"] for row in school_rows], SCHOOL_KINDS)
    found = rake([float(row["pw"]) for row in school_rows], [margin])
    enrolled = np.array([float(row["enroll"]) for row in school_rows])
    expected = schools["poststratify_stype"]["svytotal_enroll"]["est"]["enroll"]
    assert found.iterations == 1
    assert float(found.weights @ enrolled) == pytest.approx(expected, rel=1e-6)


def test_the_limits_hold_and_so_do_the_margins(school_rows: list[dict[str, str]]) -> None:
    margins = school_margins(school_rows, {"No": 1900.0, "Yes": 4294.0})
    base = np.ones(len(school_rows))
    free = rake(base, margins)
    held = rake(base, margins, limits=(0.3, 3.0))
    assert (free.smallest, free.largest) == pytest.approx((0.2888, 3.0775), abs=1e-4)
    assert held.converged
    assert 0.3 <= held.smallest < held.largest <= 3.0
    for margin in margins:
        for name, target in margin.targets.items():
            mine = [each == name for each in margin.categories]
            assert held.weights[mine].sum() == pytest.approx(target, rel=1e-8)


def test_limits_that_contradict_the_margins_together_are_told(school_rows: list[dict[str, str]]) -> None:
    found = rake(np.ones(200), school_margins(school_rows, {"No": 1900.0, "Yes": 4294.0}), limits=(0.4, 1.55))
    assert not found.converged
    assert (found.smallest, found.largest) == (0.4, 1.55)


def test_classes_equal_the_reference(designs: dict[str, Any]) -> None:
    case = designs["nonresponse"]
    names = ["E", "H", "M"]
    weights = dict(zip(names, case["base_weight"], strict=True))
    invited = [(n, weights[n]) for n, count in zip(names, case["sampled"], strict=True) for _ in range(count)]
    answered = [
        (n, weights[n]) for n, count in zip(names, case["responded"], strict=True) for _ in range(count)
    ]
    factors = response_factors(invited, answered)
    assert list(factors.values()) == pytest.approx(case["nonresponse_factor"], rel=1e-9)
    final = [weight * factors[name] for name, weight in answered]
    assert kish_effect(final) == pytest.approx(case["kish_deff"], rel=1e-9)
    assert len(final) / kish_effect(final) == pytest.approx(case["n_eff"], rel=1e-9)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.floats(0.5, 4)), min_size=12))
def test_weights_sum_to_the_population_margins(rows: list[tuple[str, str, float]]) -> None:
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    # Every pair of categories occurs, so every pair of margins can be met.
    assume({(a, b) for a, b, _ in rows} == {(a, b) for a in set(first) for b in set(second)})
    margins = [
        Margin("kind", first, {name: 60.0 / len(set(first)) for name in set(first)}),
        Margin("place", second, {name: 60.0 / len(set(second)) for name in set(second)}),
    ]
    found = rake([row[2] for row in rows], margins)
    assert found.converged
    for margin in margins:
        for name, target in margin.targets.items():
            mine = np.array([each == name for each in margin.categories])
            assert found.weights[mine].sum() == pytest.approx(target, rel=1e-8)


def test_equal_weights_have_no_design_effect() -> None:
    assert kish_effect([3, 3, 3]) == pytest.approx(1)
    with pytest.raises(ValueError, match="more than nought"):
        kish_effect([])


@pytest.mark.parametrize(
    ("targets", "limits", "reason", "category"),
    [
        ({"a": 50, "b": 40, "c": 10}, None, "empty", "c"),
        ({"a": 100}, None, "unknown", "b"),
        ({"a": 90, "b": 10}, (0.5, 1.5), "limits", "a"),
        ({"a": 90, "b": 30}, None, "total", ""),
    ],
)
def test_an_impossible_margin_is_named(
    targets: dict[str, float], limits: tuple[float, float] | None, reason: str, category: str
) -> None:
    margins = [Margin("side", ["l", "l", "r", "r"], {"l": 50, "r": 50})]
    margins.append(Margin("kind", ["a", "b", "a", "b"], targets))
    with pytest.raises(ImpossibleMargin) as caught:
        rake([1, 1, 1, 1], margins, limits=limits)
    assert (caught.value.variable, caught.value.reason) == ("kind", reason)
    assert caught.value.category == category


def test_margins_that_contradict_each_other_do_not_converge_and_say_so() -> None:
    margins = [
        Margin("kind", ["a", "b"], {"a": 70, "b": 30}),
        Margin("place", ["x", "y"], {"x": 30, "y": 70}),
    ]
    found = rake([1, 1], margins, most=50)
    assert not found.converged
    assert found.gap > 0.1
