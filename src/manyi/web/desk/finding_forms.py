"""What is written into a finding: by hand, its metric, causes, actions, effect checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.analytics.queries import rounds_for
from manyi.improvement import actions
from manyi.improvement.models import Cause, CorrectiveAction, Finding
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.organisation.people import holding
from manyi.surveys.models import Round
from manyi.web.desk.metrics import chosen_metric
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

BY_HAND = (
    ("manual", Label("人工提出", "Raised by hand")),
    ("audit", Label("审核或检查", "Audit or inspection")),
)
FINDINGS = Finding.objects.select_related("unit", "round")


@require_http_methods(["GET", "POST"])
@needs("findings.manage")
def new(request: StaffRequest) -> HttpResponse:
    """A finding raised by hand."""

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "findings.manage", given.get("unit", ""))
        finding = actions.detect(
            actor=request.user, unit=unit, source=given.get("source", ""), title=given.get("title", "")
        )
        return reverse("desk:finding", args=[finding.pk])

    fields = [
        Field("title", Label("要改进什么", "What has to be improved")),
        Field(
            "unit",
            Label("部门", "Unit"),
            "select",
            choices=unit_choices(units_for(request, "findings.manage")),
        ),
        Field("source", Label("来源", "Where it comes from"), "select", "manual", BY_HAND),
    ]
    heading, done = Label("新建改进项", "New finding"), Label("改进项已建立。", "The finding is made.")
    back = reverse("desk:findings")
    return form_page(request, heading=heading, fields=fields, act=act, done=done, back=back)


def _back(request: StaffRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Done."))
    return redirect("desk:finding", pk=pk)


@require_POST
@needs("findings.manage")
def metric(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose the metric that will show the effect."""
    finding = find(request, FINDINGS, pk=pk)
    chosen = chosen_metric(request.POST.get("metric", ""))
    round = rounds_for(request.user).filter(pk=chosen[0]).first() if chosen else None
    if chosen is None or round is None:
        raise Refused(Label("请选择指标。", "Please choose a metric."), field="metric")
    actions.set_metric(actor=request.user, finding=finding, round=round, metric=chosen[1])
    return _back(request, pk)


@require_POST
@needs("findings.manage")
def add_cause(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down a cause with its whys, one a line."""
    given = request.POST
    actions.add_cause(
        actor=request.user,
        finding=find(request, FINDINGS, pk=pk),
        text=given.get("text", ""),
        fishbone=given.get("fishbone", ""),
        whys=given.get("whys", "").splitlines(),
        proof=given.get("proof", ""),
    )
    return _back(request, pk)


@require_POST
@needs("findings.manage")
def prove(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what proves a cause."""
    cause = find(request, Cause.objects.select_related("finding__unit"), pk=pk)
    actions.prove_cause(actor=request.user, cause=cause, proof=request.POST.get("proof", ""))
    return _back(request, cause.finding_id)


@require_POST
@needs("findings.manage")
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan a corrective action against a cause."""
    cause = find(request, Cause.objects.select_related("finding__unit"), pk=pk)
    owner = request.POST.get("owner", "")
    people = holding("findings.view", cause.finding.unit)
    person = people.filter(pk=int(owner)).first() if owner.isdigit() else None
    if person is None:
        raise Refused(Label("请选择负责人。", "Please choose who does it."), field="owner")
    actions.plan_action(
        actor=request.user,
        cause=cause,
        text=request.POST.get("text", ""),
        owner=person,
        due_on=_date(request.POST.get("due_on", "")),
    )
    return _back(request, cause.finding_id)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Label("请填写期限。", "Please give the date."), field="due_on") from None


@require_POST
@needs("findings.view")
def complete(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that an action is done, and what shows it."""
    rows = CorrectiveAction.objects.select_related("cause__finding__unit")
    action = find(request, rows, pk=pk)
    actions.complete_action(actor=request.user, action=action, evidence=request.POST.get("evidence", ""))
    return _back(request, action.cause.finding_id)


@require_POST
@needs("findings.verify")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Measure the effect between the round that showed the finding and a later one."""
    finding = find(request, FINDINGS, pk=pk)
    after = request.POST.get("after", "")
    later = Round.objects.filter(pk=int(after)).first() if after.isdigit() else None
    if later is None or finding.round is None:
        raise Refused(
            Label("请选择整改后的一轮调查。", "Choose the round after the correction."), field="after"
        )
    actions.check_effect(
        actor=request.user,
        finding=finding,
        before_round=finding.round,
        after_round=later,
        note=request.POST.get("note", ""),
    )
    return _back(request, pk)
