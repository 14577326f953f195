"""Publishing a version: what stands against it, what to think about first, and the act."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.surveys import actions, rules
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import draft_warnings, questionnaire_of
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.spots import spot_of


@require_http_methods(["GET", "POST"])
@needs("surveys.publish")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """The checks of a draft with the way to each place; posting freezes the draft for use."""
    rows = QuestionnaireVersion.objects.select_related("questionnaire__unit")
    version = find(request, rows, verb="surveys.publish", pk=pk)
    if request.method == "POST":
        accepted = request.POST.get("read") == "yes"
        actions.publish_questionnaire(actor=request.user, version=version, accept_warnings=accepted)
        messages.success(request, _("The version is published and will never change again."))
        return redirect("manage:questionnaire", pk=version.questionnaire_id)
    tree, language = questionnaire_of(version), get_language() or "zh-hans"
    draft = version.published_at is None
    problems = rules.publish_problems(tree) if draft else []
    warnings = draft_warnings(version) if draft else []
    context = {
        "version": version,
        "tree": tree,
        "problems": [(spot_of(tree, path, language), words) for path, words in problems],
        "warnings": [(spot_of(tree, path, language), words) for path, words in warnings],
    }
    return render(request, "manage/publish.html", context)
