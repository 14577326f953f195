"""Responses as columns of small integers: no name, no contact, no free text goes in here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from manyi.analytics.codebook import MISSING, Codebook, Field
from manyi.measures.answers import answer_at, code_of

Array = npt.NDArray[Any]
#: Totals are kept as whole millionths: their sums stay exact.
TOTAL_SCALE = 1_000_000
NO_TOTAL = -(2**62)
FLAGS = {"speed": 1, "straight_line": 2}
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One submitted response as the snapshot needs it; ``total`` is the exact score."""

    response: int
    unit: int
    channel: str
    source: str
    segments: Sequence[str]
    product: str
    day: date
    valid: bool
    flags: Sequence[str]
    answers: Mapping[str, Any]
    total: Decimal | None = None
    grade: str = ""
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Encoded rows: ``coded`` by column name, and the open answers as three arrays of equal length."""

    coded: dict[str, Array]
    texts: dict[str, Array]


def encode(rows: Sequence[Row], book: Codebook) -> Batch:
    """The arrays of some rows; new codes are entered into the book. MISSING (-1, NaN) becomes NULL."""
    coded: dict[str, Array] = {
        "response": np.array([row.response for row in rows], dtype=np.int64),
        "unit": np.array([row.unit for row in rows], dtype=np.int32),
        "day": np.array([(row.day - EPOCH).days for row in rows], dtype=np.int32),
        "valid": np.array([row.valid for row in rows], dtype=np.int8),
        "flags": np.array([sum(FLAGS.get(f, 0) for f in row.flags) for row in rows], dtype=np.int8),
        "total": np.array([_total(row.total) for row in rows], dtype=np.int64),
        "weight": np.array([np.nan if row.weight is None else row.weight for row in rows], dtype=np.float64),
    }
    for name in ("channel", "source", "product", "grade"):
        numbers = [book.number(name, getattr(row, name)) for row in rows]
        coded[name] = np.array(numbers, dtype=np.int16)
    coded |= _segments(rows, book)
    for each in book.fields.values():
        read = _reader(each)
        kind = np.float64 if each.kind == "number" else np.int16
        coded[each.column] = np.array([read(row.answers) for row in rows], dtype=kind)
    return Batch(coded, _texts(rows, book))


def months_of_days(first: int | None, last: int | None) -> dict[int, str]:
    """The month, like 2026-01, of every day of the months between two: the same while these months are."""
    if first is None or last is None:
        return {}
    start = np.datetime64(EPOCH)
    begun, ended = (start + np.array([first, last])).astype("datetime64[M]")
    days = np.arange(begun, ended + 1, dtype="datetime64[D]")
    months = days.astype("datetime64[M]").astype(str)
    return dict(zip((days - start).astype(int).tolist(), months.tolist(), strict=True))


def first_of_month(days: Array) -> Array:
    """The first day of the month of each day, all counted from EPOCH."""
    start = np.datetime64(EPOCH)
    found = (start + days.astype(np.int64)).astype("datetime64[M]").astype("datetime64[D]")
    return (found - start).astype(np.float64)


def _total(total: Decimal | None) -> int:
    return NO_TOTAL if total is None else int(total * TOTAL_SCALE)


def _segments(rows: Sequence[Row], book: Codebook) -> dict[str, Array]:
    """One column of 0 and 1 for each segment."""
    held = [{book.number("segment", code) for code in row.segments} for row in rows]
    return {
        f"s{n}": np.array([n in numbers for numbers in held], dtype=np.int8)
        for n in range(len(book.segments))
    }


def _reader(each: Field) -> Callable[[Mapping[str, Any]], float]:
    """A reader of one field; it runs once for each answer of each response."""
    find = _finder(each.source.path)
    if each.source.option and each.kind == "number":  # the place in a ranking
        return lambda answers: _number(each.source.read(answers))
    if each.kind == "number":
        return lambda answers: _number(find(answers))
    if each.kind == "flag":
        option = each.source.option
        return lambda answers: MISSING if (chosen := find(answers)) is None else int(option in chosen)
    places = {code: n for n, (code, _) in enumerate(each.codes)}
    # Answers seen once are remembered: they repeat a hundred thousand times. The type is part of the key,
    # because True is no 1.
    known: dict[tuple[type, Any], int] = {}

    def read(answers: Mapping[str, Any]) -> int:
        value = find(answers)
        if value is None:
            return MISSING
        try:
            return known[type(value), value]
        except KeyError:
            place = known[type(value), value] = places.get(code_of(value), MISSING)
            return place
        except TypeError:  # a list or a table is no code
            return MISSING

    return read


def _finder(path: str) -> Callable[[Mapping[str, Any]], Any]:
    """``answer_at`` for one path, with everything decided beforehand that the path decides."""
    code, _, place = path.partition(".")
    row, _, column = place.partition(".")
    if not row:
        return lambda answers: answers.get(code)

    def find(answers: Mapping[str, Any]) -> Any:
        inner = answers.get(code)
        if type(inner) is not dict:
            return answer_at(answers, path)
        cell = inner.get(row)
        if not column:
            return cell
        return cell.get(column) if type(cell) is dict else None

    return find


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _texts(rows: Iterable[Row], book: Codebook) -> dict[str, Array]:
    """The open answers: response, number of the question among the open ones, text."""
    found = [
        (row.response, number, str(text).strip())
        for row in rows
        for number, column in enumerate(book.texts)
        if (text := column.read(row.answers)) is not None
    ]
    return {
        "response": np.array([each[0] for each in found], dtype=np.int64),
        "question": np.array([each[1] for each in found], dtype=np.int16),
        "text": np.array([each[2] for each in found], dtype=object),
    }
