"""Every question type keeps the same promises; a new plug-in file is tested by being there."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from manyi.surveys.configuration import config_problems
from manyi.surveys.definition import from_dict
from manyi.surveys.question_types import TYPES, QuestionType
from manyi.surveys.rules import publish_problems
from tests.question_samples import SAMPLES, UNASKED, example, section

ALL = list(TYPES)
by_type = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.id)

by_answered_type = pytest.mark.parametrize(
    "kind", [k for k in ALL if k.id not in UNASKED], ids=lambda k: k.id
)


def test_there_are_samples_for_every_type_of_the_core() -> None:
    assert set(SAMPLES) | UNASKED == set(TYPES.ids())


@by_type
def test_the_example_can_be_published(kind: QuestionType) -> None:
    question = tomllib.loads(kind.example)
    asked = {"code": "recommend", "type": "nps", "title": "推荐", "title_en": "Recommend"}
    questions = [question] if question["code"] == "recommend" else [asked, question]
    tree = {"code": "q", "title": "问", "title_en": "Q", "sections": [section(*questions)]}
    assert publish_problems(from_dict(tree)) == []


@by_answered_type
def test_a_form_becomes_the_stored_answer(kind: QuestionType) -> None:
    form, stored, _ = SAMPLES[kind.id]
    question = example(kind)
    checked = kind.check(question, kind.parse(form, "a", question))
    assert (checked.value, checked.problem) == (stored, None)


@by_answered_type
def test_a_stored_answer_is_accepted_again_unchanged(kind: QuestionType) -> None:
    _, stored, _ = SAMPLES[kind.id]
    assert kind.check(example(kind), stored).value == stored


@by_answered_type
def test_an_answer_outside_the_question_is_refused_in_both_languages(kind: QuestionType) -> None:
    problem = kind.check(example(kind), SAMPLES[kind.id][2]).problem
    assert problem is not None
    assert problem.zh != problem.en


HOSTILE: list[Any] = [
    {"x": 1}, {"x": {"y": []}}, {1: 2}, ["x"], [["x", ["y"]]], [{}], True, False, "", "\x00", "\ud800",
    "x" * 100_000, -(10**30), 10**5000, 1e308, float("nan"), float("inf"), -float("inf"), "NaN",
    "Infinity", "9" * 5000, b"x", "1e999999999", "1e-999999999", "٣", {"sha256": "x"}, '{"name": 1}',
    [{"name": "x", "type": [], "size": "1"}],
]  # fmt: skip


@by_type
@pytest.mark.parametrize("strange", HOSTILE, ids=lambda value: repr(type(value)))
def test_a_strange_value_never_breaks_the_judge_and_never_fills_a_message(
    kind: QuestionType, strange: Any
) -> None:
    question = example(kind)
    places = [row.code for row in question.rows] + [option.code for option in question.options]
    places += [column.code for column in question.columns]
    for value in [strange, dict.fromkeys(places, strange), {code: {"x": strange} for code in places}]:
        checked = kind.check(question, value)
        if checked.problem is not None:
            assert len(checked.problem.zh) + len(checked.problem.en) < 500
        json.dumps(checked.value, allow_nan=False).encode()
        kind.shown(question, checked.value, "en")


@by_type
def test_nothing_in_the_form_is_no_answer(kind: QuestionType) -> None:
    assert kind.parse({"other": ["x"]}, "a", example(kind)) is None


@by_answered_type
def test_every_coded_column_reads_the_stored_answer(kind: QuestionType) -> None:
    question = example(kind)
    stored = kind.check(question, SAMPLES[kind.id][1]).value
    columns = kind.columns(question)
    read = [column.read({question.code: stored}) for column in columns]
    assert len({column.name for column in columns}) == len(columns) > 0
    assert any(value not in (None, False) for value in read)
    for column, value in zip(columns, read, strict=True):
        if column.kind == "code" and value is not None:
            assert str(value) in {code for code, _ in column.codes}


@by_type
def test_a_misspelt_setting_is_named(kind: QuestionType) -> None:
    assert [name for name, _ in config_problems(kind.config, {"lowest": 1})] == ["lowest"]


def test_an_exclusive_option_stands_alone() -> None:
    kind = TYPES.get("multiple")
    question = example(kind)
    assert kind.check(question, ["none"]).value == ["none"]
    checked = kind.check(question, ["none", "web"])
    assert checked.value is None
    assert checked.problem is not None
    assert "都不是" in checked.problem.zh


def test_too_many_options_are_refused_with_the_limit() -> None:
    kind = TYPES.get("multiple")
    question = from_dict(
        {
            "code": "q",
            "title": "问",
            "sections": [section({**tomllib.loads(kind.example), "config": {"at_most": 1}})],
        }
    ).questions["heard"]
    problem = kind.check(question, ["friend", "web"]).problem
    assert problem is not None
    assert "1" in problem.zh


def test_a_bad_row_of_a_matrix_does_not_cost_the_good_one() -> None:
    kind = TYPES.get("matrix")
    checked = kind.check(example(kind), {"greeting": "5", "waiting": "6"})
    assert checked.value == {"greeting": 5}
    assert checked.problem is not None
    assert "等候时间" in checked.problem.zh


def test_a_scale_with_one_step_cannot_be_configured() -> None:
    assert [name for name, _ in config_problems(TYPES.get("rating").config, {"low": 3, "high": 3})] == [
        "high"
    ]
    assert [name for name, _ in config_problems(TYPES.get("rating").config, {"high": "5"})] == ["high"]
