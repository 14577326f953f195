"""The respondent's pages: welcome, one section after the other, receipt, opting out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from manyi.distribution import actions as distribution
from manyi.distribution.errors import UnknownLink
from manyi.distribution.letters import promise_of
from manyi.distribution.opt_out_actions import invitation_of
from manyi.responses import intake
from manyi.responses.link_actions import note_parameters
from manyi.responses.models import Response
from manyi.responses.queries import by_receipt
from manyi.surveys.evaluation import visible_sections
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.web.public import doors
from manyi.web.public.answering import receipt_of, section_page, see
from manyi.web.public.devices import OWN_DEVICE, device_of, remember
from manyi.web.public.doors import Door
from manyi.web.public.languages import ours, spoken
from manyi.web.public.respondent import page, respondent


@respondent("GET", "HEAD", "POST")
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of a personal link; posting begins or goes on."""
    return _welcome(request, doors.personal(token))


@respondent("GET", "HEAD", "POST")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of an open link; posting begins new answers."""
    return _welcome(request, doors.open_door(token))


def _welcome(request: HttpRequest, door: Door) -> HttpResponse:
    if done := receipt_of(door):
        return done
    door.require_usable()
    questionnaire = door.questionnaire
    language = spoken(request, questionnaire.languages)
    if request.method == "POST":
        number, device = device_of(request, door.link) if door.link else ("", "")
        begun = door.begin(language, device)
        response = note_parameters(response=begun, parameters=request.GET.dict())
        answer = see(request, door.section_url(_resume_at(door, response)), questionnaire)
        return remember(answer, request, door.link, number) if door.link else answer
    with translation.override(ours(language)):
        return page(request, "welcome", _greeting(door, language))


def _greeting(door: Door, language: str) -> dict[str, Any]:
    """What the first page says."""
    programme, questionnaire = door.round.programme, door.questionnaire
    english = not language.startswith("zh")
    promise = programme.privacy_promise_en if english else programme.privacy_promise
    return {
        "round": door.round,
        "title": questionnaire.title.text(language),
        "intro": questionnaire.intro.text(language),
        "questions": sum(TYPES.get(each.type).asks for each in questionnaire.questions.values()),
        "promise": promise_of(promise=promise, anonymous=door.round.anonymous, language=ours(language)),
        "marks_device": door.link is not None and door.link.kind in OWN_DEVICE,
        "resumed": door.response is not None,
        "stop_url": f"{door.welcome_url()}stop/" if door.invitation else "",
        "spoken": language,
        "offered": questionnaire.languages,
    }


def _resume_at(door: Door, response: Response) -> str:
    """The first visible section in which something is still to be answered."""
    questionnaire = door.questionnaire
    verdict = intake.judged(questionnaire, response, {})
    visible = visible_sections(questionnaire, verdict.visible)
    if not response.timings:
        return visible[0]
    open_ones = {questionnaire.section_of[code].code for code in verdict.errors}
    unseen = [code for code in visible if code in open_ones or code not in response.timings]
    return unseen[0] if unseen else visible[-1]


@respondent("GET", "HEAD", "POST")
def personal_section(request: HttpRequest, token: str, section: str) -> HttpResponse:
    """One section of a personal link."""
    return section_page(request, doors.personal(token), section)


@respondent("GET", "HEAD", "POST")
def open_section(request: HttpRequest, token: str, key: str, section: str) -> HttpResponse:
    """One section of answers that began by an open link."""
    return section_page(request, doors.open_draft(token, key), section)


@respondent("GET", "HEAD")
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Thanks, what will happen with the answers, and the receipt number."""
    response = by_receipt(receipt)
    if response is None:
        raise UnknownLink
    questionnaire = questionnaire_of(response.round.questionnaire)
    language = spoken(request, questionnaire.languages, response.language)
    with translation.override(ours(language)):
        context = {
            "receipt": response.receipt,
            "title": questionnaire.title.text(language),
            "thanks": questionnaire.thanks.text(language),
            "anonymous": response.round.anonymous,
            "spoken": language,
            "offered": questionnaire.languages,
        }
        return page(request, "receipt", context)


@respondent("GET", "HEAD", "POST")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Opting out and back in. A post from a mail program (List-Unsubscribe=One-Click) opts out at once."""
    invitation = invitation_of(token)
    if request.method == "POST":
        if request.POST.get("again"):
            invitation = distribution.opt_back_in(actor=None, invitation=invitation)
        else:
            invitation = distribution.opt_out(token=token)
    return page(
        request,
        "stop",
        {
            "out": invitation.state == "opted_out",
            "done": request.method == "POST",
            "welcome_url": f"/s/{token}/",
            "answered": invitation.state == "answered",
        },
    )
