"""The only writers of working calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.measures.workcalendar import CalendarError, Shift
from manyi.measures.workcalendar import WorkCalendar as Calendar
from manyi.organisation import access, events
from manyi.organisation.china import OFFICE_WEEK, OFFICIAL, PROVISIONAL, ZONE, china_exceptions
from manyi.organisation.errors import Refused
from manyi.organisation.models import CalendarDay, CalendarYear, Person, Unit, WorkCalendar

CALENDAR_CHANGED = events.kind("calendar.changed", "修改工作日历", "Working calendar changed")
SOURCE = "国务院办公厅放假安排 (chinesecalendar, MIT)"


def create_calendar(
    *, actor: Person | None, unit: Unit, name: str, weekly: list[list[list[int]]] | None = None
) -> WorkCalendar:
    """Give a unit a calendar of its own; ``weekly`` is seven lists of [start, end] minutes, Monday first.

    Raises Refused for shifts that cannot be.
    """
    access.require(actor, "settings.manage", unit)
    week = OFFICE_WEEK if weekly is None else weekly
    _check_week(week)
    with transaction.atomic():
        calendar, _ = WorkCalendar.objects.update_or_create(
            unit=unit, defaults={"name": name, "weekly": week, "zone": ZONE}
        )
        events.append(CALENDAR_CHANGED, actor=actor, subject=calendar, unit=unit, after={"weekly": week})
    return calendar


def _check_week(week: list[list[list[int]]]) -> None:
    try:
        weekly = tuple(tuple(Shift(start, end) for start, end in day) for day in week)
        Calendar(ZONE, weekly)
    except (CalendarError, ValueError, TypeError) as error:
        message = getattr(error, "message", Label("班次写法有误。", "The shifts are not valid."))
        raise Refused(message, field="weekly") from error
    if not any(weekly):
        raise Refused(
            Label("每周至少要有一个工作时段。", "The week needs at least one working shift."), field="weekly"
        )


def load_china_year(*, actor: Person | None, calendar: WorkCalendar, year: int) -> CalendarYear:
    """Take over China's holidays and working weekends of a year.

    A year without official data gets no exceptions and the status provisional: clocks go on by the plain
    week and say so.
    """
    access.require(actor, "settings.manage", calendar.unit)
    found = china_exceptions(year)
    with transaction.atomic():
        row, _ = CalendarYear.objects.update_or_create(
            calendar=calendar,
            year=year,
            defaults={
                "status": OFFICIAL if found is not None else PROVISIONAL,
                "source": SOURCE if found else "",
            },
        )
        if found is not None:
            calendar.days.filter(date__year=year).delete()
            CalendarDay.objects.bulk_create(
                CalendarDay(calendar=calendar, date=day, working=working, reason=reason)
                for day, working, reason in found
            )
        events.append(
            CALENDAR_CHANGED,
            actor=actor,
            subject=calendar,
            unit=calendar.unit,
            after={"year": year, "status": row.status, "days": len(found or [])},
        )
    return row


def set_day(
    *, actor: Person, calendar: WorkCalendar, date: dt.date, working: bool | None, reason: str = ""
) -> None:
    """Make one date working or not, against the week; None takes the exception away."""
    access.require(actor, "settings.manage", calendar.unit)
    with transaction.atomic():
        before = calendar.days.filter(date=date).values_list("working", flat=True).first()
        calendar.days.filter(date=date).delete()
        if working is not None:
            CalendarDay.objects.create(calendar=calendar, date=date, working=working, reason=reason)
        events.append(
            CALENDAR_CHANGED,
            actor=actor,
            subject=calendar,
            unit=calendar.unit,
            before={"date": date.isoformat(), "working": before},
            after={"date": date.isoformat(), "working": working},
            why=reason,
        )


def take_year(
    *,
    actor: Person,
    calendar: WorkCalendar,
    year: int,
    days: Sequence[tuple[dt.date, bool, str]],
    source: str,
    official: bool,
) -> CalendarYear:
    """Set the dates of a year as a person has reviewed them, in place of those that were there.

    ``days``: (date, working, reason); ``source``: the notice or file that they come from. Raises Refused for
    a date of another year, one that stands twice, and without a source.
    """
    access.require(actor, "settings.manage", calendar.unit)
    if not source.strip():
        raise Refused(Label("请填写依据(通知或文件)。", "Name the notice or file."), field="source")
    dates = [day for day, _, _ in days]
    strange = next((day for day in dates if day.year != year), None)
    if strange is not None:
        words = f"{strange} 不在 {year} 年。", f"{strange} does not lie in {year}."
        raise Refused(Label(*words), field="days")
    if len(set(dates)) < len(dates):
        raise Refused(Label("有日期重复。", "A date stands twice."), field="days")
    with transaction.atomic():
        row, _ = CalendarYear.objects.update_or_create(
            calendar=calendar,
            year=year,
            defaults={"status": OFFICIAL if official else PROVISIONAL, "source": source.strip()[:200]},
        )
        calendar.days.filter(date__year=year).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(calendar=calendar, date=day, working=working, reason=reason[:80])
            for day, working, reason in days
        )
        after = {"year": year, "status": row.status, "days": len(days), "source": row.source}
        events.append(CALENDAR_CHANGED, actor=actor, subject=calendar, unit=calendar.unit, after=after)
    return row
