"""Every question type keeps the same promises; a new plug-in file is tested by being there."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from manyi.surveys.configuration import config_problems
from manyi.surveys.definition import Question, from_dict
from manyi.surveys.question_types import TYPES, QuestionType
from manyi.surveys.rules import publish_problems

ALL = list(TYPES)
by_type = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.id)

PICTURE = {"sha256": "ab" * 32, "name": "车.jpg", "type": "image/jpeg", "size": 2048}
#: For each type: a form as HTML sends it, the answer that is stored, and a value that must be refused.
SAMPLES: dict[str, tuple[dict[str, list[str]], Any, Any]] = {
    "single": ({"a": ["service"]}, "service", "zzz"),
    "dropdown": ({"a": ["sh"]}, "sh", "zzz"),
    "multiple": ({"a": ["web", "friend"]}, ["friend", "web"], ["web", "zzz"]),
    "picture": ({"a": ["desk"]}, "desk", "zzz"),
    "rating": ({"a": ["4"]}, 4, "99"),
    "nps": ({"a": ["10"]}, 10, 11),
    "effort": ({"a": ["７"]}, 7, 0),
    "matrix": ({"a.greeting": ["4"], "a.waiting": [" 5 "]}, {"greeting": 4, "waiting": 5}, {"greeting": 9}),
    "matrix_single": ({"a.pickup": ["never"]}, {"pickup": "never"}, {"pickup": "daily"}),
    "matrix_multiple": (
        {"a.east": ["friendly", "clean"]},
        {"east": ["clean", "friendly"]},
        {"north": ["clean"]},
    ),
    "matrix_dual": (
        {"a.tidy.expected": ["5"], "a.tidy.found": ["3"]},
        {"tidy": {"expected": 5, "found": 3}},
        {"tidy": {"expected": 6}},
    ),
    "table": (
        {"a.first.yuan": ["350"], "a.first.at": ["东城店"], "a.second.yuan": ["８００"]},
        {"first": {"yuan": 350, "at": "东城店"}, "second": {"yuan": 800}},
        {"first": {"yuan": "dear"}},
    ),
    "fields": ({"a.model": ["轿车"], "a.km": ["12000"]}, {"model": "轿车", "km": 12000}, {"km": "many"}),
    "sum": ({"a.price": ["60"], "a.quality": ["40"]}, {"price": 60, "quality": 40}, {"price": 99}),
    "ranking": (
        {"a.price": ["2"], "a.quality": ["1"], "a.service": ["3"]},
        ["quality", "price", "service"],
        {"price": "1", "quality": "1", "service": "2"},
    ),
    "slider": ({"a": ["35"]}, 35, 37),
    "number": ({"a": ["１２"]}, 12, "a dozen"),
    "text_short": ({"a": ["  轿车 "]}, "轿车", "长" * 61),
    "text_long": ({"a": ["第一行\r\n第二行"]}, "第一行\n第二行", "长" * 2001),
    "phone": ({"a": ["+86 138-0013-8000"]}, "13800138000", "1380013800"),
    "email": ({"a": ["Min.Li@Example.COM"]}, "Min.Li@example.com", "min.li@localhost"),
    "id_number": ({"a": ["11010519491231002x"]}, "11010519491231002X", "110105194912310021"),
    "date": ({"a": ["2026/3/5"]}, "2026-03-05", "2026-02-30"),
    "time": ({"a": ["9点05分"]}, "09:05", "23:00"),
    "datetime": ({"a": ["2026年3月5日 9:05"]}, "2026-03-05T09:05", "2026-03-05"),
    "photo": ({"a": [json.dumps(PICTURE)]}, [PICTURE], [{**PICTURE, "type": "text/html"}]),
    "file": ({"a": [json.dumps(PICTURE)]}, [PICTURE], [{**PICTURE, "size": 6 << 20}]),
    "signature": ({"a": ["王芳"]}, "王芳", [{"name": "sign.png"}]),
    "location": (
        {"a.place": ["东城店"], "a.latitude": ["39.9042"], "a.longitude": ["116.4074"]},
        {"place": "东城店", "latitude": 39.9042, "longitude": 116.4074},
        {"latitude": 91, "longitude": 0},
    ),
    "yes_no": ({"a": ["yes"]}, "yes", "perhaps"),
    "consent": ({"a": ["yes"]}, "yes", "perhaps"),
    "hidden": ({"a": ["E12"]}, "E12", "长" * 201),
}
#: Nobody types these: a text to read, and a value that the evaluator computes.
UNASKED = {"information", "calculated"}
by_answered_type = pytest.mark.parametrize(
    "kind", [k for k in ALL if k.id not in UNASKED], ids=lambda k: k.id
)


def example(kind: QuestionType) -> Question:
    question = tomllib.loads(kind.example)
    tree = from_dict({"code": "q", "title": "问", "title_en": "Q", "sections": [section(question)]})
    return tree.questions[question["code"]]


def section(*questions: dict[str, Any]) -> dict[str, Any]:
    return {"code": "s", "questions": list(questions)}


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
    places = [*question.rows, *question.options, *question.columns]
    for value in [strange, {part.code: strange for part in places}, {p.code: {"x": strange} for p in places}]:
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
