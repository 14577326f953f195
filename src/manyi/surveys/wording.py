"""A stored answer in words: options by their titles, tables line by line, files by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyi.measures.answers import code_of, is_empty
from manyi.surveys.tree import NOT_APPLICABLE, Question


def worded(question: Question, value: Any, language: str) -> str:
    """The answer of any question type in one language; empty when there is none."""
    if is_empty(value):
        return ""
    between = "、" if language.startswith("zh") else ", "
    if isinstance(value, list | tuple):
        return between.join(worded(question, each, language) for each in value)
    if isinstance(value, Mapping):
        return str(value["name"]) if "sha256" in value else _lines(question, value, language)
    option = question.option(code_of(value))
    if value == NOT_APPLICABLE.code and question.config.get("not_applicable"):
        option = NOT_APPLICABLE
    return option.title.text(language) if option else code_of(value)


def _lines(question: Question, value: Mapping[str, Any], language: str) -> str:
    """``row: answer``, in the order in which they were stored."""
    colon, stop = (":", ";") if language.startswith("zh") else (": ", "; ")
    rows = {row.code: row.title.text(language) for row in question.rows}
    told = ((rows.get(place, place), worded(question, each, language)) for place, each in value.items())
    return stop.join(f"{title}{colon}{words}" for title, words in told if words)
