"""Scoring schemes: points, exact bands, validity, targets, doubts and cases of one organisation's rule."""

from __future__ import annotations

import json
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.scales import exact, grade_of, round_half_up, written
from manyi.measures.scoring import (
    CaseReason,
    SchemeError,
    case_reasons,
    quality_flags,
    round_validity,
    scheme_from_dict,
    scheme_to_dict,
    score,
    targets_met,
)

FIVE = {"1": 20, "2": 40, "3": 60, "4": 80, "5": 100}


def item(question: str, weight: float = 1) -> dict[str, Any]:
    return {"question": question, "weight": weight, "points": dict(FIVE), "satisfied": ["4", "5"]}


FACTORY: dict[str, Any] = {
    "items": [item("quality", 2), item("delivery"), item("m.price", 0.5), item("m.service", 0.5)],
    "bands": [
        {"grade": "A", "label": {"zh": "优秀", "en": "excellent"}, "at_least": 93},
        {"grade": "B", "label": {"zh": "良好", "en": "good"}, "at_least": 80},
        {"grade": "C", "label": {"zh": "一般", "en": "fair"}, "at_least": 70},
        {"grade": "D", "label": {"zh": "差", "en": "poor"}, "at_least": 0},
    ],
    "validity": {"return_rate_at_least": 0.80, "invalid_at_most": 0.10},
    "targets": {"average_at_least": 90, "item_at_least": 85, "consequence": "review_meeting"},
    "case_trigger": {"total_below": 60, "item_below": 40, "nps_at_most": 6, "nps_question": "nps"},
    "quality": {"speed_seconds_per_item": 1.5, "straight_line_min_items": 4},
}
SCHEME = scheme_from_dict(FACTORY)


def changed(**parts: Any) -> dict[str, Any]:
    return {**deepcopy(FACTORY), **parts}


def test_a_full_answer_is_weighted_and_graded() -> None:
    result = score(SCHEME, {"quality": 5, "delivery": "4", "m": {"price": 3, "service": "5"}})
    assert result.total == Fraction(2 * 100 + 80 + 30 + 50, 4) == 90
    assert (result.grade, result.answered, result.of) == ("B", 4, 4)
    assert result.items["delivery"].satisfied
    assert not result.items["m.price"].satisfied


def test_unanswered_and_not_applicable_items_leave_their_weight_to_the_others() -> None:
    result = score(SCHEME, {"quality": "5", "delivery": "", "m": {"price": "n/a", "service": 3}})
    assert result.total == Fraction(2 * 100 + 30) / Fraction(5, 2) == 92
    assert (result.answered, sorted(result.items)) == (2, ["m.service", "quality"])


def test_too_few_answered_items_give_no_total_where_the_scheme_says_so() -> None:
    strict = scheme_from_dict(changed(missing={"policy": "minimum_share", "share": 0.75}))
    assert score(strict, {"quality": 5, "delivery": 5}).total is None
    assert score(strict, {"quality": 5, "delivery": 5, "m": {"price": 5}}).total == 100
    empty = score(SCHEME, {})
    assert (empty.total, empty.grade, empty.answered) == (None, None, 0)


@pytest.mark.parametrize(
    ("round_to", "total", "grade"),
    [(None, "92.95", "B"), (1, "93", "A"), (0, "93", "A"), (2, "92.95", "B")],
)
def test_rounding_comes_before_the_bands_and_only_when_the_scheme_says_so(
    round_to: int | None, total: str, grade: str
) -> None:
    data = changed(items=[{"question": "q", "points": {"x": 92.95}}], round_to=round_to)
    result = score(scheme_from_dict(data), {"q": "x"})
    assert result.total == exact(total)
    assert result.grade == grade


