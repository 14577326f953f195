"""A questionnaire made from the variables of somebody else's file of answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from manyi.surveys.codecs.codebook import Value, Variable, said
from manyi.surveys.codecs.document import Document
from manyi.surveys.codecs.naming import Naming
from manyi.surveys.columns import Column, Kind
from manyi.surveys.definition import Questionnaire, Section
from manyi.surveys.question_types import columns_of
from manyi.surveys.tree import Option, Question, Row, Text

#: Above this many choices a list that folds out is easier to use.
_MOST_IN_VIEW = 12
_LONG_TEXT = 200
_YES_NO = (Value("yes", 1, Text("是", "Yes")), Value("no", 0, Text("否", "No")))
_TYPES: dict[str, str] = {"date": "date", "time": "time", "datetime": "datetime"}


@dataclass(slots=True)
class Strange:
    """One variable as a foreign file has it. ``labels`` are its labelled values in order; ``part`` names it
    among the variables of one question, where not its name does.

    ``observed`` are the values that occur, ``longest`` the length of the longest text, ``whole`` whether all
    its numbers are whole ones.
    """

    name: str
    title: Text
    kind: Kind
    labels: list[tuple[Any, Text]] = field(default_factory=list)
    observed: Iterable[Any] = ()
    missing: tuple[Any, ...] = ()
    longest: int = 0
    whole: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """Variables that are one question: ``counted`` is the value that says “chosen” in each of them (a choice
    of several), None where they share their labels (a table with a row for each)."""

    name: str
    title: Text
    members: tuple[str, ...]
    counted: Any = None


class Deriver:
    """Makes questions of variables; the file's names and values are kept in the document."""

    def __init__(self, document: Document, sets: Sequence[Together] = ()) -> None:
        self.document, self.naming = document, Naming(document)
        self.set_of = {name: each for each in sets for name in each.members}
        self.bound: dict[str, Variable] = {}
        self.found: list[Question] = []

    def variables(self, title: Text, strange: Sequence[Strange]) -> list[Variable]:
        """Fill the document's questionnaire; returns the variables bound to its columns, in file order."""
        known = {each.name: each for each in strange}
        done: set[str] = set()
        for each in strange:
            together = self.set_of.get(each.name)
            if together is None:
                self._alone(each)
            elif together.name not in done:
                done.add(together.name)
                self._joined(together, [known[name] for name in together.members if name in known])
        section = Section("data", questions=tuple(self.found))
        self.document.questionnaire = Questionnaire("survey", title, sections=(section,))
        columns = {column.name: column for column in columns_of(self.document.questionnaire)}
        return [replace(v, column=columns[v.column.name]) for v in (self.bound[s.name] for s in strange)]

    def _alone(self, each: Strange) -> None:
        code = self.naming.question(each.name, each.name)
        if each.kind == "flag":
            self.found.append(Question(code, "yes_no", each.title))
            self._bind(each, code, _YES_NO, "code")
        elif each.labels:
            options, values = self._options(code, each)
            kind = "dropdown" if len(options) > _MOST_IN_VIEW else "single"
            self.found.append(Question(code, kind, each.title, options=options))
            self._bind(each, code, values)
        else:
            self.found.append(_open(code, each))
            self._bind(each, code, ())

    def _bind(self, each: Strange, column: str, values: tuple[Value, ...], kind: Kind | None = None) -> None:
        place = Column(column, column, each.title, kind or each.kind)
        if each.missing:
            self.document.missing[column] = list(each.missing)
        self.bound[each.name] = Variable(each.name, each.title, place.kind, place, values, each.missing)

    def _options(self, code: str, each: Strange) -> tuple[tuple[Option, ...], tuple[Value, ...]]:
        """The choices: what is labelled, and what occurs without a label under its own value."""
        labels = [(_tidy(value), title) for value, title in each.labels]
        labelled = {value for value, _ in labels}
        more = sorted({_tidy(value) for value in each.observed} - labelled, key=str)
        labels += [(value, said(str(value))) for value in more]
        taken: set[str] = set()
        values = [
            Value(self.naming.option(code, value, taken, each.name), value, title) for value, title in labels
        ]
        return tuple(Option(each.code, each.title) for each in values), tuple(values)

    def _joined(self, together: Together, members: list[Strange]) -> None:
        code = self.naming.question(together.name.lstrip("$"), together.name)
        taken: set[str] = set()
        parts = [
            (each, self.naming.option(code, each.part or each.name, taken, each.name)) for each in members
        ]
        if together.counted is None:
            self._table(together, code, parts)
            return
        options = tuple(Option(part, each.title) for each, part in parts)
        self.found.append(Question(code, "multiple", together.title, options=options))
        for each, part in parts:
            self.document.names[f"{code}.{part}"] = each.name
            chosen = (Value("1", _tidy(together.counted), Text("是", "Yes")),)
            self._bind(each, f"{code}.{part}", chosen if _tidy(together.counted) != 1 else (), "flag")

    def _table(self, together: Together, code: str, parts: list[tuple[Strange, str]]) -> None:
        """Variables with the same labels: what each of them says stays where it is."""
        first = parts[0][0]
        seen = [value for each, _ in parts for value in each.observed]
        labels = {_tidy(value): title for each, _ in parts for value, title in each.labels}
        options, values = self._options(code, replace(first, labels=list(labels.items()), observed=seen))
        rows = tuple(Row(part, each.title) for each, part in parts)
        self.found.append(Question(code, "matrix_single", together.title, rows=rows, options=options))
        for each, part in parts:
            self.document.names[f"{code}.{part}"] = each.name
            self._bind(each, f"{code}.{part}", values, "code")


def _open(code: str, each: Strange) -> Question:
    """A question without choices."""
    if each.kind == "number":
        return Question(code, "number", each.title, config={} if each.whole else {"decimals": 9})
    kind = _TYPES.get(each.kind) or ("text_long" if each.longest > _LONG_TEXT else "text_short")
    return Question(code, kind, each.title)


def _tidy(value: Any) -> Any:
    """Whole numbers without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
