"""The one judge: what is visible, required and right, and what becomes of everything else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Questionnaire, from_dict
from manyi.surveys.evaluation import HIDDEN, REQUIRED, UNKNOWN, Evaluation, evaluate, visible_sections
from tests.survey_world import GOOD_ANSWERS, QUESTIONNAIRE

TODAY = date(2026, 3, 5)
TREE = questionnaire_from_toml(QUESTIONNAIRE)


def judge(**changes: Any) -> Evaluation:
    return evaluate(TREE, {**GOOD_ANSWERS, **changes}, today=TODAY)


def test_good_answers_are_accepted_in_their_stored_form() -> None:
    verdict = judge()
    assert verdict.errors == {}
    assert verdict.set_aside == {}
    assert verdict.accepted == {
        "reception": {"greeting": 5, "waiting": 4, "price": "na"},
        "channels": ["friend", "web"],
        "satisfied": 4,
        "recommend": 9,
    }


def test_a_hidden_required_question_is_not_asked_for() -> None:
    assert "why" not in judge().visible
    assert "why" not in judge().required


def test_a_condition_that_comes_true_asks_the_question() -> None:
    verdict = judge(recommend="6")
    assert "why" in verdict.required
    assert verdict.errors == {"why": REQUIRED}


def test_an_answer_to_a_hidden_question_is_kept_with_the_reason() -> None:
    assert judge(why="太贵").set_aside == {"why": ("太贵", HIDDEN)}


def test_an_answer_to_an_unknown_question_is_kept_with_the_reason() -> None:
    verdict = judge(colour="red")
    assert verdict.set_aside == {"colour": ("red", UNKNOWN)}
    assert "colour" not in verdict.accepted


@pytest.mark.parametrize(("code", "bad"), [("satisfied", 99), ("recommend", "zzz"), ("channels", ["x"])])
def test_an_answer_out_of_range_is_an_error_and_kept(code: str, bad: Any) -> None:
    verdict = judge(**{code: bad})
    assert code in verdict.errors
    assert code not in verdict.accepted
    assert verdict.set_aside[code][0] == bad


def test_an_answer_out_of_range_decides_nothing() -> None:
    assert "why" not in judge(recommend=-5).visible


def test_a_required_matrix_names_the_rows_that_are_missing() -> None:
    error = judge(reception={"greeting": 5}).errors["reception"]
    assert "等候、价格透明" in error.zh
    assert "Waiting, Clear prices" in error.en


def test_flat_and_nested_matrix_answers_are_the_same() -> None:
    flat = {**GOOD_ANSWERS, **{f"reception.{row}": step for row, step in GOOD_ANSWERS["reception"].items()}}
    del flat["reception"]
    assert evaluate(TREE, flat, today=TODAY).accepted == judge().accepted


def chain() -> Questionnaire:
    """``a`` shows ``b``, ``b`` shows section two; written in an order that is not that of evaluation."""
    number = {"type": "number", "title": "数", "title_en": "Number"}
    return from_dict(
        {
            "code": "chain",
            "title": "链",
            "sections": [
                {"code": "one", "questions": [
                    {"code": "a", **number}, {"code": "b", **number, "visible_if": "{a} = 1"}]},
                {"code": "two", "visible_if": "{b} = 2", "questions": [{"code": "c", **number}]},
            ],
        }
    )  # fmt: skip


def test_what_was_typed_into_a_hidden_question_decides_nothing() -> None:
    shown = evaluate(chain(), {"a": 1, "b": 2, "c": 3}, today=TODAY)
    assert shown.visible == {"a", "b", "c"}
    hidden = evaluate(chain(), {"a": 0, "b": 2, "c": 3}, today=TODAY)
    assert hidden.visible == {"a"}
    assert set(hidden.set_aside) == {"b", "c"}


def test_a_section_without_visible_questions_is_skipped() -> None:
    assert visible_sections(chain(), evaluate(chain(), {"a": 0}, today=TODAY).visible) == ["one"]


values = st.none() | st.integers(-3, 12) | st.text(max_size=5) | st.lists(st.text(max_size=5), max_size=3)
sheets = st.dictionaries(st.sampled_from([*TREE.questions, "reception.greeting", "zzz"]), values)


@given(sheets)
def test_no_answer_is_ever_lost(sheet: dict[str, Any]) -> None:
    verdict = evaluate(TREE, sheet, today=TODAY)
    for path, value in sheet.items():
        if value not in (None, "", []) and (not isinstance(value, str) or value.strip()):
            blank = isinstance(value, list) and not any(item.strip() for item in value)
            kept = verdict.accepted.keys() | verdict.set_aside.keys()
            assert blank or path in kept or path.partition(".")[0] in kept


@given(sheets)
def test_what_was_accepted_is_accepted_again(sheet: dict[str, Any]) -> None:
    first = evaluate(TREE, sheet, today=TODAY)
    again = evaluate(TREE, first.accepted, today=TODAY)
    assert again.accepted == first.accepted
    assert again.visible == first.visible
