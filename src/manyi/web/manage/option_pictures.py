"""Pictures for the options of a question: added, replaced and taken away."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys import actions
from manyi.surveys.definition import Option, Question
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.pictures import keep_picture
from manyi.surveys.queries import questionnaire_of
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.editing import node_at, with_node
from manyi.web.refusals import UNPROCESSABLE


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def pictures(request: StaffRequest, pk: int, at: str) -> HttpResponse:
    """Every option of a question with its picture; posting adds, replaces and takes away, all or none."""
    rows = QuestionnaireVersion.objects.select_related("questionnaire__unit")
    version = find(request, rows, verb="surveys.edit", pk=pk)
    tree = questionnaire_of(version)
    question = node_at(tree, at)
    if not isinstance(question, Question):
        raise Http404
    faults: dict[str, Label] = {}
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        with transaction.atomic():
            options = tuple(_pictured(request, version, each, faults) for each in question.options)
            if faults:
                transaction.set_rollback(True)
            else:
                new = with_node(tree, at, replace(question, options=options))
                number = int(revision) if revision.isdigit() else -1
                actions.save_draft(actor=request.user, version=version, definition=new, revision=number)
        if not faults:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('manage:editor', args=[pk])}?{urlencode({'at': at})}")
    context = {
        "version": version,
        "tree": tree,
        "question": question,
        "options": [(option, faults.get(option.code)) for option in question.options],
    }
    return render(request, "manage/option_pictures.html", context, status=UNPROCESSABLE if faults else 200)


def _pictured(
    request: StaffRequest, version: QuestionnaireVersion, option: Option, faults: dict[str, Label]
) -> Option:
    """The option with the picture that was sent for it, or without the one it had."""
    sent = request.FILES.get(f"picture.{option.code}")
    if sent is None or sent.file is None:
        return replace(option, image="") if option.code in request.POST.getlist("drop") else option
    try:
        key = keep_picture(
            actor=request.user,
            questionnaire=version.questionnaire,
            name=sent.name or "",
            size=sent.size or 0,
            content=sent.file,
        )
    except Refused as refused:
        faults[option.code] = refused.message
        return option
    return replace(option, image=key)