def test_an_exact_edge_is_reached_although_floats_would_miss_it() -> None:
    points = {"a": 100, "b": 79}
    data = changed(items=[{"question": f"q{n}", "weight": 0.1, "points": points} for n in range(3)])
    scheme = scheme_from_dict(data)
    assert score(scheme, {"q0": "a", "q1": "a", "q2": "b"}).total == 93
    assert score(scheme, {"q0": "a", "q1": "a", "q2": "b"}).grade == "A"
    assert grade_of(scheme.bands, Fraction(93) - Fraction(1, 10**30)) == scheme.bands[1]


def test_halves_are_rounded_away_from_nought() -> None:
    assert [round_half_up(exact(x), 1) for x in ("2.25", "-2.25", "2.249")] == [
        Fraction("2.3"),
        Fraction("-2.3"),
        Fraction("2.2"),
    ]


@pytest.mark.parametrize(
    ("invited", "returned", "invalid", "valid", "misses"),
    [
        (100, 80, 8, True, 0),
        (100, 79, 7, False, 1),
        (100, 80, 9, False, 1),
        (1000, 799, 80, False, 2),
        (0, 0, 0, False, 2),
    ],
)
def test_a_round_counts_only_with_enough_returned_and_few_invalid(
    invited: int, returned: int, invalid: int, valid: bool, misses: int
) -> None:
    verdict = round_validity(SCHEME, invited=invited, returned=returned, invalid=invalid)
    assert verdict.valid is valid
    assert len(verdict.misses) == misses


def test_a_miss_is_told_with_both_numbers() -> None:
    verdict = round_validity(SCHEME, invited=200, returned=159, invalid=0)
    assert verdict.return_rate == Fraction(159, 200)
    assert "79.5 %" in verdict.misses[0].zh
    assert "80 %" in verdict.misses[0].en
    with pytest.raises(ValueError, match="impossible"):
        round_validity(SCHEME, invited=10, returned=5, invalid=6)


def test_a_near_miss_is_not_shown_as_a_hit() -> None:
    verdict = round_validity(SCHEME, invited=10_000, returned=7_999, invalid=800)
    assert "79.9 %" in verdict.misses[0].zh
    assert "10.1 %" in verdict.misses[1].zh
    near = CaseReason("total_below", None, exact("59.999"), Fraction(60))
    assert "59.99 分" in near.words({}).zh


def test_targets_name_what_was_missed_and_what_it_triggers() -> None:
    means = {"quality": exact(91), "delivery": exact("84.99"), "m.price": exact(85)}
    missed = targets_met(SCHEME, exact("89.999"), means)
    assert {miss.question: float(miss.target) for miss in missed} == {None: 90, "delivery": 85}
    assert {miss.consequence for miss in missed} == {"review_meeting"}
    assert targets_met(SCHEME, exact(90), {"quality": exact(85)}) == ()
    assert targets_met(SCHEME, None, {}) == ()


def test_a_rushed_and_a_straight_lined_sheet_are_flagged() -> None:
    same = {"quality": 3, "delivery": "3", "m": {"price": 3, "service": 3.0}}
    assert quality_flags(SCHEME, same, 5.9) == ("speed", "straight_line")
    assert quality_flags(SCHEME, same, 6) == ("straight_line",)
    assert quality_flags(SCHEME, {**same, "delivery": ""}, None) == ()
    assert quality_flags(SCHEME, {**same, "delivery": 4}, 60) == ()


def test_a_low_score_opens_a_case_and_says_why() -> None:
    unhappy = {"quality": 1, "delivery": 3, "m": {"price": 3, "service": 3}, "nps": "6"}
    reasons = case_reasons(SCHEME, score(SCHEME, unhappy), unhappy)
    assert [(reason.rule, reason.question) for reason in reasons] == [
        ("total_below", None),
        ("item_below", "quality"),
        ("nps_at_most", "nps"),
    ]
    said = [reason.words({"quality": "质量", "nps": "推荐意愿"}) for reason in reasons]
    assert said[0].en == "The total is 40 points, below 60."
    assert "“质量”为 20 分" in said[1].zh
    assert "“推荐意愿” is 6, at most 6." in said[2].en
    content = {"quality": 4, "delivery": 4, "m": {"price": 2, "service": 4}, "nps": 7}
    assert case_reasons(SCHEME, score(SCHEME, content), content) == ()


