"""The board on the wall: a few large figures of cases for everybody in the room; nothing about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from manyi.cases import kpi_rows, kpis
from manyi.cases.choices import CLOCKS, label_of
from manyi.cases.models import Case
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure, suppress
from manyi.organisation import clock
from manyi.organisation.settings import value
from manyi.web.desk.agenda import midnight
from manyi.web.desk.case_frame import asked_by, cases_of
from manyi.web.desk.case_units import row_of_each, rows_of, units_seen
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import unit_choices, units_for

#: The room in which the board hangs, by what the address says.
ROOMS = {"light": Label("亮", "Light"), "dark": Label("暗", "Dark")}
#: So many units have room, those with the most overdue cases.
MOST_UNITS = 6


@dataclass(frozen=True, slots=True)
class Late:
    """A unit with overdue cases: how many, and which clock ran out last, when."""

    unit: Label
    n: int
    clock: Label
    at: datetime


@never_cache
@require_GET
@needs("cases.view")
def board(request: StaffRequest) -> HttpResponse:
    """The board; its script asks for it again every minute, and without a script the page does."""
    request.session.modified = True  # as long as it hangs there nobody has to log in again
    asked, now = asked_by(request), clock.now()
    cases, tomorrow = cases_of(request, asked), midnight(now)
    going = cases.filter(is_open=1).order_by()
    room = request.GET.get("room", "")
    context = {
        "now": now,
        "asked": asked,
        "room": room if room in ROOMS else "light",
        "rooms": ROOMS.items(),
        "open": going.count(),
        "late": going.filter(due_at__lt=now).count(),
        "today": going.filter(due_at__gte=now, due_at__lt=tomorrow).count(),
        "to_call": going.filter(state="call_back").count(),
        "resolved": resolved_this_month(cases, now),
        "units": late_units(request, cases, now),
        "choices": unit_choices(units_for(request, "cases.view")),
    }
    return render(request, "desk/wall.html", context)


def resolved_this_month(cases: QuerySet[Case], now: datetime) -> Figure:
    """The resolved rate of the calls since the first of the month, as the figures of cases define it."""
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    called = cases.filter(call_backs__at__gte=first).distinct()
    period = kpis.Period(first, midnight(now), now)
    figure = kpis.resolved(kpi_rows.rows_of(called, period), period)
    return suppress(figure, int(value("privacy.minimum_group"))) if figure.n else figure


def late_units(request: StaffRequest, cases: QuerySet[Case], now: datetime) -> list[Late]:
    """The units with overdue cases, each with the one that became overdue last; most of them first."""
    asked, units = asked_by(request), units_seen(request)
    rows = rows_of(units, asked.unit)
    key_of, names = row_of_each(units, rows), {row.key: row.name for row in rows}
    overdue = cases.filter(is_open=1, due_at__lt=now).order_by("due_at")
    count: dict[str, int] = {}
    newest: dict[str, tuple[str, datetime]] = {}
    for unit, name, due_at in overdue.values_list("unit_id", "due_clock", "due_at"):
        if (key := key_of.get(unit)) and due_at:
            count[key] = count.get(key, 0) + 1
            newest[key] = name, due_at
    found = [
        Late(names[key], n, label_of(CLOCKS, newest[key][0]), newest[key][1]) for key, n in count.items()
    ]
    return sorted(found, key=lambda each: (-each.n, -each.at.timestamp()))[:MOST_UNITS]
