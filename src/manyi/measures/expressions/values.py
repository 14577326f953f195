"""The values of the language and how they turn into numbers, texts, days and truth.

The rules are those of SurveyJS's expressions, so that a questionnaire decides the same in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from manyi.measures.answers import is_empty

_NUMBER = re.compile(r"\s*-?\d{1,15}(?:\.\d{1,15})?\s*")
_PADDED = re.compile(r"-?0\d")


def given(value: Any) -> Any:
    """An answer as an operand: None when it is empty; text that says a number or a truth is one.

    Padded numbers (``007``) stay text: they are codes.
    """
    if is_empty(value):
        return None
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date | time) else value
    text = value.strip()
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    found = None if _PADDED.match(text) else number(text)
    return text if found is None else plain(found)


def number(value: Any) -> Fraction | None:
    """The exact number of a value or of its text; None for everything else, truth values included."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, float):
        # The printed form is meant: 0.1 is one tenth, not the nearest binary fraction.
        return Fraction(repr(value)) if abs(value) < float("inf") else None
    return Fraction(value.strip()) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def amount(value: Any) -> Fraction | None:
    """The number of a value in arithmetic and order, where a truth counts as 1 or 0."""
    return Fraction(value) if isinstance(value, bool) else number(value)


def plain(value: Fraction) -> int | float | None:
    """An exact number as int where it is whole, else as float; None beyond the range of floats."""
    if value.denominator == 1:
        return value.numerator
    try:
        return float(value)
    except OverflowError:
        return None


def words(value: Any) -> str:
    """A value as text, lists with commas between."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_list(value):
        return ",".join(words(item) for item in items(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def moment(value: Any) -> datetime | None:
    """The moment of a date, a moment or an ISO text, at midnight where no time is given; None otherwise."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip()
    for length in (None, 10):
        try:
            return datetime.fromisoformat(text[:length]).replace(tzinfo=None)
        except ValueError:
            continue
    return None


def day(value: Any) -> date | None:
    """The date of a date, a moment or an ISO text; None for everything else."""
    found = moment(value)
    return found.date() if found else None


def flat(values: Any) -> Iterator[Any]:
    """All single values inside lists and matrices that are not empty."""
    if isinstance(values, Mapping):
        values = list(values.values())
    if isinstance(values, list | tuple | set | frozenset):
        for value in values:
            yield from flat(value)
    elif not is_empty(values):
        yield values


def is_list(value: Any) -> bool:
    """Whether a value holds several: a list, or a matrix by rows."""
    return isinstance(value, list | tuple | set | frozenset | Mapping)


def items(value: Any) -> list[Any]:
    """The values of a list or matrix; a single value is a list of one."""
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if is_list(value) else [value]
