"""The fieldwork of a round: how far everybody who was asked has come, by channel, unit and day."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from manyi.distribution.dispositions import DISPOSITIONS, Disposition
from manyi.distribution.models import Call, Invitation, Message
from manyi.kernel.labels import Label
from manyi.measures.forecast import Forecast, forecast
from manyi.measures.response_rates import Outcomes
from manyi.measures.scoring import RoundValidity, round_validity
from manyi.organisation import access, clock
from manyi.organisation.models import Person
from manyi.organisation.settings import value
from manyi.responses.models import Response
from manyi.surveys.models import Round
from manyi.surveys.queries import scheme_of

STEPS = {
    "asked": Label("已邀请", "Asked"),
    "sent": Label("已发出", "Sent"),
    "delivered": Label("已送达", "Delivered"),
    "bounced": Label("未送达", "Not delivered"),
    "opened": Label("已打开", "Opened"),
    "started": Label("已开始", "Started"),
    "completed": Label("已完成", "Completed"),
    "valid": Label("有效", "Valid"),
    "refused": Label("拒绝或退订", "Refused"),
    "over_quota": Label("配额已满", "Over quota"),
}


@dataclass(slots=True)
class Steps:
    """How many came how far; who came further is counted in the earlier steps too.

    ``delivered``: the provider reported that a message arrived, or the person came by it. Nobody reports mail
    that arrived, so who was only sent mail is neither delivered nor, until it comes back, ``bounced``.
    """

    asked: int = 0
    sent: int = 0
    delivered: int = 0
    bounced: int = 0
    opened: int = 0
    started: int = 0
    completed: int = 0
    valid: int = 0
    refused: int = 0
    over_quota: int = 0

    def add(self, other: Steps) -> None:
        """Count others too."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


class Day(NamedTuple):
    """One day of a round: how many were reached for the first time, completed, and completed so far."""

    day: date
    delivered: int
    completed: int
    so_far: int


@dataclass(slots=True)
class Fieldwork:
    """A round as its monitor shows it; ``days`` run from the first thing that came to the last."""

    total: Steps = field(default_factory=Steps)
    invited: Steps = field(default_factory=Steps)  # those with an invitation: what rates are about
    channels: dict[str, Steps] = field(default_factory=dict)
    units: dict[int, Steps] = field(default_factory=dict)
    days: list[Day] = field(default_factory=list)
    outcomes: Outcomes = field(default_factory=Outcomes)
    forecast: Forecast | None = None
    validity: RoundValidity | None = None


def fieldwork(person: Person | None, round: Round) -> Fieldwork:
    """The fieldwork of a round as far as a person may see it: their units' invitations and answers.

    None is the command line, which sees all. Web and telephone are one account.
    """
    invitations, answers = Invitation.objects.filter(round=round), Response.objects.filter(round=round)
    if person is not None:
        invitations = access.visible(person, invitations, verb="surveys.view")
        answers = access.visible(person, answers, verb="surveys.view")
    found = Fieldwork()
    groups: Counter[str] = Counter()
    for channel, unit, steps, group in _invited(invitations):
        _count(found, channel, unit, steps)
        found.invited.add(steps)
        groups[group] += steps.asked
    for channel, unit, steps in _unasked(answers):
        _count(found, channel, unit, steps)
    if round.anonymous:
        _take_off_invalid(found, answers)
    found.outcomes = Outcomes(**{name: count for name, count in groups.items() if name})
    found.days = _days(invitations, answers)
    found.forecast = _forecast(round, found)
    found.validity = _validity(round, found.invited)
    return found


def _count(found: Fieldwork, channel: str, unit: int, steps: Steps) -> None:
    found.total.add(steps)
    found.channels.setdefault(channel, Steps()).add(steps)
    found.units.setdefault(unit, Steps()).add(steps)


def _take_off_invalid(found: Fieldwork, answers: QuerySet[Response]) -> None:
    """In an anonymous round nothing leads from an invitation to its answers: the invalid are one sum."""
    invalid = answers.filter(open_link=None, state="submitted", valid=False).count()
    for steps in (found.total, found.invited):
        steps.valid -= min(invalid, steps.valid)


def _invited(invitations: QuerySet[Invitation]) -> Iterable[tuple[str, int, Steps, str]]:
    """Everybody with an invitation, in groups of the same channel, unit and state."""
    for channel, unit, state, response, valid, call, arrived, count in _alike(invitations):
        submitted = state == "answered" or response == "submitted"
        started = submitted or response is not None or state == "screened_out"
        called = DISPOSITIONS[call] if call else None
        refused = state == "opted_out" or (called is not None and called.group == "R" and not submitted)
        opened = started or state in {"opened", "answered", "screened_out"}
        bounced = state in {"bounced", "failed"} and not arrived
        counted = valid is not False  # an anonymous answer is cut from its invitation and counts below
        steps = Steps(
            asked=count,
            sent=count * (state != "created" or called is not None),
            delivered=count * (arrived or opened),
            bounced=count * bounced,
            opened=count * opened,
            started=count * started,
            completed=count * submitted,
            valid=count * (submitted and counted),
            refused=count * refused,
            over_quota=count * (state == "screened_out"),
        )
        written = _group(state, submitted=submitted, started=started, valid=counted)
        yield channel, unit, steps, _outcome(written, called)


