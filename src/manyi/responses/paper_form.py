"""A questionnaire on paper: the blanks to fill in, the codes printed beside the choices, what they mean.

The printed form, the entry screen and the reading of an entry all come from the same blanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT, is_empty
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Option, Question, Questionnaire, Text

#: What a clerk types where nothing was written, and where nobody can read it.
NO_ANSWER, UNREADABLE = "-", "?"
NOT_READ = Label("纸质问卷上的字迹无法辨认,未计入。", "Unreadable on paper; not counted.")
WORDS = Text("说明", "Words")
#: Codes longer than this are printed as numbers: two keys are typed faster than a word.
_SHORT = 2
_CHOICES = frozenset({"one", "pick", "scale", "many"})
_NUMBERS = frozenset({"number", "slider"})
_BETWEEN = re.compile(r"[\s,、;/+.]+")


@dataclass(frozen=True, slots=True)
class Blank:
    """One thing that is filled in on paper and typed in once; ``name`` is its address in the questionnaire.

    ``kind`` is that of its part (``rank`` of one option: its place). ``codes`` are the printed code, the
    code of the questionnaire and the words of every choice. ``low`` and ``high`` bound a number.
    """

    name: str
    question: str
    kind: str
    title: Text
    codes: tuple[tuple[str, str, Text], ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def many(self) -> bool:
        """Whether several codes can be typed."""
        return self.kind == "many"

    @property
    def printed(self) -> tuple[str, ...]:
        """The codes as they stand on the form."""
        return tuple(code for code, _own, _title in self.codes)


def blanks_of(questionnaire: Questionnaire) -> list[Blank]:
    """Every blank of the form, in the order of the form."""
    return [blank for question in questionnaire.questions.values() for blank in question_blanks(question)]


def question_blanks(question: Question) -> list[Blank]:
    """The blanks of one question, the words beside the answer last."""
    kind = TYPES.get(question.type)
    if kind.silent(question):
        return []
    found = [blank for part in kind.parts(question) for blank in _part_blanks(question, part)]
    if question.takes_comment:
        found.append(Blank(question.code + COMMENT, question.code, "line", WORDS))
    return found


def _part_blanks(question: Question, part: Part) -> list[Blank]:
    name = f"{question.code}.{part.path}" if part.path else question.code
    if part.kind in {"told", "files"}:  # files are enclosed: their scans are attached to the copy
        return []
    if part.kind == "rank":
        most = float(part.settings["most"])
        return [
            Blank(f"{name}.{option.code}", question.code, "rank", option.title, low=1.0, high=most)
            for option in part.options
        ]
    if part.kind in _CHOICES:
        return [Blank(name, question.code, part.kind, part.title, _codes(part))]
    place = f"{name}.place" if part.kind == "place" else name
    bounds = part.settings if part.kind in _NUMBERS else {}
    low, high = _number(bounds.get("low")), _number(bounds.get("high"))
    return [Blank(place, question.code, part.kind, part.title, low=low, high=high)]


def _number(limit: Any) -> float | None:
    return None if limit is None else float(limit)


def _codes(part: Part) -> tuple[tuple[str, str, Text], ...]:
    """Short codes as they are, long ones as numbers in their order."""
    options: tuple[Option, ...] = (*part.options, *((part.apart,) if part.apart else ()))
    short = all(len(option.code) <= _SHORT for option in options)
    return tuple(
        (option.code if short else str(place), option.code, option.title)
        for place, option in enumerate(options, 1)
    )


def tidied(blanks: list[Blank], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by blank, written in one way: empty and “no answer” left out, several codes in order.

    Two clerks who read the same thing off a form get the same result; that is what is compared.
    """
    found = {blank.name: _tidy(blank, typed.get(blank.name, "")) for blank in blanks}
    return {name: value for name, value in found.items() if value}


def _tidy(blank: Blank, typed: str) -> str:
    words = " ".join(unicodedata.normalize("NFKC", typed).split())
    if words in {"", NO_ANSWER}:
        return ""
    if not blank.codes or words == UNREADABLE:
        return words
    given = _BETWEEN.split(words) if blank.many else [words]
    known = {code.casefold(): (place, code) for place, code in enumerate(blank.printed)}
    last = len(known)
    placed = {known.get(code.casefold(), (last, code)) for code in given if code}
    return " ".join(code for _place, code in sorted(placed))


def out_of_range(blanks: list[Blank], values: Mapping[str, str]) -> list[str]:
    """The names of the blanks whose tidied value is none of the printed codes, or no number within bounds."""
    return [blank.name for blank in blanks if not _fits(blank, values.get(blank.name, ""))]


def _fits(blank: Blank, value: str) -> bool:
    if value in {"", UNREADABLE}:
        return True
    if blank.codes:
        return set(value.split(" ") if blank.many else [value]) <= set(blank.printed)
    if blank.kind not in {*_NUMBERS, "rank"}:
        return True
    try:
        number = float(value)
    except ValueError:
        return False
    return (blank.low is None or number >= blank.low) and (blank.high is None or number <= blank.high)


def answers_of(
    questionnaire: Questionnaire, values: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Tidied values as answers by question code (None where none was given), and what nobody could read."""
    fields: dict[str, list[str]] = {}
    unread: list[str] = []
    for blank in blanks_of(questionnaire):
        value = values.get(blank.name, "")
        if value == UNREADABLE:
            unread.append(blank.name)
        elif value:
            fields[blank.name] = _own_codes(blank, value)
    answers: dict[str, Any] = {}
    for code, question in questionnaire.questions.items():
        kind = TYPES.get(question.type)
        if kind.silent(question):
            continue
        answers[code] = kind.parse(fields, code, question)
        words = fields.get(code + COMMENT)
        if not is_empty(words) or question.takes_comment:
            answers[code + COMMENT] = words[0] if words else None
    return answers, tuple(unread)


def _own_codes(blank: Blank, value: str) -> list[str]:
    own = {code: inner for code, inner, _title in blank.codes}
    return [own.get(code, code) for code in (value.split(" ") if blank.many else [value])]
