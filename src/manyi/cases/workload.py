"""Who has how much to do: open, late and soon due cases, those that were closed, and how long they took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import TypeVar

from django.db.models import QuerySet

from manyi.cases.clocks import calendar_cache
from manyi.cases.models import Case, Pause
from manyi.cases.tallies import counted
from manyi.cases.workflow import OPEN_STATES
from manyi.measures import worktime
from manyi.measures.figure import Figure
from manyi.organisation.models import Unit

K = TypeVar("K")


@dataclass(slots=True)
class Load:
    """The work of one person or department; ``days`` are the working days from receipt to each closing."""

    open: int = 0
    late: int = 0
    soon: int = 0
    days: list[float] = field(default_factory=list)

    @property
    def closed(self) -> int:
        """How many were closed in the period."""
        return len(self.days)

    @property
    def median_days(self) -> Figure:
        """Working days from receipt to closing, pauses left out: as many took less as took more."""
        n = len(self.days)
        value = float(median(self.days)) if self.days else None
        return Figure(value, n, n, None, None, "plain", "cases.days_to_close", "working_days")


@dataclass(frozen=True, slots=True)
class Times:
    """Now, the end of the days in which a deadline is soon, and the period in which cases were closed."""

    now: datetime
    soon: datetime
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """One case as work: whose it is (None: nobody's yet), where, and what is to be counted."""

    owner: int | None
    unit: int
    open: bool
    due_at: datetime | None
    days: float | None = None


def work_of(cases: QuerySet[Case], times: Times) -> list[Work]:
    """The open cases, and those that were closed in the period."""
    rows = counted(cases).order_by()
    going = rows.filter(state__in=OPEN_STATES).values_list("owner_id", "unit_id", "due_at")
    found = [Work(owner, unit, True, due_at) for owner, unit, due_at in going]
    ended = rows.filter(closed_at__gte=times.since, closed_at__lt=times.until, state="closed")
    return found + _closed(ended)


def _closed(cases: QuerySet[Case]) -> list[Work]:
    units = {unit.pk: unit for unit in Unit.objects.all()}
    calendar_of = calendar_cache()
    pauses: dict[int, list[worktime.Pause]] = defaultdict(list)
    for case, start, end in Pause.objects.filter(case__in=cases.values("pk")).values_list(
        "case_id", "from_at", "until_at"
    ):
        pauses[case].append(worktime.Pause(start, end))
    return [
        Work(
            owner, unit, False, None,
            worktime.used(calendar_of(units[unit]), received, closed, "working_days", pauses.get(pk, ())),
        )
        for pk, owner, unit, received, closed in cases.values_list(
            "pk", "owner_id", "unit_id", "received_at", "closed_at"
        )
        if closed is not None
    ]  # fmt: skip


def loads(work: Iterable[Work], of: Callable[[Work], K], times: Times) -> dict[K, Load]:
    """The work added up by what ``of`` says of each: its owner, its department."""
    found: dict[K, Load] = defaultdict(Load)
    for each in work:
        load = found[of(each)]
        if each.days is not None:
            load.days.append(each.days)
        load.open += each.open
        if each.due_at is not None:
            load.late += each.due_at < times.now
            load.soon += times.now <= each.due_at < times.soon
    return found
