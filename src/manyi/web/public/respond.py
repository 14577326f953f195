"""The respondent's pages: welcome, one section after the other, receipt, opting out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from manyi.distribution import actions as distribution
from manyi.distribution.errors import UnknownLink
from manyi.distribution.letters import promise_of
from manyi.distribution.opt_out_actions import invitation_of
from manyi.responses import actions, intake
from manyi.responses.errors import Incomplete
from manyi.responses.models import Response
from manyi.responses.queries import by_key, by_receipt
from manyi.surveys.definition import Section
from manyi.surveys.evaluation import Evaluation, visible_sections
from manyi.surveys.queries import questionnaire_of
from manyi.web.public import doors
from manyi.web.public.doors import Door
from manyi.web.public.fields import field_of, posted
from manyi.web.public.respondent import LANGUAGES, asked_language, page, respondent


@respondent("GET", "HEAD", "POST")
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of a personal link; posting begins or goes on."""
    return _welcome(request, doors.personal(token))


@respondent("GET", "HEAD", "POST")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of an open link; posting begins new answers."""
    return _welcome(request, doors.open_door(token))


def _welcome(request: HttpRequest, door: Door) -> HttpResponse:
    if done := _receipt_of(door):
        return done
    door.require_usable()
    if request.method == "POST":
        response = door.begin(translation.get_language() or "zh-hans")
        return _see(request, door.section_url(_resume_at(door, response)))
    language = translation.get_language() or "zh-hans"
    programme = door.round.programme
    english = language.startswith("en")
    promise = programme.privacy_promise_en if english else programme.privacy_promise
    questionnaire = door.questionnaire
    context = {
        "round": door.round,
        "title": questionnaire.title.text(language),
        "intro": questionnaire.intro.text(language),
        "questions": len(questionnaire.questions),
        "promise": promise_of(promise=promise, anonymous=door.round.anonymous, language=language),
        "resumed": door.response is not None,
        "stop_url": f"{door.welcome_url()}stop/" if door.invitation else "",
    }
    return page(request, "welcome", context)


def _receipt_of(door: Door, key: str = "") -> HttpResponse | None:
    """To the receipt when the answers are already in; ``key`` finds them where the link was cut."""
    response = door.response or (by_key(key) if key else None)
    if response is not None and response.state == "submitted" and response.round_id == door.round.pk:
        return HttpResponseRedirect(f"/receipt/{response.receipt}/")
    return None


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


def _see(request: HttpRequest, url: str) -> HttpResponse:
    """On to another page, in the language that was chosen."""
    asked = request.GET.get("lang", "")
    query = f"?lang={asked}" if asked in LANGUAGES else ""
    path, _, anchor = url.partition("#")
    return HttpResponseRedirect(f"{path}{query}{f'#{anchor}' if anchor else ''}")


@respondent("GET", "HEAD", "POST")
def personal_section(request: HttpRequest, token: str, section: str) -> HttpResponse:
    """One section of a personal link."""
    return _in_language(request, doors.personal(token), section)


@respondent("GET", "HEAD", "POST")
def open_section(request: HttpRequest, token: str, key: str, section: str) -> HttpResponse:
    """One section of answers that began by an open link."""
    return _in_language(request, doors.open_draft(token, key), section)


def _in_language(request: HttpRequest, door: Door, code: str) -> HttpResponse:
    """The section in the language in which the answers were begun, unless another is asked for."""
    begun = door.response.language if door.response else ""
    with translation.override(asked_language(request) or begun or translation.get_language()):
        return _section(request, door, code)


def _section(request: HttpRequest, door: Door, code: str) -> HttpResponse:
    if done := _receipt_of(door, request.POST.get("key", "")):
        return done
    section = door.questionnaire.section(code)
    if section is None:
        raise UnknownLink
    if request.method != "POST":
        door.require_usable()
    if door.response is None:
        door.require_usable()
        return _see(request, door.welcome_url())
    if request.method == "POST":
        return _save(request, door, door.response, section)
    verdict = intake.judged(door.questionnaire, door.response, {})
    wrong = {code: verdict.errors[code] for code in door.response.set_aside if code in verdict.errors}
    return _show(request, door, door.response, section, verdict, wrong)


def _save(request: HttpRequest, door: Door, response: Response, section: Section) -> HttpResponse:
    """Save what was posted, then go where the respondent wants, or show what is to be mended."""
    answers, go = posted(section, request.POST), request.POST.get("go", "next")
    visible = set(request.POST.getlist("shown"))
    last = request.POST.get("last") == "1" and go == "next"
    if last:
        try:
            actions.submit(response=response, section=section.code, answers=answers)
        except Incomplete as lacking:
            verdict = intake.judged(door.questionnaire, response, {})
            return _mend(request, door, response, section, verdict, visible, dict(lacking.problems))
        return HttpResponseRedirect(f"/receipt/{response.receipt}/")
    verdict = actions.save_section(
        response=response, section=section.code, answers=answers, leaving=go == "next"
    )
    if go == "refresh":
        return _show(request, door, response, section, verdict, _wrong(response, verdict), fragment=True)
    if go == "back":
        return _see(request, door.section_url(_neighbour(door, section, verdict, -1)))
    return _mend(request, door, response, section, verdict, visible, verdict.errors)


def _wrong(response: Response, verdict: Evaluation) -> dict[str, Any]:
    """The errors of what was typed, without what is merely still empty."""
    return {code: verdict.errors[code] for code in response.set_aside if code in verdict.errors}


def _mend(
    request: HttpRequest,
    door: Door,
    response: Response,
    section: Section,
    verdict: Evaluation,
    shown: set[str],
    errors: dict[str, Any],
) -> HttpResponse:
    """Stay for errors and for questions that have just come up; otherwise the next section."""
    here = {question.code for question in section.questions}
    fresh = [q.code for q in section.questions if q.code in verdict.visible and q.code not in shown]
    mine = {code: error for code, error in errors.items() if code in here & shown}
    if mine:
        return _show(request, door, response, section, verdict, mine, status=422)
    if fresh:
        return _see(request, f"{door.section_url(section.code)}#q-{fresh[0]}")
    elsewhere = [code for code in errors if code not in here]
    following = _neighbour(door, section, verdict, +1)
    if following == section.code and elsewhere:
        following = door.questionnaire.section_of[elsewhere[0]].code
    return _see(request, door.section_url(following))


def _neighbour(door: Door, section: Section, verdict: Evaluation, step: int) -> str:
    """The next or previous visible section; at the ends the section itself."""
    codes = visible_sections(door.questionnaire, verdict.visible)
    order = [each.code for each in door.questionnaire.sections]
    if step > 0:
        return next((c for c in codes if order.index(c) > order.index(section.code)), section.code)
    before = [code for code in codes if order.index(code) < order.index(section.code)]
    return before[-1] if before else section.code


def _show(
    request: HttpRequest,
    door: Door,
    response: Response,
    section: Section,
    verdict: Evaluation,
    errors: dict[str, Any],
    *,
    status: int = 200,
    fragment: bool = False,
) -> HttpResponse:
    """The page of a section, or only its questions for the script that re-asks the server."""
    language = translation.get_language() or "zh-hans"
    typed = intake.typed(response)
    fields = [
        field_of(question, typed.get(question.code), errors.get(question.code), language)
        for question in section.questions
        if question.code in verdict.visible
    ]
    codes = visible_sections(door.questionnaire, verdict.visible)
    place = codes.index(section.code) + 1 if section.code in codes else len(codes)
    context = {
        "title": door.questionnaire.title.text(language),
        "section_title": section.title.text(language),
        "fields": fields,
        "errors": [field for field in fields if field.error],
        "key": response.key,
        "place": place,
        "places": len(codes),
        "first": place <= 1,
        "last": place >= len(codes),
        "asks_again": any(question.visible_if for question in section.questions),
        "saved": bool(response.timings),
    }
    return page(request, "questions" if fragment else "section", context, status=status)


@respondent("GET", "HEAD")
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Thanks, what will happen with the answers, and the receipt number."""
    response = by_receipt(receipt)
    if response is None:
        raise UnknownLink
    with translation.override(asked_language(request) or response.language or translation.get_language()):
        language = translation.get_language() or "zh-hans"
        questionnaire = questionnaire_of(response.round.questionnaire)
        context = {
            "receipt": response.receipt,
            "title": questionnaire.title.text(language),
            "thanks": questionnaire.thanks.text(language),
            "anonymous": response.round.anonymous,
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
