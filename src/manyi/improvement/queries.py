"""Readers of findings: lists, the board, what is mine, and between which rounds an effect can be shown."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from manyi.cases.models import Case
from manyi.improvement.models import CorrectiveAction, Finding
from manyi.improvement.workflow import MACHINE, OPEN_STATES
from manyi.organisation import access
from manyi.organisation.models import Person
from manyi.surveys.models import Round

#: So many closed and dismissed findings stand at the end of the board.
SHOWN_ENDED = 5


def findings(person: Person) -> QuerySet[Finding]:
    """The findings that a person may see, newest first."""
    rows = Finding.objects.select_related("unit", "owner", "category", "round")
    return access.visible(person, rows)


def board(person: Person) -> list[tuple[str, list[Finding]]]:
    """The open findings by state, in the order of the workflow; those closed last stand at the end."""
    rows = findings(person)
    columns = [(state, list(rows.filter(state=state).order_by("detected_at"))) for state in OPEN_STATES]
    ended = [state.id for state in MACHINE.states if not state.open]
    return [
        *columns,
        *((state, list(rows.filter(state=state).order_by("-closed_at")[:SHOWN_ENDED])) for state in ended),
    ]


def my_actions(person: Person) -> QuerySet[CorrectiveAction]:
    """The corrective actions that a person has to carry out, the earliest first."""
    rows = CorrectiveAction.objects.filter(owner=person, done_at=None, cause__finding__state="implementing")
    return rows.select_related("cause__finding__unit").order_by("due_on")


def late_actions(person: Person, today: date) -> QuerySet[CorrectiveAction]:
    """The visible actions whose date has passed."""
    rows = access.visible(person, CorrectiveAction.objects.filter(done_at=None, due_on__lt=today))
    return rows.filter(cause__finding__state="implementing").select_related("cause__finding", "owner")


def to_approve(person: Person) -> QuerySet[Finding]:
    """The plans that wait for this person's approval: not planned by themselves."""
    rows = access.visible(person, Finding.objects.select_related("unit"), verb="findings.approve")
    return rows.filter(state="plan").exclude(causes__actions__planned_by=person).distinct()


def to_verify(person: Person) -> QuerySet[Finding]:
    """The findings whose effect this person can verify: they own none of the actions."""
    rows = access.visible(person, Finding.objects.select_related("unit"), verb="findings.verify")
    return rows.filter(state="verifying").exclude(causes__actions__owner=person).distinct()


def to_confirm(person: Person) -> QuerySet[Finding]:
    """What was detected and waits for somebody to look at it."""
    rows = access.visible(person, Finding.objects.select_related("unit"), verb="findings.manage")
    return rows.filter(state="detected")


def rounds_before(finding: Finding) -> QuerySet[Round]:
    """The rounds that can stand for the time before: the one that opened the finding."""
    if finding.round_id is None:
        return Round.objects.none()
    return Round.objects.filter(pk=finding.round_id)


def rounds_after(finding: Finding) -> QuerySet[Round]:
    """The later rounds of the same programme, the newest first."""
    if finding.round is None:
        return Round.objects.none()
    later = Round.objects.filter(programme=finding.round.programme, number__gt=finding.round.number)
    return later.filter(state__in=("open", "closed")).order_by("-number")


def improved(cases: QuerySet[Case]) -> set[int]:
    """Which of these cases, by id, led to a finding that was not dismissed."""
    standing = Finding.objects.filter(cases__in=cases).exclude(state="dismissed")
    return set(standing.values_list("cases", flat=True))
