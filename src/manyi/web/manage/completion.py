"""Completing answers: whom to contact, and the form in which their answers are made whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.customers.rules import masked
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import NotPermitted, Refused
from manyi.responses import completion_actions, intake
from manyi.responses.errors import Incomplete
from manyi.responses.models import FollowUp, Response
from manyi.surveys.definition import Questionnaire
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.public.drawing import drawn_section
from manyi.web.public.posted import posted
from manyi.web.settings.pages import page_of

ROUNDS = Round.objects.select_related("programme", "unit")
SHEETS = Response.objects.select_related(
    "round__programme", "round__scheme", "unit", "questionnaire", "invitation"
)
UNPROCESSABLE = 422


@require_GET
@needs("responses.view")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """The work list of a round."""
    row = find(request, ROUNDS, verb="responses.view", pk=pk)
    rows = access.visible(request.user, FollowUp.objects.filter(response__round=row))
    rows = rows.select_related("response__invitation__customer", "response__unit", "assignee")
    page = page_of(request, rows.prefetch_related("response__invitation__customer__contacts"))
    context = {
        "round": row,
        "page": page,
        "rows": [(each, completion_actions.STATES[each.state], _contact(each)) for each in page],
        "may_judge": access.may(request.user, "responses.judge", row.unit),
        "may_call": access.may(request.user, "customers.view", row.unit),
    }
    return render(request, "manage/completion.html", context)


def _contact(follow_up: FollowUp) -> tuple[str, str]:
    """The customer's name and masked contact."""
    invitation = follow_up.response.invitation
    customer = invitation.customer if invitation else None
    if customer is None:
        return "", ""
    contacts = sorted(customer.contacts.all(), key=lambda each: (each.kind != "mobile", not each.preferred))
    return customer.name, masked(contacts[0].kind, contacts[0].value) if contacts else ""


@require_POST
@needs("responses.judge")
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Put everybody on the list whose answers are invalid or only begun."""
    row = find(request, ROUNDS, verb="responses.judge", pk=pk)
    new = completion_actions.plan_follow_ups(actor=request.user, round=row)
    words = ngettext("%(n)s person is new on the list.", "%(n)s people are new on the list.", new)
    messages.success(request, words % {"n": new})
    return redirect("manage:completion", pk=pk)


@require_POST
@needs("responses.judge")
def attempt(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down one attempt."""
    row = find(request, FollowUp.objects.select_related("response__unit"), verb="responses.judge", pk=pk)
    given_up = request.POST.get("act") == "give_up"
    completion_actions.note_try(
        actor=request.user, follow_up=row, note=request.POST.get("note", ""), give_up=given_up
    )
    messages.success(request, _("Noted."))
    return redirect("manage:completion", pk=row.response.round_id)


@require_http_methods(["GET", "POST"])
@needs("responses.judge")
def complete(request: StaffRequest, pk: int) -> HttpResponse:
    """All questions of one sheet on one page, with what was answered; saving keeps the old answers too."""
    row = find(request, SHEETS, verb="responses.judge", pk=pk)
    tree, typed = questionnaire_of(row.questionnaire), intake.typed(row)
    errors: Mapping[str, Label] = {}
    fault: Label | None = None
    if request.method == "POST":
        given: dict[str, Any] = {}
        for section in tree.sections:
            known = {question.code for question in section.questions}
            found = posted(section, request.POST)
            given |= {code: value for code, value in found.items() if code.partition("-")[0] in known}
        try:
            completion_actions.complete(
                actor=request.user, response=row, answers=given, why=request.POST.get("why", "")
            )
        except NotPermitted:
            raise
        except Incomplete as lacking:
            errors, typed = dict(lacking.problems), {**typed, **given}
        except Refused as refused:
            fault, typed = refused.message, {**typed, **given}
        else:
            messages.success(request, _("The answers were completed; the old ones are kept."))
            return redirect("manage:response", pk=pk)
    return _form(request, row, tree, typed, errors, fault)


def _form(
    request: StaffRequest,
    row: Response,
    tree: Questionnaire,
    typed: Mapping[str, Any],
    errors: Mapping[str, Label],
    fault: Label | None,
) -> HttpResponse:
    language = get_language() or "zh-hans"
    verdict = intake.judged(tree, row, dict(typed))
    parts = []
    for section in tree.sections:
        fields = drawn_section(tree, section, verdict, typed, errors, seed=row.seed, language=language)
        if fields:
            parts.append((section.title.text(language), fields))
    context = {
        "response": row,
        "title": _("Complete the answers"),
        "language": language,
        "parts": parts,
        "errors": [field for _title, fields in parts for field in fields if field.error],
        "fault": fault,
        "why": request.POST.get("why", ""),
    }
    return render(request, "manage/complete.html", context, status=UNPROCESSABLE if errors or fault else 200)


@require_POST
@needs("responses.judge")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Put back what the answers said before."""
    row = find(request, SHEETS, verb="responses.judge", pk=pk)
    completion_actions.undo_completion(actor=request.user, response=row, why=request.POST.get("why", ""))
    messages.success(request, _("The earlier answers are back."))
    return redirect("manage:response", pk=pk)
