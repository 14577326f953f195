"""The one judge of answers, for the web, the API and imports alike: what is visible, required, right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, TypeVar

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT, TOTAL, is_empty
from manyi.measures.expressions import Call, Reference, holds
from manyi.measures.expressions import evaluate as worth
from manyi.surveys.conditions import condition_of, order_of, parsed
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Question, Questionnaire

HIDDEN = Label("按条件此题不显示,答案未计入。", "By its condition this question is not shown; not counted.")
UNKNOWN = Label("问卷中没有这道题,答案未计入。", "The questionnaire has no such question; not counted.")
REQUIRED = Label("请回答此题。", "Please answer this question.")
FREE_WORDS = Label("请写明“其他”的内容。", "Please say what “other” is.")
STRAY_WORDS = Label("没有选择需要说明的选项,说明未计入。", "No choice asks for these words; not counted.")
NOT_TEXT = Label("说明应是文字。", "Words are expected here.")
FAILED = Label("答案不符合要求,请检查。", "This answer does not fit; please check it.")
MOST_WORDS = 5000
TOO_LONG = Label(f"最多 {MOST_WORDS} 个字。", f"At most {MOST_WORDS} characters.")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict on one set of answers, by question code.

    ``asked`` holds every visible question with the options and rows that are offered to these answers.
    ``errors`` are for the respondent to mend. ``set_aside`` keeps every value that is not in ``accepted``,
    with the reason: nothing given is dropped.
    """

    visible: frozenset[str]
    required: frozenset[str]
    errors: dict[str, Label] = field(default_factory=dict)
    accepted: dict[str, Any] = field(default_factory=dict)
    set_aside: dict[str, tuple[Any, Label]] = field(default_factory=dict)
    asked: dict[str, Question] = field(default_factory=dict)


def evaluate(questionnaire: Questionnaire, answers: Mapping[str, Any], *, today: date) -> Evaluation:
    """Judge answers by question code (a matrix: a table by row, or flat ``matrix.row``) on a given day.

    A condition sees only accepted answers of visible questions, so what was typed into a question that is
    now hidden decides nothing. The questionnaire has passed ``rules.draft_problems``.
    """
    given = nested(questionnaire, answers)
    verdict = Evaluation(frozenset(), frozenset())
    for code in order_of(questionnaire):
        question = questionnaire.questions[code]
        value, words = given.pop(code, None), given.pop(code + COMMENT, None)
        given.pop(code + TOTAL, None)  # always computed anew
        condition = condition_of(questionnaire, code)
        if condition is not None and not holds(condition, verdict.accepted, today):
            _set_aside(verdict, {code: value, code + COMMENT: words}, HIDDEN)
            continue
        verdict.asked[code] = asked = _offered(question, verdict.accepted, today)
        _judge(asked, value, verdict, today)
        _judge_words(asked, words, verdict)
    _set_aside(verdict, given, UNKNOWN)
    required = _require(verdict, today)
    _check(verdict, today)
    visible = frozenset(verdict.asked)
    return replace(verdict, visible=visible, required=required)


def visible_sections(questionnaire: Questionnaire, visible: frozenset[str]) -> list[str]:
    """The codes of the sections that have something to show."""

    def shows(question: Question) -> bool:
        return question.code in visible and not TYPES.get(question.type).silent(question)

    return [s.code for s in questionnaire.sections if any(shows(question) for question in s.questions)]


