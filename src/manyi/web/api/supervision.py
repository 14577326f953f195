"""Supervision samples: draw closed cases, read what was drawn and found, take the steps of both machines.

The pages' own actions and their access: who may not do it there may not do it here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from manyi.cases.models import Assessment, Checklist, SupervisionSample
from manyi.cases.supervision import rules, sample_actions
from manyi.cases.supervision.assessment_actions import advance_assessment, seen
from manyi.cases.supervision.checklist_actions import offered
from manyi.cases.supervision.sample_actions import Population
from manyi.cases.supervision.workflow import SAMPLE
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.web.acts import facts_of, possible
from manyi.web.api.cases import ActIn
from manyi.web.api.shapes import FigureOut, Holding, Rows, Slice, Words, asker, figure_out, sliced
from manyi.web.desk.assessments import JUDGING, VERBS, acts_of
from manyi.web.desk.supervision import LEAD, SAMPLES, SEE, figures_of, rows_of

router = Router(tags=["supervision"])
#: What the words of a drawn case are read from.
BESIDE = ("sample__unit", "sample__checklist", "case__unit", "handler", "unit", "assessor")
NO_RESULTS = Label("这一步不接受评查结果。", "This step takes no results.")


class CriterionOut(Schema):
    """One thing to look at; a case that fails a ``must`` fails."""

    code: str
    words: Words
    weight: float
    must: bool


class ChecklistOut(Schema):
    """A version of a checklist that new samples may use."""

    id: int
    code: str
    version: int
    name: Words
    criteria: list[CriterionOut]


class SampleIn(Schema):
    """What is drawn from (closed cases of a unit, by its code, and all below it, both days included), how,
    and how many. ``checklist`` is an id; without a seed one is made."""

    unit: str = Field(max_length=40)
    since: dt.date
    until: dt.date
    kind: str = Field("", max_length=12)
    method: str = Field("simple", max_length=14)
    size: int = Field(ge=1, le=rules.MOST_CASES)
    checklist: int
    seed: str = Field("", max_length=60)


class SampleOut(Schema):
    """One draw with what it takes to draw it again, how far it is, and the acts that the person could take
    now."""

    id: int
    number: str
    unit: str
    kind: str
    since: dt.date
    until: dt.date
    method: str
    size: int
    population: int
    seed: str
    frame_hash: str
    sample_hash: str
    checklist: str
    version: int
    state: str
    reason: str
    drawn_by: str
    drawn_at: dt.datetime
    ended_at: dt.datetime | None
    assessed: int
    objections: int
    acts: list[str]


class ShareOut(Schema):
    """The share fulfilled of a criterion (empty: of the cases that pass), over all and by unit's code."""

    criterion: str
    whole: FigureOut
    units: dict[str, FigureOut]


class ProofOut(Schema):
    """Whether the kept list with the kept seed gives the same cases again."""

    same: bool


class AnswerIn(Schema):
    """The answer to one criterion: yes, no or na; a no says why."""

    answer: str = Field(max_length=3)
    remark: str = Field("", max_length=2000)


class AssessmentOut(Schema):
    """One drawn case: answers by criterion, points (0 to 1), whether it passed, what was said and decided."""

    id: int
    sample: str
    case: str
    handler: str
    unit: str
    weight: float
    state: str
    results: dict[str, AnswerIn]
    remark: str
    points: float | None
    passed: bool | None
    assessor: str
    assessed_at: dt.datetime | None
    comment: str
    decision: str
    acts: list[str]


class AssessmentActIn(Schema):
    """A step (assess, correct, accept, object, keep, change) with its words, and for one that judges the
    answers by the criteria's codes."""

    name: str = Field(max_length=40)
    results: dict[str, AnswerIn] = Field(default_factory=dict, max_length=rules.MOST_CRITERIA)
    remark: str = Field("", max_length=2000)
    reason: str = Field("", max_length=2000)
    comment: str = Field("", max_length=2000)
    decision: str = Field("", max_length=2000)


class AssessmentQuery(Slice):
    """Which drawn cases are asked for: of a state, or all."""

    state: str = Field("", max_length=12)


