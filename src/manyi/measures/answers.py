"""How one answer is found among the answers of a respondent, and when it counts as not given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What the words beside an answer and the totals below a table are addressed with, after the question's code.
COMMENT, TOTAL = "-Comment", "-total"


def answer_at(answers: Mapping[str, Any], path: str) -> Any:
    """The answer to a question code, to a row ``matrix.row`` or to a cell ``table.row.column``; None if none.

    Answers of a matrix may lie flat under their whole path or nested by row.
    """
    if path in answers:
        return answers[path]
    found: Any = answers
    for step in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def is_empty(value: Any) -> bool:
    """Whether an answer counts as not given: None, empty text, or a list or matrix with nothing in it."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_empty(inner) for inner in value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return all(is_empty(inner) for inner in value)
    return value is None


def code_of(value: Any) -> str:
    """The option code of a single answer as text: 5, 5.0 and "5" are the same code."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
