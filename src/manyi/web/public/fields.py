"""Questions as form fields: what a template needs to draw one, without knowing the question type.

The same fields are drawn on the web, on paper and for a telephone interviewer; only the templates differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT, code_of
from manyi.surveys.definition import Option, Question, Text
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES

#: Field names are ``a.question`` and ``a.question.row``, so that no code can collide with a field of ours.
PREFIX = "a."
#: Where the templates of each form of a question lie.
FORMS = {"web": "public/widgets", "paper": "public/paper", "phone": "public/phone"}
#: Parts that are one input, with the type and the keyboard that suit what is typed.
INPUTS = {
    "line": ("text", "text"),
    "number": ("text", "decimal"),
    "phone": ("tel", "tel"),
    "email": ("email", "email"),
    "date": ("date", "text"),
    "time": ("time", "text"),
    "datetime": ("datetime-local", "text"),
}
_KEYS = "1234567890"


@lru_cache(maxsize=8192)
def _written(text: str) -> SafeString:
    """A text of the questionnaire, escaped once: the same few thousand come again on every page."""
    return escape(text)


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button, tick box, step or ranked option. ``key`` chooses it on an interviewer's keyboard.

    ``free`` ones ask for words beside them, ``alone`` ones exclude the others; ``place`` is the one it has in
    a ranking, ``face`` the number of its face from 1 (sad) to 5.
    """

    id: str
    name: str
    value: str
    label: str
    checked: bool
    key: str = ""
    free: bool = False
    alone: bool = False
    image: str = ""
    place: str = ""
    face: int = 0

    @property
    def attributes(self) -> SafeString:
        """Name, id, value and state of its input; a page has hundreds, so they are written in one piece."""
        written = f'name="{_written(self.name)}" id="{_written(self.id)}" value="{_written(self.value)}"'
        return SafeString(f"{written} checked" if self.checked else written)

    @property
    def worded(self) -> bool:
        """Whether it says more than its code."""
        return self.label != self.value


