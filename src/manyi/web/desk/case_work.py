"""Work around a case, from its page: demands, extensions, outside bodies, escalation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manyi.cases import demand_actions, escalations, extension_actions, rules, task_actions
from manyi.cases.choices import (
    AMOUNT_UNITS,
    DEMAND_OUTCOMES,
    ESCALATION_REASONS,
    EXTERNAL_BODIES,
    LEVELS,
    RISKS,
    label_of,
)
from manyi.cases.clocks import EXTENDABLE
from manyi.cases.demand_actions import OPEN_FOR_DEMANDS
from manyi.cases.models import Case, Demand, Extension, ExternalCase
from manyi.cases.workflow import OPEN_STATES
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import unit_choices

CASES = Case.objects.select_related("unit", "policy")


def work_of(request: StaffRequest, case: Case) -> dict[str, Any]:
    """What the page of a case shows of the work around it, and what this person may do there."""
    verbs = access.verbs(request.user, case.unit)
    has_part = bool(verbs & {"cases.handle", "cases.dispatch"})
    is_open = case.state in OPEN_STATES
    target = rules.target_of(case.policy.targets, "resolve")
    return {
        "risk": label_of(RISKS, case.risk),
        "level": escalations.level_words(case.escalation),
        "demands": [(row, _outcome(row)) for row in case.demands.all()],
        "demand_lines": "\n".join(case.demands.values_list("text", flat=True)),
        "demand_outcomes": DEMAND_OUTCOMES,
        "may_list_demands": has_part and case.state in OPEN_FOR_DEMANDS,
        "tasks": case.side_tasks.select_related("unit", "person", "ended_by"),
        "task_units": unit_choices(in_tree_order(Unit.objects.filter(active=True))),
        "amount_units": AMOUNT_UNITS,
        "may_ask": has_part and is_open,
        "extensions": case.extensions.select_related("asked_by", "decided_by"),
        "extension_unit": label_of(AMOUNT_UNITS, target.unit) if target else None,
        "may_extend": case.owner_id == request.user.pk and case.state in EXTENDABLE,
        "may_decide": "cases.approve" in verbs
        and request.user.pk not in {case.owner_id, case.about_person_id},
        "externals": [(row, label_of(EXTERNAL_BODIES, row.body)) for row in case.externals.all()],
        "external_bodies": EXTERNAL_BODIES,
        "may_dispatch": "cases.dispatch" in verbs,
        "escalations": [
            (row, label_of(LEVELS, str(row.level)), label_of(ESCALATION_REASONS, row.reason))
            for row in case.escalations.select_related("by")
        ],
        "levels": LEVELS,
        "escalation_reasons": ESCALATION_REASONS,
        "may_raise": "cases.dispatch" in verbs and is_open,
        "may_lower": "cases.approve" in verbs and case.escalation > 0,
        "reviews": case.reviews.select_related("reviewer", "asked_by"),
    }


def _outcome(row: Demand) -> Label | None:
    return label_of(DEMAND_OUTCOMES, row.outcome) if row.outcome else None


@require_POST
@needs("cases.handle", "cases.dispatch")
def list_demands(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down what the customer asks for, one a line."""
    case = find(request, CASES, pk=pk)
    demand_actions.list_demands(actor=request.user, case=case, text=request.POST.get("text", ""))
    return _back(request, pk)


@require_POST
@needs("cases.handle", "cases.dispatch")
def answer_demand(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer one demand."""
    row = find(request, Demand.objects.select_related("case__unit"), pk=pk)
    given = request.POST
    demand_actions.answer_demand(
        actor=request.user, demand=row, outcome=given.get("outcome", ""), answer=given.get("answer", "")
    )
    return _back(request, row.case_id)


@require_POST
@needs("cases.handle", "cases.dispatch")
def ask_department(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask a department for its part."""
    case, given = find(request, CASES, pk=pk), request.POST
    unit = Unit.objects.filter(active=True, pk=whole(given.get("unit", ""), "unit")).first()
    if unit is None:
        raise Refused(Label("请选择部门。", "Choose the department."), field="unit")
    task_actions.ask(
        actor=request.user,
        case=case,
        unit=unit,
        text=given.get("text", ""),
        amount=whole(given.get("amount", ""), "amount"),
        amount_unit=given.get("amount_unit", ""),
    )
    return _back(request, pk)


@require_POST
@needs("cases.handle")
def ask_extension(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for more time."""
    case, given = find(request, CASES, pk=pk), request.POST
    extension_actions.ask(
        actor=request.user,
        case=case,
        amount=whole(given.get("amount", ""), "amount"),
        reason=given.get("reason", ""),
    )
    return _back(request, pk)


@require_POST
@needs("cases.approve")
def decide_extension(request: StaffRequest, pk: int) -> HttpResponse:
    """Grant or refuse more time."""
    row = find(request, Extension.objects.select_related("case__unit", "case__policy"), pk=pk)
    granted = request.POST.get("decision") == "granted"
    note = request.POST.get("note", "")
    extension_actions.decide(actor=request.user, extension=row, granted=granted, note=note)
    return _back(request, row.case_id)


@require_POST
@needs("cases.dispatch")
def open_external(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that an outside body has the matter."""
    case, given = find(request, CASES, pk=pk), request.POST
    opened_on = day(given.get("opened_on", ""), "opened_on")
    if opened_on is None:
        raise Refused(Label("请填写登记日期。", "Give the date."), field="opened_on")
    demand_actions.open_external(
        actor=request.user,
        case=case,
        body=given.get("body", ""),
        opened_on=opened_on,
        reference=given.get("reference", ""),
        due_on=day(given.get("due_on", ""), "due_on"),
        note=given.get("note", ""),
    )
    return _back(request, pk)


@require_POST
@needs("cases.dispatch")
def close_external(request: StaffRequest, pk: int) -> HttpResponse:
    """Note how it ended there."""
    row = find(request, ExternalCase.objects.select_related("case__unit", "case__policy"), pk=pk)
    outcome = request.POST.get("outcome", "")
    demand_actions.close_external(actor=request.user, external=row, outcome=outcome)
    return _back(request, row.case_id)


@require_POST
@needs("cases.dispatch")
def escalate(request: StaffRequest, pk: int) -> HttpResponse:
    """Raise a case to a level."""
    case, given = find(request, CASES, pk=pk), request.POST
    level = whole(given.get("level", ""), "level")
    reason, note = given.get("reason", ""), given.get("note", "")
    escalations.escalate(actor=request.user, case=case, level=level, reason=reason, note=note)
    return _back(request, pk)


@require_POST
@needs("cases.approve")
def lower(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the escalation back."""
    case = find(request, CASES, pk=pk)
    escalations.lower(actor=request.user, case=case, reason=request.POST.get("reason", ""))
    return _back(request, pk)


def whole(text: str, field: str) -> int:
    """A whole number from a form; raises Refused at its field."""
    if not text.strip().isdecimal():
        raise Refused(Label("请填写整数。", "Please give a whole number."), field=field)
    return int(text)


def day(text: str, field: str) -> date | None:
    """A date from a form; None when empty. Raises Refused at its field."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        words = Label("日期请写成 2026-01-05。", "Write a date as 2026-01-05.")
        raise Refused(words, field=field) from None


def _back(request: StaffRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Done."))
    return redirect("desk:case", pk=pk)
