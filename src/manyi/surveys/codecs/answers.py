"""Answers in the terms of a file and in ours: names, values, and the rows of repeating groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyi.measures.answers import COMMENT
from manyi.surveys.codecs.document import Document
from manyi.surveys.tree import Question


def to_ours(document: Document, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by the file's names and values, by our codes; names that the file does not have stay."""
    codes = {name: code for code, name in document.names.items()}
    found = {}
    for name, value in answers.items():
        head, comment, _ = name.partition(COMMENT)
        code = codes.get(head, head)
        question = document.questionnaire.questions.get(code)
        if question is None or comment:
            found[code + comment] = value
            continue
        found[code] = _ours(question, _values(document, code), value)
    return found


def _values(document: Document, code: str) -> dict[Any, str]:
    """Our code of each value of the file that is written otherwise."""
    return {_key(value): ours for ours, value in document.values.get(code, {}).items()}


def _key(value: Any) -> Any:
    """A value as a key that tells True from 1."""
    return (type(value) is bool, value) if isinstance(value, str | int | float) else repr(value)


def _ours(question: Question, values: Mapping[Any, str], value: Any) -> Any:
    if isinstance(value, list) and question.type == "table":
        rows = dict(zip((row.code for row in question.rows), value, strict=False))
        return {**rows, **{str(n): row for n, row in enumerate(value, 1) if n > len(question.rows)}}
    if isinstance(value, list):
        return [_ours(question, values, each) for each in value]
    if isinstance(value, Mapping):
        return {values.get(_key(row), row): _ours(question, values, each) for row, each in value.items()}
    return values.get(_key(value), value)


def name_of(document: Document, code: str) -> str:
    """The file's name of one of our codes, a suffix kept."""
    head, comment, _ = code.partition(COMMENT)
    return document.names.get(head, head) + comment


def to_theirs(document: Document, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by our codes in the file's names and values."""
    return {
        name_of(document, code): _theirs(document.values.get(code, {}), value)
        for code, value in answers.items()
    }


def _theirs(values: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_theirs(values, each) for each in value]
    if isinstance(value, Mapping):
        return {values.get(row, row): _theirs(values, each) for row, each in value.items()}
    return values.get(value, value) if isinstance(value, str) else value
