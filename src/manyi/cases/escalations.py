"""Raising a case above its handler: by hand, or because its deadline is near or over (升级、督办)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from manyi.cases import clocks, warnings
from manyi.cases.choices import ESCALATION_REASONS, LEVELS, label_of
from manyi.cases.models import Case, Escalation, Warned
from manyi.cases.wording import late_words
from manyi.cases.workflow import OPEN_STATES
from manyi.distribution.actions import queue_message
from manyi.kernel.labels import Label
from manyi.measures.worktime import is_open
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.people import holding, nearest
from manyi.organisation.roles import Role
from manyi.organisation.schedule import recurring

CASE_RAISED = events.kind("case.raised", "升级督办", "Case raised")
CASE_LOWERED = events.kind("case.lowered", "取消督办", "Case lowered")
CASE_WARNED = events.kind("case.warned", "时限提醒", "Warned of a deadline")
#: A deadline further away than this is not looked at yet.
AHEAD = timedelta(days=30)
BATCH = 500


def escalate(*, actor: Person, case: Case, level: int, reason: str, note: str = "") -> Escalation:
    """Raise a case by hand, with a reason; the level stands until it is lowered or the case ends."""
    access.require(actor, "cases.dispatch", case)
    if case.state not in OPEN_STATES:
        raise Refused(Label("诉求已结束。", "The case is over."))
    if str(level) not in dict(LEVELS):
        raise Refused(Label("请选择督办级别。", "Choose the level."), field="level")
    if reason not in dict(ESCALATION_REASONS):
        raise Refused(Label("请选择督办原因。", "Choose the reason."), field="reason")
    return _raise(case, level, reason, actor, note)


def lower(*, actor: Person, case: Case, reason: str) -> Case:
    """End every escalation of a case; needs the level's own authority and a reason."""
    access.require(actor, "cases.approve", case)
    if not reason.strip():
        raise Refused(Label("请填写理由。", "Please give the reason."), field="reason")
    with transaction.atomic():
        end_all(case)
        case.save(update_fields=["escalation"])
        data = {"case": case.pk}
        events.append(CASE_LOWERED, actor=actor, subject=case, unit=case.unit, why=reason.strip(), data=data)
    return case


def end_all(case: Case, *, reason: str = "") -> None:
    """Mark the escalations of a case as ended (those for one reason); the case itself is not saved."""
    rows = case.escalations.filter(ended_at=None)
    if reason:
        rows = rows.filter(reason=reason)
    rows.update(ended_at=clock.now())
    case.escalation = _standing(case)


def _raise(case: Case, level: int, reason: str, actor: Person | None, note: str) -> Escalation:
    with transaction.atomic():
        row = Escalation.objects.create(
            case=case, level=level, reason=reason, note=note.strip(), by=actor, at=clock.now()
        )
        case.escalation = _standing(case)
        case.save(update_fields=["escalation"])
        data = {"case": case.pk, "level": level, "escalated_for": reason}
        events.append(CASE_RAISED, actor=actor, subject=case, unit=case.unit, data=data)
    return row


def _standing(case: Case) -> int:
    levels = case.escalations.filter(ended_at=None).values_list("level", flat=True)
    return max(levels, default=0)


@recurring("cases.watch", every=timedelta(minutes=5))
def watch() -> int:
    """Give every warning that is due, each once, in working time only; returns how many.

    A warning whose hour was missed is given later: it is the record that says whether it was given, not
    the hour. A case that is not late any more, because its deadline moved, is lowered.
    """
    now, given, calendar_of = clock.now(), 0, clocks.calendar_cache()
    for case in _to_look_at(now).iterator(BATCH):
        calendar = calendar_of(case.unit)
        if not is_open(calendar, now) or case.due_at is None:
            continue
        for rule in warnings.rules_of(case.policy.warnings):
            if rule.moment(case.due_at, calendar) <= now:
                given += _warn(case, rule, case.due_at)
    _lower_the_punctual(now)
    return given


def _to_look_at(now: datetime) -> QuerySet[Case]:
    """Open cases with a deadline near or over, of which not every warning was given yet: of any number, for
    those that wait longest must not keep the others from being looked at."""
    mine = Q(warnings__due_at=F("due_at"), warnings__clock=F("due_clock"))
    rows = Case.objects.filter(is_open=1, due_at__lt=now + AHEAD)
    rows = rows.annotate(warned=Count("warnings", filter=mine)).filter(warned__lt=len(warnings.TO))
    return rows.select_related("unit", "policy", "owner").order_by("due_at")


def _warn(case: Case, rule: warnings.Rule, due_at: datetime) -> bool:
    with transaction.atomic():
        _, made = Warned.objects.get_or_create(
            case=case, clock=case.due_clock, rule=rule.key, due_at=due_at, defaults={"at": clock.now()}
        )
        if not made:
            return False
        data = {"case": case.pk, "clock": case.due_clock, "to": rule.to, "level": rule.level}
        event = events.append(CASE_WARNED, actor=None, subject=case, unit=case.unit, data=data)
        for person in _told(case, rule):
            _mail(case, person, rule, f"case-{case.pk}-warning-{event.seq}-{person.pk}")
        if rule.level > case.escalation:
            _raise(case, rule.level, "overdue", None, "")
    return True


def _told(case: Case, rule: warnings.Rule) -> list[Person]:
    if rule.to == "owner":
        return [case.owner] if case.owner else list(holding("cases.dispatch", case.unit))
    return nearest(Role(rule.to), case.unit)


def _mail(case: Case, person: Person, rule: warnings.Rule, key: str) -> None:
    if not person.email:
        return
    words = late_words(case.number, case.due_clock, late=rule.amount >= 0)
    queue_message(
        key=key,
        kind="notice",
        channel="email",
        recipient=person.email,
        subject=words.text(person.language),
        body=f"{words.text(person.language)}\n\n{case.subject}\n",
        unit=case.unit,
    )


def _lower_the_punctual(now: datetime) -> None:
    """Take back what was raised as overdue where nothing is overdue any more."""
    rows = Case.objects.filter(escalations__reason="overdue", escalations__ended_at=None)
    for case in rows.exclude(state__in=OPEN_STATES, due_at__lt=now).distinct().iterator(BATCH):
        end_all(case, reason="overdue")
        case.save(update_fields=["escalation"])


def level_words(level: int) -> Label | None:
    """What a level is called; None when nothing stands."""
    return label_of(LEVELS, str(level)) if level else None