def _alike(invitations: QuerySet[Invitation]) -> Iterable[tuple[Any, ...]]:
    """Invitations alike in all that counts here: channel, unit, states, last call, arrival, and how many."""
    calls = Call.objects.filter(task__invitation=OuterRef("pk"), disposition__in=DISPOSITIONS)
    rows = invitations.annotate(
        call=Subquery(calls.order_by("-pk").values("disposition")[:1]), arrived=Exists(_arrived())
    )
    named = rows.values_list(
        "channel", "unit_id", "state", "response__state", "response__valid", "call", "arrived"
    )
    return named.annotate(count=Count("pk"))


def _arrived() -> QuerySet[Message]:
    """The messages about an invitation that are known to have arrived, the first one first."""
    return Message.objects.filter(invitation=OuterRef("pk"), delivered_at__isnull=False).order_by(
        "delivered_at"
    )


#: What a call settles by what was known from writing: a silent line says less than a link that was opened.
_SETTLED = {"P": frozenset({"R", "NE", "P"}), "R": frozenset({"R", "NE", "O", "P"})}


def _outcome(written: str, called: Disposition | None) -> str:
    """One outcome for a person who was written to and called: the one that says more about them."""
    if called is None or written in {"I", "NE"}:
        return written
    return called.group if called.group in _SETTLED.get(written, {called.group}) else written


def _group(state: str, *, submitted: bool, started: bool, valid: bool) -> str:
    """The outcome group of a named person asked in writing (AAPOR, internet surveys of named persons).

    Nothing returned (3.19) and undelivered (3.30) leave the eligibility unknown; looking without answering
    and opting out are refusals (2.1); a sheet that does not count is a partial (1.2); a full quota is not
    eligible (4.8). Who was not written to yet is no case yet.
    """
    if state == "created":
        return ""
    if submitted:
        return "I" if valid else "P"
    if state == "screened_out":
        return "NE"
    if state in {"opted_out", "opened"} and not started:
        return "R"
    return "P" if started else "UO"


def _unasked(answers: QuerySet[Response]) -> Iterable[tuple[str, int, Steps]]:
    """Answers without an invitation of their own: open links, imports; nobody knows how many were asked."""
    rows = answers.filter(invitation=None).filter(Q(round__anonymous=False) | Q(open_link__isnull=False))
    grouped = rows.values_list("channel", "unit_id", "state", "valid").annotate(count=Count("pk"))
    for channel, unit, state, valid, count in grouped:
        done = state == "submitted"
        steps = Steps(
            opened=count,
            started=count,
            completed=count * done,
            valid=count * (done and valid),
            over_quota=count * (state == "screened_out"),
        )
        yield channel, unit, steps


def _days(invitations: QuerySet[Invitation], answers: QuerySet[Response]) -> list[Day]:
    """What came on each day in the organisation's zone, days without any included."""
    first_one = Subquery(_arrived().values("delivered_at")[:1])
    reached = _by_day(invitations.annotate(came=Coalesce(first_one, "opened_at")), "came")
    completed = _by_day(answers.filter(state="submitted"), "submitted_at")
    if not (reached or completed):
        return []
    first, last = min({*reached, *completed}), max({*reached, *completed})
    found, so_far = [], 0
    for number in range(min((last - first).days, 400) + 1):
        day = first + timedelta(days=number)
        so_far += completed.get(day, 0)
        found.append(Day(day, reached.get(day, 0), completed.get(day, 0), so_far))
    return found


def _by_day(rows: QuerySet[Any], name: str) -> dict[date, int]:
    """How many rows have their moment ``name`` on which day; those without one are left out."""
    zone = ZoneInfo(value("organisation.time_zone"))
    dated = rows.filter(**{f"{name}__isnull": False}).annotate(day=TruncDate(name, tzinfo=zone))
    return dict(dated.values_list("day").annotate(count=Count("pk")).values_list("day", "count"))


def _forecast(round: Round, found: Fieldwork) -> Forecast | None:
    """The forecast of an open round; the day that is not over yet is left out of its pace."""
    if round.state != "open" or round.opened_at is None:
        return None
    zone = ZoneInfo(value("organisation.time_zone"))
    today = clock.today(value("organisation.time_zone"))
    begun = round.opened_at.astimezone(zone).date()
    end = round.closes_at.astimezone(zone).date()
    by_day = {each.day: each.completed for each in found.days}
    whole = [by_day.get(begun + timedelta(days=n), 0) for n in range(max((today - begun).days, 0))]
    return forecast(whole, max((end - today).days, 0) + 1, _goal(round, found.invited))


def _goal(round: Round, invited: Steps) -> int | None:
    """How many answers the scheme's return rate asks for."""
    least = scheme_of(round.scheme).validity.return_rate_at_least if round.scheme else None
    return None if least is None or not invited.asked else math.ceil(invited.asked * least)


def _validity(round: Round, invited: Steps) -> RoundValidity | None:
    """The scheme's verdict on the round as it stands; None without a scheme or anybody asked."""
    if round.scheme is None or not invited.asked:
        return None
    invalid = invited.completed - invited.valid
    counts = {"invited": invited.asked, "returned": invited.completed, "invalid": invalid}
    return round_validity(scheme_of(round.scheme), **counts)
