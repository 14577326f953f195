"""One act on the cases that were ticked in a list: filled in, looked at case by case, then done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manyi.cases import batch, queries
from manyi.cases.choices import ESCALATION_REASONS, LEVELS
from manyi.cases.models import Case
from manyi.cases.workflow import MACHINE
from manyi.kernel.labels import Label
from manyi.organisation.people import holding
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, needs

MOST = 200
DIRECTIONS = [("out", Label("发给顾客", "To the customer")), ("internal", Label("内部备注", "Internal note"))]


@require_POST
@needs("cases.dispatch")
def index(request: StaffRequest) -> HttpResponse:
    """Ask what the act needs and show what would become of each case; with ``step`` go, do it."""
    ticked = [int(pk) for pk in request.POST.getlist("case") if pk.isdigit()][:MOST]
    cases = list(queries.cases(request.user).filter(pk__in=ticked).order_by("received_at", "pk"))
    name, step = request.POST.get("do", ""), request.POST.get("step", "")
    if not cases or name not in batch.ACTS:
        messages.error(request, _("Tick the cases, and choose what to do."))
        return redirect("desk:cases")
    given = {key: str(value) for key, value in request.POST.items()}
    fields = _fields(name, cases, given)
    act = batch.act_of(name, request.user, given)
    known = bool(step) or not any(field.required for field in fields)
    verdicts = batch.run(cases, act) if step == "go" else batch.preview(cases, act) if known else []
    shown = verdicts or [batch.Verdict(case) for case in cases]
    context = {
        "name": name,
        "act": batch.ACTS[name],
        "fields": fields,
        "lines": [(row, MACHINE.state(row.case.state).label) for row in shown],
        "known": known,
        "done": step == "go",
        "able": sum(row.why is None for row in verdicts),
    }
    return render(request, "desk/batch.html", context)


def _fields(name: str, cases: list[Case], given: dict[str, str]) -> list[Field]:
    """What the act needs, as it was filled in so far."""

    def field(key: str, label: Label, kind: str = "text", **more: Any) -> Field:
        return Field(key, label, kind, given.get(key, ""), **more)

    why = Label("理由", "Reason")
    if name == "acknowledge":
        hint = Label("留空则发送标准的受理告知。", "Left empty, the standard words are sent.")
        words = Label("告知顾客的话", "Words to the customer")
        return [field("message", words, "textarea", required=False, help=hint)]
    if name == "message":
        return [
            field("direction", Label("发给谁", "To whom"), "select", choices=DIRECTIONS),
            field("body", Label("内容", "Message"), "textarea"),
        ]
    if name == "raise":
        return [
            field("level", Label("督办级别", "Level"), "select", choices=LEVELS),
            field("reason", Label("督办原因", "Reason for raising"), "select", choices=ESCALATION_REASONS),
            field("note", Label("说明", "Note"), "textarea", required=False),
        ]
    owner = field("owner", Label("承办人", "Handler"), "select", choices=_handlers(cases))
    return [owner, field("reason", why, required=name == "reassign")]


def _handlers(cases: list[Case]) -> list[tuple[str, Label | str]]:
    """Everybody who may handle one of these cases, behind the choice by the rules."""
    units = {case.unit_id: case.unit for case in cases}
    people = {person.pk: str(person) for unit in units.values() for person in holding("cases.handle", unit)}
    by_rule = (batch.BY_RULE, Label("按派单规则", "By the routing rules"))
    return [by_rule, *((str(pk), name) for pk, name in sorted(people.items(), key=lambda each: each[1]))]
