"""The questionnaire editor: outline, work, preview; every change is saved at once and can be undone."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys import actions
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from manyi.web.forms import faults
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.editor_page import context_of
from manyi.web.manage.edits import edited

ROWS = QuestionnaireVersion.objects.select_related("questionnaire__unit")


@require_GET
@needs("surveys.view")
def editor(request: StaffRequest, pk: int) -> HttpResponse:
    """The editor of a draft; a published version is shown without fields."""
    version = find(request, ROWS, pk=pk)
    return _page(request, version, request.GET.get("at", ""), {})


@require_POST
@needs("surveys.edit")
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """One edit, saved at once; what cannot be saved is said beside its field and stays typed."""
    version = find(request, ROWS, verb="surveys.edit", pk=pk)
    given = {name: str(value) for name, value in request.POST.items()}
    at, edit = given.get("at", ""), given.get("edit", "")
    try:
        new, goal = edited(questionnaire_of(version), edit, at, given)
        revision = given.get("revision", "")
        actions.save_draft(
            actor=request.user,
            version=version,
            definition=new,
            revision=int(revision) if revision.isdigit() else -1,
        )
    except Refused as refused:
        return _answer(request, version, at, faults(refused))
    return _answer(request, version, goal, {}, removed=edit == "remove")


@require_POST
@needs("surveys.edit")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Back to before the last save."""
    version = find(request, ROWS, verb="surveys.edit", pk=pk)
    actions.undo_draft(actor=request.user, version=version)
    return _answer(request, version, request.POST.get("at", ""), {})


@require_POST
@needs("surveys.edit")
def redo(request: StaffRequest, pk: int) -> HttpResponse:
    """What was undone, once more."""
    version = find(request, ROWS, verb="surveys.edit", pk=pk)
    actions.redo_draft(actor=request.user, version=version)
    return _answer(request, version, request.POST.get("at", ""), {})


def _answer(
    request: StaffRequest,
    version: QuestionnaireVersion,
    at: str,
    problems: Mapping[str, Label],
    *,
    removed: bool = False,
) -> HttpResponse:
    """For the script the editor's inside; without script the whole page again."""
    address = f"{reverse('manage:editor', args=[version.pk])}?{urlencode({'at': at})}"
    if is_htmx(request):
        answer = _page(request, version, at, problems, removed=removed)
        if not problems:
            answer["HX-Replace-Url"] = address
        return answer
    if problems:
        return _page(request, version, at, problems, status=422)
    return redirect(address)


def is_htmx(request: HttpRequest) -> bool:
    """Whether the script asks for a part of the page."""
    return bool(getattr(request, "htmx", False))


def _page(
    request: StaffRequest,
    version: QuestionnaireVersion,
    at: str,
    problems: Mapping[str, Label],
    *,
    removed: bool = False,
    status: int = 200,
) -> HttpResponse:
    template = "manage/editor_inside.html" if is_htmx(request) else "manage/editor.html"
    context = {**context_of(request, version, at, problems), "removed": removed}
    return render(request, template, context, status=status)
