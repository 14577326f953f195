"""The one way through the workflow of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from manyi.cases import clocks, rules
from manyi.cases.errors import NotNow
from manyi.cases.models import Case
from manyi.cases.step_effects import EFFECTS, Step
from manyi.cases.workflow import MACHINE, Call, CaseFile
from manyi.kernel.labels import Label
from manyi.kernel.workflow import Transition, WorkflowError
from manyi.organisation import access, clock, events
from manyi.organisation import settings as organisation_settings
from manyi.organisation.calendars import calendar_for
from manyi.organisation.models import Person
from manyi.organisation.roles import VERBS

organisation_settings.declare(
    "cases.reopen_days",
    Label("办结后可重办的天数", "Days in which a closed case can be reopened"),
    Label("超过后请新登记一件诉求。", "After that a new case is registered."),
    "number",
    30,
    low=1,
    high=3650,
)

#: Each step is its own kind of event, so that the log says 受理, 派单, 办结.
STEP_KINDS = {
    step.name: events.kind(f"case.{step.name}", f"诉求:{step.label.zh}", f"Case: {step.label.en}")
    for step in MACHINE.transitions
}
CASE_CLOSED = STEP_KINDS["close"]


def advance(*, case: Case, name: str, actor: Person | None, facts: Mapping[str, Any] | None = None) -> Case:
    """Take one step of ``workflow.MACHINE``; the only way in which a case's state changes.

    ``facts`` holds what the step needs: text, ``Decimal``, ``date``, bool, ids for persons and categories.
    ``actor`` None is the software acting by a rule. Raises NotNow with the reason when the step is not
    possible, Refused with the field for a fact that does not fit. Returns the case as it is then.
    """
    given = dict(facts or {})
    with transaction.atomic():
        row = Case.objects.select_for_update().select_related("unit", "policy").get(pk=case.pk)
        now = clock.now()
        transition = _checked(row, name, actor, given, now)
        before = row.state
        step = Step(row, transition, actor, given, now)
        _stop_clocks(step)
        for effect in transition.effects:
            step.data.update(EFFECTS[effect](step))
        row.state = transition.target
        clocks.refresh(row)
        row.save()
        events.append(
            STEP_KINDS[name],
            actor=actor,
            subject=row,
            unit=row.unit,
            before={"state": before},
            after={"state": row.state},
            data={"case": row.pk, **step.data},
        )
    return row


def _checked(
    case: Case, name: str, actor: Person | None, facts: Mapping[str, Any], now: datetime
) -> Transition:
    held = access.verbs(actor, case.unit) if actor else frozenset(VERBS)
    try:
        return MACHINE.check(
            file_of(case, now), case.state, name, verbs=held, actor=actor.pk if actor else None, facts=facts
        )
    except WorkflowError as error:
        raise NotNow(error.message) from error


def file_of(case: Case, now: datetime) -> CaseFile:
    """The plain facts of a case that the guards look at."""
    local = calendar_for(case.unit).local_date
    solution = case.solutions.order_by("-proposed_at", "-id").first()
    waits = solution is not None and solution.decision == ""
    return CaseFile(
        kind=case.kind,
        today=local(now),
        owner=case.owner_id,
        about_person=case.about_person_id,
        returned=case.returned,
        founded=case.founded,
        proposer=solution.proposed_by_id if solution else None,
        has_solution=waits,
        evidence=solution.evidence if solution else "",
        calls=tuple(
            Call(local(call.at), call.outcome, call.resolved, call.satisfied)
            for call in case.call_backs.filter(cycle=case.reopened)
        ),
        days_closed=(local(now) - local(case.closed_at)).days if case.closed_at else None,
        reopen_days=organisation_settings.value("cases.reopen_days"),
    )


def _stop_clocks(step: Step) -> None:
    """Freeze the clocks that run now and will not run in the next state; a duplicate leaves no results."""
    if step.transition.target == "duplicate":
        return
    times = clocks.times_of(step.case)
    later = rules.running(rules.after(times, step.transition.target))
    for name in rules.running(times):
        if name not in later or step.transition.name == "reopen":
            clocks.stop(step.case, name, step.now)
