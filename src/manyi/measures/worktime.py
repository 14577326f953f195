"""Deadlines in working time: computed from start, target, calendar and pauses, never kept as a counter.

One invariant holds for every unit: ``used(start, due(start, x)) == x``.

* Minutes are working minutes: the clock walks the shifts and stands still in pauses.
* Working days: the start day is not counted, whatever its hour. The deadline is the end of the last
  shift of the n-th working day. A working day counts from its first minute.
* Calendar days: the start day is not counted; the deadline is the last microsecond of the n-th day.
* A pause takes a day out of the count only when the pauses together cover the whole of it: all its
  shifts for working days, midnight to midnight for calendar days. A day worked in part counts.
* A day's deadline stays inside its day: a shift that ends at 24:00 gives 23:59:59.999999, because
  "00:00 of the next day" is read as a day later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from manyi.measures.workcalendar import (
    DAY,
    CalendarError,
    NoWorkingTime,
    Shift,
    Spans,
    WorkCalendar,
    add_working_days,
    micros,
    moment_at,
    working_days,
)

__all__ = [
    "CalendarError",
    "Due",
    "NoWorkingTime",
    "Pause",
    "Shift",
    "Target",
    "Unit",
    "WorkCalendar",
    "add_working_days",
    "ahead_of",
    "due",
    "is_open",
    "used",
    "working_day_number",
    "working_days",
]

Unit = Literal["minutes", "working_days", "calendar_days"]
UNITS: tuple[Unit, ...] = ("minutes", "working_days", "calendar_days")
_MINUTE = 60_000_000
_FOREVER = 1 << 62
_FURTHEST = 3660  # days that a search backwards goes at most


@dataclass(frozen=True, slots=True)
class Target:
    """How much time there is: a whole ``amount`` >= 0 of ``unit``."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a target must not be negative")
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit!r}; known: {', '.join(UNITS)}")


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which the clock stands still; ``end`` None means that it still does. Both aware."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in UTC; ``at`` is None while a pause without end stops the clock before it.

    ``provisional`` is true when a year without official holidays was needed; ``years_missing`` names
    those of which nothing is known.
    """

    at: datetime | None
    provisional: bool
    years_missing: tuple[int, ...] = ()


def due(calendar: WorkCalendar, start: datetime, target: Target, pauses: Sequence[Pause] = ()) -> Due:
    """The deadline of a clock that began at ``start`` (aware).

    Raises NoWorkingTime when the calendar has no working time left for the target.
    """
    first = calendar.local_date(start)
    if target.amount == 0:
        return _due(calendar, first, micros(start))
    still = _merged(pauses) if pauses else ()
    if target.unit == "minutes":
        return _due(calendar, first, _minutes_due(calendar, start, target.amount * _MINUTE, still))
    if still:
        return _due(calendar, first, _days_due(calendar, first, target, still))
    return _undisturbed(calendar, first, target)


def used(
    calendar: WorkCalendar, start: datetime, end: datetime, unit: Unit, pauses: Sequence[Pause] = ()
) -> float:
    """Time used from ``start`` to ``end`` in ``unit``, pauses left out; whole amounts are exact.

    Days count as soon as they begin; 0 when ``end`` is not after ``start``.
    """
    first, last = calendar.local_date(start), calendar.local_date(end)
    still = _merged(pauses)
    if unit != "minutes":
        days = (first + DAY * step for step in range(1, (last - first).days + 1))
        return sum(_counts(calendar, day, unit, still) for day in days)
    began, ended, total, day = micros(start), micros(end), 0, first
    while day <= last:
        for span_start, span_end in calendar.spans(day):
            low, high = max(span_start, began), min(span_end, ended)
            total += sum(stop - go for go, stop in _free(low, high, still))
        day += DAY
    return total / _MINUTE


def ahead_of(calendar: WorkCalendar, due_at: datetime, amount: int, unit: Unit) -> datetime:
    """The moment ``amount`` of ``unit`` before a deadline, inside working time (calendar days: midnight).

    Minutes walk the shifts backwards; n working days lead to the first minute of the n-th working day before
    the day of the deadline, so that a warning never falls into the night or on a holiday.
    Raises NoWorkingTime when the calendar has no working time in the ten years before.
    """
    day = calendar.local_date(due_at)
    if unit == "calendar_days":
        return moment_at(calendar.midnight(day - DAY * amount))
    if unit == "minutes":
        return moment_at(_minutes_back(calendar, micros(due_at), amount * _MINUTE, day))
    left, limit = amount, day - DAY * _FURTHEST
    while left or not calendar.spans(day):
        day -= DAY
        if left and calendar.spans(day):
            left -= 1
        if day < limit:
            raise NoWorkingTime(day)
    return moment_at(calendar.spans(day)[0][0])


def is_open(calendar: WorkCalendar, moment: datetime) -> bool:
    """Whether a moment lies inside working time."""
    at = micros(moment)
    return any(low <= at < high for low, high in calendar.spans(calendar.local_date(moment)))


def _minutes_back(calendar: WorkCalendar, end: int, need: int, day: date) -> int:
    limit = day - DAY * _FURTHEST
    while True:
        for low, high in reversed(calendar.spans(day)):
            worked = min(high, end) - low
            if worked >= need:
                return min(high, end) - need
            need -= max(worked, 0)
        day -= DAY
        if day < limit:
            raise NoWorkingTime(day)


def working_day_number(
    calendar: WorkCalendar, start: datetime, now: datetime, pauses: Sequence[Pause] = ()
) -> int:
    """Which working day of the clock ``now`` falls on, as in “第 6/10 个工作日”; the start day is 0."""
    return int(used(calendar, start, now, "working_days", pauses))


def _undisturbed(calendar: WorkCalendar, first: date, target: Target) -> Due:
    """The deadline in days of a clock without pauses: one for all that began on that date."""
    key = (first, target.amount, target.unit)
    found: Due | None = calendar.reached.get(key)
    if found is None:
        found = calendar.reached[key] = _due(calendar, first, _days_due(calendar, first, target, ()))
    return found


def _due(calendar: WorkCalendar, first: date, at: int | None) -> Due:
    moment = None if at is None else moment_at(at)
    last = first if moment is None else calendar.local_date(moment)
    provisional, missing = calendar.unofficial_years(first, last)
    return Due(moment, provisional, missing)


def _minutes_due(calendar: WorkCalendar, start: datetime, need: int, still: Spans) -> int | None:
    began = micros(start)
    first = day = calendar.local_date(start)
    while not _stopped(calendar, day, still):
        if calendar.is_exhausted(day):
            raise NoWorkingTime(first)
        for span_start, span_end in calendar.spans(day):
            for go, stop in _free(max(span_start, began), span_end, still):
                if stop - go >= need:
                    return go + need
                need -= stop - go
        day += DAY
    return None


def _days_due(calendar: WorkCalendar, first: date, target: Target, still: Spans) -> int | None:
    day, left = first, target.amount
    while left:
        day += DAY
        if _stopped(calendar, day, still):
            return None
        if target.unit == "working_days" and calendar.is_exhausted(day):
            raise NoWorkingTime(first)
        left -= _counts(calendar, day, target.unit, still)
    last_micro = calendar.midnight(day + DAY) - 1
    if target.unit == "calendar_days":
        return last_micro
    return min(calendar.spans(day)[-1][1], last_micro)


def _counts(calendar: WorkCalendar, day: date, unit: Unit, still: Spans) -> bool:
    """Whether a day is counted: it has time of the unit, and not all of that is paused."""
    if unit == "calendar_days":
        return not still or bool(_free(calendar.midnight(day), calendar.midnight(day + DAY), still))
    spans = calendar.spans(day)
    return bool(spans) and (not still or any(_free(low, high, still) for low, high in spans))


def _stopped(calendar: WorkCalendar, day: date, still: Spans) -> bool:
    """Whether an endless pause covers this date and all later ones."""
    return bool(still) and still[-1][1] == _FOREVER and still[-1][0] <= calendar.midnight(day)


def _merged(pauses: Sequence[Pause]) -> Spans:
    """The pauses as ordered spans that do not touch; spans that run backwards count nothing."""
    spans: list[tuple[int, int]] = []
    raw = ((micros(p.start), _FOREVER if p.end is None else micros(p.end)) for p in pauses)
    for start, end in sorted(raw):
        if end <= start:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def _free(low: int, high: int, still: Spans) -> list[tuple[int, int]]:
    """The parts of the span [low, high) outside the merged pauses."""
    if low >= high:
        return []
    if not still:
        return [(low, high)]
    parts = []
    for start, end in still[max(bisect_right(still, (low, _FOREVER)) - 1, 0) :]:
        if start >= high:
            break
        if low < start:
            parts.append((low, start))
        low = max(low, end)
    if low < high:
        parts.append((low, high))
    return parts
