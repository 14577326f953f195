"""Where files arrive that were promised on the telephone: the personal link, after the interview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from manyi.distribution.errors import UnknownLink
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.responses import intake, promise_actions
from manyi.responses.upload_actions import Upload
from manyi.surveys.tree import Question
from manyi.web.public import doors
from manyi.web.public.answering import uploads_of
from manyi.web.public.fields import PREFIX, Drawing, Field, field_of
from manyi.web.public.languages import ours, spoken
from manyi.web.public.respondent import page, respondent
from manyi.web.refusals import UNPROCESSABLE


@respondent("GET", "HEAD", "POST")
def files(request: HttpRequest, token: str) -> HttpResponse:
    """The questions whose files are still to come; without any, the receipt."""
    door = doors.personal(token)
    response = door.response
    if response is None or response.state != "submitted":
        raise UnknownLink
    asked = promise_actions.still_promised(response)
    if not asked:
        return HttpResponseRedirect(reverse("public:receipt", args=[response.receipt]))
    intake.require_open(door.round)
    fault: Refused | None = None
    if request.method == "POST":
        try:
            promise_actions.hand_in(actor=None, response=response, uploads=given(request, asked))
            return HttpResponseRedirect(reverse("public:promised_files", args=[token]))
        except Refused as refused:
            fault = refused
    language = spoken(request, door.questionnaire.languages, response.language)
    with translation.override(ours(language)):
        fields = drawn(asked, fault, language)
        context = {
            "title": door.questionnaire.title.text(language),
            "fields": fields,
            "errors": [field for field in fields if field.error],
            "fault": fault.message if fault and not fault.field else None,
            "spoken": language,
            "offered": door.questionnaire.languages,
        }
        return page(request, "promised_files", context, status=UNPROCESSABLE if fault else 200)


def given(request: HttpRequest, asked: list[Question]) -> dict[str, list[Upload]]:
    """The files that came along for these questions."""
    return {question.code: uploads_of(request, f"{PREFIX}{question.code}") for question in asked}


def drawn(asked: list[Question], fault: Refused | None, language: str) -> list[Field]:
    """The questions as fields for files, with what was wrong at the one at fault."""
    errors: dict[str, Label] = {fault.field: fault.message} if fault and fault.field else {}
    drawing = Drawing(language)
    return [field_of(question, None, errors.get(question.code), drawing) for question in asked]
