"""A questionnaire to be read: every question with its choices, and its condition in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.kernel.labels import Label
from manyi.surveys.conditions import sentence
from manyi.surveys.definition import Question, Questionnaire
from manyi.surveys.question_types import TYPES


@dataclass(frozen=True, slots=True)
class Line:
    """One question as it is read: its number, words, type, choices, rows and condition."""

    number: int
    code: str
    title: str
    help: str
    kind: Label
    required: bool
    choices: list[str]
    rows: list[str]
    condition: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section with its lines and its condition."""

    title: str
    help: str
    condition: str
    lines: list[Line]


def outline(tree: Questionnaire, language: str) -> list[Part]:
    """The sections of a questionnaire in one language, questions numbered through."""
    number, parts = 0, []
    for section in tree.sections:
        lines = []
        for question in section.questions:
            number += 1
            lines.append(_line(number, question, tree, language))
        words = section.title.text(language), section.help.text(language)
        parts.append(Part(*words, sentence(tree, section.visible_if, language), lines))
    return parts


def _line(number: int, question: Question, tree: Questionnaire, language: str) -> Line:
    options = [option.title.text(language) for option in question.options]
    columns = [column.title.text(language) for column in question.columns]
    return Line(
        number=number,
        code=question.code,
        title=question.title.text(language),
        help=question.help.text(language),
        kind=TYPES.get(question.type).label,
        required=question.required,
        choices=options or columns,
        rows=[row.title.text(language) for row in question.rows],
        condition=sentence(tree, question.visible_if, language),
    )
