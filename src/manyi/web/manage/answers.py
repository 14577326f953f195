"""Answers: the list of a round, and one set of answers with its flags and its judgement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.measures.answers import COMMENT, is_empty
from manyi.organisation import access, attachments
from manyi.responses import actions, promise_actions
from manyi.responses.models import Response
from manyi.responses.promise_actions import still_promised
from manyi.responses.queries import quotas_above, visible_responses
from manyi.responses.rules import FLAGS
from manyi.surveys.definition import Question, Questionnaire
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES, columns_of
from manyi.web.download import as_download
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.public.fields import Field
from manyi.web.public.promises import drawn, given
from manyi.web.settings.pages import page_of

TABS = ("", "doubtful", "invalid", "draft")


@require_GET
@needs("responses.view")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """The answers of a round that the person may read."""
    row = find(request, Round.objects.select_related("unit", "questionnaire"), verb="responses.view", pk=pk)
    tab = request.GET.get("show", "")
    rows = _shown(visible_responses(request.user, row), tab).select_related("unit")
    rows = _narrowed(rows, row, request.GET)
    page = page_of(request, rows.prefetch_related("scores").order_by("-submitted_at", "-pk"))
    context = {
        "round": row,
        "page": page,
        "rows": [(each, each.scores.all()[:1], _flags(each)) for each in page],
        "tab": tab,
    }
    return render(request, "manage/answers.html", context)


def _shown(rows: QuerySet[Response], tab: str) -> QuerySet[Response]:
    if tab == "draft":
        return rows.filter(state="draft")
    rows = rows.filter(state="submitted")
    if tab == "doubtful":
        return rows.exclude(flags=[])
    return rows.filter(valid=False) if tab == "invalid" else rows


def _narrowed(rows: QuerySet[Response], row: Round, given: QueryDict) -> QuerySet[Response]:
    """Narrowed to what a figure was clicked for: grade, channel, unit (its path), segment, low answers."""
    exact = {"grade": "scores__grade", "channel": "channel", "unit": "unit__path__startswith"}
    rows = rows.filter(**{lookup: given[name] for name, lookup in exact.items() if given.get(name)})
    if given.get("segment"):
        rows = rows.filter(segments__icontains=json.dumps(given["segment"]))
    columns = {column.name: column for column in columns_of(questionnaire_of(row.questionnaire))}
    item, most = columns.get(given.get("item", "")), given.get("at_most", "")
    if item is not None and most.lstrip("-").isdigit():
        rows = rows.filter(**{f"answers__{item.path.replace('.', '__')}__lte": int(most)})
    return rows


def _flags(response: Response) -> list[Any]:
    return [FLAGS[flag] for flag in response.flags if flag in FLAGS]


@require_GET
@needs("responses.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One set of answers in the words of its questionnaire."""
    rows = visible_responses(request.user).select_related("round__programme", "unit", "questionnaire")
    row = get_object_or_404(rows, pk=pk)
    questionnaire = questionnaire_of(row.questionnaire)
    context = {
        "response": row,
        "score": row.scores.select_related("scheme__scheme").order_by("-pk").first(),
        "sections": _told(questionnaire, row.answers, get_language() or "zh-hans"),
        "promised": _promised(request, row),
        "files": attachments.held_by(row).order_by("pk"),
        "set_aside": [(code, kept["value"], kept["reason"]) for code, kept in row.set_aside.items()],
        "flags": _flags(row),
        "may_judge": access.may(request.user, "responses.judge", row) and row.state == "submitted",
    }
    return render(request, "manage/answer.html", context)


def _promised(request: StaffRequest, row: Response) -> list[Field]:
    """Fields for the files that are still to come, for whoever may take them in."""
    if row.state != "submitted" or not access.may(request.user, "responses.judge", row):
        return []
    return drawn(still_promised(row), None, get_language() or "zh-hans")


@require_POST
@needs("responses.judge")
def hand_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Take in files that were promised on the telephone and reached the house."""
    rows = visible_responses(request.user).select_related("unit", "round", "questionnaire")
    row = get_object_or_404(rows, pk=pk)
    came = promise_actions.hand_in(
        actor=request.user, response=row, uploads=given(request, still_promised(row))
    )
    words = ngettext("%(n)s question got its files.", "%(n)s questions got their files.", len(came))
    messages.success(request, words % {"n": len(came)})
    return redirect("manage:response", pk=pk)


def _told(questionnaire: Questionnaire, answers: dict[str, Any], language: str) -> list[tuple[str, Any]]:
    """Section by section: (question, answer in words)."""
    told = []
    for section in questionnaire.sections:
        lines: list[tuple[str, str]] = []
        for question in section.questions:
            lines += _answer(question, answers, language)
        told.append((section.title.text(language), lines))
    return told


def _answer(question: Question, answers: dict[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """The lines of one question: one, or one for each row or field, and the words beside it."""
    title, value = question.title.text(language), answers.get(question.code)
    kind = TYPES.get(question.type)
    parts = {row.code: row.title.text(language) for row in question.rows}
    parts |= {column.code: column.title.text(language) for column in question.columns}
    if isinstance(value, dict) and parts:
        columns = {column.code: column for column in question.columns}
        for code, each in value.items():
            asked = columns.get(code, question)
            words = TYPES.get(asked.type).shown(asked, each, language)
            yield f"{title} – {parts.get(code, code)}", _graded(each, words)
    elif not is_empty(value):
        yield title, _graded(value, kind.shown(question, value, language))
    if beside := answers.get(f"{question.code}{COMMENT}"):
        yield f"{title} – {_('in words')}", str(beside)


def _graded(value: Any, words: str) -> str:
    """A number on a scale stands before its word."""
    return f"{value} · {words}" if isinstance(value, int) and words != str(value) else words


@require_GET
@needs("responses.view")
def file(request: StaffRequest, pk: int, sha256: str) -> HttpResponseBase:
    """One file that came with the answers, as a download."""
    row = get_object_or_404(visible_responses(request.user), pk=pk)
    kept = attachments.held_by(row).filter(sha256=sha256).first()
    if kept is None:
        raise Http404
    return as_download(kept)


@require_POST
@needs("responses.judge")
def judge(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide whether the answers count, or take the decision back."""
    rows = visible_responses(request.user).select_related("unit", "round")
    row = get_object_or_404(rows, pk=pk)
    if request.POST.get("undo"):
        actions.undo_judgement(actor=request.user, response=row)
        messages.success(request, _("The judgement was taken back."))
    else:
        valid = request.POST.get("valid") == "yes"
        actions.judge(actor=request.user, response=row, valid=valid, why=request.POST.get("why", ""))
        messages.success(request, _("The judgement was noted."))
    if row.valid and (above := ", ".join(quota.title for quota in quotas_above(row))):
        messages.warning(request, _("Now above its limit: %(quotas)s") % {"quotas": above})
    return redirect("manage:response", pk=pk)
