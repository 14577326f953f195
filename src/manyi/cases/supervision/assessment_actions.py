"""The one way through ``workflow.ASSESSMENT``: results, what the handler says to them, what is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from manyi.cases.errors import NotNow
from manyi.cases.models import Assessment, AssessmentChange
from manyi.cases.step_actions import had_part
from manyi.cases.supervision import rules
from manyi.cases.supervision.workflow import ASSESSMENT, HANDLER, AssessmentFile
from manyi.kernel.workflow import WorkflowError
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Person

STEP_KINDS = {
    step.name: events.kind(
        f"assessment.{step.name}", f"案件评查:{step.label.zh}", f"Assessment: {step.label.en}"
    )
    for step in ASSESSMENT.transitions
}
LONGEST = 2000
ROWS = Assessment.objects.select_related("sample__unit", "sample__checklist", "case__unit", "handler")
Results = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Step:
    row: Assessment
    actor: Person
    given: Mapping[str, Any]
    now: datetime


def advance_assessment(
    *, actor: Person, assessment: Assessment, name: str, facts: Mapping[str, Any] | None = None
) -> Assessment:
    """Take one step. ``facts`` hold its needs, and for a step that takes results ``results`` (code to
    ``{"answer": "yes"|"no"|"na", "remark": …}``) and ``remark``.

    Raises NotNow with the reason when the step is not possible, Invalid with the criteria without an answer.
    """
    given = dict(facts or {})
    with transaction.atomic():
        row = ROWS.select_for_update(of=("self",)).get(pk=assessment.pk)
        held = access.verbs(actor, row.sample.unit) | _own_verbs(row, actor)
        try:
            step = ASSESSMENT.check(
                file_of(row, actor), row.state, name, verbs=held, actor=actor.pk, facts=given
            )
        except WorkflowError as error:
            raise NotNow(error.message) from error
        before = row.state
        for effect in step.effects:
            EFFECTS[effect](_Step(row, actor, given, clock.now()))
        row.state = step.target
        row.save()
        events.append(
            STEP_KINDS[name],
            actor=actor,
            subject=row.case,
            unit=row.sample.unit,
            before={"state": before},
            after={"state": row.state},
            data={"assessment": row.pk, "sample": row.sample.number, "case": row.case_id},
        )
    return row


def _own_verbs(row: Assessment, actor: Person) -> frozenset[str]:
    """A handler answers for their own case, wherever they work by now."""
    return access.verbs(actor, None) & set(HANDLER) if actor.pk == row.handler_id else frozenset()


def file_of(row: Assessment, actor: Person) -> AssessmentFile:
    """The plain facts of an assessment that the guards look at."""
    involved = had_part(row.case, list(row.case.solutions.all()))
    about = row.case.about_person_id
    return AssessmentFile(
        handler=row.handler_id,
        involved=involved | {about} if about else involved,
        assessor=row.assessor_id,
        sample_state=row.sample.state,
        leads=access.may(actor, "cases.sample", row.sample),
    )


def _take_results(step: _Step) -> None:
    row = step.row
    criteria = rules.criteria_of(row.sample.checklist.criteria)
    given: Results = step.given.get("results") or {}
    problems = rules.result_problems(criteria, given)
    if problems:
        raise Invalid(problems)
    row.results = {
        each.code: {
            "answer": given[each.code]["answer"],
            "remark": given[each.code].get("remark", "").strip()[:LONGEST],
        }
        for each in criteria
    }
    row.remark = str(step.given.get("remark") or "").strip()[:LONGEST]
    row.assessor, row.assessed_at = step.actor, step.now


def _keep_before(step: _Step) -> None:
    row = step.row
    AssessmentChange.objects.create(
        assessment=row,
        before={
            "results": row.results,
            "remark": row.remark,
            "assessor": row.assessor_id,
            "comment": row.comment,
            "decision": row.decision,
        },
        reason=str(step.given.get("reason") or step.given.get("decision") or ""),
        by=step.actor,
        at=step.now,
    )


def _ask_anew(step: _Step) -> None:
    """To other results the handler may answer again; what they said before is in the history."""
    row = step.row
    row.comment, row.commented_at = "", None
    row.decision, row.decided_by, row.decided_at = "", None, None


def _take_comment(step: _Step) -> None:
    step.row.comment = str(step.given.get("comment") or "").strip()[:LONGEST]
    step.row.commented_at = step.now


def _decide(step: _Step) -> None:
    step.row.decision = str(step.given["decision"]).strip()[:LONGEST]
    step.row.decided_by, step.row.decided_at = step.actor, step.now


EFFECTS: dict[str, Callable[[_Step], None]] = {
    "take_results": _take_results,
    "keep_before": _keep_before,
    "ask_anew": _ask_anew,
    "take_comment": _take_comment,
    "decide": _decide,
}


def of_handler(person: Person) -> QuerySet[Assessment]:
    """The results about one's own work, the newest first; nothing before there is a result."""
    return ROWS.filter(handler=person).exclude(state="waiting").order_by("-assessed_at", "-pk")


def seen(person: Person) -> QuerySet[Assessment]:
    """What is drawn where one assesses, and the results about oneself."""
    return access.visible(person, ROWS) | of_handler(person)


def to_answer(person: Person) -> QuerySet[Assessment]:
    """The results to which a handler may still answer."""
    return of_handler(person).filter(state="assessed")


def to_decide(person: Person) -> QuerySet[Assessment]:
    """The objections on which this person may decide: to what they assessed, or where they lead."""
    rows = access.visible(person, ROWS.filter(state="objected"))
    leads = access.within(access.paths(person, "cases.sample"), "sample__unit")
    return rows.filter(leads | Q(assessor=person)).exclude(handler=person)


def to_assess(person: Person) -> QuerySet[Assessment]:
    """The drawn cases that wait for an assessor, without those of one's own."""
    rows = access.visible(person, ROWS.filter(state="waiting", sample__state="drawn"))
    return rows.exclude(handler=person).order_by("sample__drawn_at", "case__number")
