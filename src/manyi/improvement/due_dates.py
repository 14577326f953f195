"""What is due of cases, tasks, call-backs and corrective actions: of a person, a department or a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from manyi.cases import queries as cases
from manyi.cases.choices import CLOCKS, label_of
from manyi.cases.models import CallBack, Case, SideTask
from manyi.improvement.models import CorrectiveAction
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.models import Person, Unit

#: Who holds one of these can have something that is due.
VERBS = ("cases.view", "cases.register", "findings.view")
KINDS: tuple[tuple[str, Label], ...] = (
    ("case", Label("诉求", "Cases")),
    ("call", Label("回访", "Call-backs")),
    ("task", Label("协办", "Side tasks")),
    ("action", Label("整改措施", "Corrective actions")),
)
SCOPES: tuple[tuple[str, Label], ...] = (
    ("mine", Label("我的", "Mine")),
    ("department", Label("本部门", "My department")),
    ("unit", Label("全部可见", "All that I may see")),
)
_AGREED = Label("约定回访", "Call agreed")
_TASK, _ACTION = Label("协办", "Side task"), Label("整改措施", "Corrective action")
_LEADS = ("findings.manage", "findings.implement")


@dataclass(frozen=True, slots=True)
class DueDate:
    """One thing with its moment (``at``), or with a date only (``on``; a corrective action has no hour).

    ``words`` says what is due of it, ``text`` what it is about: for pages of staff only, never for a feed.
    ``of``: the id of the finding that a corrective action belongs to.
    """

    kind: str
    pk: int
    number: str
    words: Label
    text: str
    unit: Unit
    at: datetime | None = None
    on: date | None = None
    of: int = 0
    provisional: bool = False

    def day(self, zone: ZoneInfo) -> date:
        """The date on which it is due, in a zone."""
        return self.at.astimezone(zone).date() if self.at else (self.on or date.min)

    def late(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether that has passed; a date passes with its end."""
        return self.at < now if self.at else self.day(zone) < now.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose due dates: ``scope`` is one of ``SCOPES``, narrowed to a unit and all below it, and to a kind.

    From the beginning of the day ``first`` up to the end of ``last`` in ``zone``; None is without an end.
    """

    zone: ZoneInfo
    scope: str = "mine"
    unit: Unit | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def since(self) -> datetime | None:
        """The first moment."""
        return datetime.combine(self.first, time(), self.zone) if self.first else None

    @property
    def until(self) -> datetime | None:
        """The moment after the last one."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone) if self.last else None

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies between the ends."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def due_dates(person: Person, asked: Asked, *, most: int) -> list[DueDate]:
    """What is due, in order of time; of each kind ``most`` at the most, the earliest."""
    found: list[DueDate] = []
    for kind, read in _READERS.items():
        if asked.kind in {"", kind}:
            found += read(person, asked, most)
    return sorted(
        found, key=lambda due: (due.day(asked.zone), due.at is None, due.at or clock.now(), due.number)
    )


def late_before(person: Person, asked: Asked) -> int:
    """How many of the cases asked for, were due before the first day and are still open."""
    rows = _open_cases(person, asked)
    return cases.size(rows.filter(due_at__lt=min(asked.since or clock.now(), clock.now())))


def _cases(person: Person, asked: Asked, most: int) -> list[DueDate]:
    rows = _between(_open_cases(person, asked), asked, "due_at").order_by("due_at", "pk")
    return [
        DueDate(
            "case", row.pk, row.number, label_of(CLOCKS, row.due_clock), row.subject, row.unit, row.due_at,
            provisional=row.provisional,
        )
        for row in rows[:most]
    ]  # fmt: skip


def _open_cases(person: Person, asked: Asked) -> QuerySet[Case]:
    """The open cases with a deadline, without those that wait for a call: these are another kind."""
    rows = cases.cases(person).filter(due_at__isnull=False, is_open=1).exclude(state="call_back")
    if asked.scope == "mine":
        rows = rows.filter(owner=person)
    elif asked.scope == "department":
        rows = rows.filter(cases.at_work(person))
    return _below(rows, asked, "unit")


