"""The way through the sections: what is on a page, and which page comes before and after it."""

from __future__ import annotations

from manyi.surveys.definition import Questionnaire, Section
from manyi.surveys.evaluation import Evaluation, visible_sections
from manyi.surveys.question_types import TYPES


def shown_codes(section: Section, verdict: Evaluation) -> list[str]:
    """The visible questions of a section that respondents see."""
    visible = (question for question in section.questions if question.code in verdict.visible)
    return [question.code for question in visible if not TYPES.get(question.type).silent(question)]


def neighbour(questionnaire: Questionnaire, section: str, verdict: Evaluation, step: int) -> str:
    """The next (+1) or previous (-1) visible section; at the ends the section itself."""
    codes = visible_sections(questionnaire, verdict.visible)
    order = [each.code for each in questionnaire.sections]
    here = order.index(section)
    if step > 0:
        return next((code for code in codes if order.index(code) > here), section)
    before = [code for code in codes if order.index(code) < here]
    return before[-1] if before else section
