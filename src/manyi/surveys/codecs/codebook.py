"""The code book of a file of answers: variables, what values mean, which column of ours they are.

All data formats share it. Written, it is made from our tree; read, our tree is made from it, unless the file
was written by us and still has the same variables: then the tree that stands beside the data holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from manyi.organisation.errors import Invalid
from manyi.surveys.codecs.document import Document
from manyi.surveys.columns import Column, Kind
from manyi.surveys.definition import from_dict, to_dict
from manyi.surveys.question_types import columns_of
from manyi.surveys.tree import NOT_APPLICABLE, Text

_NUMBER = re.compile(r"-?\d{1,9}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
#: What stands for “does not apply to me” among numbers.
_NOT_APPLICABLE = -99
#: The names of what a record holds beside answers.
WEIGHT = "weight"

Codes = Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Value:
    """One labelled value: our code, the value in the file, its words."""

    code: str
    file: int | float | str
    title: Text


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a file. ``column`` is ours; ``beside`` says that it is no answer."""

    name: str
    title: Text
    kind: Kind
    column: Column
    values: tuple[Value, ...] = ()
    missing: tuple[Any, ...] = ()
    beside: bool = False


def said(words: str) -> Text:
    """A text of a file that does not say its language."""
    return Text(words) if _CHINESE.search(words) else Text("", words)


def as_they_are(codes: Codes) -> list[Any]:
    """Our codes as the values of the file."""
    return [code for code, _ in codes]


def as_numbers(codes: Codes) -> list[Any]:
    """Numbers where all codes are numbers (“not applicable” gets one of its own), else the codes."""
    if all(_NUMBER.fullmatch(code) or code == NOT_APPLICABLE.code for code, _ in codes):
        return [_NOT_APPLICABLE if code == NOT_APPLICABLE.code else int(code) for code, _ in codes]
    return [code for code, _ in codes]


def numbered(codes: Codes) -> list[Any]:
    """A number for every code: its own where all codes are natural numbers, else its place."""
    if all(code.isascii() and code.isdigit() and code == str(int(code)) for code, _ in codes):
        return [int(code) for code, _ in codes]
    return list(range(1, len(codes) + 1))


def variables_of(
    document: Document,
    coded: Callable[[Codes], list[Any]] = as_they_are,
    spelt: Callable[[str], str] = str,
) -> list[Variable]:
    """The variables of a document in order; ``spelt`` says how a file spells names, ``coded`` its values."""
    taken: set[str] = set()
    found = []
    columns = [(column, False) for column in columns_of(document.questionnaire)]
    columns += [(column, True) for column in document.meta]
    if document.weighted:
        columns.append((Column(WEIGHT, WEIGHT, Text("权重", "Weight"), "number"), True))
    for column, beside in columns:
        name = _free(spelt(document.names.get(column.name, column.name)), taken)
        pairs = zip(column.codes, coded(column.codes), strict=True)
        known = document.values.get(column.name, {})
        values = tuple(Value(code, known.get(code, file), title) for (code, title), file in pairs)
        missing = tuple(document.missing.get(column.name, ()))
        missing += tuple(each.file for each in values if each.code == NOT_APPLICABLE.code)
        found.append(Variable(name, column.title, column.kind, column, values, missing, beside))
    return found


def _free(name: str, taken: set[str]) -> str:
    """A name that no other variable has, whatever its case."""
    free, number = name, 2
    while free.lower() in taken:
        free, number = f"{name[:56]}_{number}", number + 1
    taken.add(free.lower())
    return free


def kept(document: Document) -> str:
    """The whole tree as one line of text, to be put beside the data."""
    meta = [[column.name, column.title.zh, column.title.en, column.kind] for column in document.meta]
    told: dict[str, Any] = {"questionnaire": to_dict(document.questionnaire), "meta": meta}
    told |= {"weighted": document.weighted, "missing": document.missing}
    told |= {"names": document.names, "values": document.values}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def restore(document: Document, text: str) -> bool:
    """Put what ``kept`` told into a document; False when the text is not ours or was spoilt."""
    try:
        told = json.loads(text)
        document.questionnaire = from_dict(told["questionnaire"])
        meta = [Column(name, name, Text(zh, en), kind) for name, zh, en, kind in told["meta"]]
        missing = {str(name): [_missing(each) for each in values] for name, values in told["missing"].items()}
        names = {str(code): str(name) for code, name in told["names"].items()}
        values = {str(code): dict(found) for code, found in told["values"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Invalid):
        return False
    document.meta, document.weighted, document.missing = tuple(meta), bool(told.get("weighted")), missing
    document.names, document.values = names, values
    return True


def _missing(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def matching(variables: Iterable[Variable], names: Sequence[str]) -> list[Variable] | None:
    """The variables in the order of a file's names; None unless both have the same."""
    known = {variable.name: variable for variable in variables}
    return [known[name] for name in names] if known.keys() == set(names) else None
