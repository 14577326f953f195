"""What is written inside a finding: causes, corrective actions, and the check of their effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from manyi.improvement import effect as effects
from manyi.improvement import rules
from manyi.improvement.choices import FISHBONE
from manyi.improvement.errors import NotNow
from manyi.improvement.models import Cause, CorrectiveAction, EffectCheck, Finding
from manyi.improvement.step_actions import file_of
from manyi.improvement.workflow import MACHINE, may_check
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.calendars import calendar_for
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.people import holding
from manyi.surveys.models import Round

CAUSE_ADDED = events.kind("cause.added", "写下原因", "Cause added")
CAUSE_PROVEN = events.kind("cause.proven", "证实原因", "Cause proven")
ACTION_PLANNED = events.kind("action.planned", "制定整改措施", "Corrective action planned")
ACTION_DONE = events.kind("action.done", "完成整改措施", "Corrective action done")
EFFECT_CHECKED = events.kind("effect.checked", "验证整改效果", "Effect checked")

MAX_WHYS = 7


def _require_state(finding: Finding, *states: str) -> Finding:
    """The finding, locked; raises NotNow unless it is in one of the states."""
    row = Finding.objects.select_for_update().select_related("unit").get(pk=finding.pk)
    if row.state not in states:
        here, wanted = MACHINE.state(row.state).label, MACHINE.state(states[0]).label
        raise NotNow(
            Label(
                f"改进项当前是“{here.zh}”,在“{wanted.zh}”时才能这样做。",
                f"The finding is in state “{here.en}”; this is done in state “{wanted.en}”.",
            )
        )
    return row


def add_cause(
    *, actor: Person, finding: Finding, text: str, fishbone: str, whys: Sequence[str] = (), proof: str = ""
) -> Cause:
    """Write down a cause with its chain of whys; with a ``proof`` it counts as proven at once."""
    access.require(actor, "findings.manage", finding)
    if not text.strip() or fishbone not in dict(FISHBONE):
        raise Refused(Label("请写明原因并选择类别。", "Give the cause and its category."), field="text")
    with transaction.atomic():
        row = _require_state(finding, "cause")
        cause = Cause.objects.create(
            finding=row,
            iteration=row.iteration,
            text=text.strip(),
            whys=[why.strip() for why in whys if why.strip()][:MAX_WHYS],
            fishbone=fishbone,
            proven=bool(proof.strip()),
            proof=proof.strip(),
            by=actor,
            at=clock.now(),
        )
        after = {"cause": cause.pk, "fishbone": fishbone, "proven": cause.proven}
        events.append(CAUSE_ADDED, actor=actor, subject=row, unit=row.unit, after=after)
    return cause


def prove_cause(*, actor: Person, cause: Cause, proof: str) -> Cause:
    """Say what shows that a cause is one: data, an observation, a trial."""
    access.require(actor, "findings.manage", cause)
    if not proof.strip():
        raise Refused(Label("请写明证据。", "Say what proves it."), field="proof")
    with transaction.atomic():
        row = _require_state(cause.finding, "cause")
        cause.proven, cause.proof = True, proof.strip()
        cause.save(update_fields=["proven", "proof"])
        events.append(CAUSE_PROVEN, actor=actor, subject=row, unit=row.unit, after={"cause": cause.pk})
    return cause


def plan_action(*, actor: Person, cause: Cause, text: str, owner: Person, due_on: date) -> CorrectiveAction:
    """Plan one measure against a proven cause, with who does it and until when.

    Raises Refused for a cause without proof, a date in the past, or an owner who cannot see the finding.
    """
    access.require(actor, "findings.manage", cause)
    today = calendar_for(cause.finding.unit).local_date(clock.now())
    if not text.strip():
        raise Refused(Label("请写明措施。", "Say what will be done."), field="text")
    if not cause.proven:
        raise Refused(Label("原因还没有证实。", "The cause is not proven yet."), field="cause")
    if due_on < today:
        raise Refused(Label("期限不能早于今天。", "The date must not lie in the past."), field="due_on")
    if not holding("findings.view", cause.finding.unit).filter(pk=owner.pk).exists():
        words = "负责人看不到本部门的改进项,请换一位。", "The owner cannot see findings here; choose another."
        raise Refused(Label(*words), field="owner")
    with transaction.atomic():
        row = _require_state(cause.finding, "plan")
        action = CorrectiveAction.objects.create(
            cause=cause, text=text.strip(), owner=owner, due_on=due_on, planned_by=actor
        )
        after = {"action": action.pk, "owner": owner.pk, "due_on": due_on.isoformat()}
        events.append(ACTION_PLANNED, actor=actor, subject=row, unit=row.unit, after=after)
    return action


def complete_action(*, actor: Person, action: CorrectiveAction, evidence: str) -> CorrectiveAction:
    """Say that a measure is done and what shows it; its owner may, and whoever implements here."""
    if actor.pk != action.owner_id:
        access.require(actor, "findings.implement", action)
    if not evidence.strip():
        raise Refused(Label("请写明完成的证据。", "Say what shows that it is done."), field="evidence")
    with transaction.atomic():
        row = _require_state(action.cause.finding, "implementing")
        action.evidence, action.done_at, action.done_by = evidence.strip(), clock.now(), actor
        action.save(update_fields=["evidence", "done_at", "done_by"])
        events.append(ACTION_DONE, actor=actor, subject=row, unit=row.unit, after={"action": action.pk})
    return action


def check_effect(
    *, actor: Person, finding: Finding, before_round: Round, after_round: Round, note: str = ""
) -> EffectCheck:
    """Measure the finding's own metric in a round before and one after, and judge the difference.

    By somebody who owns none of the actions. Raises Refused for a finding without a metric, and for a later
    round that began before the last action was done.
    """
    access.require(actor, "findings.verify", finding)
    if not finding.metric:
        words = Label("请先选定用哪项指标验证效果。", "Choose the metric that will show the effect first.")
        raise Refused(words, field="metric")
    with transaction.atomic():
        row = _require_state(finding, "verifying")
        _require_checkable(row, actor, before_round, after_round)
        effect = effects.measure(row, before_round, after_round)
        check = EffectCheck.objects.create(
            finding=row,
            iteration=row.iteration,
            before_round=before_round,
            after_round=after_round,
            effect=effects.to_json(effect),
            verdict=effect.verdict,
            by=actor,
            at=clock.now(),
            note=note.strip(),
        )
        after = {"verdict": effect.verdict, "before": before_round.pk, "after": after_round.pk}
        events.append(EFFECT_CHECKED, actor=actor, subject=row, unit=row.unit, after=after)
    return check


def _require_checkable(finding: Finding, actor: Person, before: Round, after: Round) -> None:
    wrong = may_check(file_of(finding), actor.pk)
    if wrong is not None:
        raise NotNow(wrong)
    done = CorrectiveAction.objects.filter(cause__finding=finding, cause__iteration=finding.iteration)
    last = max((action.done_at for action in done if action.done_at), default=None)
    windows = [{"id": each.pk, "opens_at": each.opened_at or each.opens_at} for each in (before, after)]
    problem = rules.rounds_problem(windows[0], windows[1], last)
    if problem is not None:
        raise Refused(problem, field="after_round")
