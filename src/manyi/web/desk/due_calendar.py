"""The calendar of what is due: a month, a week or a day, with the days on which nobody works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from manyi.cases.queries import MANY
from manyi.improvement.due_dates import (
    KINDS,
    SCOPES,
    VERBS,
    Asked,
    DueDate,
    by_day,
    dates,
    due_dates,
    late_before,
)
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.calendars import pure, stored_for
from manyi.organisation.china import MISSING, OFFICIAL, reason_label
from manyi.organisation.models import CalendarDay, Unit
from manyi.organisation.settings import value
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.calendars import WEEKDAYS
from manyi.web.settings.pages import unit_choices, units_for

SPANS: tuple[tuple[str, Label], ...] = (
    ("month", Label("月", "Month")),
    ("week", Label("周", "Week")),
    ("day", Label("日", "Day")),
)
#: The tab of the list of cases that shows what a scope shows here.
TABS = {"mine": "mine", "department": "department", "unit": "all"}
#: So many of a kind are read for one page, and so many lines stand in a day of the month.
MOST, LINES = 1000, 4
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for: which page of the calendar, around which day, and whose due dates."""

    span: str
    at: date
    asked: Asked

    @property
    def before(self) -> date:
        """A day on the page before this one."""
        return (self.at.replace(day=1) if self.span == "month" else self.at) - self._step

    @property
    def after(self) -> date:
        """A day on the page after this one."""
        if self.span == "month":
            return (self.at.replace(day=28) + WEEK).replace(day=1)
        return self.at + self._step

    @property
    def _step(self) -> timedelta:
        return WEEK if self.span == "week" else timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One due date as a line: where it leads, and whether it has passed."""

    due: DueDate
    kind: Label
    href: str
    late: bool
    time: str


@dataclass(frozen=True, slots=True)
class Day:
    """One date with its lines; ``differs`` where it is worked or free against the week, ``reason`` why."""

    date: date
    weekday: Label
    lines: list[Line]
    late: int
    working: bool
    differs: bool
    reason: Label
    outside: bool  # of the month that is shown
    today: bool

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say of it."""
        return not (self.lines or self.today or (self.differs and not self.outside))


@require_GET
@needs(*VERBS)
def page(request: StaffRequest) -> HttpResponse:
    """A month, a week or a day of due dates."""
    shown, now = shown_by(request), clock.now()
    asked = shown.asked
    found = due_dates(request.user, asked, most=MOST)
    days = _days(request, shown, found, now)
    context = {
        "shown": shown,
        "spans": SPANS,
        "scopes": SCOPES,
        "kinds": KINDS,
        "units": unit_choices(units_for(request, "cases.view")),
        "weekdays": WEEKDAYS,
        "weeks": [days[n : n + 7] for n in range(0, len(days), 7)],
        "day": days[0],
        "empty": not found,
        "limit": LINES if shown.span == "month" else MOST,
        "more": any(sum(due.kind == kind for due in found) >= MOST for kind, _label in KINDS),
        "late": sum(day.late for day in days),
        **_late_before(request, asked),
        "years": _years(_work_unit(request, asked), days),
        "tab": TABS[asked.scope],
        "title": _title(shown),
    }
    return render(request, "desk/due_calendar.html", context)


def _late_before(request: StaffRequest, asked: Asked) -> dict[str, Any]:
    """How many cases are late from before the page, counted to 99+."""
    count = late_before(request.user, asked) if asked.kind in {"", "case"} else 0
    return {"late_before": count, "late_shown": str(count) if count < MANY else f"{MANY - 1}+"}


def shown_by(request: StaffRequest) -> Shown:
    """What the address asks for; whatever cannot be read gives this month of one's own."""
    given, zone = request.GET, organisation_zone()
    span = given.get("span", "") if given.get("span", "") in dict(SPANS) else "month"
    at = day_asked(given.get("at", "")) or clock.now().astimezone(zone).date()
    first, last = _ends(span, at)
    scope = given.get("scope", "")
    pk = given.get("unit", "")
    units = access.visible(request.user, Unit.objects.all(), verb="cases.view")
    asked = Asked(
        zone=zone,
        scope=scope if scope in dict(SCOPES) else _usual_scope(request),
        unit=units.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None,
        kind=given.get("kind", "") if given.get("kind", "") in dict(KINDS) else "",
        first=first,
        last=last,
    )
    return Shown(span, at, asked)


