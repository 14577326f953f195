"""The one way through the workflow of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from manyi.cases import clocks, escalations, extension_actions, rules, task_actions
from manyi.cases.choices import ENDED_STATES
from manyi.cases.clocks import EXTENDABLE
from manyi.cases.errors import NotNow
from manyi.cases.guards import Call, CaseFile
from manyi.cases.models import Case, Solution
from manyi.cases.step import Step
from manyi.cases.step_effects import EFFECTS
from manyi.cases.workflow import MACHINE
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

organisation_settings.declare(
    "cases.approve_limit",
    Label("一般审批权限(元)", "Limit of the ordinary approver (yuan)"),
    Label("费用更高或风险重大的方案由上一级审批。", "Solutions that cost more, or are grave, go higher."),
    "number",
    5000,
    low=0,
    high=100_000_000,
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
        _let_go(row, actor)
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


def _let_go(case: Case, actor: Person | None) -> None:
    """What has no meaning any more in the new state ends with it."""
    if case.state not in EXTENDABLE:
        extension_actions.withdraw_all(case, actor)
    if case.state in ENDED_STATES:
        task_actions.withdraw_all(case, actor)
        escalations.end_all(case)


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
    solutions = sorted(case.solutions.all(), key=lambda row: (row.proposed_at, row.pk))
    solution = solutions[-1] if solutions else None
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
        was_accepted=case.acknowledged_at is not None,
        days_closed=(local(now) - local(case.closed_at)).days if case.closed_at else None,
        **_weighed(case, solution),
        **_reviewing(case, solutions),
        **organisation_settings.values_as(
            reopen_days="cases.reopen_days", approve_limit="cases.approve_limit"
        ),
    )


def _weighed(case: Case, solution: Solution | None) -> dict[str, Any]:
    """What the approval of a solution hangs on; asked only where somebody may propose or approve."""
    if case.state not in {"investigating", "proposed"}:
        return {}
    return {
        "cost": solution.cost if solution else Decimal(0),
        "risk": case.risk,
        "open_demands": case.demands.filter(outcome="").count(),
        "open_tasks": case.side_tasks.filter(state="open").count(),
    }


def _reviewing(case: Case, solutions: list[Solution]) -> dict[str, Any]:
    """Who had a part in the case, and whether it was reviewed; asked only at its end."""
    if case.state not in {"closed", "review"}:
        return {}
    past = had_part(case, solutions)
    reviewed = any(row.cycle == case.reopened and row.outcome for row in case.reviews.all())
    return {"past": past, "reviewed": reviewed}


def had_part(case: Case, solutions: list[Solution]) -> frozenset[int]:
    """Everybody who handled a case, proposed or decided a solution, called back, or reviewed it, by id."""
    past = {row.person_id for row in case.assignments.all()}
    past |= {person for row in solutions for person in (row.proposed_by_id, row.decided_by_id)}
    past |= {row.by_id for row in case.call_backs.all()}
    past |= {row.reviewer_id for row in case.reviews.all()}
    return frozenset(person for person in past if person is not None)


def _stop_clocks(step: Step) -> None:
    """Freeze the clocks that run now and will not run in the next state; a duplicate leaves no results."""
    if step.transition.target == "duplicate":
        return
    times = clocks.times_of(step.case)
    later = rules.running(rules.after(times, step.transition.target))
    for name in rules.running(times):
        if name not in later or step.transition.name == "reopen":
            clocks.stop(step.case, name, step.now)
