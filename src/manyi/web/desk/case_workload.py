"""The work of each handler and department: for those who lead them, and for a handler their own line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from manyi.cases.models import Absence, Case
from manyi.cases.workload import Load, Times, Work, loads, work_of
from manyi.kernel.labels import Label
from manyi.measures.workcalendar import add_working_days
from manyi.organisation import access, clock
from manyi.organisation.models import Person
from manyi.organisation.roles import Role
from manyi.web.desk.case_charts import load_chart
from manyi.web.desk.case_frame import Asked, asked_by, calendar_of, cases_of, framed, language_of
from manyi.web.desk.case_narrowing import NONE, OPEN, midnight_after
from manyi.web.desk.case_units import row_of_each, rows_of, tops, units_seen
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.panels import Cell, Panel, plain

TITLE = Label("谁手上有多少事?", "Who has how much to do?")
SOON_DAYS = 3
NOBODY = Label("没有承办人", "No handler")
COLUMNS = (
    Label("在办", "Open"),
    Label("已超期", "Late"),
    Label("3 个工作日内到期", "Due in 3 working days"),
    Label("本期办结", "Closed in the period"),
    Label("办结用时中位数(工作日)", "Median working days to close"),
)
AWAY = Label("外出", "Away")


@dataclass(frozen=True, slots=True)
class Line:
    """One person or department: name, work, what narrows the list to it, and when somebody is away."""

    name: Label
    load: Load
    narrowed: dict[str, str]
    away: Label | None = None


@require_GET
@needs("cases.approve", "cases.handle")
def index(request: StaffRequest) -> HttpResponse:
    """The handlers, the fullest hands first, and the departments."""
    asked = asked_by(request)
    calendar, today = calendar_of(request, asked.unit), timezone.localtime(clock.now()).date()
    due_by = add_working_days(calendar, today, SOON_DAYS)
    times = Times(clock.now(), midnight_after(due_by), asked.period.since, asked.period.until)
    leads = access.may(request.user, "cases.approve")
    work = work_of(led(request, asked), times)
    people = _people(request, asked) if leads else [request.user]
    panels = [panel_of("people", people_lines(people, work, times, today), asked, due_by, away=True)]
    if leads:
        panels.append(panel_of("units", unit_lines(request, asked, work, times), asked, due_by, away=False))
    return framed(request, asked, title=TITLE, panels=panels, template="desk/case_workload.html", leads=leads)


def led(request: StaffRequest, asked: Asked) -> QuerySet[Case]:
    """The cases of the units that the person leads; for others their own."""
    rows = cases_of(request, asked)
    paths = access.paths(request.user, "cases.approve")
    return rows.filter(access.within(paths, "unit") if paths else Q(owner=request.user))


def _people(request: StaffRequest, asked: Asked) -> list[Person]:
    """Who can handle cases there without leading anybody."""
    units = [asked.unit] if asked.unit else units_seen(request, "cases.approve")
    roots = tops(units)
    handling = (role for role in Role if "cases.handle" in role.verbs and "cases.approve" not in role.verbs)
    roles = [role.value for role in handling]
    above = {pk for unit in roots for pk in unit.lineage}
    wanted = Q(grants__unit_id__in=above) | access.within([unit.path for unit in roots], "grants__unit")
    people = Person.objects.filter(wanted, grants__role__in=roles, is_active=True)
    return list(people.distinct().order_by("display_name"))


def people_lines(people: Iterable[Person], work: Sequence[Work], times: Times, today: date) -> list[Line]:
    """A line for each handler, free ones too, and for whoever else has cases."""
    found = loads(work, lambda each: each.owner, times)
    owners = Person.objects.filter(pk__in=[pk for pk in found if pk is not None])
    everybody = {person.pk: person for person in (*people, *owners)}
    away = _away(everybody, today)
    lines = [
        Line(Label(str(who), str(who)), found.get(pk, Load()), {"owner": str(pk)}, away.get(pk))
        for pk, who in everybody.items()
    ]
    lines.sort(key=lambda line: (-line.load.open, -line.load.closed, line.name.zh))
    return [*lines, Line(NOBODY, found[None], {"owner": NONE})] if found.get(None) else lines


def _away(people: Iterable[int], today: date) -> dict[int, Label]:
    """Who is away today, or will be, and when."""
    rows = Absence.objects.filter(person__in=list(people), until_on__gte=today).order_by("-from_on")
    return {row.person_id: _away_words(row, today) for row in rows}


def _away_words(row: Absence, today: date) -> Label:
    until = f"{row.until_on:%m-%d}"
    if row.from_on <= today:
        return Label(f"今天外出,至 {until}", f"away today, until {until}")
    return Label(f"{row.from_on:%m-%d} 至 {until}", f"{row.from_on:%m-%d} to {until}")


def unit_lines(request: StaffRequest, asked: Asked, work: Sequence[Work], times: Times) -> list[Line]:
    """A line for each department that has any work."""
    units = units_seen(request, "cases.approve")
    rows = rows_of(units, asked.unit)
    key_of = row_of_each(units, rows)
    found = loads(work, lambda each: key_of.get(each.unit), times)
    return [Line(row.name, found[row.key], {"unit": row.key}) for row in rows if row.key in found]


def panel_of(name: str, lines: Sequence[Line], asked: Asked, due_by: date, *, away: bool) -> Panel:
    """The bars and the table of some lines."""
    head = Label("承办人", "Handler") if away else Label("部门", "Unit")
    columns = (head, *COLUMNS, *((AWAY,) if away else ()))
    rows = tuple(_cells(line, asked, due_by, away=away) for line in lines)
    title = Label("按承办人", "By handler") if away else Label("按部门", "By department")
    option, height = load_chart([(line.name, line.load) for line in lines], language_of())
    return Panel(name, title, columns, rows, option, height=height, numeric=(1, 2, 3, 4, 5))


def _cells(line: Line, asked: Asked, due_by: date, *, away: bool) -> tuple[Cell, ...]:
    load = line.load
    where = {"unit": str(asked.unit.pk)} if asked.unit else {}
    days = load.median_days

    def link(n: int, tab: str, *, bad: bool = False, **more: str) -> Cell:
        query = urlencode({"tab": tab, **where, **line.narrowed, **more})
        return replace(plain(n), href=f"{reverse('desk:cases')}?{query}" if n else "", bad=bad and n > 0)

    closed = asked.closed_list(kind="", **line.narrowed) if load.closed else ""

    return (
        Cell(line.name),
        link(load.open, "all", state=OPEN),
        link(load.late, "overdue", bad=True),
        link(load.soon, "all", state=OPEN, due_by=due_by.isoformat()),
        replace(plain(load.closed), href=closed),
        plain("–") if days.value is None else replace(plain(f"{days.value:g}"), number=days.value),
        *((Cell(line.away or Label("–", "–")),) if away else ()),
    )
