"""Interviews face to face: one page that works without a connection, and where its sheets are taken in.

The page shows every question with its condition in words; what is shown, needed and right is decided here
when the sheet arrives, and what is lacking goes back to the device (docs/decisions, “a sheet waits”).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth import authenticate
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from manyi.distribution import call_queries
from manyi.distribution.channels.f2f import LOCK_MINUTES
from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.queries import in_tree_order
from manyi.organisation.settings import value
from manyi.responses import actions
from manyi.responses.errors import NotTaken
from manyi.responses.models import Response
from manyi.responses.sheet_actions import draft_of_sheet
from manyi.responses.upload_actions import Upload, take_files
from manyi.surveys.conditions import sentence
from manyi.surveys.definition import Question, Questionnaire, Section
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.web.guard import StaffRequest, needs
from manyi.web.public.drawing import drawn_blank
from manyi.web.public.fields import PREFIX, Field
from manyi.web.public.languages import menu, of_staff, ours
from manyi.web.public.posted import posted
from manyi.web.refusals import UNPROCESSABLE

#: An answer sheet that took longer than this was left lying, not filled in.
LONGEST = 4 * 3600.0
WRONG_PASSWORD = Label("密码不正确,或尝试次数过多。", "The password is wrong, or was tried too often.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page: its field and, in words, when it is asked."""

    field: Field
    condition: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section on the page."""

    title: str
    condition: str
    asked: list[Asked]


def _parts(tree: Questionnaire, language: str) -> list[Part]:
    """The whole questionnaire, every question, with the conditions in words."""

    def asked(section: Section) -> list[Asked]:
        fields = drawn_blank(section, language, "web")
        return [
            Asked(field, sentence(tree, tree.questions[field.code].visible_if, language)) for field in fields
        ]

    return [
        Part(each.title.text(language), sentence(tree, each.visible_if, language), asked(each))
        for each in tree.sections
    ]


@require_GET
@needs("surveys.call")
def sheets(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer sheets on this device, and the questionnaire to fill in."""
    row = get_object_or_404(call_queries.rounds_of(request.user), pk=pk)
    tree = questionnaire_of(row.questionnaire)
    language = of_staff(request, tree.languages)
    parts = _parts(tree, language)
    context = {
        "round": row,
        "units": in_tree_order(call_queries.units_of(request.user, row)),
        "title": tree.title.text(language),
        "intro": tree.intro.text(language),
        "parts": parts,
        "spoken": language,
        "languages": menu(tree.languages, language),
        "lock_minutes": value(LOCK_MINUTES),
        "faces": any(asked.field.has_faces for part in parts for asked in part.asked),
    }
    with translation.override(ours(language)):
        return render(request, "field/f2f.html", context)


@require_POST
@needs("surveys.call")
def hand_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one sheet in: its receipt, or what has to be mended, by question. Sent again, it says the same."""
    person, given = request.user, request.POST
    row = get_object_or_404(call_queries.rounds_of(person), pk=pk)
    unit = call_queries.units_of(person, row)
    chosen = given.get("unit", "")
    place = get_object_or_404(unit, pk=int(chosen)) if chosen.isdigit() else unit.first()
    if place is None:
        raise Http404
    try:
        draft = draft_of_sheet(
            actor=person, round=row, unit=place, key=_key(given.get("key", "")),
            language=given.get("language", "zh-hans")[:10],
        )  # fmt: skip
        if draft.state == "draft":
            answers = _answers(request, questionnaire_of(row.questionnaire), draft)
            draft = actions.submit(
                response=draft, section="sheet", answers=answers, seconds=_seconds(given.get("seconds", ""))
            )
    except NotTaken as shut:
        return _told({"over": _words(shut.message)}, shut.status)
    except Invalid as lacking:
        problems = [{"code": code, "words": _words(why)} for code, why in lacking.problems]
        return _told({"problems": problems}, UNPROCESSABLE)
    except Refused as refused:
        return _told({"over": _words(refused.message)}, UNPROCESSABLE)
    return _told({"receipt": draft.receipt}, 200)


def _told(answer: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(answer, status=status)


def _words(label: Label) -> str:
    return label.text(get_language() or "zh-hans")


def _key(text: str) -> UUID:
    """The sheet's own key; raises Refused for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Label("答卷编号无效。", "The sheet has no valid key."), field="key") from None


def _seconds(text: str) -> float:
    """How long the interview took on the device."""
    return min(float(text), LONGEST) if text.isdigit() else 0.0


def _answers(request: StaffRequest, tree: Questionnaire, draft: Response) -> dict[str, Any]:
    """The answers of all sections, with the files that came along."""
    answers: dict[str, Any] = {}
    for section in tree.sections:
        mine = {f"{PREFIX}{question.code}" for question in section.questions}
        form = request.POST.copy()
        for name in [key for key in form if key.startswith(PREFIX) and not _belongs(key, mine)]:
            del form[name]
        answers |= posted(section, form)
        for question in section.questions:
            if TYPES.get(question.type).takes_files(question) is not None:
                answers[question.code] = _files(request, draft, question)
    return answers


def _belongs(name: str, questions: set[str]) -> bool:
    return any(name == each or name.startswith((f"{each}.", f"{each}-")) for each in questions)


def _files(request: StaffRequest, draft: Response, question: Question) -> Any:
    sent = request.FILES.getlist(f"{PREFIX}{question.code}")
    uploads = [Upload(each.name or "", each.size or 0, each.file) for each in sent if each.file]
    return take_files(response=draft, question=question, kept=None, uploads=uploads)


@require_POST
@needs("surveys.call")
def unlock(request: StaffRequest) -> HttpResponse:
    """Whether this is the password of the person: it opens a device whose PIN was forgotten.

    Wrong ones count as failed log-ins do, so that they cannot be tried without end.
    """
    given = request.POST.get("password", "")[:200]
    person = authenticate(request, username=request.user.username, password=given)
    if person == request.user:
        return _told({"right": True}, 200)
    return _told({"words": _words(WRONG_PASSWORD)}, UNPROCESSABLE)


@require_GET
@needs("surveys.call")
def worker(request: StaffRequest) -> HttpResponse:
    """The script that keeps these pages for the time without a connection; its place decides for which."""
    path = finders.find("field/worker.js")
    if not isinstance(path, str):
        raise Http404
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript")
