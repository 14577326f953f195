"""What the complainant asks for, one by one, and what is answered to each; and outside bodies."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from manyi.cases import clocks
from manyi.cases.choices import DEMAND_OUTCOMES, EXTERNAL_BODIES
from manyi.cases.models import Case, Demand, ExternalCase
from manyi.cases.queries import takes_part
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.calendars import calendar_for
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Person

DEMANDS_LISTED = events.kind("case.demands_listed", "列出顾客诉求", "Demands listed")
DEMAND_ANSWERED = events.kind("case.demand_answered", "逐条答复诉求", "Demand answered")
EXTERNAL_OPENED = events.kind("case.external_opened", "登记外部升级", "Outside body noted")
EXTERNAL_CLOSED = events.kind("case.external_closed", "外部升级结束", "Outside body finished")
#: While these last, the handler works out what is demanded.
OPEN_FOR_DEMANDS = ("acknowledged", "assigned", "investigating", "waiting")


def list_demands(*, actor: Person, case: Case, text: str) -> list[Demand]:
    """Write down the demands, one a line; those without an answer that are left out go."""
    _require_part(actor, case)
    lines = list(dict.fromkeys(line.strip()[:300] for line in text.splitlines() if line.strip()))
    if case.state not in OPEN_FOR_DEMANDS:
        raise Refused(Label("现在不能修改顾客诉求。", "The demands cannot be changed now."))
    with transaction.atomic():
        case.demands.filter(outcome="").exclude(text__in=lines).delete()
        known = set(case.demands.values_list("text", flat=True))
        Demand.objects.bulk_create(Demand(case=case, text=line) for line in lines if line not in known)
        data = {"case": case.pk, "count": len(lines)}
        events.append(DEMANDS_LISTED, actor=actor, subject=case, unit=case.unit, data=data)
    return list(case.demands.all())


def answer_demand(*, actor: Person, demand: Demand, outcome: str, answer: str) -> Demand:
    """Say what is done about one demand: granted, partly or refused, in words. Raises Refused."""
    case = demand.case
    _require_part(actor, case)
    if case.state not in OPEN_FOR_DEMANDS:
        raise Refused(Label("现在不能修改顾客诉求。", "The demands cannot be changed now."))
    if outcome not in dict(DEMAND_OUTCOMES):
        raise Refused(Label("请选择处理结果。", "Choose what is done about it."), field="outcome")
    if not answer.strip():
        raise Refused(Label("请写明答复。", "Please write the answer."), field="answer")
    with transaction.atomic():
        demand.outcome, demand.answer = outcome, answer.strip()
        demand.save()
        data = {"case": case.pk, "demand": demand.pk, "outcome_of_demand": outcome}
        events.append(DEMAND_ANSWERED, actor=actor, subject=case, unit=case.unit, data=data)
    return demand


def open_external(
    *,
    actor: Person,
    case: Case,
    body: str,
    opened_on: date,
    name: str = "",
    reference: str = "",
    due_on: date | None = None,
    note: str = "",
) -> ExternalCase:
    """Note that the matter is before an outside body; its deadline (end of the day) becomes a clock."""
    access.require(actor, "cases.dispatch", case)
    calendar = calendar_for(case.unit)
    if body not in dict(EXTERNAL_BODIES):
        raise Refused(Label("请选择外部机构。", "Choose the outside body."), field="body")
    if opened_on > calendar.local_date(clock.now()):
        raise Refused(Label("登记日期不能晚于今天。", "The date lies in the future."), field="opened_on")
    if due_on is not None and due_on < opened_on:
        raise Refused(Label("时限不能早于登记日期。", "The deadline lies before it began."), field="due_on")
    due_at = _end_of(due_on, calendar.zone) if due_on else None
    with transaction.atomic():
        row = ExternalCase.objects.create(
            case=case,
            body=body,
            name=name.strip()[:120],
            reference=reference.strip()[:80],
            opened_on=opened_on,
            due_at=due_at,
            note=note.strip(),
            by=actor,
            at=clock.now(),
        )
        clocks.move(case)
        data = {"case": case.pk, "external": row.pk, "body": body}
        events.append(EXTERNAL_OPENED, actor=actor, subject=case, unit=case.unit, data=data)
    return row


def close_external(*, actor: Person, external: ExternalCase, outcome: str) -> ExternalCase:
    """Note how the matter ended before the outside body; its clock stops."""
    case = external.case
    access.require(actor, "cases.dispatch", case)
    if external.closed_at is not None:
        raise Refused(Label("已登记过结果。", "Its end was noted already."))
    if not outcome.strip():
        raise Refused(Label("请写明结果。", "Please say how it ended."), field="outcome")
    with transaction.atomic():
        external.outcome, external.closed_at = outcome.strip(), clock.now()
        external.save()
        clocks.move(case)
        data = {"case": case.pk, "external": external.pk}
        events.append(EXTERNAL_CLOSED, actor=actor, subject=case, unit=case.unit, data=data)
    return external


def _end_of(day: date, zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))


def _require_part(actor: Person, case: Case) -> None:
    if not takes_part(actor, case):
        raise NotPermitted("cases.handle")
