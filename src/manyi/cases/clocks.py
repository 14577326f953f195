"""The clocks of stored cases: read from history, frozen when they stop, cached only for lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from manyi.cases import rules
from manyi.cases.choices import ENDED_STATES
from manyi.cases.models import Case, ClockResult, SlaPolicy
from manyi.measures.workcalendar import WorkCalendar
from manyi.measures.worktime import Pause, Target
from manyi.organisation import clock
from manyi.organisation.calendars import calendar_for
from manyi.organisation.models import Unit

CalendarOf = Callable[[Unit], WorkCalendar]
#: The rows of a case from which its clocks are read, for work on many cases.
READ_FROM = ("pauses", "clock_results", "extensions", "reviews", "externals")
#: The columns of a case from which its clocks are read, with those that are computed from them.
HANGS_ON = (
    "number", "unit", "policy", "state", "kind", "reopened", "received_at", "cycle_from", "answered_at",
    "due_at", "due_clock", "provisional",
)  # fmt: skip
STORE_EACH = "UPDATE cases_case SET due_at = %s, due_clock = %s, provisional = %s WHERE id = %s"
STORE_ALL = """
    UPDATE cases_case SET due_at = moved.due_at, due_clock = moved.due_clock, provisional = moved.provisional
    FROM unnest(%s::timestamptz[], %s::varchar[], %s::boolean[], %s::bigint[])
        AS moved (due_at, due_clock, provisional, id)
    WHERE cases_case.id = moved.id
"""
#: The states in which more time for the answer can have been granted.
EXTENDABLE = rules.RUNS_IN["resolve"] - {"registered"}


def calendar_cache() -> CalendarOf:
    """A ``calendar_for`` that asks the database once per unit, for work on many cases."""
    known: dict[int, WorkCalendar] = {}

    def cached(unit: Unit) -> WorkCalendar:
        if unit.pk not in known:
            known[unit.pk] = calendar_for(unit)
        return known[unit.pk]

    return cached


@dataclass(slots=True)
class BareCase:
    """What the clocks of one of many cases hang on, and what is computed from them. Not a model: to make a
    hundred thousand of those takes longer than every deadline."""

    rows: Mapping[str, Sequence[Any]]  # by the names in READ_FROM, those that the case has
    unit: Unit
    policy: SlaPolicy
    pk: int
    number: str
    state: str
    kind: str
    reopened: int
    received_at: datetime
    cycle_from: datetime
    answered_at: datetime | None
    due_at: datetime | None
    due_clock: str
    provisional: bool


AnyCase = Case | BareCase


def bare_cases(rows: QuerySet[Case], batch: int) -> Iterator[BareCase]:
    """Many cases with the rows that their clocks are read from: those of a part are named by its first and
    last, and those of one unit or policy share one object for it."""
    units = Unit.objects.in_bulk(rows.order_by().values_list("unit", flat=True).distinct())
    policies = SlaPolicy.objects.in_bulk(rows.order_by().values_list("policy", flat=True).distinct())
    rest = rows.order_by("pk").values_list("pk", *HANGS_ON).iterator(batch)
    while part := list(islice(rest, batch)):
        found = _around(rows.order_by().filter(pk__gte=part[0][0], pk__lte=part[-1][0]))
        for pk, number, unit, policy, *times in part:
            yield BareCase(found.get(pk, {}), units[unit], policies[policy], pk, number, *times)


def _around(cases: QuerySet[Case]) -> dict[int, dict[str, list[Any]]]:
    """The rows around cases by the id of the case and their name; most cases have none."""
    found: dict[int, dict[str, list[Any]]] = {}
    for name in READ_FROM:
        model: Any = Case._meta.get_field(name).related_model
        for row in model.objects.filter(case__in=cases):
            found.setdefault(row.case_id, {}).setdefault(name, []).append(row)
    return found


def _rows(case: AnyCase, name: str) -> Sequence[Any]:
    return case.rows.get(name, ()) if isinstance(case, BareCase) else getattr(case, name).all()


def move(case: Case) -> None:
    """Compute the cached deadline of a case anew under its lock, and store it."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("unit", "policy")
    row = rows.get(pk=case.pk)
    if refresh(row):
        write_all([row])


