"""Registering cases, and writing into them. Steps: ``step_actions``; correcting: ``describing``."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from manyi.cases import category_versions, clocks, rules, word_index
from manyi.cases.choices import CHANNELS, CONFIDENTIALITIES, KINDS, SEVERITIES, URGENCIES, Choices
from manyi.cases.describing import describe
from manyi.cases.mentions import note_mentions
from manyi.cases.models import AnswerDraft, Case, CaseMessage, Category
from manyi.cases.policy_actions import install_defaults
from manyi.cases.queries import policy_for
from manyi.cases.step_actions import advance
from manyi.customers.models import Customer
from manyi.kernel.labels import Label
from manyi.measures.workcalendar import WorkCalendar
from manyi.organisation import access, clock, events, numbers
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Person, Unit
from manyi.responses.models import Response

__all__ = ["add_message", "advance", "describe", "register"]

CASE_REGISTERED = events.kind("case.registered", "登记诉求", "Case registered")
CASE_MESSAGE = events.kind("case.message", "诉求往来", "Message in a case")

#: The fields of the contact and the most characters that are kept of each.
CONTACT = {"contact_name": 80, "contact_phone": 40, "contact_email": 200}
WRITERS = ("cases.handle", "cases.dispatch", "cases.callback", "cases.approve")


class Details(TypedDict, total=False):
    """What may be known of a case besides its words; whatever is left out is empty."""

    contact_name: str
    contact_phone: str
    contact_email: str
    customer: Customer | None
    response: Response | None
    category: Category | None
    severity: str
    urgency: str
    safety: bool
    confidentiality: str
    language: str
    about_person: Person | None


def register(
    *,
    actor: Person | None,
    unit: Unit,
    kind: str,
    channel: str,
    subject: str,
    body: str,
    received_at: datetime | None = None,
    **details: Unpack[Details],
) -> Case:
    """Take a matter in and give it a number and a secret tracking code.

    ``actor`` None is the public form or a rule. ``received_at`` (aware, not in the future) is when it reached
    the organisation, which may be before it was typed in. An anonymous case keeps no contact at all.
    Raises Invalid with the fields that are missing or wrong.
    """
    access.require(actor, "cases.register", unit)
    now = clock.now()
    case = Case(unit=unit, kind=kind, channel=channel, demand=body.strip(), registered_at=now, **details)
    case.subject = (subject.strip() or case.demand)[:200]
    case.received_at = case.cycle_from = received_at or now
    case.tracking_code = rules.tracking_code(secrets.SystemRandom())
    _check(case, now)
    case.risk = rules.risk_of(case.severity, case.urgency, safety=case.safety)
    with transaction.atomic():
        case.policy = policy_for(unit) or install_defaults()
        calendar_of = clocks.calendar_cache()
        case.number = _number(calendar_of(unit), now)
        clocks.refresh(case, calendar_of, clocks.first_times(case))
        _save_new(case)
        events.append(
            CASE_REGISTERED,
            actor=actor,
            subject=case,
            unit=unit,
            after={"state": case.state, "kind": kind, "channel": channel, "severity": case.severity},
            data={"case": case.pk, "response": case.response_id},
        )
    return case


def _check(case: Case, now: datetime) -> None:
    problems: list[tuple[str, Label]] = []
    for field, longest in CONTACT.items():
        setattr(case, field, getattr(case, field).strip()[:longest])
    if not case.demand:
        problems.append(
            ("body", Label("请写明事情经过和诉求。", "Please say what happened and what is asked for."))
        )
    if case.received_at > now:
        problems.append(
            ("received_at", Label("收到时间不能晚于现在。", "The time of receipt lies in the future."))
        )
    known: list[tuple[str, Choices]] = [
        ("kind", KINDS),
        ("channel", CHANNELS),
        ("severity", SEVERITIES),
        ("urgency", URGENCIES),
        ("confidentiality", CONFIDENTIALITIES),
    ]
    problems += [
        (field, Label("请从列表中选择。", "Please choose from the list."))
        for field, choices in known
        if getattr(case, field) not in dict(choices)
    ]
    if case.contact_email and "@" not in case.contact_email:
        problems.append(("contact_email", Label("邮箱地址不完整。", "The e-mail address is not complete.")))
    if problems:
        raise Invalid(problems)


def _number(calendar: WorkCalendar, at: datetime) -> str:
    year = calendar.local_date(at).year
    return f"{year}-{numbers.following(f'case:{year}'):06d}"


def _save_new(case: Case) -> None:
    if case.confidentiality == "anonymous":
        case.customer, case.contact_name, case.contact_phone, case.contact_email = None, "", "", ""
    category_versions.mark(case)
    case.save()
    word_index.enter([case])
    CaseMessage.objects.create(
        case=case, direction="in", channel=case.channel, body=case.demand, by=None, at=case.received_at
    )


def add_message(
    *, actor: Person | None, case: Case, direction: str, body: str, channel: str = "form"
) -> CaseMessage:
    """Write into a case: ``in`` from the complainant (actor None), ``out`` to them, or ``internal``.

    The first word to the complainant stops the clock of the first contact; a word from them ends the waiting
    for them (see ``subscribers``). Raises Refused for an empty text, NotPermitted for people without a part
    in cases here.
    """
    if actor is not None and not any(access.may(actor, verb, case) for verb in WRITERS):
        raise NotPermitted(WRITERS[0])
    if direction not in {"in", "out", "internal"} or (actor is None and direction != "in"):
        raise ValueError(f"no direction {direction!r} for this writer")
    if not body.strip():
        raise Refused(Label("请写下内容。", "Please write something."), field="body")
    now = clock.now()
    with transaction.atomic():
        case = Case.objects.select_for_update().select_related("unit", "policy").get(pk=case.pk)
        message = CaseMessage.objects.create(
            case=case, direction=direction, channel=channel, body=body.strip(), by=actor, at=now
        )
        note_mentions(message)
        if direction == "out":
            AnswerDraft.objects.filter(case=case).delete()  # what was sent is no draft any more
        if direction == "out" and case.responded_at is None:
            clocks.stop(case, "respond", now)
            case.responded_at = now
        clocks.refresh(case)
        case.save()
        events.append(
            CASE_MESSAGE,
            actor=actor,
            subject=case,
            unit=case.unit,
            data={"case": case.pk, "message": message.pk, "direction": direction},
        )
    return message
