"""The question bank: questions of published questionnaires and of the library, to be taken over as copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.kernel.labels import Label
from manyi.measures.expressions import ExpressionError, references
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.surveys import actions, library
from manyi.surveys.conditions import parsed
from manyi.surveys.definition import Question, Questionnaire
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Text
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage import editing, type_picker

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Find:
    """One question of the bank: where it comes from, and what it says."""

    source: str
    origin: str
    title: str
    kind: Label
    parts: str


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def bank(request: StaffRequest, pk: int) -> HttpResponse:
    """Search by words and type; posting takes a copy of one question over into the draft."""
    rows = QuestionnaireVersion.objects.select_related("questionnaire__unit")
    version = find(request, rows, verb="surveys.edit", pk=pk)
    at = request.GET.get("at", "")
    if request.method == "POST":
        code = _take(request, version, request.POST.get("source", ""), at)
        messages.success(request, _("The question was taken over as a copy."))
        return redirect(f"{reverse('manage:editor', args=[pk])}?{urlencode({'at': code})}")
    words, kind = request.GET.get("q", "").strip(), request.GET.get("type", "")
    language = get_language() or "zh-hans"
    found = [
        _shown(source, tree, question, language)
        for source, tree in _sources(request)
        for question in tree.questions.values()
        if (not kind or question.type == kind) and _says(question, words)
    ]
    context = {
        "version": version,
        "tree": questionnaire_of(version),
        "at": at,
        "q": words,
        "type": kind,
        "groups": type_picker.groups(),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "count": len(found),
    }
    return render(request, "manage/bank.html", context)


def _sources(request: StaffRequest) -> Iterator[tuple[str, Questionnaire]]:
    """The newest published version of every questionnaire that the person may see, then the library."""
    rows = access.visible(request.user, QuestionnaireVersion.objects.exclude(published_at=None))
    newest: dict[int, QuestionnaireVersion] = {}
    for version in rows.filter(questionnaire__archived=False).order_by("number"):
        newest[version.questionnaire_id] = version
    yield from ((f"v{version.pk}", questionnaire_of(version)) for version in newest.values())
    yield from ((f"l{entry.code}", entry.questionnaire) for entry in library.entries())


def _says(question: Question, words: str) -> bool:
    texts = [question.title, *_titles(question)]
    said = " ".join(f"{text.zh} {text.en}" for text in texts).lower()
    return all(word in f"{question.code} {said}" for word in words.lower().split())


def _titles(question: Question) -> list[Text]:
    """The words of its rows, columns and options."""
    columns = (column.title for column in question.columns)
    return [*(row.title for row in question.rows), *columns, *(o.title for o in question.options)]


def _shown(source: str, tree: Questionnaire, question: Question, language: str) -> Find:
    words = " / ".join(title.text(language) for title in _titles(question)[:8])
    return Find(
        f"{source}/{question.code}",
        tree.title.text(language),
        question.title.text(language),
        TYPES.get(question.type).label,
        words,
    )


def _take(request: StaffRequest, version: QuestionnaireVersion, source: str, at: str) -> str:
    """Save the draft with a copy of the question; its code. Raises Refused for a question that is gone."""
    name, _slash, code = source.partition("/")
    tree = next((tree for key, tree in _sources(request) if key == name), None)
    question = tree.questions.get(code) if tree else None
    if question is None:
        raise Refused(Label("题库中没有这道题了。", "The bank no longer has this question."))
    draft = questionnaire_of(version)
    taken = code if code not in draft.questions else editing.free_code("q", draft.questions)
    copy = _standing_alone(replace(question, code=taken), draft)
    here = at if editing.section_at(draft, at) else ""
    new = editing.insert_question(draft, here, copy)
    actions.save_draft(actor=request.user, version=version, definition=new, revision=version.revision)
    return taken


def _standing_alone(question: Question, draft: Questionnaire) -> Question:
    """The question without a role that is taken, and without conditions on questions that are not here."""
    roles = {each.role for each in draft.questions.values()}
    return replace(
        question,
        role="" if question.role in roles else question.role,
        visible_if=question.visible_if if _known(question.visible_if, draft) else "",
        required_if=question.required_if if _known(question.required_if, draft) else "",
    )


def _known(expression: str, draft: Questionnaire) -> bool:
    try:
        return not expression or references(parsed(expression)) <= draft.questions.keys()
    except ExpressionError:
        return False