def write_all(cases: Iterable[AnyCase]) -> None:
    """Store the cached deadlines of many cases: by one prepared statement, or where a server would answer
    each of them, by one for all."""
    stored = connection.ops.adapt_datetimefield_value
    rows = [(stored(case.due_at), case.due_clock, case.provisional, case.pk) for case in cases]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(STORE_ALL, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(STORE_EACH, rows)


def times_of(case: AnyCase) -> rules.Times:
    """What the clocks of a case hang on, read from its rows."""
    return rules.Times(
        state=case.state,
        kind=case.kind,
        cycle=case.reopened,
        received_at=case.received_at,
        cycle_from=case.cycle_from,
        answered_at=case.answered_at,
        stopped=frozenset(row.name for row in _rows(case, "clock_results") if row.cycle == case.reopened),
        pauses=tuple(Pause(pause.from_at, pause.until_at) for pause in _rows(case, "pauses")),
        extra=_granted(case) if case.state in EXTENDABLE else 0,
        review_from=_review_from(case) if case.state == "review" else None,
    )


def first_times(case: Case) -> rules.Times:
    """The same for a case that comes in just now and has no rows around it yet."""
    return rules.Times(
        state=case.state,
        kind=case.kind,
        cycle=0,
        received_at=case.received_at,
        cycle_from=case.cycle_from,
        answered_at=None,
        stopped=frozenset(),
    )


def _granted(case: AnyCase) -> int:
    """What was granted on top of the time for the answer in this cycle."""
    rows = _rows(case, "extensions")
    return sum(row.amount for row in rows if row.decision == "granted" and row.cycle == case.reopened)


def _review_from(case: AnyCase) -> datetime | None:
    return next((row.asked_at for row in _rows(case, "reviews") if not row.outcome), None)


def _outside_due(case: AnyCase) -> datetime | None:
    """The earliest deadline that an outside body has set."""
    if case.state == "registered" or case.state in ENDED_STATES:
        return None
    open_ones = (row.due_at for row in _rows(case, "externals") if row.due_at and not row.closed_at)
    return min(open_ones, default=None)


def readings(
    case: Case,
    now: datetime | None = None,
    calendar_of: CalendarOf = calendar_for,
    times: rules.Times | None = None,
) -> list[rules.Reading]:
    """The running clocks of a case at a moment, in order; empty when nothing runs."""
    times = times or times_of(case)
    timed = _timed(case, times)
    if not timed:
        return []
    calendar, moment = calendar_of(case.unit), now or clock.now()
    return [rules.read(name, times, target, calendar, moment) for name, target in timed]


def _timed(case: AnyCase, times: rules.Times) -> list[tuple[str, Target]]:
    """The running clocks for which the policy has a target, each with what it has in all."""
    targets = [(name, rules.target_of(case.policy.targets, name)) for name in rules.running(times)]
    return [(name, rules.extended(name, target, times)) for name, target in targets if target is not None]


def shown(case: Case, running: list[rules.Reading]) -> rules.Reading | None:
    """The clock that the head of the case shows: the one due first, or while it waits the one that stands."""
    found = rules.next_due(running)
    return found or (running[0] if running else None)


def stop(case: Case, name: str, at: datetime) -> ClockResult | None:
    """Freeze one running clock as it stood at a moment; None when it does not run (any more)."""
    times = times_of(case)
    target = rules.target_of(case.policy.targets, name)
    if target is None or name not in rules.running(times):
        return None
    target = rules.extended(name, target, times)
    result = result_of(case, name, target, rules.read(name, times, target, calendar_for(case.unit), at), at)
    result.save()
    return result


def result_of(case: Case, name: str, target: Target, reading: rules.Reading, at: datetime) -> ClockResult:
    """The unsaved result of a clock that was read when it stopped."""
    return ClockResult(
        case=case,
        name=name,
        cycle=case.reopened,
        started_at=reading.started_at,
        stopped_at=at,
        # Stopped while it stood still: it had no deadline then, so it stopped in time.
        due_at=reading.due.at or at,
        used=round(reading.used, 4),
        amount=target.amount,
        amount_unit=target.unit,
        met=reading.used <= target.amount,
        provisional=reading.due.provisional,
    )


def refresh(case: AnyCase, calendar_of: CalendarOf = calendar_for, times: rules.Times | None = None) -> bool:
    """Compute the cached deadline of a case anew (not saved); returns whether it changed. ``times`` are read
    from its rows when they are not given."""
    before = (case.due_at, case.due_clock, case.provisional)
    times = times or times_of(case)
    timed = _timed(case, times)
    dues = [(name, rules.deadline(name, times, target, calendar_of(case.unit))) for name, target in timed]
    dated = [(due.at, name) for name, due in dues if due.at is not None]
    case.due_at, case.due_clock = min(dated, key=itemgetter(0), default=(None, dues[0][0] if dues else ""))
    outside = _outside_due(case)
    if outside is not None and (case.due_at is None or outside < case.due_at):
        case.due_at, case.due_clock = outside, "external"
    case.provisional = any(due.provisional for _name, due in dues)
    return before != (case.due_at, case.due_clock, case.provisional)
