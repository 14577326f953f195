"""What must hold before a draft is kept: without it not even the editor could show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from manyi.kernel.labels import Label
from manyi.measures.expressions import ExpressionError, parse
from manyi.surveys.conditions import Place, places
from manyi.surveys.configuration import config_problems
from manyi.surveys.question_types import TYPES, Fault
from manyi.surveys.tree import Question, Questionnaire


def draft_problems(questionnaire: Questionnaire) -> list[Fault]:
    """What makes a draft unusable even for its editor: double codes, unknown types, wrong configuration."""
    sections = [section.code for section in questionnaire.sections]
    questions = [question.code for section in questionnaire.sections for question in section.questions]
    faults = [*_doubles(sections), *_doubles(questions)]
    faults += _doubles([quota.code for quota in questionnaire.quotas], "quotas")
    for question in questionnaire.questions.values():
        faults += _draft_question(question)
    for place in places(questionnaire):
        faults += _expression_faults(place)
    return faults


def _draft_question(question: Question) -> Iterator[Fault]:
    yield from _doubles([option.code for option in question.options], f"{question.code}.options")
    yield from _doubles([row.code for row in question.rows], f"{question.code}.rows")
    yield from _doubles([column.code for column in question.columns], f"{question.code}.columns")
    if question.type not in TYPES:
        known = ", ".join(TYPES.ids())
        what = Label(
            f"没有题型“{question.type}”,可用:{known}。", f"No type “{question.type}”; known: {known}."
        )
        yield f"{question.code}.type", what
        return
    for name, wrong in config_problems(TYPES.get(question.type).config, question.config):
        yield f"{question.code}.config.{name}", wrong
    for column in question.columns:
        yield from _draft_question(replace(column, code=f"{question.code}.columns.{column.code}"))


def _doubles(codes: list[str], path: str = "") -> Iterator[Fault]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield (
                path or code,
                Label(f"代码“{code}”重复,请改成不同的代码。", f"The code “{code}” is used twice."),
            )


def _expression_faults(place: Place) -> Iterator[Fault]:
    try:
        parse(place.expression)
    except ExpressionError as error:
        yield place.path, error.message
