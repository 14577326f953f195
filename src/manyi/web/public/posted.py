"""What a posted page of questions says: the answers to what was shown, and everything else that was sent."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from manyi.measures.answers import COMMENT
from manyi.surveys.definition import Section
from manyi.surveys.question_types import TYPES
from manyi.web.public.fields import PREFIX

_LONGEST_CODE, _LONGEST_VALUE = 80, 2000


def posted(section: Section, form: QueryDict) -> dict[str, Any]:
    """The answers in a posted form: every shown question (None where left empty), and everything else given.

    A question that was not on the page is left alone, so that its earlier answer stays.
    """
    fields = {key: form.getlist(key) for key in form if key.startswith(PREFIX)}
    shown = set(form.getlist("shown"))
    answers: dict[str, Any] = {}
    taken: set[str] = set()
    for question in section.questions:
        name = f"{PREFIX}{question.code}"
        words = f"{name}{COMMENT}"
        mine = {key for key in fields if key in {name, words} or key.startswith(f"{name}.")}
        taken |= mine
        if question.code in shown or mine - {words}:
            answers[question.code] = TYPES.get(question.type).parse(fields, name, question)
        if words in fields:
            answers[f"{question.code}{COMMENT}"] = fields[words][-1].strip() or None
    for key in fields.keys() - taken:
        answers[key.removeprefix(PREFIX)[:_LONGEST_CODE]] = fields[key][-1][:_LONGEST_VALUE]
    return answers
