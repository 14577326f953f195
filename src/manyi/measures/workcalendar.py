"""An organisation's working calendar: weekly shifts, single dates that differ, years with official data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from manyi.kernel.labels import Label

DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

#: Half-open working spans of one date, in microseconds since the epoch, in order.
Spans = tuple[tuple[int, int], ...]


class CalendarError(ValueError):
    """A calendar that cannot be; carries what to tell the person."""

    def __init__(self, message: Label) -> None:
        super().__init__(message.en)
        self.message = message


class NoWorkingTime(CalendarError):
    """A deadline was asked of a calendar that has no working time left."""

    def __init__(self, after: date) -> None:
        super().__init__(
            Label(
                f"工作日历在 {after} 之后没有任何工作时间,无法计算期限。请在日历设置中填写工作班次。",
                f"The calendar has no working time after {after}, so no deadline can be computed. "
                "Enter working shifts in the calendar settings.",
            )
        )
        self.after = after


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Working time of one day in minutes after midnight, ``start_minute`` < ``end_minute`` <= 1440."""

    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < self.end_minute <= 1440:
            raise CalendarError(
                Label(
                    f"班次 {self.start_minute}–{self.end_minute} 分钟不成立:"
                    "开始须早于结束,且在 0:00 至 24:00 之间。",
                    f"The shift {self.start_minute}–{self.end_minute} minutes cannot be: "
                    "the start must be before the end, both between 0:00 and 24:00.",
                )
            )


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working time of an organisation in its own time ``zone`` (IANA name).

    ``weekly`` holds the shifts of Monday to Sunday. ``overrides`` replaces single dates in both
    directions: a holiday is ``()``, a working weekend (调休) has shifts. ``years`` tells for each year
    whether its holidays are ``official``, ``provisional`` or ``missing``; a year not named is missing.
    A missing year is computed by the weekly shifts, and every deadline that reaches it is provisional.
    Keep one calendar for many clocks: it remembers each date's spans and the deadlines in days that were
    counted from it (``reached``, by date, amount and unit), so its mappings must not change.
    """

    zone: str
    weekly: tuple[tuple[Shift, ...], ...]
    overrides: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    years: Mapping[int, str] = field(default_factory=dict)
    reached: dict[tuple[date, int, str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _spans: dict[date, Spans] = field(default_factory=dict, init=False, repr=False, compare=False)
    _last_override: date = field(default=date.min, init=False, repr=False, compare=False)
    _tz: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise CalendarError(
                Label("每周班次必须正好有七天。", "The weekly shifts must name exactly seven days.")
            )
        for shifts in (*self.weekly, *self.overrides.values()):
            _check_order(shifts)
        object.__setattr__(self, "_tz", ZoneInfo(self.zone))
        working = [day for day, shifts in self.overrides.items() if shifts]
        object.__setattr__(self, "_last_override", max(working, default=date.min))

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """The shifts of a date, in order; empty on a day off."""
        found = self.overrides.get(day)
        return self.weekly[day.weekday()] if found is None else found

    def is_working(self, day: date) -> bool:
        """Whether a date has any working time."""
        return bool(self.shifts(day))

    def is_exhausted(self, day: date) -> bool:
        """Whether no date from ``day`` on can have working time."""
        return day > self._last_override and not any(self.weekly)

    def local_date(self, moment: datetime) -> date:
        """The organisation's date at an aware moment."""
        return moment.astimezone(self._tz).date()

    def spans(self, day: date) -> Spans:
        """The working spans of a date as real time, clock changes included; kept per date."""
        found = self._spans.get(day)
        if found is None:
            found = self._spans[day] = self._real_spans(day)
        return found

    def midnight(self, day: date) -> int:
        """The first microsecond of a date since the epoch."""
        return self._micros(day, 0)

    def unofficial_years(self, first: date, last: date) -> tuple[bool, tuple[int, ...]]:
        """Whether any year from ``first`` to ``last`` is not official, and which of them have no data."""
        if first.year == last.year and self.years.get(first.year) == "official":
            return False, ()  # nearly every deadline
        states = {year: self.years.get(year, "missing") for year in range(first.year, last.year + 1)}
        missing = tuple(year for year, state in states.items() if state == "missing")
        return any(state != "official" for state in states.values()), missing

    def _real_spans(self, day: date) -> Spans:
        spans: list[tuple[int, int]] = []
        reached = 0
        for shift in self.shifts(day):
            # A shift inside the hour that a clock change skips would otherwise overlap the next one.
            start = max(self._micros(day, shift.start_minute), reached)
            end = self._micros(day, shift.end_minute)
            if start < end:
                spans.append((start, end))
                reached = end
        return tuple(spans)

    def _micros(self, day: date, minute: int) -> int:
        if minute == 1440:
            day, minute = day + DAY, 0
        wall = datetime.combine(day, time(minute // 60, minute % 60), self._tz)
        return micros(wall)


def micros(moment: datetime) -> int:
    """Microseconds since the epoch of an aware moment; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return (moment.astimezone(UTC) - EPOCH) // MICROSECOND


def moment_at(microseconds: int) -> datetime:
    """The UTC moment at these microseconds since the epoch."""
    return EPOCH + timedelta(microseconds=microseconds)


def working_days(calendar: WorkCalendar, start: date, end: date) -> int:
    """Number of working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    return sum(calendar.is_working(start + DAY * step) for step in range(1, (end - start).days + 1))


def add_working_days(calendar: WorkCalendar, start: date, n: int) -> date:
    """The ``n``-th working day after ``start``, the start day not counted; ``n`` = 0 gives ``start``.

    Raises NoWorkingTime when the calendar has no such day, ValueError for a negative ``n``.
    """
    if n < 0:
        raise ValueError("the number of working days must not be negative")
    day = start
    while n:
        day += DAY
        if calendar.is_exhausted(day):
            raise NoWorkingTime(start)
        n -= calendar.is_working(day)
    return day


def _check_order(shifts: tuple[Shift, ...]) -> None:
    for earlier, later in pairwise(shifts):
        if later.start_minute < earlier.end_minute:
            raise CalendarError(
                Label(
                    "同一天的班次必须按时间先后排列且不重叠。",
                    "The shifts of one day must be in order and must not overlap.",
                )
            )
