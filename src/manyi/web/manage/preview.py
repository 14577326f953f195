"""The live preview: the respondent's own pages on answers that are thrown away with the session."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from manyi.surveys.definition import Questionnaire
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.editing import section_at
from manyi.web.public import rehearsal
from manyi.web.public.languages import of_staff, ours
from manyi.web.public.respondent import page


@csrf_exempt  # the respondent's pages carry no token, and what is written is one's own throw-away answers
@require_http_methods(["GET", "POST"])
@needs("surveys.view")
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """One section of a version as respondents see it; it can be answered, and asks on as they are asked."""
    version = find(request, QuestionnaireVersion.objects.select_related("questionnaire"), pk=pk)
    tree, key = questionnaire_of(version), f"preview-{pk}"
    if request.GET.get("again"):
        request.session.pop(key, None)
        return redirect(request.path)
    typed: dict[str, Any] = request.session.get(key, {})
    language = of_staff(request, tree.languages)
    at = request.GET.get("at", "")
    section = section_at(tree, at) if at else next(iter(tree.sections), None)
    with translation.override(ours(language)):
        if section is None:
            return _end(request, tree, language, typed)
        if request.method != "POST":
            context = rehearsal.page_of(tree, section, typed, {}, language)
            return page(request, "section", {**context, "key": ""})
        step = rehearsal.step(tree, section, typed, request.POST)
        request.session[key] = step.typed
        if step.errors or request.POST.get("go") == "refresh":
            context = rehearsal.page_of(tree, section, step.typed, step.errors, language)
            name = "questions" if request.POST.get("go") == "refresh" else "section"
            return page(request, name, {**context, "key": ""}, status=422 if step.errors else 200)
    goal = urlencode({"at": step.section or "-", **_asked(request)})
    anchor = f"#q-{step.anchor}" if step.anchor else ""
    return redirect(f"{reverse('manage:preview', args=[pk])}?{goal}{anchor}")


def _asked(request: StaffRequest) -> dict[str, str]:
    return {"lang": request.GET["lang"]} if "lang" in request.GET else {}


def _end(request: StaffRequest, tree: Questionnaire, language: str, typed: dict[str, Any]) -> HttpResponse:
    """The thanks, and the way to begin again."""
    verdict = rehearsal.judged(tree, typed)
    context = {
        "title": tree.title.text(language),
        "thanks": tree.thanks.text(language),
        "answered": len(verdict.accepted),
        "again": "?again=1",
        "spoken": language,
        "offered": tree.languages,
    }
    return page(request, "rehearsed", context)
