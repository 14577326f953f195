"""The working calendar of a unit: its own, or that of the nearest unit above it."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Max

from manyi.measures.workcalendar import WorkCalendar as Calendar
from manyi.organisation.china import OFFICE_WEEK, OFFICIAL, ZONE, composed
from manyi.organisation.models import CalendarDay, CalendarYear, Unit, WorkCalendar


def calendar_for(unit: Unit) -> Calendar:
    """The pure calendar that holds for a unit; plain office hours when none was set up anywhere above it."""
    stored = stored_for(unit)
    return _plain() if stored is None else pure(stored)


def stored_for(unit: Unit) -> WorkCalendar | None:
    """The calendar that was set up for a unit, or for the nearest unit above it."""
    found = WorkCalendar.objects.filter(unit_id__in=unit.lineage).select_related("unit")
    return max(found, key=lambda calendar: calendar.unit.depth, default=None)


def pure(stored: WorkCalendar) -> Calendar:
    """A stored calendar as the value that ``measures.worktime`` computes with."""
    days = CalendarDay.objects.filter(calendar=stored).values_list("date", "working")
    years = CalendarYear.objects.filter(calendar=stored).values_list("year", "status")
    return composed(stored.zone, stored.weekly, dict(days), dict(years))


@lru_cache(maxsize=1)
def _plain() -> Calendar:
    return composed(ZONE, OFFICE_WEEK, {}, {})


def years_without_data(unit: Unit, years: range) -> list[int]:
    """Which of the years have no official data for a unit's calendar; the pages warn about them."""
    calendar = calendar_for(unit)
    return [year for year in years if calendar.years.get(year) != OFFICIAL]


def last_official_year() -> int | None:
    """The newest year with official data in any calendar."""
    newest: int | None = CalendarYear.objects.filter(status=OFFICIAL).aggregate(m=Max("year"))["m"]
    return newest