def nested(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with flat ``matrix.row`` and ``table.row.column`` entries gathered under their question."""
    gathered = {path: value for path, value in answers.items() if "." not in path}
    for path, value in answers.items():
        code, _, place = path.partition(".")
        if not place:
            continue
        held = gathered.get(code)
        if code not in questionnaire.questions or not (held is None or isinstance(held, Mapping)):
            gathered[path] = value
            continue
        row, _, column = place.partition(".")
        inner = (held or {}).get(row)
        cell = {**(inner if isinstance(inner, Mapping) else {}), column: value} if column else value
        gathered[code] = {**(held or {}), row: cell}
    return gathered


class _Conditional(Protocol):
    @property
    def visible_if(self) -> str: ...


Part = TypeVar("Part", bound=_Conditional)


def _offered(question: Question, accepted: dict[str, Any], today: date) -> Question:
    """The question with those of its options, rows and columns whose conditions hold."""

    def shown(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(p for p in parts if not p.visible_if or holds(parsed(p.visible_if), accepted, today))

    if not question.has_conditional_parts:
        return question
    options, rows, columns = shown(question.options), shown(question.rows), shown(question.columns)
    return replace(question, options=options, rows=rows, columns=columns)


def _judge(question: Question, value: Any, verdict: Evaluation, today: date) -> None:
    """Put one answer of a visible question where it belongs."""
    kind = TYPES.get(question.type)
    if expression := kind.computes(question):
        value = worth(parsed(expression), verdict.accepted, today)
    if is_empty(value):
        return
    checked = kind.check(question, value)
    if not is_empty(checked.value):
        verdict.accepted[question.code] = checked.value
    if checked.problem is not None:
        verdict.errors[question.code] = checked.problem
        verdict.set_aside[question.code] = (value, checked.problem)
    _add_totals(question, verdict, today)


def _add_totals(question: Question, verdict: Evaluation, today: date) -> None:
    """Below a table: the total of each column that asks for one, as ``table-total.column``."""
    rows = verdict.accepted.get(question.code)
    totals = {c.code: c.config["total"] for c in question.columns if c.config.get("total")}
    if not totals or not isinstance(rows, Mapping):
        return
    found = {}
    for column, function in totals.items():
        cells = tuple(Reference(f"{question.code}.{row}.{column}") for row in rows)
        found[column] = worth(Call(str(function), cells), verdict.accepted, today)
    verdict.accepted[question.code + TOTAL] = found


def _judge_words(question: Question, words: Any, verdict: Evaluation) -> None:
    """The words beside an answer: wanted with a free choice, welcome with a comment, else set aside."""
    code, problem = question.code, None
    chosen = verdict.accepted.get(code)
    codes = chosen if isinstance(chosen, list) else [chosen]
    free = any(option.free and option.code in codes for option in question.options)
    if is_empty(words):
        if free:
            verdict.errors.setdefault(code, FREE_WORDS)
        return
    if not (free or question.comment):
        _set_aside(verdict, {code + COMMENT: words}, STRAY_WORDS)
        return
    if not isinstance(words, str):
        problem = NOT_TEXT
    elif len(words) > MOST_WORDS:
        problem = TOO_LONG
    if problem is None:
        verdict.accepted[code + COMMENT] = words.strip()
    else:
        verdict.errors.setdefault(code, problem)
        _set_aside(verdict, {code + COMMENT: words}, problem)


def _require(verdict: Evaluation, today: date) -> frozenset[str]:
    """The visible questions that must be answered; what is missing of them becomes an error."""
    required = set()
    for code, question in verdict.asked.items():
        kind = TYPES.get(question.type)
        if not kind.asks or not (question.required or _holds(question.required_if, verdict, today)):
            continue
        required.add(code)
        if code in verdict.errors:
            continue
        lacking = kind.missing(question, verdict.accepted[code]) if code in verdict.accepted else REQUIRED
        if lacking is not None:
            verdict.errors[code] = lacking
    return frozenset(required)


def _holds(expression: str, verdict: Evaluation, today: date) -> bool:
    return bool(expression) and holds(parsed(expression), verdict.accepted, today)


def _check(verdict: Evaluation, today: date) -> None:
    """The checks of every accepted answer, after all are known; a failed one sets the answer aside too."""
    failed = {}
    for code, question in verdict.asked.items():
        for check in question.checks if code in verdict.accepted and code not in verdict.errors else ():
            if not _holds(check.expression, verdict, today):
                words = check.message
                told = Label(words.text("zh"), words.text("en")) if words else FAILED
                failed[code] = verdict.errors.setdefault(code, told)
    for code, told in failed.items():
        verdict.set_aside[code] = (verdict.accepted.pop(code), told)


def _set_aside(verdict: Evaluation, values: Mapping[str, Any], reason: Label) -> None:
    verdict.set_aside.update({code: (value, reason) for code, value in values.items() if not is_empty(value)})
