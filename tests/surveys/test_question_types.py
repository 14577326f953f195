"""Every question type keeps the same promises; a new plug-in file is tested by being there."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from manyi.surveys.definition import Question, from_dict
from manyi.surveys.question_types import TYPES, QuestionType, config_problems
from manyi.surveys.rules import publish_problems

ALL = list(TYPES)
by_type = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.id)

#: For each type: a form as HTML sends it, the answer that is stored, and a value that must be refused.
SAMPLES: dict[str, tuple[dict[str, list[str]], Any, Any]] = {
    "single": ({"a": ["service"]}, "service", "zzz"),
    "multiple": ({"a": ["web", "friend"]}, ["friend", "web"], ["web", "zzz"]),
    "rating": ({"a": ["4"]}, 4, "99"),
    "matrix": ({"a.greeting": ["4"], "a.waiting": [" 5 "]}, {"greeting": 4, "waiting": 5}, {"greeting": 9}),
    "nps": ({"a": ["10"]}, 10, 11),
    "number": ({"a": ["１２"]}, 12, "a dozen"),
    "text_short": ({"a": ["  轿车 "]}, "轿车", "长" * 61),
    "text_long": ({"a": ["第一行\r\n第二行"]}, "第一行\n第二行", "长" * 2001),
    "date": ({"a": ["2026/3/5"]}, "2026-03-05", "2026-02-30"),
}


def example(kind: QuestionType) -> Question:
    question = tomllib.loads(kind.example)
    tree = from_dict({"code": "q", "title": "问", "title_en": "Q", "sections": [section(question)]})
    return tree.questions[question["code"]]


def section(*questions: dict[str, Any]) -> dict[str, Any]:
    return {"code": "s", "questions": list(questions)}


def test_there_are_samples_for_every_type_of_the_core() -> None:
    assert set(SAMPLES) == set(TYPES.ids())


@by_type
def test_the_example_can_be_published(kind: QuestionType) -> None:
    question = tomllib.loads(kind.example)
    asked = {"code": "recommend", "type": "nps", "title": "推荐", "title_en": "Recommend"}
    questions = [question] if question["code"] == "recommend" else [asked, question]
    tree = {"code": "q", "title": "问", "title_en": "Q", "sections": [section(*questions)]}
    assert publish_problems(from_dict(tree)) == []


@by_type
def test_a_form_becomes_the_stored_answer(kind: QuestionType) -> None:
    form, stored, _ = SAMPLES[kind.id]
    question = example(kind)
    checked = kind.check(question, kind.parse(form, "a", question))
    assert (checked.value, checked.problem) == (stored, None)


@by_type
def test_a_stored_answer_is_accepted_again_unchanged(kind: QuestionType) -> None:
    _, stored, _ = SAMPLES[kind.id]
    assert kind.check(example(kind), stored).value == stored


@by_type
def test_an_answer_outside_the_question_is_refused_in_both_languages(kind: QuestionType) -> None:
    problem = kind.check(example(kind), SAMPLES[kind.id][2]).problem
    assert problem is not None
    assert problem.zh != problem.en


@by_type
@pytest.mark.parametrize("strange", [{"x": 1}, ["x"], True, "\x00", -(10**30), 1e308])
def test_a_strange_value_never_breaks_the_judge(kind: QuestionType, strange: Any) -> None:
    checked = kind.check(example(kind), strange)
    assert checked.problem is not None or checked.value is None or isinstance(checked.value, str | list)


@by_type
def test_nothing_in_the_form_is_no_answer(kind: QuestionType) -> None:
    assert kind.parse({"other": ["x"]}, "a", example(kind)) is None


@by_type
def test_every_coded_column_reads_the_stored_answer(kind: QuestionType) -> None:
    question = example(kind)
    stored = kind.check(question, SAMPLES[kind.id][1]).value
    columns = kind.columns(question)
    read = [column.read({question.code: stored}) for column in columns]
    assert columns
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
