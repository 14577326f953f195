"""The functions about days and months."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from manyi.measures.expressions.values import day, moment, number

_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}
_FARTHEST = 1_000_000


def today_plus(arguments: Sequence[Any], today: date) -> Any:
    """Today, or so many days later, as ISO text."""
    return _moved(today, arguments[0] if arguments else 0, "days")


def age(arguments: Sequence[Any], today: date) -> Any:
    """Whole years (or months, days) from a day until today."""
    unit = str(arguments[1]) if len(arguments) > 1 else "years"
    return difference([arguments[0], today.isoformat(), unit], today)


def difference(arguments: Sequence[Any], _: date) -> Any:
    """From one moment to another: days down to seconds without sign, months and years with it."""
    start, end = moment(arguments[0]), moment(arguments[1])
    unit = str(arguments[2]) if len(arguments) > 2 and arguments[2] else "days"
    if start is None or end is None:
        return None
    if unit in _SECONDS:
        return math.ceil(abs((end - start).total_seconds()) / _SECONDS[unit])
    if unit == "days":
        return abs((end.date() - start.date()).days)
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return {"months": months, "years": math.trunc(months / 12)}.get(unit)


def days_between(arguments: Sequence[Any], today: date) -> Any:
    """The number of days between two days; 0 when one is missing."""
    return difference([*arguments, "days"], today) or 0


def add(arguments: Sequence[Any], _: date) -> Any:
    """A day so many days, months or years later, as ISO text."""
    start = day(arguments[0])
    unit = str(arguments[2]) if len(arguments) > 2 and arguments[2] else "days"
    return None if start is None else _moved(start, arguments[1], unit)


def _moved(start: date, by: Any, unit: str) -> str | None:
    found = number(by)
    if found is None or abs(found) > _FARTHEST:
        return None
    amount = int(found)
    try:
        if unit == "days":
            return (start + timedelta(days=amount)).isoformat()
        months = {"months": 1, "years": 12}.get(unit, 0) * amount + start.month - 1
        year, month = start.year + months // 12, months % 12 + 1
        overflow = max(0, start.day - calendar.monthrange(year, month)[1])
        return (date(year, month, start.day - overflow) + timedelta(days=overflow)).isoformat()
    except (ValueError, OverflowError):
        return None


def part(read: Callable[[datetime], int]) -> Callable[[Sequence[Any], date], Any]:
    """A function that reads one part of a day; without an argument, of today."""

    def compute(arguments: Sequence[Any], today: date) -> Any:
        found = moment(arguments[0] if arguments else today)
        return None if found is None else read(found)

    return compute
