"""A section as its page draws it: its questions in their order, with earlier answers piped in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT
from manyi.surveys.definition import Questionnaire, Section
from manyi.surveys.evaluation import Evaluation, visible_sections
from manyi.surveys.ordering import arranged, arranged_question
from manyi.surveys.piping import piped
from manyi.surveys.question_types import TYPES
from manyi.web.public.fields import Drawing, Field, field_of


def drawn_section(
    questionnaire: Questionnaire,
    section: Section,
    verdict: Evaluation,
    typed: Mapping[str, Any],
    errors: Mapping[str, Label],
    *,
    seed: int,
    language: str,
    form: str = "web",
) -> list[Field]:
    """The fields of a section's visible questions for these answers, in the order that the seed gives.

    ``typed`` is what was given so far, accepted or not; what was never given shows its default. ``form`` is
    one of ``fields.FORMS``.
    """

    def pipe(text: str) -> str:
        return piped(text, questionnaire, verdict.accepted, language)

    drawing = Drawing(language, form, pipe)
    fields = []
    for question in arranged(section.questions, section.order, seed, section.code):
        asked = verdict.asked.get(question.code)
        if asked is None or TYPES.get(asked.type).silent(asked):
            continue
        fields.append(
            field_of(
                arranged_question(asked, seed),
                _value(asked.code, typed, verdict, asked.default),
                errors.get(asked.code),
                drawing,
                words=typed.get(f"{asked.code}{COMMENT}"),
                required=asked.code in verdict.required,
            )
        )
    return fields


def section_context(
    questionnaire: Questionnaire,
    section: Section,
    verdict: Evaluation,
    typed: Mapping[str, Any],
    errors: Mapping[str, Label],
    *,
    seed: int,
    language: str,
) -> dict[str, Any]:
    """What the page of a section needs, whoever keeps the answers."""
    fields = drawn_section(questionnaire, section, verdict, typed, errors, seed=seed, language=language)
    codes = visible_sections(questionnaire, verdict.visible)
    place = codes.index(section.code) + 1 if section.code in codes else len(codes)
    asks_again = any(question.expressions or question.required_if for question in section.questions)
    return {
        "title": questionnaire.title.text(language),
        "section_title": section.title.text(language),
        "section_help": section.help.text(language),
        "fields": fields,
        "errors": [field for field in fields if field.error],
        "place": place,
        "places": len(codes),
        "first": place <= 1,
        "last": place >= len(codes),
        "asks_again": asks_again,
        "scripted": asks_again or any(field.needs_script for field in fields),
        "multipart": any(field.keeps_files for field in fields),
        "faces": any(field.has_faces for field in fields),
        "spoken": language,
        "offered": questionnaire.languages,
    }


def drawn_blank(section: Section, language: str, form: str) -> list[Field]:
    """All questions of a section as nobody has answered them yet, in their fixed order: a form to print."""
    drawing = Drawing(language, form)
    shown = [question for question in section.questions if not TYPES.get(question.type).silent(question)]
    return [field_of(question, None, None, drawing) for question in shown]


def _value(code: str, typed: Mapping[str, Any], verdict: Evaluation, default: Any) -> Any:
    """What stands in the form: what was typed, else what was computed, else the default."""
    if code in typed:
        return typed[code]
    return verdict.accepted.get(code, default)
