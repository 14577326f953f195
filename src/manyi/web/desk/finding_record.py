"""One finding: the metric that showed it, its causes and actions, and the proof of the effect."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.improvement import effect as effects
from manyi.improvement import queries
from manyi.improvement.actions import advance
from manyi.improvement.choices import FISHBONE, SOURCES, VERDICTS, label_of
from manyi.improvement.models import CorrectiveAction, EffectCheck, Finding
from manyi.improvement.step_actions import STEP_KINDS, file_of
from manyi.improvement.workflow import MACHINE, may_check
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.organisation import access, clock
from manyi.organisation.events import KINDS
from manyi.organisation.models import Event, Person
from manyi.organisation.people import holding
from manyi.web.acts import facts_of, possible
from manyi.web.desk.metrics import metric_choices, metric_label
from manyi.web.guard import StaffRequest, find, needs

_STEP_OF = {kind.id: name for name, kind in STEP_KINDS.items()}
ROWS = Finding.objects.select_related("unit", "owner", "round__programme", "category", "recurrence_of")


@require_GET
@needs("findings.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one finding."""
    finding = find(request, ROWS, pk=pk)
    context = {**_head(finding), **_acts(request, finding), **_work(request, finding)}
    return render(request, "desk/finding.html", {"finding": finding, **context})


def _head(finding: Finding) -> dict[str, Any]:
    events = Event.objects.filter(subject_type="improvement.finding", subject_id=str(finding.pk))
    return {
        "state": MACHINE.state(finding.state),
        "source": label_of(SOURCES, finding.source),
        "figure": Figure.from_json(finding.value) if finding.value else None,
        "metric": metric_label(finding) if finding.metric else None,
        "history": [(event, _said(event.kind)) for event in events.order_by("seq")],
    }


def _said(kind: str) -> Label:
    """What happened, without saying each time that it happened to a finding."""
    step = _STEP_OF.get(kind)
    return MACHINE.transition(step).label if step else KINDS[kind].label


def _acts(request: StaffRequest, finding: Finding) -> dict[str, Any]:
    verbs, file = access.verbs(request.user, finding.unit), file_of(finding)
    acts = possible(MACHINE, file, finding.state, verbs, request.user.pk)
    return {
        "acts": acts,
        "likely": next((act.name for act in acts if not act.dangerous), ""),
        "candidates": holding("findings.view", finding.unit),
        "may_manage": "findings.manage" in verbs,
        "may_check": finding.state == "verifying"
        and "findings.verify" in verbs
        and may_check(file, request.user.pk) is None,
    }


def _work(request: StaffRequest, finding: Finding) -> dict[str, Any]:
    causes = list(finding.causes.prefetch_related("actions__owner", "actions__done_by").select_related("by"))
    today = timezone.localtime(clock.now()).date()
    may_implement = access.may(request.user, "findings.implement", finding)
    return {
        "causes": [
            (
                cause,
                label_of(FISHBONE, cause.fishbone),
                [
                    _action(row, request.user, may=may_implement, late=row.due_on < today)
                    for row in cause.actions.all()
                ],
            )
            for cause in causes
        ],
        "bones": [(label, [cause for cause in causes if cause.fishbone == name]) for name, label in FISHBONE],
        "fishbone": FISHBONE,
        "checks": [_check(row) for row in finding.checks.select_related("before_round", "after_round", "by")],
        "before": queries.rounds_before(finding),
        "after": queries.rounds_after(finding),
        "cases": access.visible(request.user, finding.cases.all()),
        "metrics": metric_choices(request.user) if finding.source != "item_below_target" else [],
        "today": today,
    }


def _action(row: CorrectiveAction, person: Person, *, may: bool, late: bool) -> dict[str, Any]:
    return {
        "row": row,
        "late": late and row.done_at is None,
        "may_complete": row.done_at is None and (may or row.owner_id == person.pk),
    }


def _check(row: EffectCheck) -> dict[str, Any]:
    effect = effects.from_json(row.effect)
    tone = {"effective": "ok", "not_effective": "bad", "too_few": "warn"}[row.verdict]
    return {
        "row": row,
        "effect": effect,
        "verdict": label_of(VERDICTS, row.verdict),
        "sentence": effects.sentence(effect),
        "p": _p_words(effect.p),
        "tone": tone,
    }


def _p_words(p: float | None) -> Label | None:
    if p is None:
        return None
    text = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    return Label(text, text)


@require_POST
@needs("findings.view")
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a step of the workflow with what was filled in."""
    finding = find(request, ROWS, pk=pk)
    name = request.POST.get("act", "")
    facts = facts_of(MACHINE.transition(name), {key: str(value) for key, value in request.POST.items()})
    advance(finding=finding, name=name, actor=request.user, facts=facts)
    messages.success(request, _("Done."))
    return redirect("desk:finding", pk=pk)