def test_a_scheme_survives_its_file_form() -> None:
    data = scheme_to_dict(SCHEME)
    assert scheme_from_dict(json.loads(json.dumps(data))) == SCHEME
    thirds = scheme_from_dict(changed(items=[{"question": "q", "weight": "1/3", "points": {"a": "92.95"}}]))
    assert scheme_from_dict(scheme_to_dict(thirds)) == thirds
    assert scheme_to_dict(thirds)["items"][0] == {"question": "q", "weight": "1/3", "points": {"a": 92.95}}


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ({"items": []}, "items"),
        ({"items": "all"}, "items"),
        ({"items": [item("q"), item("q")]}, "items[1].question"),
        ({"items": [item("q", -1)]}, "items[0].weight"),
        ({"items": [item("q", 0)]}, "items"),
        ({"items": [{"points": FIVE}]}, "items[0].question"),
        ({"items": [{"question": "q"}]}, "items[0].points"),
        ({"items": [{"question": "q", "points": {"1": "many"}}]}, "items[0].points.1"),
        ({"items": [{"question": "q", "points": {"1": True}}]}, "items[0].points.1"),
        ({"items": [{"question": "q", "points": FIVE, "satisfied": ["6"]}]}, "items[0].satisfied"),
        ({"items": [{**item("q"), "wieght": 2}]}, "items[0].wieght"),
        ({"bands": list(reversed(FACTORY["bands"]))}, "bands[1].at_least"),
        ({"bands": [{"grade": "A", "label": {"zh": "优"}, "at_least": 90}]}, "bands[0].label.en"),
        ({"bands": [{"grade": "A", "label": {"zh": "优", "en": "A"}}]}, "bands[0].at_least"),
        ({"missing": {"policy": "guess"}}, "missing.policy"),
        ({"missing": {"policy": "minimum_share"}}, "missing.share"),
        ({"missing": {"policy": "reweight", "share": 0.5}}, "missing.share"),
        ({"validity": {"return_rate_at_least": 80}}, "validity.return_rate_at_least"),
        ({"case_trigger": {"nps_at_most": 6}}, "case_trigger.nps_question"),
        ({"quality": {"straight_line_min_items": 2.5}}, "quality.straight_line_min_items"),
        ({"round_to": 9}, "round_to"),
        ({"round_to": float("nan")}, "round_to"),
        ({"targets": 90}, "targets"),
        ({"bonus": 1}, "bonus"),
    ],
)
def test_a_wrong_scheme_is_refused_with_the_place_of_the_fault(parts: dict[str, Any], path: str) -> None:
    with pytest.raises(SchemeError) as caught:
        scheme_from_dict(changed(**parts))
    assert path in [problem.path for problem in caught.value.problems]
    assert all(problem.message.zh and problem.message.en for problem in caught.value.problems)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SchemeError) as caught:
        scheme_from_dict({"items": [{"weight": "x"}], "bands": [{}], "extra": 1})
    assert len(caught.value.problems) >= 7


@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_a_number_by_half_a_step_at_most(value: Fraction, places: int) -> None:
    rounded = round_half_up(value, places)
    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert round_half_up(-value, places) == -rounded
    assert (rounded * 10**places).denominator == 1


@given(st.fractions())
def test_a_number_survives_being_written(value: Fraction) -> None:
    assert exact(written(value)) == value


@given(st.lists(st.sampled_from(["1", "2", "3", "4", "5", ""]), min_size=4, max_size=4))
def test_a_total_lies_between_the_least_and_the_greatest_points(codes: list[str]) -> None:
    questions = [part.question for part in SCHEME.items]
    result = score(SCHEME, dict(zip(questions, codes, strict=True)))
    points = [FIVE[code] for code in codes if code]
    assert (result.total is None) == (not points)
    assert result.total is None or min(points) <= result.total <= max(points)