def _step(choice: Choice, words: str) -> str:
    """One step of a scale of numbers."""
    inside = f"<b>{conditional_escape(choice.value)}</b>{words}"
    return f'<label class="step"><input type="radio" {choice.attributes}><span>{inside}</span></label>'


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a question as a template draws it; ``name`` is its field in the form."""

    kind: str
    template: str
    name: str
    title: str
    value: Any
    choices: list[Choice]
    apart: Choice | None
    look: str
    settings: Mapping[str, Any]
    files: list[tuple[str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The element into which the answer is typed."""
        return f"f-{self.name}"

    @property
    def input(self) -> tuple[str, str]:
        """The type of the input and the keyboard that suits it."""
        return INPUTS[self.kind]

    @property
    def worded(self) -> bool:
        """Whether every step of a scale carries words; else only its ends may."""
        return all(choice.worded for choice in self.choices)

    @property
    def steps(self) -> SafeString:
        """The steps of a scale of numbers, in one piece: a page has hundreds of them.

        Words that only some steps carry stand below the scale for the eye, so in the step they are unseen.
        """
        tag = "<i>" if self.worded else '<i class="unseen">'
        said = (f"{tag}{conditional_escape(c.label)}</i>" if c.worded else "" for c in self.choices)
        return SafeString("".join(map(_step, self.choices, said)))

    @property
    def ends(self) -> list[Choice]:
        """The choices at the ends of a scale, whose words stand below it; none where all carry words."""
        ends = [self.choices[0], self.choices[-1]] if self.choices else []
        return ends if any(c.worded for c in ends) and not (self.worded and self.kind == "scale") else []

    @property
    def coordinates(self) -> list[tuple[str, Any]]:
        """What the button of a place fills in, with what it filled in before."""
        known = self.value if isinstance(self.value, dict) else {}
        return [(name, known.get(name, "")) for name in ("latitude", "longitude", "accuracy")]

    @property
    def grouped(self) -> bool:
        """Whether it consists of several controls, which need a name together."""
        return bool(self.choices) and self.kind not in {"pick", "slider"}


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row of a table."""

    title: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Field:
    """One question as its form shows it: ``entries`` in order, in a table also as ``lines``.

    ``asks_words`` is ``always`` or ``free`` (with a choice like “other”) where words can stand beside the
    answer, in the field ``words_name``.
    """

    code: str
    name: str
    templates: tuple[str, str]
    title: str
    help: str
    required: bool
    error: Label | None
    entries: list[Entry]
    lines: list[Line]
    asks_words: str
    words: str
    keeps_files: bool

    @property
    def anchor(self) -> str:
        """Where the error summary leads."""
        return f"q-{self.code}"

    @property
    def words_name(self) -> str:
        """The field of the words beside the answer."""
        return f"{self.name}{COMMENT}"

    @property
    def has_faces(self) -> bool:
        """Whether its scale is drawn as faces."""
        return any(entry.look == "faces" for entry in self.entries)

    @property
    def needs_script(self) -> bool:
        """Whether script makes it easier to fill in."""
        kinds = {"rank", "slider", "signature", "place"}
        return any(
            e.kind in kinds or "share" in e.settings or any(c.alone for c in e.choices) for e in self.entries
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """How questions are drawn: in which language and form, with what piped into their texts."""

    language: str
    form: str = "web"
    pipe: Callable[[str], str] = str

    def text(self, text: Text) -> str:
        """A text of the questionnaire as it is shown; with an answer inside it is left to the template."""
        words = text.text(self.language)
        return self.pipe(words) if "{" in words else _written(words)


def field_of(
    question: Question,
    value: Any,
    error: Label | None,
    drawing: Drawing,
    *,
    words: Any = "",
    required: bool | None = None,
) -> Field:
    """The field of a question with what was typed so far; ``required`` where a condition decides it."""
    kind, name = TYPES.get(question.type), f"{PREFIX}{question.code}"
    folder = FORMS[drawing.form]
    entries = [_entry(part, name, value, drawing) for part in kind.parts(question)]
    free = any(option.free for option in question.options)
    return Field(
        code=question.code,
        name=name,
        templates=(f"{folder}/{kind.layout}.html", f"{folder}/plain.html"),
        title=drawing.text(question.title),
        help=drawing.text(question.help),
        required=question.required if required is None else required,
        error=error,
        entries=entries,
        lines=_lines(question, entries, drawing) if question.rows and question.columns else [],
        asks_words="always" if question.comment else "free" if free else "",
        words=words if isinstance(words, str) else "",
        keeps_files=kind.takes_files(question) is not None,
    )


def _entry(part: Part, question: str, value: Any, drawing: Drawing) -> Entry:
    name = f"{question}.{part.path}" if part.path else question
    typed = _at(value, part.path)
    choices = _choices(part, name, typed, drawing)
    apart = _choice(part.apart, "n", name, {code_of(typed)}, drawing) if part.apart else None
    described = typed if isinstance(typed, list) and part.kind in {"files", "signature"} else []
    template = "input" if part.kind in INPUTS else part.kind
    return Entry(
        kind=part.kind,
        template=f"{FORMS[drawing.form]}/parts/{template}.html",
        name=name,
        title=drawing.text(part.title),
        value=typed if isinstance(typed, str | int | float | dict) else "",
        choices=choices,
        apart=apart,
        look=part.look,
        settings=part.settings,
        files=[(str(f["name"]), json.dumps(f)) for f in described if isinstance(f, dict) and "sha256" in f],
    )


def _at(value: Any, path: str) -> Any:
    """What was typed into one part of a question."""
    for step in path.split(".") if path else ():
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _choices(part: Part, name: str, typed: Any, drawing: Drawing) -> list[Choice]:
    chosen = {code_of(each) for each in typed} if isinstance(typed, list) else {code_of(typed)}
    places = _places(typed) if part.kind == "rank" else {}
    single = part.kind == "scale" and all(option.code in {*_KEYS, "10"} for option in part.options)
    last = max(len(part.options) - 1, 1)
    return [
        _choice(
            option,
            ("t" if option.code == "10" else option.code) if single else _KEYS[n : n + 1],
            name,
            chosen,
            drawing,
            place=places.get(option.code, ""),
            face=round(1 + 4 * n / last) if part.look == "faces" else 0,
        )
        for n, option in enumerate(part.options)
    ]


def _choice(
    option: Option, key: str, name: str, chosen: set[str], drawing: Drawing, place: str = "", face: int = 0
) -> Choice:
    return Choice(
        id=f"{name}-{option.code}",
        name=name,
        value=_written(option.code),
        label=drawing.text(option.title) or option.code,
        checked=option.code in chosen,
        key=key,
        free=option.free,
        alone=option.exclusive,
        image=option.image,
        place=place,
        face=face,
    )


def _places(typed: Any) -> dict[str, str]:
    """The place of each ranked option, from the stored order or as it was typed."""
    if isinstance(typed, list):
        return {code_of(code): str(place) for place, code in enumerate(typed, 1)}
    return {str(code): code_of(place) for code, place in typed.items()} if isinstance(typed, Mapping) else {}


def _lines(question: Question, entries: list[Entry], drawing: Drawing) -> list[Line]:
    """The entries row by row."""
    width = len(entries) // len(question.rows)
    rows = (entries[n : n + width] for n in range(0, len(entries), width or 1))
    return [Line(drawing.text(row.title), cells) for row, cells in zip(question.rows, rows, strict=False)]
