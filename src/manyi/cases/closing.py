"""Which cases must lead to an improvement before they close, and whether one stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet

from manyi.cases.models import Case
from manyi.cases.tallies import as_counted
from manyi.kernel.labels import Label

#: Complaints of one category at one unit within so long count as repeated from this one on.
REPEATED, WINDOW = 3, timedelta(days=90)
#: Which of these cases (by id) led to an improvement; the room that improves puts its answer here.
IMPROVED: list[Callable[[QuerySet[Case]], set[int]]] = []


def why_to_improve(case: Case) -> Label | None:
    """Why a case must lead to an improvement; None when it need not."""
    if case.kind != "complaint" or case.founded not in {"founded", "partly"}:
        return None
    if case.risk in {"high", "grave"}:
        return Label("投诉属实且风险高", "The complaint is founded and its risk is high")
    if case.category is None:
        return None
    same = Case.objects.filter(
        as_counted(case.category),
        kind="complaint",
        unit=case.unit,
        founded__in=("founded", "partly"),
        received_at__gt=case.received_at - WINDOW,
        received_at__lte=case.received_at,
    ).exclude(state__in=("rejected", "duplicate"))
    if same.exclude(channel="import").count() >= REPEATED:
        return Label("90 天内第三件同类属实投诉", "The third founded complaint of its kind in 90 days")
    return None


def improved(cases: QuerySet[Case]) -> set[int]:
    """The ids of those of the cases of which an improvement stands."""
    return {pk for found in IMPROVED for pk in found(cases)}


def is_improved(case: Case) -> bool:
    """Whether an improvement of the case stands."""
    return bool(improved(Case.objects.filter(pk=case.pk)))
