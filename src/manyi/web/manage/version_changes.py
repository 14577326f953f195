"""What changed between two versions, in sentences, and what became of questions that are gone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.organisation import access
from manyi.surveys.differences import differences
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import code_mapping, questionnaire_of, vanished_codes
from manyi.surveys.version_actions import map_code
from manyi.web.guard import StaffRequest, find, needs

ROWS = QuestionnaireVersion.objects.select_related("questionnaire__unit")


@require_http_methods(["GET", "POST"])
@needs("surveys.view")
def changes(request: StaffRequest, pk: int) -> HttpResponse:
    """A version beside another one, by default the one before; posting maps one vanished code."""
    version = find(request, ROWS, pk=pk)
    if request.method == "POST":
        map_code(
            actor=request.user,
            version=version,
            old=request.POST.get("old", ""),
            new=request.POST.getlist("new"),
        )
        messages.success(request, _("Saved."))
        return redirect("manage:changes", pk=pk)
    others = list(version.questionnaire.versions.exclude(pk=pk).order_by("-number"))
    asked = request.GET.get("against", "")
    before = [each for each in others if each.number < version.number]
    against = next((each for each in others if str(each.pk) == asked), next(iter(before or others), None))
    context = {
        "version": version,
        "tree": questionnaire_of(version),
        "others": others,
        "against": against,
        "found": _between(version, against) if against else [],
        **_mapping(request, version),
    }
    return render(request, "manage/changes.html", context)


def _between(version: QuestionnaireVersion, against: QuestionnaireVersion) -> list[object]:
    old, new = sorted((version, against), key=lambda each: each.number)
    return list(differences(questionnaire_of(old), questionnaire_of(new), code_mapping(old, new)))


def _mapping(request: StaffRequest, version: QuestionnaireVersion) -> dict[str, object]:
    """The codes that are gone, those that were mapped, and the questions that can stand for them."""
    language, tree = get_language() or "zh-hans", questionnaire_of(version)
    return {
        "vanished": vanished_codes(version) if version.published_at is None else [],
        "mapped": list(version.mapping.items()),
        "questions": [(code, question.title.text(language)) for code, question in tree.questions.items()],
        "may_map": version.published_at is None and access.may(request.user, "surveys.edit", version),
    }
