"""Working calendars: the week, the year with its holidays and working weekends, and how sure the year is."""

from __future__ import annotations

import calendar as months
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import access, calendar_actions, calendars, clock
from manyi.organisation.china import MISSING, OFFICE_WEEK, OFFICIAL, PROVISIONAL
from manyi.organisation.errors import Refused
from manyi.organisation.models import WorkCalendar
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

WEEKDAYS = (
    Label("周一", "Mon"),
    Label("周二", "Tue"),
    Label("周三", "Wed"),
    Label("周四", "Thu"),
    Label("周五", "Fri"),
    Label("周六", "Sat"),
    Label("周日", "Sun"),
)
#: One sign for each day, for the heads of the months.
INITIALS = tuple(Label(zh, en) for zh, en in zip("一二三四五六日", "MTWTFSS", strict=True))
STATUS = {
    OFFICIAL: Label("官方数据", "official"),
    PROVISIONAL: Label("暂定", "provisional"),
    MISSING: Label("没有数据", "no data"),
}
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Day:
    """One date of the year view."""

    date: dt.date
    working: bool
    differs: bool
    reason: str


@require_GET
@needs("settings.manage")
def index(request: StaffRequest) -> HttpResponse:
    """The calendars of the person's subtrees."""
    rows = access.visible(request.user, WorkCalendar.objects.select_related("unit"))
    year = clock.today("Asia/Shanghai").year
    listed = [(row, [(y, status_of(row, y)) for y in (year, year + 1)]) for row in rows]
    return render(request, "settings/calendars.html", {"calendars": listed})


def status_of(row: WorkCalendar, year: int) -> str:
    """Whether a year of a calendar is official, provisional or missing."""
    found = row.years.filter(year=year).values_list("status", flat=True).first()
    return found or MISSING


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def new(request: StaffRequest) -> HttpResponse:
    """Give a unit a calendar of its own."""

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "settings.manage", given.get("unit", ""))
        row = calendar_actions.create_calendar(
            actor=request.user, unit=unit, name=given.get("name", "") or unit.name, weekly=week_of(given)
        )
        return reverse("settings:calendar", args=[row.pk])

    units = unit_choices(units_for(request, "settings.manage"))
    fields = [
        Field("unit", Label("部门(连同下级)", "Unit (with all below it)"), "select", choices=units),
        *week_fields("", OFFICE_WEEK),
    ]
    heading, done = Label("新建工作日历", "New calendar"), Label("日历已建立。", "The calendar is made.")
    return form_page(
        request, heading=heading, fields=fields, act=act, done=done, back=reverse("settings:calendars")
    )


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def week(request: StaffRequest, pk: int) -> HttpResponse:
    """Change the shifts of the week."""
    row = find(request, WorkCalendar.objects.select_related("unit"), pk=pk)

    def act(given: Mapping[str, str]) -> str:
        calendar_actions.create_calendar(
            actor=request.user, unit=row.unit, name=given.get("name", "") or row.name, weekly=week_of(given)
        )
        return reverse("settings:calendar", args=[pk])

    return form_page(
        request,
        heading=Label(f"{row.name}:每周班次", f"{row.name}: shifts of the week"),
        fields=week_fields(row.name, row.weekly),
        act=act,
        done=Label("班次已保存。", "The shifts are saved."),
        back=reverse("settings:calendar", args=[pk]),
    )


def week_fields(name: str, weekly: list[list[list[int]]]) -> list[Field]:
    """The name of a calendar and one line of shifts for each day of the week."""
    hint = Label(
        "例如 09:00-12:00, 13:00-18:00;休息日留空。",
        "For example 09:00-12:00, 13:00-18:00; empty on a day off.",
    )
    days = [
        Field(
            f"day{number}",
            WEEKDAYS[number],
            value=", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in shifts),
            required=False,
            help=hint if number == 0 else None,
        )
        for number, shifts in enumerate(weekly)
    ]
    return [Field("name", Label("名称", "Name"), value=name, required=False), *days]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def week_of(given: Mapping[str, str]) -> list[list[list[int]]]:
    """Seven lists of [start, end] minutes from the lines of the form; raises Refused naming the day."""
    found: list[list[list[int]]] = []
    for number, weekday in enumerate(WEEKDAYS):
        text = given.get(f"day{number}", "").translate(str.maketrans("：，、；", ":,,,")).strip()
        shifts = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            match = _SHIFT.fullmatch(part)
            if match is None:
                message = Label(
                    f"{weekday.zh}的“{part}”请写成 09:00-12:00。",
                    f"{weekday.en}: write “{part}” as 09:00-12:00.",
                )
                raise Refused(message, field=f"day{number}")
            hour, minute, end_hour, end_minute = map(int, match.groups())
            shifts.append([hour * 60 + minute, end_hour * 60 + end_minute])
        found.append(shifts)
    return found


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def year_view(request: StaffRequest, pk: int) -> HttpResponse:
    """A year of a calendar; load its official data, set or undo a single day."""
    row = find(request, WorkCalendar.objects.select_related("unit"), pk=pk)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2100 else clock.today(row.zone).year
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Refused(Label("没有这个操作。", "There is no such act."))
        act(request, row, year)
        return redirect(f"{reverse('settings:calendar', args=[pk])}?year={year}")
    grid = _months(row, year)
    context = {
        "calendar": row,
        "year": year,
        "months": grid,
        "initials": INITIALS,
        "week": [(WEEKDAYS[n], [(_clock(s), _clock(e)) for s, e in day]) for n, day in enumerate(row.weekly)],
        "status": (status := status_of(row, year)),
        "status_words": STATUS[status],
        "special": row.days.filter(date__year=year).order_by("date"),
        "working_days": sum(day.working for _, weeks in grid for line in weeks for day in line if day),
    }
    return render(request, "settings/calendar.html", context)


def _months(row: WorkCalendar, year: int) -> list[tuple[int, list[list[Day | None]]]]:
    pure = calendars.pure(row)
    special = {day.date: day.reason for day in row.days.filter(date__year=year)}

    def day_of(month: int, number: int) -> Day | None:
        if not number:
            return None
        date = dt.date(year, month, number)
        return Day(date, pure.is_working(date), date in special, special.get(date, ""))

    return [
        (month, [[day_of(month, number) for number in line] for line in months.monthcalendar(year, month)])
        for month in range(1, 13)
    ]


def _load(request: StaffRequest, row: WorkCalendar, year: int) -> None:
    calendar_actions.load_china_year(actor=request.user, calendar=row, year=year)


def _set_day(request: StaffRequest, row: WorkCalendar, year: int) -> None:
    working = {"working": True, "rest": False}.get(request.POST.get("working", ""))
    try:
        date = dt.date.fromisoformat(request.POST.get("date", ""))
    except ValueError:
        raise Refused(Label("请选择日期。", "Please choose a date."), field="date") from None
    reason = request.POST.get("reason", "")
    calendar_actions.set_day(actor=request.user, calendar=row, date=date, working=working, reason=reason)


ACTS: dict[str, Callable[[StaffRequest, WorkCalendar, int], None]] = {"load": _load, "set": _set_day}
