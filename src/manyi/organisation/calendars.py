"""The working calendar of a unit: its own, or that of the nearest unit above it."""

from __future__ import annotations

import datetime as dt
import warnings
from functools import lru_cache

from django.db.models import Max

from manyi.measures.workcalendar import Shift
from manyi.measures.workcalendar import WorkCalendar as Calendar
from manyi.organisation.models import CalendarDay, CalendarYear, Unit, WorkCalendar

OFFICIAL, PROVISIONAL, MISSING = "official", "provisional", "missing"
#: Monday to Friday, 9–12 and 13–18 o'clock, in minutes of the day.
OFFICE_WEEK: list[list[list[int]]] = [[[540, 720], [780, 1080]]] * 5 + [[], []]


def calendar_for(unit: Unit) -> Calendar:
    """The pure calendar that holds for a unit; plain office hours when none was set up anywhere above it."""
    ids = [int(part) for part in unit.path.split("/") if part]
    found = list(WorkCalendar.objects.filter(unit_id__in=ids).select_related("unit"))
    if not found:
        return _plain()
    return pure(max(found, key=lambda calendar: calendar.unit.depth))


def pure(stored: WorkCalendar) -> Calendar:
    """A stored calendar as the value that ``measures.worktime`` computes with."""
    days = CalendarDay.objects.filter(calendar=stored).values_list("date", "working")
    years = CalendarYear.objects.filter(calendar=stored).values_list("year", "status")
    weekly = tuple(tuple(Shift(start, end) for start, end in shifts) for shifts in stored.weekly)
    # A working weekend day (调休) is worked like the first working day of the week.
    usual = next((shifts for shifts in weekly if shifts), ())
    overrides = {day: (weekly[day.weekday()] or usual) if working else () for day, working in days}
    return Calendar(stored.zone, weekly, overrides, dict(years))


@lru_cache(maxsize=1)
def _plain() -> Calendar:
    weekly = tuple(tuple(Shift(start, end) for start, end in shifts) for shifts in OFFICE_WEEK)
    return Calendar("Asia/Shanghai", weekly, {}, {})


def china_exceptions(year: int) -> list[tuple[dt.date, bool, str]] | None:
    """The dates of a year on which China's working days differ from Monday–Friday: (date, working, reason).

    None when the State Council's arrangement for the year is not in the installed data
    (package chinesecalendar, MIT; it raises for such years).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chinese_calendar

    found: list[tuple[dt.date, bool, str]] = []
    day = dt.date(year, 1, 1)
    try:
        while day.year == year:
            working = bool(chinese_calendar.is_workday(day))
            if working != (day.weekday() < 5):
                _, name = chinese_calendar.get_holiday_detail(day)
                found.append((day, working, name or "调休"))
            day += dt.timedelta(days=1)
    except NotImplementedError:
        return None
    return found


def years_without_data(unit: Unit, years: range) -> list[int]:
    """Which of the years have no official data for a unit's calendar; the pages warn about them."""
    calendar = calendar_for(unit)
    return [year for year in years if calendar.years.get(year) != OFFICIAL]


def last_official_year() -> int | None:
    """The newest year with official data in any calendar."""
    newest: int | None = CalendarYear.objects.filter(status=OFFICIAL).aggregate(m=Max("year"))["m"]
    return newest
