"""Readers of the call list: who can be called now and in which order, who is being called, how it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from manyi.customers.models import ContactPoint
from manyi.distribution import call_settings, rules
from manyi.distribution.calling import part_of
from manyi.distribution.dispositions import DISPOSITIONS, LAPSED, counted
from manyi.distribution.models import Call, CallTask
from manyi.measures.figure import Figure
from manyi.measures.response_rates import outcome_rate
from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Round

TASKS = CallTask.objects.select_related("invitation__round__programme", "invitation__customer", "unit")
CALLS = Call.objects.select_related(
    "task__invitation__round__programme",
    "task__invitation__round__questionnaire",
    "task__invitation__round__unit",
    "task__invitation__customer__unit",
    "task__unit",
    "interviewer",
)


def on_list(person: Person) -> QuerySet[CallTask]:
    """The people whom this person may call in rounds that are open: not done, not answered, not erased."""
    rows = access.visible(person, TASKS, verb="surveys.call").filter(
        done=False, invitation__round__state="open", invitation__customer__erased_at=None
    )
    return rows.exclude(invitation__state__in=rules.DONE_WITH).exclude(invitation__customer=None)


def due(person: Person, now: datetime) -> QuerySet[CallTask]:
    """Whom this person could call at this instant, the most pressing first.

    Agreed calls that are due, then people not tried yet, then further tries; each within the hours of the
    unit, in the part of the day that suits, and not on anybody's screen.
    """
    rows = on_list(person).filter(Q(not_before=None) | Q(not_before__lte=now))
    rows = rows.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    rows = rows.filter(Q(assigned=None) | Q(assigned=person), invitation__round__closes_at__gt=now)
    rank = Case(
        When(agreed=True, then=Value(0)), When(tries=0, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    order = (F("rank"), F("priority").desc(), F("not_before").asc(nulls_last=True), F("pk"))
    return rows.filter(_callable(rows, now)).annotate(rank=rank).order_by(*order)


def _callable(rows: QuerySet[CallTask], now: datetime) -> Q:
    """Units and rounds in whose hours an instant lies, with the people whom this part of the day suits."""
    found = Q(pk__in=[])
    pairs = set(rows.order_by().values_list("unit", "invitation__round").distinct())
    units = Unit.objects.in_bulk({unit for unit, _ in pairs})
    rounds = Round.objects.in_bulk({round for _, round in pairs})
    for unit, round in pairs:
        hours = call_settings.hours_of(units[unit], rounds[round])
        if hours.opening(now) == now:
            suits = Q(agreed=True) | Q(best_part__in=("", part_of(now, hours.zone)))
            found |= Q(unit=unit, invitation__round=round) & suits
    return found


def appointments(person: Person) -> QuerySet[CallTask]:
    """The agreed calls that this person may make, the earliest first."""
    rows = on_list(person).filter(agreed=True).filter(Q(assigned=None) | Q(assigned=person))
    return rows.order_by("not_before")


def call_of(person: Person, now: datetime) -> Call | None:
    """The call that a person has on the screen."""
    mine = CALLS.filter(interviewer=person, ended_at=None, task__claimed_by=person)
    return mine.filter(task__claimed_until__gt=now).first()


def last_call(person: Person) -> Call | None:
    """The person's last call with a result, if nobody has called that customer since: it can be undone."""
    ended = CALLS.filter(interviewer=person).exclude(disposition="").exclude(disposition=LAPSED)
    found = ended.first()
    if found is None or found.disposition in {"complete", "over_quota"}:
        return None
    return None if found.task.calls.filter(pk__gt=found.pk).exists() else found


def number_of(task: CallTask) -> ContactPoint | None:
    """The telephone number by which a person is called."""
    customer = task.invitation.customer
    points = customer.contacts.filter(kind="phone", undeliverable_at=None) if customer else None
    return points.order_by("-preferred", "pk").first() if points is not None else None


def calls_of(person: Person, round: Round) -> QuerySet[Call]:
    """The calls of a round that a person may see, the newest first."""
    return access.visible(person, CALLS, verb="surveys.field").filter(task__invitation__round=round)


@dataclass(frozen=True, slots=True)
class Desk:
    """How the calls of a round go; the rates are over the people who were called at least once.

    They are AAPOR's RR1, CON1, REF1 and COOP1 (``measures.response_rates``).
    """

    people: int
    waiting: int
    called: int
    calls: int
    seconds: float | None
    completion: Figure
    contact: Figure
    refusal: Figure
    cooperation: Figure


def desk_of(round: Round, roots: Iterable[str]) -> Desk:
    """The figures of a round's calls in some subtrees."""
    tasks = CallTask.objects.filter(access.within(roots, "unit"), invitation__round=round)
    newest = Call.objects.filter(task=OuterRef("pk"), disposition__in=DISPOSITIONS).order_by("-pk")
    last = tasks.annotate(last=Subquery(newest.values("disposition")[:1])).values_list("last", flat=True)
    outcomes = counted(result or "" for result in last)
    ended = Call.objects.filter(task__in=tasks, disposition__in=DISPOSITIONS)
    lengths = [
        (end - began).total_seconds()
        for began, end in ended.filter(disposition="complete").values_list("began_at", "ended_at")
        if end is not None
    ]
    return Desk(
        people=tasks.count(),
        waiting=tasks.filter(done=False).exclude(invitation__state__in=rules.DONE_WITH).count(),
        called=outcomes.asked,
        calls=ended.count(),
        seconds=fmean(lengths) if lengths else None,
        completion=outcome_rate("RR1", outcomes),
        contact=outcome_rate("CON1", outcomes),
        refusal=outcome_rate("REF1", outcomes),
        cooperation=outcome_rate("COOP1", outcomes),
    )


def rounds_of(person: Person) -> QuerySet[Round]:
    """The open rounds in which a person may interview, of their units and of those above them."""
    paths = access.paths(person, "surveys.call")
    above = {int(part) for path in paths for part in path.split("/") if part}
    rows = Round.objects.filter(access.within(paths, "unit") | Q(unit__in=above), state="open")
    return rows.select_related("programme", "unit", "questionnaire").order_by("closes_at", "pk")


def units_of(person: Person, round: Round) -> QuerySet[Unit]:
    """The units of a round for which a person may interview."""
    rows = Unit.objects.filter(access.within(access.paths(person, "surveys.call"), ""), active=True)
    return rows.filter(path__startswith=round.unit.path).order_by("path")
