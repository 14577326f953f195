"""One drawn case: what is looked at, what the assessor found, what the handler says, what was decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases import queries
from manyi.cases.choices import KINDS, OUTCOMES, label_of
from manyi.cases.models import Assessment, Case
from manyi.cases.supervision import assessment_actions, rules
from manyi.cases.supervision.assessment_actions import ROWS, advance_assessment, of_handler, seen
from manyi.cases.supervision.rules import Criterion
from manyi.cases.supervision.workflow import ASSESSMENT
from manyi.improvement.actions import detect
from manyi.improvement.models import Finding
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Person
from manyi.web.acts import possible
from manyi.web.forms import faults
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.refusals import UNPROCESSABLE
from manyi.web.settings.pages import page_of

VERBS = ("cases.assess", "cases.view", "cases.register")
#: The steps that take the answers of an assessor.
JUDGING = ("assess", "correct", "change")
WORDS = ("reason", "comment", "decision", "remark")


@require_GET
@needs(*VERBS)
def mine(request: StaffRequest) -> HttpResponse:
    """The results about one's own work."""
    page = page_of(request, of_handler(request.user))
    return render(request, "desk/my_results.html", {"page": page, "rows": [_result(row) for row in page]})


def _result(row: Assessment) -> dict[str, Any]:
    criteria = rules.criteria_of(row.sample.checklist.criteria)
    return {
        "row": row,
        "state": ASSESSMENT.state(row.state),
        "points": rules.points(criteria, row.results),
        "passed": rules.passed(criteria, row.results),
    }


@require_GET
@needs("cases.assess")
def following(request: StaffRequest) -> HttpResponse:
    """On to the next case that this person may assess."""
    for row in assessment_actions.to_assess(request.user):
        if acts_of(row, request.user):
            return redirect("desk:assessment", pk=row.pk)
    messages.info(request, _("Nothing waits for your assessment."))
    return redirect("desk:samples")


@require_GET
@needs(*VERBS)
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one drawn case."""
    return _page(request, get_object_or_404(seen(request.user), pk=pk))


def acts_of(row: Assessment, person: Person) -> list[str]:
    """The steps that the person could take now, by name."""
    verbs = access.verbs(person, row.sample.unit)
    if person.pk == row.handler_id:
        verbs |= access.verbs(person, None)
    file = assessment_actions.file_of(row, person)
    return [act.name for act in possible(ASSESSMENT, file, row.state, verbs, person.pk)]


def _page(request: StaffRequest, row: Assessment, refused: Refused | None = None) -> HttpResponse:
    acts, given = acts_of(row, request.user), request.POST
    criteria = rules.criteria_of(row.sample.checklist.criteria)
    wrong = faults(refused) if refused else {}
    found = [_criterion(row, each, given, wrong) for each in criteria]
    may_find = access.may(request.user, "findings.manage", row.case)
    context = {
        **_result(row),
        **_matter(row.case),
        "case_open": queries.cases(request.user).filter(pk=row.case_id).exists(),
        "own": row.handler_id == request.user.pk,
        "criteria": found,
        "answers": rules.ANSWERS,
        "acts": acts,
        "steps": {act.name: act for act in ASSESSMENT.transitions},
        "asked": given.get("act", ""),
        "given": given,
        "fault": next((words for name, words in wrong.items() if name not in _codes(criteria)), None),
        "failed": _failed(row, criteria) if may_find else [],
        "changes": row.changes.select_related("by"),
        "waits": row.state == "waiting" and not acts,
    }
    return render(request, "desk/assessment.html", context, status=UNPROCESSABLE if refused else 200)


def _codes(criteria: list[Criterion]) -> set[str]:
    return {each.code for each in criteria}


def _criterion(row: Assessment, each: Criterion, given: Any, wrong: dict[str, Label]) -> dict[str, Any]:
    """One criterion with the answer that stands, and for the form the one that was given last."""
    kept = row.results.get(each.code, {})
    return {
        "it": each,
        "kept": kept,
        "words": dict(rules.ANSWERS).get(kept.get("answer", "")),
        "answer": given.get(f"answer-{each.code}", kept.get("answer", "")),
        "remark": given.get(f"remark-{each.code}", kept.get("remark", "")),
        "fault": wrong.get(each.code),
    }


def _matter(case: Case) -> dict[str, Any]:
    """What an assessor reads of the case without leaving the page; never the contact."""
    return {
        "kind": label_of(KINDS, case.kind),
        "solutions": case.solutions.all(),
        "answer": case.messages.filter(direction="out").order_by("-at", "-id").first(),
        "calls": [(call, label_of(OUTCOMES, call.outcome)) for call in case.call_backs.all()],
    }


def _failed(row: Assessment, criteria: list[Criterion]) -> list[tuple[Criterion, Finding | None]]:
    """The "must" criteria that are not fulfilled, each with the finding that was made of it."""
    return [
        (each, Finding.objects.filter(key=_key(row, each.code)).first())
        for each in rules.failed_musts(criteria, row.results)
    ]


def _key(row: Assessment, code: str) -> str:
    return f"assessment:{row.pk}:{code}"


@require_POST
@needs(*VERBS)
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one step; refused answers come back with everything that was filled in."""
    row, given = get_object_or_404(seen(request.user), pk=pk), request.POST
    name = given.get("act", "")
    codes = [key.removeprefix("answer-") for key in given if key.startswith("answer-")]
    facts: dict[str, Any] = {key: given.get(key, "").strip() for key in WORDS}
    if name in JUDGING:
        facts["results"] = {
            code: {"answer": given[f"answer-{code}"], "remark": given.get(f"remark-{code}", "")}
            for code in codes
        }
    try:
        advance_assessment(actor=request.user, assessment=row, name=name, facts=facts)
    except NotPermitted:
        raise
    except Refused as refused:
        return _page(request, row, refused)
    messages.success(request, _("Done."))
    return redirect("desk:assessment_next" if name == "assess" and "next" in given else _address(row))


def _address(row: Assessment) -> str:
    return reverse("desk:assessment", args=[row.pk])


@require_POST
@needs("findings.manage")
def to_finding(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a "must" criterion that failed up as something to be improved for good."""
    row = find(request, ROWS, pk=pk)
    criteria = rules.failed_musts(rules.criteria_of(row.sample.checklist.criteria), row.results)
    failed = next((each for each in criteria if each.code == request.POST.get("criterion", "")), None)
    if failed is None:
        raise Refused(Label("请选择一条没有做到的必须项。", "Choose a required criterion that failed."))
    finding = detect(
        actor=request.user,
        unit=row.case.unit,
        source="audit",
        title=f"督查 {row.sample.number}:{failed.text}",
        title_en=f"Supervision {row.sample.number}: {failed.label.en}",
        category=row.case.category,
        key=_key(row, failed.code),
        cases=[row.case],
    )
    return redirect("desk:finding", pk=finding.pk)
