"""The values of the language: numbers exact, texts that are numbers, dates, and how two values compare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from manyi.measures.answers import is_empty

_NUMBER = re.compile(r"\s*-?\d{1,15}(?:\.\d{1,15})?\s*")


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


def plain(value: Fraction) -> int | float | None:
    """An exact number as int where it is whole, else as float; None beyond the range of floats."""
    if value.denominator == 1:
        return value.numerator
    try:
        return float(value)
    except OverflowError:
        return None


def day(value: Any) -> date | None:
    """The date of a date, a moment or an ISO text; None for everything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


def flat(values: Any) -> Iterator[Any]:
    """All single values inside lists and matrices that are not empty."""
    if isinstance(values, Mapping):
        values = list(values.values())
    if isinstance(values, list | tuple | set | frozenset):
        for value in values:
            yield from flat(value)
    elif not is_empty(values):
        yield values


def equal(left: Any, right: Any) -> bool:
    """Whether two values that are given are the same; lists in any order."""
    if _is_list(left) or _is_list(right):
        ours, theirs = list(flat(left)), list(flat(right))
        return len(ours) == len(theirs) and all(has(theirs, value) for value in ours)
    return bool(order(left, right) == 0)


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as ``left`` is less than, equal to or greater than ``right``; None if not comparable."""
    numbers = number(left), number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    texts = _text(left), _text(right)
    if texts[0] is not None and texts[1] is not None:
        return (texts[0] > texts[1]) - (texts[0] < texts[1])
    return None


def has(values: list[Any], wanted: Any) -> bool:
    """Whether a value is among others."""
    return any(order(value, wanted) == 0 for value in values)


def contains(left: Any, right: Any) -> bool:
    """Whether a list holds all wanted values, or a text holds a part in any case of letters."""
    if isinstance(left, str) and not _is_list(right):
        return str(right).casefold() in left.casefold()
    held = list(flat(left))
    return all(has(held, value) for value in flat(right))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset | Mapping)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else None