def _calls(person: Person, asked: Asked, most: int) -> list[DueDate]:
    """By the agreed time of the next call where there is one, else by the deadline."""
    rows = cases.to_call(person) if asked.scope == "mine" else _waiting_for_a_call(person, asked)
    tries = Prefetch("call_backs", CallBack.objects.order_by("at", "id"))
    dated = _range(asked, "due_at") | _range(asked, "call_backs__again_at")
    rows = _below(rows, asked, "unit").filter(dated).distinct().prefetch_related(tries)
    found = (_call(row) for row in rows.order_by("due_at", "pk")[:most])
    return [due for due in found if due.at and asked.holds(due.at)]


def _waiting_for_a_call(person: Person, asked: Asked) -> QuerySet[Case]:
    rows = cases.cases(person).filter(state="call_back", kind__in=("complaint", "help"))
    return rows.filter(cases.at_work(person)) if asked.scope == "department" else rows


def _call(row: Case) -> DueDate:
    tried = [each for each in row.call_backs.all() if each.cycle == row.reopened]
    agreed = tried[-1].again_at if tried else None
    words = _AGREED if agreed else label_of(CLOCKS, "call_back")
    at = agreed or row.due_at
    return DueDate("call", row.pk, row.number, words, row.subject, row.unit, at, provisional=row.provisional)


def _tasks(person: Person, asked: Asked, most: int) -> list[DueDate]:
    if asked.scope == "unit":
        rows = access.visible(person, SideTask.objects.all()) | cases.tasks_of(person)
    elif asked.scope == "department":
        rows = cases.tasks_of(person)
    else:
        rows = cases.tasks_of(person).filter(Q(person=person) | Q(person=None))
    rows = _between(_below(rows.filter(state="open"), asked, "unit"), asked, "due_at")
    return [
        DueDate(
            "task", row.pk, row.case.number, _TASK, row.text, row.unit, row.due_at,
            provisional=row.provisional,
        )
        for row in rows.select_related("case", "unit").order_by("due_at", "pk").distinct()[:most]
    ]  # fmt: skip


def _actions(person: Person, asked: Asked, most: int) -> list[DueDate]:
    rows = CorrectiveAction.objects.filter(done_at=None, cause__finding__state="implementing")
    if asked.scope == "mine":
        rows = rows.filter(owner=person)
    elif asked.scope == "department":
        leads = [path for verb in _LEADS for path in access.paths(person, verb)]
        rows = rows.filter(Q(owner=person) | access.within(leads, "cause__finding__unit"))
    else:
        rows = access.visible(person, rows) | rows.filter(owner=person)
    rows = _below(rows, asked, "cause__finding__unit")
    days: dict[str, Any] = {"due_on__gte": asked.first, "due_on__lte": asked.last}
    rows = rows.filter(**{name: day for name, day in days.items() if day})
    return [
        DueDate("action", row.pk, row.cause.finding.number, _ACTION, row.text, row.cause.finding.unit,
                on=row.due_on, of=row.cause.finding_id)
        for row in rows.select_related("cause__finding__unit").order_by("due_on", "pk").distinct()[:most]
    ]  # fmt: skip


def _below(rows: QuerySet[Any], asked: Asked, unit: str) -> QuerySet[Any]:
    return rows if asked.unit is None else rows.filter(access.within([asked.unit.path], unit))


def _between(rows: QuerySet[Any], asked: Asked, field: str) -> QuerySet[Any]:
    return rows.filter(_range(asked, field))


def _range(asked: Asked, field: str) -> Q:
    ends = {f"{field}__gte": asked.since, f"{field}__lt": asked.until}
    return Q(**{f"{field}__isnull": False}, **{name: end for name, end in ends.items() if end})


_READERS = {"case": _cases, "call": _calls, "task": _tasks, "action": _actions}


def by_day(found: list[DueDate], zone: ZoneInfo) -> dict[date, list[DueDate]]:
    """The same, by the date on which they are due."""
    days: dict[date, list[DueDate]] = {}
    for due in found:
        days.setdefault(due.day(zone), []).append(due)
    return days


def dates(first: date, last: date) -> Iterator[date]:
    """Every date from one to another, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
