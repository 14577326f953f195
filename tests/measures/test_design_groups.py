"""Waves, effects and groups under a design against R's survey package (references/waves.R)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from manyi.measures.design.effects import change
from manyi.measures.design.estimates import mean, share
from manyi.measures.design.groups import group_means, ranked
from manyi.measures.design.models import regression
from manyi.measures.design.sample import SurveyDesign, simple_design
from manyi.measures.errors import NotComputable
from manyi.measures.groups import GroupTest, kruskal
from manyi.measures.power import detectable_by_error, n_by_error
from tests.measures.test_design_references import FOLDER, data, design_of

CASE = json.loads((FOLDER / "waves.json").read_text(encoding="utf-8"))
WAVE = (data("unit") - 1) % 3 + 1
KINDS = pytest.mark.parametrize("kind", list(CASE))
CLOSE: dict[str, Any] = {"rel": 1e-6}


def design_for(kind: str) -> SurveyDesign:
    if kind == "weights_only":
        return simple_design(len(WAVE), data("weight"))
    return design_of(kind)


@KINDS
def test_every_wave_has_the_figure_and_interval_of_r(kind: str) -> None:
    design, expected = design_for(kind), CASE[kind]
    for number in (1, 2, 3):
        for name in ("score", "points"):
            wanted = expected["level"][name][number - 1]
            found = mean(design, data(name), where=number == WAVE)
            told = [found.value, found.standard_error, found.low, found.high]
            assert told == pytest.approx([wanted[key] for key in ("value", "se", "low", "high")], **CLOSE)
        satisfied, wanted = share(design, data("happy"), where=number == WAVE), expected["happy"][number - 1]
        assert [satisfied.value, satisfied.low, satisfied.high] == pytest.approx(
            [wanted["value"], *wanted["ci"]], **CLOSE
        )


@KINDS
@pytest.mark.parametrize("name", ["score", "happy", "points", "price"])
def test_steps_are_the_t_tests_of_r(kind: str, name: str) -> None:
    design = design_for(kind)
    for old, wanted in zip((1, 2), CASE[kind]["steps"][name], strict=True):
        rows = old == WAVE, old + 1 == WAVE
        figures = mean(design, data(name), where=rows[0]), mean(design, data(name), where=rows[1])
        found, df = change(design, data(name), figures, rows)
        assert [found.difference, found.statistic, df, found.p] == pytest.approx(
            [wanted[key] for key in ("difference", "t", "df", "p")], **CLOSE
        )
        assert found.low is not None
        assert found.high is not None
        assert (found.low + found.high) / 2 == pytest.approx(wanted["difference"], **CLOSE)


@KINDS
def test_the_trend_of_a_share_is_the_logit_of_r(kind: str) -> None:
    slope = regression(design_for(kind), data("happy"), [WAVE], family="logit").coefficients[1]
    wanted = CASE[kind]["trend"]
    assert [slope.estimate, slope.standard_error, slope.t, slope.p] == pytest.approx(
        [wanted[key] for key in ("slope", "se", "t", "p")], **CLOSE
    )


def same_test(found: GroupTest, wanted: dict[str, Any]) -> None:
    told = [found.statistic, found.df1, found.df2, found.p]
    assert told == pytest.approx([wanted[key] for key in ("f", "df1", "df2", "p")], **CLOSE)


@KINDS
@pytest.mark.parametrize("name", ["score", "price"])
def test_groups_are_compared_like_r(kind: str, name: str) -> None:
    design, wanted = design_for(kind), CASE[kind]["groups"][name]
    found = group_means(design, data(name), data("channel"))
    same_test(found.test(), wanted)
    same_test(group_means(design, ranked(design, data(name)), data("channel")).test(), wanted["ranks"])
    pairs = found.pairs()
    assert [(pair.first, pair.second) for pair in pairs] == [
        ("app", "phone"),
        ("app", "shop"),
        ("phone", "shop"),
    ]
    for pair, each in zip(pairs, wanted["pairs"], strict=True):
        told = [pair.difference, pair.low, pair.high, pair.p]
        assert told == pytest.approx([each[key] for key in ("difference", "low", "high", "p")], **CLOSE)


def test_ranks_without_weights_put_groups_in_the_order_of_kruskal_and_wallis() -> None:
    """Equal weights: the estimated ranks are the usual ones less a half, over n."""
    from scipy.stats import rankdata

    values = np.array([3.0, 1, 2, 2, 5, 4, 4, 4, np.nan, 1])
    found = ranked(simple_design(len(values)), values)
    given = ~np.isnan(values)
    assert found[given] == pytest.approx((rankdata(values[given]) - 0.5) / given.sum())
    assert np.isnan(found[~given]).all()
    samples = {"a": values[:5], "b": values[5:]}
    by_rank = group_means(simple_design(len(values)), found, ["a"] * 5 + ["b"] * 5)
    assert by_rank.between == pytest.approx(kruskal(samples).effect, rel=1e-9)


def test_groups_that_allow_no_test_are_refused_by_name() -> None:
    values, groups = np.array([1.0, 2, 3, 4, 5, 6]), ["a", "a", "b", "b", "c", "c"]
    with pytest.raises(NotComputable, match="all_missing"):
        group_means(simple_design(6), np.full(6, np.nan), groups)
    with pytest.raises(NotComputable, match=r"too_few.*n=1"):
        group_means(simple_design(6), values, ["a"] * 6)
    with pytest.raises(NotComputable, match=r"too_few.*score c"):
        group_means(simple_design(6), [1, 2, 3, 4, 5, np.nan], groups, column="score")
    with pytest.raises(NotComputable, match="constant"):
        group_means(simple_design(6), [1, 1, 3, 3, 5, 5], groups)


def test_a_group_of_one_mind_still_has_its_pairs() -> None:
    found = group_means(simple_design(6), [5, 5, 3, 4, 5, 5], ["a", "a", "b", "b", "c", "c"])
    with pytest.raises(NotComputable, match="constant: column=a, c"):  # two certain means: nothing to weigh
        found.test()
    same = next(pair for pair in found.pairs() if (pair.first, pair.second) == ("a", "c"))
    assert (same.difference, same.low, same.high, same.p) == (0, 0, 0, 1)


def test_change_without_answers_spread_or_rows() -> None:
    design, rows = simple_design(4), (np.arange(4) < 2, np.arange(4) >= 2)
    flat = np.array([1.0, 1, 0, 0])
    figures = tuple(mean(design, flat, where=each) for each in rows)
    found, _ = change(design, flat, (figures[0], figures[1]), rows)
    assert (found.difference, found.low, found.high, found.p) == (-1, -1, -1, 0)
    found, _ = change(design, flat, (None, figures[1]), rows)
    assert (found.difference, found.p) == (None, None)
    lonely = np.array([np.nan, 1, 0, 1])
    one = tuple(mean(design, lonely, where=each) for each in rows)
    found, _ = change(design, lonely, (one[0], one[1]), rows)
    assert (found.difference, found.low, found.p) == (-0.5, None, None)


def test_plans_under_a_design() -> None:
    """Four times the answers halve the error, and so the least change that shows."""
    least = detectable_by_error(1.5, 60, power=0.8)
    assert least == pytest.approx(1.5 * (2.000298 + 0.847653), rel=1e-5)  # qt(.975, 60) + qt(.8, 60) in R
    assert n_by_error(least, least, 100, 100) == 100
    assert n_by_error(least / 2, least, 100, 100) == 400
    with pytest.raises(NotComputable, match="no_difference"):
        n_by_error(0.0, least, 100, 100)


def test_ranks_do_not_depend_on_the_order_of_rows() -> None:
    values, weights = np.array([3.0, 1, 3, 2, 3, 2, 1]), np.array([1.0, 4, 2, 3, 5, 1, 2])
    order = np.array([4, 0, 6, 2, 5, 1, 3])
    found = ranked(simple_design(7, weights), values)
    assert found == pytest.approx([14 / 18, 3 / 18, 14 / 18, 8 / 18, 14 / 18, 8 / 18, 3 / 18])
    assert ranked(simple_design(7, weights[order]), values[order]) == pytest.approx(found[order])
