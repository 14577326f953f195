"""One section of a questionnaire: shown in the respondent's language, saved, mended, left behind."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from manyi.distribution.errors import UnknownLink
from manyi.kernel.labels import Label
from manyi.responses import actions, intake
from manyi.responses.errors import Incomplete
from manyi.responses.models import Response
from manyi.responses.promise_actions import still_promised
from manyi.responses.queries import by_key
from manyi.responses.upload_actions import Upload, drop_unused, take_files
from manyi.surveys.definition import Questionnaire, Section
from manyi.surveys.evaluation import Evaluation
from manyi.surveys.files import promised
from manyi.surveys.question_types import TYPES
from manyi.web.public.doors import Door
from manyi.web.public.drawing import section_context
from manyi.web.public.fields import PREFIX
from manyi.web.public.flow import neighbour, shown_codes
from manyi.web.public.languages import ours, spoken
from manyi.web.public.posted import posted
from manyi.web.public.respondent import page

_DRAWN = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a section by somebody who has begun, and the language in which it is answered."""

    request: HttpRequest
    door: Door
    response: Response
    section: Section
    language: str

    @property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire of the round."""
        return self.door.questionnaire

    def to(self, url: str) -> HttpResponse:
        """On to another page."""
        return see(self.request, url, self.questionnaire)


def see(request: HttpRequest, url: str, questionnaire: Questionnaire) -> HttpResponse:
    """On to another page, in the language that was chosen."""
    asked = request.GET.get("lang", "")
    query = f"?lang={asked}" if asked in questionnaire.languages else ""
    path, _, anchor = url.partition("#")
    return HttpResponseRedirect(f"{path}{query}{f'#{anchor}' if anchor else ''}")


def receipt_of(door: Door, key: str = "") -> HttpResponse | None:
    """To the receipt when the answers are already in; ``key`` finds them where the link was cut."""
    response = door.response or (by_key(key) if key else None)
    if response is not None and response.state == "submitted" and response.round_id == door.round.pk:
        if door.invitation is not None and still_promised(response):
            return HttpResponseRedirect(f"/s/{door.invitation.token}/files/")
        return HttpResponseRedirect(f"/receipt/{response.receipt}/")
    return None


def section_page(request: HttpRequest, door: Door, code: str) -> HttpResponse:
    """The section in the language in which the answers were begun, unless another is asked for."""
    begun = door.response.language if door.response else ""
    language = spoken(request, door.questionnaire.languages, begun)
    with translation.override(ours(language)):
        return _section(request, door, code, language)


def _section(request: HttpRequest, door: Door, code: str, language: str) -> HttpResponse:
    if done := receipt_of(door, request.POST.get("key", "")):
        return done
    section = door.questionnaire.section(code)
    if section is None:
        raise UnknownLink
    if request.method != "POST" or door.response is None:
        door.require_usable()
    if door.response is None:
        return see(request, door.welcome_url(), door.questionnaire)
    visit = Visit(request, door, door.response, section, language)
    if request.method == "POST":
        return _save(visit)
    verdict = intake.judged(door.questionnaire, door.response, {})
    return _show(visit, verdict, _wrong(visit.response, verdict))


def _save(visit: Visit) -> HttpResponse:
    """Save what was posted, then go where the respondent wants, or show what is to be mended."""
    form, response, section = visit.request.POST, visit.response, visit.section
    answers, go = _given(visit), form.get("go", "next")
    visible = set(form.getlist("shown"))
    if form.get("last") == "1" and go == "next" and not _opens_more(visit, answers, visible):
        try:
            actions.submit(response=response, section=section.code, answers=answers)
        except Incomplete as lacking:
            verdict = intake.judged(visit.questionnaire, response, {})
            return _mend(visit, verdict, visible, dict(lacking.problems))
        return HttpResponseRedirect(f"/receipt/{response.receipt}/")
    verdict = actions.save_section(
        response=response, section=section.code, answers=answers, leaving=go == "next"
    )
    if go == "refresh":
        return _show(visit, verdict, _wrong(response, verdict), fragment=True)
    if _takes_files(section):
        drop_unused(response)
    if go == "back":
        return visit.to(visit.door.section_url(neighbour(visit.questionnaire, section.code, verdict, -1)))
    return _mend(visit, verdict, visible, verdict.errors)


def _opens_more(visit: Visit, answers: Mapping[str, Any], shown: set[str]) -> bool:
    """Whether the answers bring up questions that nobody saw: a page without script shows them next."""
    tree, section = visit.questionnaire, visit.section
    verdict = intake.judged(tree, visit.response, answers)
    unseen = set(shown_codes(section, verdict)) - shown
    return bool(unseen) or neighbour(tree, section.code, verdict, +1) != section.code


def _takes_files(section: Section) -> bool:
    return any(TYPES.get(each.type).takes_files(each) is not None for each in section.questions)


def _given(visit: Visit) -> dict[str, Any]:
    """The answers of the form, with the files that came along."""
    answers = posted(visit.section, visit.request.POST)
    for question in visit.section.questions:
        if question.code not in answers or TYPES.get(question.type).takes_files(question) is None:
            continue
        uploads, kept = uploads_of(visit.request, f"{PREFIX}{question.code}"), answers[question.code]
        if uploads or isinstance(kept, list) or promised(kept):  # a promise is for the telephone only
            stay = kept if isinstance(kept, list) else None
            answers[question.code] = take_files(
                response=visit.response, question=question, kept=stay, uploads=uploads
            )
    return answers


def uploads_of(request: HttpRequest, name: str) -> list[Upload]:
    """The files sent for a field, and a drawing that script put into ``name.image``."""
    sent = request.FILES.getlist(name)
    found = [Upload(each.name or "", each.size or 0, each.file) for each in sent if each.file]
    drawn = request.POST.get(f"{name}.image", "")
    if drawn.startswith(_DRAWN):
        try:
            content = base64.b64decode(drawn.removeprefix(_DRAWN), validate=True)
        except binascii.Error:
            return found
        found.append(Upload("signature.png", len(content), io.BytesIO(content)))
    return found


def _wrong(response: Response, verdict: Evaluation) -> dict[str, Label]:
    """The errors of what was typed, without what is merely still empty."""
    return {code: verdict.errors[code] for code in response.set_aside if code in verdict.errors}


def _mend(visit: Visit, verdict: Evaluation, shown: set[str], errors: Mapping[str, Label]) -> HttpResponse:
    """Stay for errors and for questions that have just come up; otherwise the next section."""
    section = visit.section
    here = {question.code for question in section.questions}
    fresh = [code for code in shown_codes(section, verdict) if code not in shown]
    mine = {code: error for code, error in errors.items() if code in here & shown}
    if mine:
        return _show(visit, verdict, mine, status=422)
    if fresh:
        return visit.to(f"{visit.door.section_url(section.code)}#q-{fresh[0]}")
    elsewhere = [code for code in errors if code not in here]
    following = neighbour(visit.questionnaire, section.code, verdict, +1)
    if following == section.code and elsewhere:
        following = visit.questionnaire.section_of[elsewhere[0]].code
    return visit.to(visit.door.section_url(following))


def _show(
    visit: Visit,
    verdict: Evaluation,
    errors: Mapping[str, Label],
    *,
    status: int = 200,
    fragment: bool = False,
) -> HttpResponse:
    """The page of a section, or only its questions for the script that re-asks the server."""
    response = visit.response
    context = section_context(
        visit.questionnaire,
        visit.section,
        verdict,
        intake.typed(response),
        errors,
        seed=response.seed,
        language=visit.language,
    )
    context |= {"key": response.key, "saved": bool(response.timings)}
    return page(visit.request, "questions" if fragment else "section", context, status=status)
