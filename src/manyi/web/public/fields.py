"""Questions as form fields: what a template needs to draw one, without knowing the question type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from manyi.kernel.labels import Label
from manyi.surveys.definition import Option, Question, Section
from manyi.surveys.question_types import TYPES
from manyi.surveys.question_types.nps import SCALE
from manyi.surveys.scales import ScaleConfig, steps
from manyi.surveys.tree import NOT_APPLICABLE

#: Field names are ``a.question`` and ``a.question.row``, so that no code can collide with a field of ours.
PREFIX = "a."


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or tick box."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A row of steps from low to high. ``worded``: every step carries words; else only its ends may."""

    name: str
    title: str
    steps: list[Choice]
    not_applicable: Choice | None
    worded: bool

    @property
    def ends(self) -> list[Choice]:
        """The steps at the ends whose words stand below the scale."""
        ends = [self.steps[0], self.steps[-1]]
        return [] if self.worded or all(c.label == c.value for c in ends) else ends


@dataclass(frozen=True, slots=True)
class Field:
    """One question as its widget shows it: with ``choices``, or with one scale (a matrix: one per row)."""

    code: str
    name: str
    widget: str
    title: str
    help: str
    required: bool
    error: Label | None
    value: Any
    choices: list[Choice] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """Where the error summary leads."""
        return f"q-{self.code}"


def field_of(question: Question, value: Any, error: Label | None, language: str) -> Field:
    """The field of a question with what was typed so far."""
    name = f"{PREFIX}{question.code}"
    return Field(
        code=question.code,
        name=name,
        widget=f"public/widgets/{question.type}.html",
        title=question.title.text(language),
        help=question.help.text(language),
        required=question.required,
        error=error,
        value="" if value is None else value,
        choices=_choices(name, question.options, value, language),
        scales=_scales(question, name, value, language),
        config=question.config,
    )


def _scales(question: Question, name: str, value: Any, language: str) -> list[Scale]:
    """The scales of a question: none, one, or one for each row."""
    if question.type == "nps":
        offered = steps(question, SCALE)
    elif question.type in {"rating", "matrix"}:
        offered = steps(question, ScaleConfig(**question.config))
    else:
        return []
    rows = [(f"{name}.{row.code}", row.title.text(language), _row(value, row.code)) for row in question.rows]
    return [_scale(n, title, offered, v, language) for n, title, v in rows or [(name, "", value)]]


def _scale(name: str, title: str, offered: tuple[Option, ...], value: Any, language: str) -> Scale:
    choices = _choices(name, offered, value, language)
    ladder = [choice for choice in choices if choice.value != NOT_APPLICABLE.code]
    apart = next((choice for choice in choices if choice.value == NOT_APPLICABLE.code), None)
    return Scale(name, title, ladder, apart, all(choice.label != choice.value for choice in ladder))


def _row(value: Any, code: str) -> Any:
    return value.get(code) if isinstance(value, Mapping) else None


def _choices(name: str, options: Iterable[Option], value: Any, language: str) -> list[Choice]:
    chosen = {str(each) for each in value} if isinstance(value, list) else {str(value)}
    return [
        Choice(f"{name}-{option.code}", option.code, option.title.text(language), option.code in chosen)
        for option in options
    ]


def posted(section: Section, form: QueryDict) -> dict[str, Any]:
    """The answers in a posted form: every shown question (None where left empty), and everything else given.

    A question that was not on the page is left alone, so that its earlier answer stays.
    """
    fields = {key: form.getlist(key) for key in form if key.startswith(PREFIX)}
    shown = set(form.getlist("shown"))
    answers: dict[str, Any] = {}
    for question in section.questions:
        name = f"{PREFIX}{question.code}"
        if question.code in shown or any(key == name or key.startswith(f"{name}.") for key in fields):
            answers[question.code] = TYPES.get(question.type).parse(fields, name, question)
    known = tuple(f"{PREFIX}{question.code}" for question in section.questions)
    for key, values in fields.items():
        if not any(key == name or key.startswith(f"{name}.") for name in known):
            answers[key.removeprefix(PREFIX)[:80]] = values[-1][:2000]
    return answers