def organisation_zone() -> ZoneInfo:
    """The zone in which the organisation counts its days."""
    return ZoneInfo(value("organisation.time_zone"))


def _usual_scope(request: StaffRequest) -> str:
    """Who neither handles nor calls looks at the whole."""
    own = any(access.may(request.user, verb) for verb in ("cases.handle", "cases.callback"))
    return "mine" if own or not access.may(request.user, "cases.view") else "unit"


def day_asked(text: str) -> date | None:
    """A date from an address; None for what is no date of our time."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _ends(span: str, at: date) -> tuple[date, date]:
    """The first and the last day that a page shows: a month in whole weeks, from Monday."""
    if span == "day":
        return at, at
    first = at.replace(day=1) if span == "month" else at
    last = (at.replace(day=28) + WEEK).replace(day=1) - timedelta(days=1) if span == "month" else at
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def _title(shown: Shown) -> Label:
    first, last, at = shown.asked.first, shown.asked.last, shown.at
    if shown.span == "month":
        return Label(f"{at.year} 年 {at.month} 月", f"{at:%B} {at.year}")
    if shown.span == "week":
        return Label(f"{first} 至 {last}", f"{first} to {last}")
    weekday = WEEKDAYS[at.weekday()]
    return Label(f"{at} {weekday.zh}", f"{weekday.en} {at}")


def _work_unit(request: StaffRequest, asked: Asked) -> Unit | None:
    """Whose working calendar is shown: of the unit asked for, else of the highest one in which one works."""
    if asked.unit is not None:
        return asked.unit
    grants = request.user.grants.select_related("unit")
    return min((grant.unit for grant in grants), key=lambda unit: (unit.depth, unit.path), default=None)


def _days(request: StaffRequest, shown: Shown, found: list[DueDate], now: datetime) -> list[Day]:
    asked, lines = shown.asked, by_day(found, shown.asked.zone)
    first, last = asked.first or shown.at, asked.last or shown.at
    unit = _work_unit(request, asked)
    stored = stored_for(unit) if unit else None
    calendar = pure(stored) if stored else None
    rows = CalendarDay.objects.filter(calendar=stored, date__gte=first, date__lte=last)
    special = {row.date: row for row in rows}
    today = now.astimezone(asked.zone).date()
    days = []
    for each in dates(first, last):
        here = [_line(request, due, asked.zone, now) for due in lines.get(each, [])]
        special_day = special.get(each)
        days.append(
            Day(
                date=each,
                weekday=WEEKDAYS[each.weekday()],
                lines=here,
                late=sum(line.late for line in here),
                working=calendar.is_working(each) if calendar else each.weekday() < 5,
                differs=special_day is not None,
                reason=reason_label(special_day.reason if special_day else ""),
                outside=shown.span == "month" and each.month != shown.at.month,
                today=each == today,
            )
        )
    return days


def _line(request: StaffRequest, due: DueDate, zone: ZoneInfo, now: datetime) -> Line:
    return Line(
        due,
        dict(KINDS)[due.kind],
        _address(request, due),
        due.late(now, zone),
        f"{due.at.astimezone(zone):%H:%M}" if due.at else "",
    )


def _address(request: StaffRequest, due: DueDate) -> str:
    if due.kind == "task":
        return reverse("desk:side_task", args=[due.pk])
    if due.kind == "action":
        return f"{reverse('desk:finding', args=[due.of])}#action-{due.pk}"
    if due.kind == "call" and access.may(request.user, "cases.callback", due.unit):
        return reverse("desk:call", args=[due.pk])
    return reverse("desk:case", args=[due.pk])


def _years(unit: Unit | None, days: list[Day]) -> list[tuple[int, bool]]:
    """The years on the page without official holidays, and of which nothing at all is known."""
    stored = stored_for(unit) if unit else None
    known: dict[int, Any] = dict(stored.years.values_list("year", "status")) if stored else {}
    years = sorted({day.date.year for day in days if not day.outside})
    states = [(year, known.get(year, MISSING)) for year in years]
    return [(year, state == MISSING) for year, state in states if state != OFFICIAL]
