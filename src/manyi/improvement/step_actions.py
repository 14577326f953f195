"""The one way through the workflow of a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from manyi.improvement.errors import NotNow
from manyi.improvement.models import Finding
from manyi.improvement.workflow import MACHINE, CauseFile, FindingFile, Measure
from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.people import holding
from manyi.organisation.roles import VERBS

#: Each step is its own kind of event, so that the log says 确认, 批准措施, 关闭.
STEP_KINDS = {
    step.name: events.kind(f"finding.{step.name}", f"改进项:{step.label.zh}", f"Finding: {step.label.en}")
    for step in MACHINE.transitions
}


def advance(
    *, finding: Finding, name: str, actor: Person | None, facts: Mapping[str, Any] | None = None
) -> Finding:
    """Take one step of ``workflow.MACHINE``; the only way in which a finding's state changes.

    Raises NotNow with the reason when the step is not possible. Returns the finding as it is then.
    """
    given = dict(facts or {})
    with transaction.atomic():
        row = Finding.objects.select_for_update().select_related("unit").get(pk=finding.pk)
        held = access.verbs(actor, row.unit) if actor else frozenset(VERBS)
        try:
            step = MACHINE.check(
                file_of(row), row.state, name, verbs=held, actor=actor.pk if actor else None, facts=given
            )
        except WorkflowError as error:
            raise NotNow(error.message) from error
        before = {"state": row.state, "iteration": row.iteration}
        for effect in step.effects:
            EFFECTS[effect](row, given)
        row.state = step.target
        row.save()
        events.append(
            STEP_KINDS[name],
            actor=actor,
            subject=row,
            unit=row.unit,
            before=before,
            after={"state": row.state, "iteration": row.iteration},
            why=str(given.get("reason", "")),
            data={"finding": row.pk},
        )
    return row


def file_of(finding: Finding) -> FindingFile:
    """The plain facts of a finding's present iteration that the guards look at."""
    causes = finding.causes.filter(iteration=finding.iteration).prefetch_related("actions")
    check = finding.checks.filter(iteration=finding.iteration).order_by("-at", "-id").first()
    return FindingFile(
        causes=tuple(
            CauseFile(
                cause.proven,
                tuple(
                    Measure(each.owner_id, each.planned_by_id, each.done_at is not None, each.evidence)
                    for each in cause.actions.all()
                ),
            )
            for cause in causes
        ),
        verdict=check.verdict if check else "",
    )


def _own(finding: Finding, facts: Mapping[str, Any]) -> None:
    owner = holding("findings.view", finding.unit).filter(pk=facts["owner"]).first()
    if owner is None:
        words = (
            "这位同事看不到本部门的改进项,请换一位。",
            "This colleague cannot see findings here; choose another.",
        )
        raise Refused(Label(*words), field="owner")
    finding.owner = owner


def _contain(finding: Finding, facts: Mapping[str, Any]) -> None:
    finding.containment = str(facts["containment"]).strip()


def _fix(finding: Finding, facts: Mapping[str, Any]) -> None:
    finding.systemic = str(facts["systemic"]).strip()


def _end(finding: Finding, facts: Mapping[str, Any]) -> None:
    finding.closed_at = clock.now()


def _iterate(finding: Finding, facts: Mapping[str, Any]) -> None:
    finding.iteration += 1


EFFECTS: dict[str, Callable[[Finding, Mapping[str, Any]], None]] = {
    "own": _own,
    "contain": _contain,
    "fix": _fix,
    "end": _end,
    "iterate": _iterate,
}
