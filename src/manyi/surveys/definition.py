"""The face of a questionnaire's definition: the tree, read from plain data and written back."""

from __future__ import annotations

from typing import Any

from manyi.surveys.reading import read_questionnaire as from_dict
from manyi.surveys.tree import ROLES, Option, Question, Questionnaire, Row, Section, Text

__all__ = [
    "ROLES",
    "Option",
    "Question",
    "Questionnaire",
    "Row",
    "Section",
    "Text",
    "from_dict",
    "to_dict",
]


def to_dict(questionnaire: Questionnaire) -> dict[str, Any]:
    """The tree as plain data, without what is empty or default; ``from_dict`` reads it back."""
    return {
        "code": questionnaire.code,
        **_text("title", questionnaire.title),
        **_text("intro", questionnaire.intro),
        **_text("thanks", questionnaire.thanks),
        "sections": [_section(section) for section in questionnaire.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "code": section.code,
        **_text("title", section.title),
        **_given(visible_if=section.visible_if),
        "questions": [_question(question) for question in section.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    options = [
        {"code": o.code, **_text("title", o.title), **_given(exclusive=o.exclusive)} for o in question.options
    ]
    return {
        "code": question.code,
        "type": question.type,
        **_text("title", question.title),
        **_text("help", question.help),
        **_given(
            required=question.required,
            visible_if=question.visible_if,
            role=question.role,
            options=options,
            rows=[{"code": row.code, **_text("title", row.title)} for row in question.rows],
            config={key: value for key, value in question.config.items() if value is not None},
        ),
    }


def _text(name: str, text: Text) -> dict[str, str]:
    return {key: value for key, value in ((name, text.zh), (f"{name}_en", text.en)) if value}


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
