"""Tables read: what a column holds is told by its values, unless the questionnaire is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from manyi.organisation.errors import Refused
from manyi.surveys.codecs.codebook import WEIGHT, Variable, said, variables_of
from manyi.surveys.codecs.deriving import Deriver, Strange
from manyi.surveys.codecs.document import Document, Record, Source
from manyi.surveys.codecs.rows import record_maker
from manyi.surveys.codecs.table.cells import as_written, beside_of
from manyi.surveys.codecs.table.opening import rows_of
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.columns import Column
from manyi.surveys.definition import Questionnaire
from manyi.surveys.moments import day_of
from manyi.surveys.numbers import decimal_of

#: So many different words at most are choices, where each occurs twice on average.
_MOST_CHOICES = 30
#: Numbers that begin with a nought name something: 007, 0571.
_NUMBERED = re.compile(r"0\d")


def read_table(source: Source) -> Document:
    """The table as a questionnaire with records; raises Unreadable for what is none."""
    source.require_size()
    document = Document(Questionnaire("survey", said(Path(source.name).stem)))
    walk = rows_of(source)
    columns = next(walk)
    tree = source.tree or _beside(source)
    if tree is not None and {v.name for v in variables_of(Document(tree))} & set(columns):
        variables = _known(document, tree, columns)
        walk.close()
    else:
        variables = _strange(document, columns, walk)
    document.records = _records(source, document, variables)
    return document


def _beside(source: Source) -> Questionnaire | None:
    """The questionnaire that was written beside the table."""
    found = source.beside(beside_of(Path(source.name)).name)
    try:
        return questionnaire_from_toml(Source(source.name, found).text()) if found else None
    except Refused:
        return None


def _known(document: Document, tree: Questionnaire, columns: Sequence[str]) -> list[Variable]:
    """The variables of a known questionnaire; what it does not ask stands beside the answers."""
    document.questionnaire = tree
    known = {variable.name: variable for variable in variables_of(document)}
    document.weighted = WEIGHT in columns and WEIGHT not in known
    variables = [known.get(name) or _other(name) for name in columns]
    beside = (each.column for each in variables if each.beside)
    document.meta = tuple(column for column in beside if column.path != WEIGHT)
    return variables


def _other(name: str) -> Variable:
    column = Column(name, name, said(name), "number" if name == WEIGHT else "string")
    return Variable(name, column.title, column.kind, column, beside=True)


@dataclass(slots=True)
class _Seen:
    """What the values of one column are so far."""

    values: set[str] = field(default_factory=set)
    count: int = 0
    longest: int = 0
    numbers: bool = True
    whole: bool = True
    days: bool = True

    def note(self, text: str) -> None:
        """Take in one value."""
        if not text:
            return
        self.count += 1
        self.longest = max(self.longest, len(text))
        if len(self.values) <= _MOST_CHOICES:
            self.values.add(text)
        if self.numbers:
            number = decimal_of(text)
            self.numbers = number is not None and not _NUMBERED.match(text)
            self.whole = self.whole and number is not None and number == number.to_integral_value()
        if self.days:
            self.days = day_of(text) is not None

    def strange(self, name: str) -> Strange:
        """The variable that such values make."""
        if not self.count:
            return Strange(name, said(name), "text")
        if self.numbers:
            return Strange(name, said(name), "number", whole=self.whole)
        if self.days:
            return Strange(name, said(name), "date")
        if len(self.values) <= _MOST_CHOICES and 2 <= len(self.values) <= self.count / 2:
            return Strange(name, said(name), "code", [(each, said(each)) for each in sorted(self.values)])
        return Strange(name, said(name), "text", longest=self.longest)


def _strange(document: Document, columns: Sequence[str], walk: Iterator[list[str]]) -> list[Variable]:
    seen = [_Seen() for _ in columns]
    for row in walk:
        for each, value in zip(seen, row, strict=True):
            each.note(value)
    found = [each.strange(name) for each, name in zip(seen, columns, strict=True)]
    return Deriver(document).variables(document.questionnaire.title, found)


def _records(source: Source, document: Document, variables: Sequence[Variable]) -> Iterator[Record]:
    make = record_maker(document.questionnaire, variables)
    walk = rows_of(source)
    next(walk)
    for row in walk:
        yield make([as_written(value) for value in row])
