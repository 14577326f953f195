"""The face of a questionnaire's definition: the tree, read from plain data and written back."""

from __future__ import annotations

from typing import Any

from manyi.surveys.reading import read_question as question_from_dict
from manyi.surveys.reading import read_questionnaire as from_dict
from manyi.surveys.tree import ROLES, Check, Option, Question, Questionnaire, Quota, Row, Section, Text

__all__ = [
    "ROLES",
    "Check",
    "Option",
    "Question",
    "Questionnaire",
    "Quota",
    "Row",
    "Section",
    "Text",
    "from_dict",
    "question_from_dict",
    "question_to_dict",
    "section_to_dict",
    "to_dict",
]


def to_dict(questionnaire: Questionnaire) -> dict[str, Any]:
    """The tree as plain data, without what is empty or default; ``from_dict`` reads it back."""
    return {
        "code": questionnaire.code,
        **_text("title", questionnaire.title),
        **_text("intro", questionnaire.intro),
        **_text("thanks", questionnaire.thanks),
        "sections": [section_to_dict(section) for section in questionnaire.sections],
        **_given(
            quotas=[_quota(quota) for quota in questionnaire.quotas],
            contradictions=[_check(pair) for pair in questionnaire.contradictions],
        ),
    }


def _quota(quota: Quota) -> dict[str, Any]:
    limits = {"condition": quota.condition, "limit": quota.limit}
    return {"code": quota.code, **_text("title", quota.title), **limits}


def section_to_dict(section: Section) -> dict[str, Any]:
    """One section as plain data."""
    return {
        "code": section.code,
        **_text("title", section.title),
        **_text("help", section.help),
        **_given(visible_if=section.visible_if, order=section.order),
        "questions": [question_to_dict(question) for question in section.questions],
    }


def question_to_dict(question: Question) -> dict[str, Any]:
    """One question as plain data."""
    return {
        "code": question.code,
        "type": question.type,
        **_text("title", question.title),
        **_text("help", question.help),
        **_given(
            required=question.required,
            required_if=question.required_if,
            visible_if=question.visible_if,
            role=question.role,
            order=question.order,
            comment=question.comment,
        ),
        **({} if question.default is None else {"default": question.default}),
        **_given(
            options=[_option(option) for option in question.options],
            rows=[_row(row) for row in question.rows],
            columns=[question_to_dict(column) for column in question.columns],
            checks=[_check(check) for check in question.checks],
            config={key: value for key, value in question.config.items() if value is not None},
        ),
    }


def _option(option: Option) -> dict[str, Any]:
    flags = {"exclusive": option.exclusive, "free": option.free}
    extras = _given(**flags, visible_if=option.visible_if, image=option.image)
    return {"code": option.code, **_text("title", option.title), **extras}


def _row(row: Row) -> dict[str, Any]:
    return {"code": row.code, **_text("title", row.title), **_given(visible_if=row.visible_if)}


def _check(check: Check) -> dict[str, Any]:
    return {"expression": check.expression, **_text("message", check.message)}


def _text(name: str, text: Text) -> dict[str, str]:
    worded = {name: text.zh, f"{name}_en": text.en, **{f"{name}_{code}": words for code, words in text.more}}
    return {key: words for key, words in worded.items() if words}


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
