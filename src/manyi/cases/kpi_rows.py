"""Reads the rows that the figures of the register are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from manyi.cases import closing
from manyi.cases.kpis import REPEAT_WITHIN, Asked, Period, Row, Stopped
from manyi.cases.models import CallBack, Case, Category, ClockResult, Review, Solution
from manyi.cases.step_actions import STEP_KINDS
from manyi.cases.tallies import Tree
from manyi.cases.workflow import OPEN_STATES
from manyi.organisation.models import Event

CLOSINGS = tuple(STEP_KINDS[name].id for name in ("close", "waive", "thank", "close_short"))
REOPENINGS = tuple(STEP_KINDS[name].id for name in ("reopen", "uphold"))
FIELDS = (
    "pk", "received_at", "kind", "customer_id", "contact_phone", "contact_email", "category_id", "state",
    "due_at", "founded", "closed_at",
)  # fmt: skip


def rows_of(cases: QuerySet[Case], period: Period) -> list[Row]:
    """The cases that have a part in the figures of a period, of those given; merged and rejected ones have
    none."""
    since = period.since - REPEAT_WITHIN
    touched = Q(received_at__gte=since) | Q(state__in=OPEN_STATES) | Q(closed_at__gte=period.since)
    cases = cases.filter(touched, received_at__lt=period.until).exclude(state__in=("rejected", "duplicate"))
    plain = list(cases.order_by().values_list(*FIELDS))
    ids = cases.order_by().values("pk")
    improved, tree = closing.improved(cases.order_by()), Tree(Category.objects.all())
    clocks, calls, reviews, costs = _clocks(ids), _calls(ids), _reviews(ids), _costs(ids)
    closings, reopenings = _moments(CLOSINGS, since), _moments(REOPENINGS, since)
    return [
        Row(
            received_at=received_at,
            kind=kind,
            party=_party(customer, phone, email),
            category=tree.present(category) if category else None,
            open=state in OPEN_STATES,
            due_at=due_at,
            founded=founded,
            cost=costs.get(pk),
            improved=pk in improved,
            closings=tuple(closings.get(pk, (closed_at,) if closed_at else ())),
            reopenings=tuple(reopenings.get(pk, ())),
            clocks=tuple(clocks.get(pk, ())),
            calls=tuple(calls.get(pk, ())),
            reviews=tuple(reviews.get(pk, ())),
        )
        for (
            pk, received_at, kind, customer, phone, email, category, state, due_at, founded, closed_at
        ) in plain
    ]  # fmt: skip


def _party(customer: int | None, phone: str, email: str) -> str:
    """Who complained: the customer file, else the telephone number, else the address."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"customer {customer}" if customer else digits or email.strip().lower()


def _gathered(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for case, value in pairs:
        found[case].append(value)
    return found


def _clocks(ids: Any) -> dict[int, list[Stopped]]:
    rows = ClockResult.objects.filter(case__in=ids)
    names = ("case_id", "name", "stopped_at", "met", "used", "amount_unit")
    return _gathered(
        (case, Stopped(name, at, met, float(used) if unit == "working_days" else None))
        for case, name, at, met, used, unit in rows.values_list(*names)
    )


def _calls(ids: Any) -> dict[int, list[Asked]]:
    rows = CallBack.objects.filter(case__in=ids).order_by("at")
    names = ("case_id", "cycle", "at", "outcome", "resolved", "satisfied")
    return _gathered(
        (case, Asked(cycle, at, outcome == "reached", resolved, satisfied))
        for case, cycle, at, outcome, resolved, satisfied in rows.values_list(*names)
    )


def _reviews(ids: Any) -> dict[int, list[Any]]:
    rows = Review.objects.filter(case__in=ids).exclude(outcome="")
    return _gathered(
        (case, (at, outcome == "upheld"))
        for case, at, outcome in rows.values_list("case_id", "decided_at", "outcome")
    )


def _costs(ids: Any) -> dict[int, float]:
    """The costs of the approved solutions of each case."""
    rows = Solution.objects.filter(case__in=ids, decision="approved").values_list("case_id", "cost")
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for case, cost in rows:
        sums[case] += cost
    return {case: float(cost) for case, cost in sums.items()}


def _moments(kinds: tuple[str, ...], since: Any) -> dict[int, list[Any]]:
    """When steps of these kinds were taken, by case, the earliest first."""
    rows = Event.objects.filter(kind__in=kinds, at__gte=since).order_by("seq")
    return _gathered((int(case), at) for case, at in rows.values_list("subject_id", "at"))
