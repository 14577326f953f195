"""A questionnaire answered where nothing counts: the designer's preview and the pre-test go through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from manyi.kernel.labels import Label
from manyi.measures.expressions import CycleError
from manyi.organisation.errors import Refused
from manyi.responses import intake
from manyi.surveys.definition import Questionnaire, Section
from manyi.surveys.evaluation import Evaluation, evaluate
from manyi.surveys.question_types import TYPES
from manyi.web.public.drawing import section_context
from manyi.web.public.flow import neighbour, shown_codes
from manyi.web.public.posted import posted


@dataclass(frozen=True, slots=True)
class Step:
    """Where a posted page leads: to a section (empty: the end), with everything that was typed so far.

    ``errors`` keep the respondent on the page; ``anchor`` is a question that has just come up on it.
    """

    section: str
    typed: dict[str, Any]
    verdict: Evaluation
    errors: Mapping[str, Label]
    anchor: str = ""


def judged(questionnaire: Questionnaire, typed: Mapping[str, Any]) -> Evaluation:
    """The verdict on what was typed; files cannot be handed in where nothing is kept, so none is missed.

    Raises Refused for conditions that wait for each other.
    """
    try:
        verdict = evaluate(questionnaire, typed, today=intake.today())
    except CycleError as circle:
        raise Refused(circle.message) from circle
    for code, question in verdict.asked.items():
        if TYPES.get(question.type).takes_files(question) is not None:
            verdict.errors.pop(code, None)
    return verdict


def step(questionnaire: Questionnaire, section: Section, typed: Mapping[str, Any], form: QueryDict) -> Step:
    """The next step after a page was posted, exactly as in a real survey."""
    answers = posted(section, form)
    given = {**typed, **answers}
    kept = {code: value for code, value in given.items() if value is not None}
    verdict, go = judged(questionnaire, kept), form.get("go", "next")
    if go == "refresh":
        return Step(section.code, kept, verdict, {})
    if go == "back":
        return Step(neighbour(questionnaire, section.code, verdict, -1), kept, verdict, {})
    shown, here = set(form.getlist("shown")), {question.code for question in section.questions}
    mine = {code: error for code, error in verdict.errors.items() if code in here & shown}
    fresh = [code for code in shown_codes(section, verdict) if code not in shown]
    if mine or fresh:
        return Step(section.code, kept, verdict, mine, "" if mine else fresh[0])
    following = neighbour(questionnaire, section.code, verdict, +1)
    if following != section.code:
        return Step(following, kept, verdict, {})
    elsewhere = next((code for code in verdict.errors if code not in here), "")
    back_to = questionnaire.section_of[elsewhere].code if elsewhere in questionnaire.section_of else ""
    return Step(back_to, kept, verdict, {})


def page_of(
    questionnaire: Questionnaire,
    section: Section,
    typed: Mapping[str, Any],
    errors: Mapping[str, Label],
    language: str,
    seed: int = 1,
) -> dict[str, Any]:
    """What the page of a section shows."""
    verdict = judged(questionnaire, typed)
    return section_context(questionnaire, section, verdict, typed, errors, seed=seed, language=language)
