"""The testers' pages of a draft: as in the real survey, with room for a comment on every question."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from manyi.distribution.errors import UnknownLink
from manyi.organisation.errors import Refused
from manyi.surveys import pretest_actions
from manyi.surveys.definition import Questionnaire
from manyi.surveys.models import PreTest, TrialRun
from manyi.surveys.queries import questionnaire_of
from manyi.web.public import rehearsal
from manyi.web.public.languages import ours, spoken
from manyi.web.public.respondent import page, respondent


def _pre_test(token: str) -> tuple[PreTest, Questionnaire]:
    """The open pre-test of a draft; raises UnknownLink when it is closed or the version published."""
    rows = PreTest.objects.select_related("version__questionnaire")
    found = rows.filter(token=token, closed_at=None, version__published_at=None).first()
    if found is None:
        raise UnknownLink
    return found, questionnaire_of(found.version)


def _run(pre_test: PreTest, key: str) -> TrialRun:
    run = pre_test.runs.filter(key=key, deleted_at=None).first()
    if run is None:
        raise UnknownLink
    return run


@respondent("GET", "HEAD", "POST")
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """What the testers are asked for; posting begins."""
    pre_test, tree = _pre_test(token)
    language = spoken(request, tree.languages)
    if request.method == "POST" and tree.sections:
        run = pretest_actions.begin_run(pre_test=pre_test, language=language)
        return _to(pre_test, run, tree.sections[0].code)
    with translation.override(ours(language)):
        context = {"intro": tree.intro.text(language), **_words(tree, language)}
        return page(request, "trial_welcome", context)


@respondent("GET", "HEAD", "POST")
def section(request: HttpRequest, token: str, key: str, section: str) -> HttpResponse:
    """One section of the draft as it stands now."""
    pre_test, tree = _pre_test(token)
    run, here = _run(pre_test, key), tree.section(section)
    if here is None:
        return _to(pre_test, run, tree.sections[0].code if tree.sections else "-")
    language = spoken(request, tree.languages, run.language)
    with translation.override(ours(language)):
        if request.method != "POST":
            return _show(request, pre_test, run, tree, section, {}, language)
        step = rehearsal.step(tree, here, run.answers, request.POST)
        reached, finished = step.section or section, not step.section
        pretest_actions.save_run(
            run=run, section=section, answers=step.typed, reached=reached, finished=finished
        )
        refresh = request.POST.get("go") == "refresh"
        if step.errors or refresh:
            return _show(request, pre_test, run, tree, section, step.errors, language, fragment=refresh)
    if finished:
        return HttpResponseRedirect(reverse("public:trial_done", args=[token, key]))
    return _to(pre_test, run, step.section, step.anchor)


def _show(
    request: HttpRequest,
    pre_test: PreTest,
    run: TrialRun,
    tree: Questionnaire,
    section: str,
    errors: Any,
    language: str,
    *,
    fragment: bool = False,
) -> HttpResponse:
    here = tree.section(section)
    if here is None:
        raise UnknownLink
    context = rehearsal.page_of(tree, here, run.answers, errors, language, seed=run.pk)
    context |= {
        "key": run.key,
        "comment_url": reverse("public:trial_comment", args=[pre_test.token, run.key]),
        "here": section,
        "said": list(run.comments.filter(question__in=[question.code for question in here.questions])),
    }
    name = "questions" if fragment else "trial_section"
    return page(request, name, context, status=422 if errors and not fragment else 200)


@respondent("POST")
def comment(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """A comment on one question; back to its page."""
    pre_test, tree = _pre_test(token)
    run, question = _run(pre_test, key), request.POST.get("question", "")
    if question not in tree.questions:
        raise UnknownLink
    with suppress(Refused):  # an empty comment says nothing, and there is nothing to mend
        pretest_actions.comment_on(run=run, question=question, text=request.POST.get("text", ""))
    return _to(pre_test, run, tree.section_of[question].code, question)


@respondent("GET", "HEAD")
def done(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Thanks to the tester."""
    pre_test, tree = _pre_test(token)
    run = _run(pre_test, key)
    language = spoken(request, tree.languages, run.language)
    with translation.override(ours(language)):
        context = {"thanks": tree.thanks.text(language), "again": reverse("public:trial", args=[token])}
        answered = len(rehearsal.judged(tree, run.answers).accepted)
        return page(request, "rehearsed", {**context, "answered": answered, **_words(tree, language)})


def _words(tree: Questionnaire, language: str) -> dict[str, Any]:
    return {"title": tree.title.text(language), "spoken": language, "offered": tree.languages}


def _to(pre_test: PreTest, run: TrialRun, section: str, anchor: str = "") -> HttpResponse:
    address = reverse("public:trial_section", args=[pre_test.token, run.key, section])
    return HttpResponseRedirect(f"{address}#q-{anchor}" if anchor else address)
