"""The frame of the pages that show figures of cases: period, unit and kind in the address, tabs, files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from manyi.cases import kpis, queries
from manyi.cases.choices import KINDS
from manyi.cases.models import Case
from manyi.cases.tallies import first_received, received
from manyi.kernel.labels import Label
from manyi.measures.workcalendar import WorkCalendar, working_days
from manyi.organisation import access, clock
from manyi.organisation.calendars import calendar_for
from manyi.organisation.models import Unit
from manyi.web.desk.case_narrowing import CLOSED, COUNTED, midnight_after, midnight_before
from manyi.web.desk.due_calendar import day_asked
from manyi.web.guard import StaffRequest
from manyi.web.insight.downloads import FILES, file_addresses, text_table, workbook
from manyi.web.insight.panels import Panel
from manyi.web.settings.pages import unit_choices, units_for
from manyi.web.templatetags.manyi import label_text

USUAL_DAYS, MOST_DAYS = 90, 3660
DAY = timedelta(days=1)
#: The pages by address, with who may open them.
TABS = (
    ("desk:case_figures", Label("指标", "Figures"), ("cases.view",)),
    ("desk:case_pareto", Label("主要问题", "Pareto"), ("cases.view",)),
    ("desk:case_heat", Label("热力图", "Heat map"), ("cases.view",)),
    ("desk:case_topics", Label("上升话题", "Rising topics"), ("cases.view",)),
    ("desk:case_workload", Label("工作量", "Workload"), ("cases.approve", "cases.handle")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The days, both included, the unit and the kind ("" for all) that the address asks for."""

    first: date
    last: date
    unit: Unit | None
    kind: str = ""

    @property
    def period(self) -> kpis.Period:
        """The days as moments in the reader's zone."""
        return kpis.Period(midnight_before(self.first), midnight_after(self.last), clock.now())

    @property
    def before(self) -> Asked:
        """The days just before, as many."""
        days = self.last - self.first + DAY
        return Asked(self.first - days, self.first - DAY, self.unit, self.kind)

    def recorded(self) -> Asked:
        """The same without the days before the first case of the register."""
        began = first_received()
        first = timezone.localtime(began).date() if began else self.first
        return replace(self, first=max(self.first, first))

    def list_of(self, **more: str) -> str:
        """The list of the cases that were received then and counted, narrowed further."""
        days = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return self._list({"state": COUNTED, "kind": self.kind, **days, **more})

    def closed_list(self, **more: str) -> str:
        """The list of the cases that were closed then and still are, narrowed further."""
        days = {"closed_first": self.first.isoformat(), "closed_last": self.last.isoformat()}
        return self._list({"state": CLOSED, "kind": self.kind, **days, **more})

    def _list(self, narrowed: dict[str, str]) -> str:
        given = {"tab": "all", "unit": str(self.unit.pk) if self.unit else "", **narrowed}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{reverse('desk:cases')}?{query}"


def asked_by(request: StaffRequest, *, kind: str = "") -> Asked:
    """What the address asks for; days that make no sense give the last 90. ``kind`` is the usual one."""
    today = timezone.localtime(clock.now()).date()
    last = day_asked(request.GET.get("last", "")) or today
    first = day_asked(request.GET.get("first", "")) or last - timedelta(days=USUAL_DAYS - 1)
    if first > last or last - first > timedelta(days=MOST_DAYS):
        last, first = today, today - timedelta(days=USUAL_DAYS - 1)
    pk = request.GET.get("unit", "")
    units = access.visible(request.user, Unit.objects.all(), verb="cases.view")
    unit = units.filter(pk=int(pk)).first() if pk.isdecimal() else None
    asked = request.GET.get("kind", kind)
    return Asked(first, last, unit, asked if asked in dict(KINDS) else "")


def cases_of(request: StaffRequest, asked: Asked) -> QuerySet[Case]:
    """The cases of the unit, whenever they came, that the person may see."""
    cases = queries.cases(request.user)
    return cases.filter(unit__in=queries.below(asked.unit)) if asked.unit else cases


def received_in(cases: QuerySet[Case], asked: Asked) -> QuerySet[Case]:
    """Those of the kind and the period."""
    return received(cases, asked.period.since, asked.period.until, asked.kind)


def calendar_of(request: StaffRequest, unit: Unit | None) -> WorkCalendar:
    """The working calendar of the unit, or of the highest one whose cases the person sees."""
    seen = access.visible(request.user, Unit.objects.order_by("path"), verb="cases.view")
    return calendar_for(unit or seen[0])


def working_days_of(calendar: WorkCalendar, asked: Asked) -> int:
    """How many working days the period has."""
    return working_days(calendar, asked.first - DAY, asked.last)


def language_of() -> str:
    """The language of the page."""
    return get_language() or "zh-hans"


def framed(
    request: StaffRequest,
    asked: Asked,
    *,
    title: Label,
    panels: Sequence[Panel],
    template: str,
    **more: Any,
) -> HttpResponse:
    """The page with its panels; with ``?file=`` the same panels as a file."""
    form = request.GET.get("file", "")
    if form in dict(FILES):
        make = workbook if form == "xlsx" else text_table
        return make(f"{label_text(title)} {asked.first} – {asked.last}", panels, language_of())
    context = {
        **frame(request, asked),
        "title_words": title,
        "panels": panels,
        "files": file_addresses(request, FILES),
        **more,
    }
    return render(request, template, context)


def frame(request: StaffRequest, asked: Asked) -> dict[str, Any]:
    """What the tabs and the fields of the frame need."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "asked": asked,
        "figure_tabs": [
            (reverse(name), label, name == here)
            for name, label, verbs in TABS
            if any(access.may(request.user, verb) for verb in verbs)
        ],
        "kept_query": urlencode(_kept(asked)),
        "units": unit_choices(units_for(request, "cases.view")),
        "kinds": KINDS,
    }


def _kept(asked: Asked) -> dict[str, str]:
    """What goes along from tab to tab."""
    given = {"first": asked.first.isoformat(), "last": asked.last.isoformat()}
    return given | ({"unit": str(asked.unit.pk)} if asked.unit else {})
