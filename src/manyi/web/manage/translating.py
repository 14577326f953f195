"""The translation page: every text beside its translation, what is missing marked."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.organisation import access
from manyi.surveys import actions
from manyi.surveys.definition import Questionnaire
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.wordings import with_words, wordings
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.spots import Spot, spot_of


@dataclass(frozen=True, slots=True)
class Pair:
    """One text with its translation."""

    path: str
    spot: Spot
    source: str
    target: str
    missing: bool


@require_http_methods(["GET", "POST"])
@needs("surveys.view")
def translate(request: StaffRequest, pk: int) -> HttpResponse:
    """All texts of a version in two languages side by side; a draft's can be typed here."""
    rows = QuestionnaireVersion.objects.select_related("questionnaire__unit")
    version = find(request, rows, pk=pk)
    tree = questionnaire_of(version)
    languages = tree.languages or ("zh",)
    target = request.GET.get("to", "")
    target = target if target in languages else languages[-1]
    only = request.GET.get("only", "") == "missing"
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        actions.save_draft(
            actor=request.user,
            version=version,
            definition=_typed(request, tree, target),
            revision=int(revision) if revision.isdigit() else -1,
        )
        messages.success(request, _("Saved."))
        query = {"to": target, **({"only": "missing"} if only else {})}
        return redirect(f"{reverse('manage:translate', args=[pk])}?{urlencode(query)}")
    pairs = _pairs(tree, target)
    context = {
        "version": version,
        "tree": tree,
        "languages": languages,
        "target": target,
        "source": _source(tree, target),
        "only": only,
        "pairs": [pair for pair in pairs if pair.missing or not only],
        "missing": sum(pair.missing for pair in pairs),
        "editable": version.published_at is None and access.may(request.user, "surveys.edit", version),
    }
    return render(request, "manage/translate.html", context)


def _source(tree: Questionnaire, target: str) -> str:
    return next((language for language in tree.languages if language != target), target)


def _pairs(tree: Questionnaire, target: str) -> list[Pair]:
    """The texts that say something, or should."""
    language, source = get_language() or "zh-hans", _source(tree, target)
    return [
        Pair(
            wording.path,
            spot_of(tree, wording.path, language),
            wording.text.within(source),
            wording.text.within(target),
            target in wording.lacks(tree.languages),
        )
        for wording in wordings(tree)
        if wording.text or not wording.optional
    ]


def _typed(request: StaffRequest, tree: Questionnaire, target: str) -> Questionnaire:
    for name, words in request.POST.items():
        path = name.removeprefix("t:")
        if path != name:
            tree = with_words(tree, path, target, str(words).strip())
    return tree
