"""The one judge of answers, for the web, the API and imports alike: what is visible, required, right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import is_empty
from manyi.measures.expressions import Call, Node, dependency_order, holds, parse
from manyi.measures.expressions.tree import walk
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Question, Questionnaire

HIDDEN = Label("按条件此题不显示,答案未计入。", "By its condition this question is not shown; not counted.")
UNKNOWN = Label("问卷中没有这道题,答案未计入。", "The questionnaire has no such question; not counted.")
REQUIRED = Label("请回答此题。", "Please answer this question.")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict on one set of answers, by question code.

    ``errors`` are for the respondent to mend. ``set_aside`` keeps every value that is not in ``accepted``,
    with the reason: nothing given is dropped.
    """

    visible: frozenset[str]
    required: frozenset[str]
    errors: dict[str, Label] = field(default_factory=dict)
    accepted: dict[str, Any] = field(default_factory=dict)
    set_aside: dict[str, tuple[Any, Label]] = field(default_factory=dict)


def evaluate(questionnaire: Questionnaire, answers: Mapping[str, Any], *, today: date) -> Evaluation:
    """Judge answers by question code (a matrix: a table by row, or flat ``matrix.row``) on a given day.

    A condition sees only accepted answers of visible questions, so what was typed into a question that is
    now hidden decides nothing. The questionnaire has passed ``rules.draft_problems``.
    """
    given = nested(questionnaire, answers)
    verdict = Evaluation(frozenset(), frozenset())
    visible: set[str] = set()
    for code in order_of(questionnaire):
        question = questionnaire.questions[code]
        value = given.pop(code, None)
        if not _shown(questionnaire, question, verdict.accepted, today):
            if not is_empty(value):
                verdict.set_aside[code] = (value, HIDDEN)
            continue
        visible.add(code)
        _judge(question, value, verdict)
    for code, value in given.items():
        if not is_empty(value):
            verdict.set_aside[code] = (value, UNKNOWN)
    required = frozenset(code for code in visible if questionnaire.questions[code].required)
    return Evaluation(frozenset(visible), required, verdict.errors, verdict.accepted, verdict.set_aside)


def visible_sections(questionnaire: Questionnaire, visible: frozenset[str]) -> list[str]:
    """The codes of the sections that have something to show."""
    return [s.code for s in questionnaire.sections if any(q.code in visible for q in s.questions)]


def nested(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with flat ``matrix.row`` entries gathered under their matrix."""
    gathered = {path: value for path, value in answers.items() if "." not in path}
    for path, value in answers.items():
        code, _, row = path.partition(".")
        if not row:
            continue
        held = gathered.get(code)
        if code in questionnaire.questions and (held is None or isinstance(held, Mapping)):
            gathered[code] = {**(held or {}), row: value}
        else:
            gathered[path] = value
    return gathered


def order_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Question codes, each after the questions that its own or its section's condition asks for.

    Raises CycleError for conditions that wait for each other.
    """
    cached: tuple[str, ...] | None = questionnaire.__dict__.get("_order")
    if cached is None:
        cached = dependency_order({code: _condition(questionnaire, code) for code in questionnaire.questions})
        questionnaire.__dict__["_order"] = cached
    return cached


def asks_the_day(questionnaire: Questionnaire) -> bool:
    """Whether any condition depends on the present date."""
    cached: bool | None = questionnaire.__dict__.get("_asks_the_day")
    if cached is None:
        nodes = (node for code in questionnaire.questions for node in walk(_condition(questionnaire, code)))
        cached = any(isinstance(node, Call) and node.name in {"today", "age"} for node in nodes)
        questionnaire.__dict__["_asks_the_day"] = cached
    return cached


@lru_cache(maxsize=4096)
def parsed(expression: str) -> Node:
    """The tree of a condition; the same text is parsed once."""
    return parse(expression)


def _condition(questionnaire: Questionnaire, code: str) -> Node:
    """Everything that a question waits for, as one expression."""
    parts = [questionnaire.section_of[code].visible_if, questionnaire.questions[code].visible_if]
    return parsed(" and ".join(f"({part})" for part in parts if part) or "true")


def _shown(questionnaire: Questionnaire, question: Question, accepted: dict[str, Any], today: date) -> bool:
    section = questionnaire.section_of[question.code]
    if not section.visible_if and not question.visible_if:
        return True
    return holds(_condition(questionnaire, question.code), accepted, today)


def _judge(question: Question, value: Any, verdict: Evaluation) -> None:
    """Put one answer of a visible question where it belongs."""
    kind = TYPES.get(question.type)
    if is_empty(value):
        if question.required:
            verdict.errors[question.code] = REQUIRED
        return
    checked = kind.check(question, value)
    if not is_empty(checked.value):
        verdict.accepted[question.code] = checked.value
    if checked.problem is not None:
        verdict.errors[question.code] = checked.problem
        verdict.set_aside[question.code] = (value, checked.problem)
    elif question.required and (lacking := kind.missing(question, checked.value)) is not None:
        verdict.errors[question.code] = lacking
