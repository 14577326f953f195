"""The code book of a round: which small integer stands for which answer, channel, segment, product and grade.

Codes are given once and never change their number; what appears later is put at the end, so that parts of
a snapshot written at different times mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from manyi.measures.scoring import Scheme
from manyi.surveys.columns import Column
from manyi.surveys.question_types import columns_of
from manyi.surveys.tree import Questionnaire, Text

CODED = ("code", "flag", "number")
#: What a response says besides its answers, each with its own codes.
DIMENSIONS = ("channel", "source", "product", "grade", "segment")
MISSING = -1


@dataclass(frozen=True, slots=True)
class Field:
    """One answer column: ``column`` in the snapshot, ``name`` in the questionnaire (``matrix.row``)."""

    column: str
    name: str
    title: Text
    kind: str
    codes: tuple[tuple[str, Text], ...]
    source: Column

    def code(self, place: int) -> str:
        """The answer code that a stored integer stands for."""
        return self.codes[place][0]

    def place(self, code: str) -> int | None:
        """The integer that stands for an answer code; None for an unknown one."""
        return next((n for n, (known, _) in enumerate(self.codes) if known == code), None)


FLAG_CODES = (("0", Text("未选", "Not chosen")), ("1", Text("已选", "Chosen")))


@dataclass(slots=True)
class Codebook:
    """Fields by question name, open questions, and the codes of each dimension as they appeared."""

    fields: dict[str, Field]
    texts: tuple[Column, ...]
    values: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in DIMENSIONS})

    def number(self, dimension: str, code: str) -> int:
        """The integer of a code, given now if it is new; an empty code is MISSING."""
        if not code:
            return MISSING
        known = self.values[dimension]
        if code not in known:
            known.append(code)
        return known.index(code)

    def find(self, dimension: str, code: str) -> int:
        """The integer of a code that may be unknown; MISSING then."""
        known = self.values[dimension]
        return known.index(code) if code in known else MISSING

    @property
    def segments(self) -> list[str]:
        """The segments seen so far; the n-th has the column ``s{n}``."""
        return self.values["segment"]

    def to_json(self) -> dict[str, Any]:
        """What was learnt from responses; the fields follow from the questionnaire version."""
        return {name: list(codes) for name, codes in self.values.items()}


def codebook(
    questionnaire: Questionnaire, scheme: Scheme | None, stored: Mapping[str, Any] | None = None
) -> Codebook:
    """The code book of a questionnaire, with the dimension codes that were stored before."""
    columns = columns_of(questionnaire)
    coded = [column for column in columns if column.kind in CODED]
    fields = {c.name: _field(number, c, questionnaire) for number, c in enumerate(coded)}
    book = Codebook(fields, tuple(column for column in columns if column.kind == "text"))
    for name in DIMENSIONS:
        book.values[name] = list((stored or {}).get(name, []))
    for band in scheme.bands if scheme else ():
        book.number("grade", band.grade)
    return book


def _field(number: int, column: Column, questionnaire: Questionnaire) -> Field:
    codes = FLAG_CODES if column.kind == "flag" else column.codes
    title = column.title
    if column.kind == "flag":
        asked = questionnaire.questions[column.path.partition(".")[0]].title
        title = Text(
            f"{asked.text('zh')}:{title.text('zh')}",
            f"{asked.text('en')}: {title.text('en')}",
        )
    return Field(f"q{number}", column.name, title, column.kind, codes, column)
