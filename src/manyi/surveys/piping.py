"""Piping: earlier answers inside later texts, ``{code}`` in a title, a help text or an option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from manyi.measures.answers import COMMENT, TOTAL, answer_at, code_of, is_empty
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Question, Questionnaire

UNANSWERED = "…"
_PLACE = re.compile(r"\{([^{}\s]{1,200})\}")


def piped(text: str, questionnaire: Questionnaire, answers: Mapping[str, Any], language: str) -> str:
    """The text with every ``{code}``, ``{matrix.row}`` or ``{code-Comment}`` replaced by the answer in words.

    What is not answered becomes “…”; braces that name no question stay as they are. The words come from a
    respondent: whoever draws them escapes them like any other text.
    """
    if "{" not in text:
        return text

    def words(found: re.Match[str]) -> str:
        known, told = _told(questionnaire, answers, found[1], language)
        return (told or UNANSWERED) if known else found[0]

    return _PLACE.sub(words, text)


def places_in(text: str) -> list[str]:
    """The paths that a text pipes, whether they name a question or not."""
    return [found[1] for found in _PLACE.finditer(text)]


def _told(
    questionnaire: Questionnaire, answers: Mapping[str, Any], path: str, language: str
) -> tuple[bool, str]:
    """Whether a path names a question, and what was answered there."""
    head, *steps = path.split(".")
    code = head.removesuffix(COMMENT).removesuffix(TOTAL)
    question = questionnaire.questions.get(code)
    if question is None:
        return False, ""
    value = answer_at(answers, path)
    if is_empty(value):
        return True, ""
    if code != head:
        return True, code_of(value)
    asked = _cell(question, steps)
    return True, TYPES.get(asked.type).shown(asked, value, language)


def _cell(question: Question, steps: list[str]) -> Question:
    """The question of a cell, a field, or of a row."""
    column = next((c for c in question.columns if steps and c.code == steps[-1]), None)
    return replace(column, code=question.code) if column else question