def _words(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def _checklist(row: Checklist) -> dict[str, Any]:
    criteria = [
        {
            "code": each.code,
            "words": _words(each.text, each.text_en),
            "weight": each.weight,
            "must": each.must,
        }
        for each in rules.criteria_of(row.criteria)
    ]
    name = _words(row.name, row.name_en)
    return {"id": row.pk, "code": row.code, "version": row.number, "name": name, "criteria": criteria}


def _samples(person: Person) -> QuerySet[SupervisionSample]:
    return access.visible(person, SAMPLES).annotate(
        assessed=Count("assessments", filter=~Q(assessments__state="waiting")),
        objections=Count("assessments", filter=Q(assessments__state="objected")),
    )


def _sample(row: Any, person: Person) -> dict[str, Any]:
    names = (
        "number", "kind", "since", "until", "method", "size", "population", "seed", "frame_hash",
        "sample_hash", "state", "reason", "drawn_at", "ended_at", "assessed", "objections",
    )  # fmt: skip
    held, file = access.verbs(person, row.unit), sample_actions.file_of(row)
    return {
        "id": row.pk,
        "unit": row.unit.code,
        "checklist": row.checklist.code,
        "version": row.checklist.number,
        "drawn_by": str(row.drawn_by or ""),
        "acts": [act.name for act in possible(SAMPLE, file, row.state, held, person.pk)],
        **{name: getattr(row, name) for name in names},
    }


def _assessment(row: Assessment, person: Person) -> dict[str, Any]:
    criteria = rules.criteria_of(row.sample.checklist.criteria)
    names = ("weight", "state", "results", "remark", "assessed_at", "comment", "decision")
    return {
        "id": row.pk,
        "sample": row.sample.number,
        "case": row.case.number,
        "handler": str(row.handler),
        "unit": row.unit.code,
        "points": rules.points(criteria, row.results),
        "passed": rules.passed(criteria, row.results),
        "assessor": str(row.assessor or ""),
        "acts": acts_of(row, person),
        **{name: getattr(row, name) for name in names},
    }


@router.get("checklists", auth=Holding(SEE), response=list[ChecklistOut])
def checklists(request: HttpRequest) -> list[dict[str, Any]]:
    """The checklists that a new sample may use."""
    return [_checklist(row) for row in offered()]


@router.get("samples", auth=Holding(SEE), response=Rows[SampleOut])
def samples(request: HttpRequest, part: Query[Slice]) -> dict[str, Any]:
    """The samples of one's units, the newest first."""
    person = asker(request)
    rows = _samples(person).order_by("-drawn_at", "-pk")
    return sliced(rows, part, lambda row: _sample(row, person))


@router.post("samples", auth=Holding(LEAD), response={201: SampleOut})
def draw_sample(request: HttpRequest, data: SampleIn) -> Status[dict[str, Any]]:
    """Draw closed cases of a unit where the person leads the supervision."""
    person = asker(request)
    unit = get_object_or_404(access.visible(person, Unit.objects.all(), verb=LEAD), code=data.unit)
    made = sample_actions.draw_sample(
        actor=person,
        population=Population(unit, data.since, data.until, data.kind),
        method=data.method,
        size=data.size,
        checklist=sample_actions.chosen_checklist(data.checklist),
        seed=data.seed,
    )
    return Status(201, _sample(_samples(person).get(pk=made.pk), person))


@router.get("samples/{int:pk}", auth=Holding(SEE), response=SampleOut)
def sample(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One sample: its rule, seed and hashes."""
    person = asker(request)
    return _sample(get_object_or_404(_samples(person), pk=pk), person)


@router.get("samples/{int:pk}/shares", auth=Holding(SEE), response=list[ShareOut])
def sample_shares(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """What was found: the share fulfilled by criterion and unit, with n and interval."""
    row = get_object_or_404(_samples(asker(request)), pk=pk)
    units, table = figures_of(row, list(rows_of(row)), rules.criteria_of(row.checklist.criteria))
    return [
        {
            "criterion": line.criterion.code if line.criterion else "",
            "whole": figure_out(line.whole),
            "units": {unit.code: figure_out(line.units[unit.pk]) for unit in units},
        }
        for line in table
    ]


@router.post("samples/{int:pk}/proof", auth=Holding(SEE), response=ProofOut)
def prove_sample(request: HttpRequest, pk: int) -> dict[str, bool]:
    """Draw once more from what was kept, and note whether it gave the same cases."""
    row = get_object_or_404(_samples(asker(request)), pk=pk)
    return {"same": sample_actions.prove(actor=asker(request), sample=row)}


@router.post("samples/{int:pk}/acts", auth=Holding(LEAD), response=SampleOut)
def act_on_sample(request: HttpRequest, pk: int, data: ActIn) -> dict[str, Any]:
    """Finish a sample, take it up again, or withdraw it."""
    person = asker(request)
    rows = access.visible(person, SupervisionSample.objects.all(), verb=LEAD)
    row = get_object_or_404(rows, pk=pk)
    facts = facts_of(SAMPLE.transition(data.name), data.facts)
    sample_actions.advance_sample(actor=person, sample=row, name=data.name, facts=facts)
    return _sample(_samples(person).get(pk=pk), person)


@router.get("samples/{int:pk}/assessments", auth=Holding(SEE), response=Rows[AssessmentOut])
def sample_assessments(request: HttpRequest, pk: int, wanted: Query[AssessmentQuery]) -> dict[str, Any]:
    """The cases of a sample."""
    person = asker(request)
    row = get_object_or_404(_samples(person), pk=pk)
    rows = seen(person).filter(sample=row).order_by("case__number")
    return _listed(rows, wanted, person)


@router.get("assessments", auth=Holding(*VERBS), response=Rows[AssessmentOut])
def assessments(request: HttpRequest, wanted: Query[AssessmentQuery]) -> dict[str, Any]:
    """The drawn cases where one assesses, and the results about one's own work; the newest first."""
    person = asker(request)
    return _listed(seen(person).order_by("-pk"), wanted, person)


def _listed(rows: QuerySet[Assessment], wanted: AssessmentQuery, person: Person) -> dict[str, Any]:
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    return sliced(rows.select_related(*BESIDE), wanted, lambda row: _assessment(row, person))


@router.get("assessments/{int:pk}", auth=Holding(*VERBS), response=AssessmentOut)
def assessment(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One drawn case."""
    return _assessment(_found(request, pk), asker(request))


@router.post("assessments/{int:pk}/acts", auth=Holding(*VERBS), response=AssessmentOut)
def act_on_assessment(request: HttpRequest, pk: int, data: AssessmentActIn) -> dict[str, Any]:
    """Record a result, answer to one, correct it, or decide on an objection."""
    given = data.model_dump(exclude={"name"})
    if data.name not in JUDGING and given.pop("results"):
        raise Refused(NO_RESULTS, field="results")
    row = _found(request, pk)
    advance_assessment(actor=asker(request), assessment=row, name=data.name, facts=given)
    return _assessment(_found(request, pk), asker(request))


def _found(request: HttpRequest, pk: int) -> Assessment:
    return get_object_or_404(seen(asker(request)).select_related(*BESIDE), pk=pk)
