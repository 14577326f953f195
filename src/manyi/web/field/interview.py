"""The questionnaire for a telephone interviewer: one question at a time, saved at each step.

The answers are judged by the same evaluator as on the web page, and a draft begun there is gone on with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from manyi.distribution import actions as desk
from manyi.distribution import call_queries, links
from manyi.distribution.actions import Outcome
from manyi.distribution.models import Call
from manyi.kernel.labels import Label
from manyi.responses import actions, intake, promise_actions
from manyi.responses.errors import Incomplete, OverQuota
from manyi.responses.models import Response
from manyi.surveys.definition import Question, Questionnaire, Section
from manyi.surveys.evaluation import Evaluation
from manyi.surveys.ordering import arranged
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.web.field.desk import on_screen
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.public.drawing import drawn_section
from manyi.web.public.posted import posted
from manyi.web.refusals import UNPROCESSABLE


@dataclass(frozen=True, slots=True)
class Talk:
    """One question of an interview that is under way."""

    request: StaffRequest
    call: Call
    response: Response
    tree: Questionnaire
    question: Question

    @property
    def section(self) -> Section:
        """The question's section, as if it had no other question: what a page of one question shows."""
        return replace(self.tree.section_of[self.question.code], questions=(self.question,))

    def to(self, question: str) -> HttpResponse:
        """On to another question."""
        return redirect("field:ask", pk=self.call.pk, question=question)


def in_order(tree: Questionnaire, verdict: Evaluation, seed: int) -> list[str]:
    """The codes of the questions that are asked, in the order in which this person hears them."""
    return [
        question.code
        for section in tree.sections
        for question in arranged(section.questions, section.order, seed, section.code)
        if question.code in verdict.visible and not TYPES.get(question.type).silent(question)
    ]


def _draft(call: Call) -> Response | None:
    rows = Response.objects.select_related("round__questionnaire", "questionnaire", "unit")
    return rows.filter(invitation=call.task.invitation, state="draft").first()


@require_POST
@needs("surveys.call")
def begin(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin the interview, or go on where it was left."""
    call = find(request, call_queries.CALLS, pk=pk)
    desk.keep_call(actor=request.user, call=call)
    language = "en" if request.POST.get("language") == "en" else "zh-hans"
    response = actions.begin(invitation=call.task.invitation, language=language, channel="phone")
    tree = questionnaire_of(response.questionnaire)
    verdict = intake.judged(tree, response, {})
    codes = in_order(tree, verdict, response.seed)
    if not codes:
        return redirect("field:end", pk=pk)
    given = intake.typed(response)
    return redirect("field:ask", pk=pk, question=next((c for c in codes if c not in given), codes[-1]))


@never_cache
@require_http_methods(["GET", "POST"])
@needs("surveys.call")
def ask(request: StaffRequest, pk: int, question: str) -> HttpResponse:
    """One question: read out, answered by keys, saved on every way out of it."""
    call = find(request, call_queries.CALLS, pk=pk)
    response = _draft(call) if on_screen(request, call) else None
    if response is None:
        return redirect("field:call", pk=pk)
    tree = questionnaire_of(response.questionnaire)
    found = tree.questions.get(question)
    verdict = intake.judged(tree, response, {})
    codes = in_order(tree, verdict, response.seed)
    if found is None or question not in codes:
        return redirect("field:ask", pk=pk, question=codes[0]) if codes else redirect("field:end", pk=pk)
    talk = Talk(request, call, response, tree, found)
    return _save(talk) if request.method == "POST" else _show(talk, verdict, _wrong(response, verdict))


def _wrong(response: Response, verdict: Evaluation) -> dict[str, Label]:
    """The errors of what was given, without what is merely still empty."""
    return {code: verdict.errors[code] for code in response.set_aside if code in verdict.errors}


def _save(talk: Talk) -> HttpResponse:
    """Save the answer, then go where the interviewer wants."""
    form, go = talk.request.POST, talk.request.POST.get("go", "next")
    desk.keep_call(actor=talk.request.user, call=talk.call, note=form.get("note"))
    try:
        verdict = actions.save_section(
            response=talk.response,
            section=talk.section.code,
            answers=posted(talk.section, form),
            leaving=go == "next",
        )
        if go == "end":
            return redirect("field:end", pk=talk.call.pk)
        return _move(talk, verdict, go)
    except OverQuota as over:
        messages.info(talk.request, over.message.text(talk.request.LANGUAGE_CODE))
        return _finish(talk)


def _move(talk: Talk, verdict: Evaluation, go: str) -> HttpResponse:
    """Back, on, or to the end of the questionnaire."""
    codes, here = in_order(talk.tree, verdict, talk.response.seed), talk.question.code
    place = codes.index(here) if here in codes else 0
    if go == "back":
        return talk.to(codes[max(place - 1, 0)])
    if here in verdict.errors:
        return _show(talk, verdict, verdict.errors, status=UNPROCESSABLE)
    if place + 1 < len(codes):
        return talk.to(codes[place + 1])
    try:
        actions.submit(response=talk.response, section=talk.section.code)
    except Incomplete as lacking:
        messages.warning(talk.request, _("This question still has to be answered."))
        return talk.to(lacking.problems[0][0])
    return _finish(talk)


def _finish(talk: Talk) -> HttpResponse:
    """The answers are in (or over quota): the call has its result."""
    desk.finish_call(actor=talk.request.user, call=talk.call, outcome=Outcome("complete"))
    if talk.response.receipt:
        words = _("The interview is complete. Receipt: %(receipt)s")
        messages.success(talk.request, words % {"receipt": talk.response.receipt})
        _send_link(talk)
    return redirect("field:desk")


def _send_link(talk: Talk) -> None:
    """Send the link for files that were promised, or tell who has to give it."""
    if not promise_actions.still_promised(talk.response, "promised_link"):
        return
    if promise_actions.send_link(actor=talk.request.user, response=talk.response) is not None:
        messages.success(talk.request, _("The link for the promised files is on its way."))
    else:
        words = _("No channel can send the link for the promised files. Please give it yourself: %(link)s")
        messages.warning(talk.request, words % {"link": links.personal(talk.call.task.invitation.token)})


def _show(talk: Talk, verdict: Evaluation, errors: Mapping[str, Label], *, status: int = 200) -> HttpResponse:
    """The page of one question."""
    tree, response, language = talk.tree, talk.response, talk.response.language
    typed = intake.typed(response)
    (field,) = drawn_section(
        tree, talk.section, verdict, typed, errors,
        seed=response.seed, language=language, form="phone",
    )  # fmt: skip
    codes = in_order(tree, verdict, response.seed)
    context = {
        "call": talk.call,
        "customer": talk.call.task.invitation.customer,
        "field": field,
        "section": tree.section_of[talk.question.code].title.text(language),
        "spoken": language,
        "place": codes.index(talk.question.code) + 1,
        "places": len(codes),
        "first": codes[0] == talk.question.code,
        "last": codes[-1] == talk.question.code,
    }
    return render(talk.request, "field/ask.html", context, status=status)
