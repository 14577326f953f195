"""Triple-S files written: the data first, as CSV; then the description, which must tell their widths."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from manyi.kernel.labels import Label
from manyi.surveys.codecs.codebook import WEIGHT, Variable, kept, numbered, variables_of
from manyi.surveys.codecs.document import Document, Loss
from manyi.surveys.codecs.rows import row_maker
from manyi.surveys.codecs.triple_s.description import LANGUAGE_OF, NAMESPACE, OURS
from manyi.surveys.codecs.triple_s.grouping import grouped, spelt
from manyi.surveys.tree import Text

_TYPES = {"number": "quantity", "date": "date", "time": "time"}


@dataclass(slots=True)
class _Seen:
    """What the data hold of one variable: the longest text, the least and greatest number."""

    longest: int = 1
    low: float = 0
    high: float = 0

    def note(self, value: Any) -> None:
        if isinstance(value, int | float):
            self.low, self.high = min(self.low, value), max(self.high, value)
        else:
            self.longest = max(self.longest, len(value))


def write_sss(document: Document, path: Path) -> list[Loss]:
    """Write ``path`` and the data beside it; returns the codes that became numbers."""
    variables = variables_of(document, numbered, spelt)
    groups = grouped(variables)
    data = path.with_suffix(".csv")
    seen = _write_data(document, variables, groups, data)
    sss = ET.Element("sss", {"version": "3.0", "languages": " ".join(document.questionnaire.languages)})
    ET.SubElement(sss, "origin").text = "Manyi"
    survey = ET.SubElement(sss, "survey")
    ET.SubElement(survey, "name").text = document.questionnaire.code
    _say(ET.SubElement(survey, "title"), document.questionnaire.title)
    told = {"ident": "A", "href": data.name, "format": "csv", "skip": "1", "data-file-encoding": "UTF-8"}
    record = ET.SubElement(survey, "record", told)
    for place, ((name, members), what) in enumerate(zip(groups, seen, strict=True), 1):
        _describe(record, place, name, members, what, document)
    ET.SubElement(survey, OURS, NAMESPACE).text = kept(document)
    ET.indent(sss)
    path.write_bytes(ET.tostring(sss, encoding="UTF-8", xml_declaration=True))
    return list(_renumbered(variables))


def _renumbered(variables: Sequence[Variable]) -> Iterator[Loss]:
    for variable in variables:
        if variable.kind != "flag" and any(each.code != str(each.file) for each in variable.values):
            yield Loss(variable.name, Label("选项代码改为编号。", "Its codes became numbers."))


def _write_data(
    document: Document,
    variables: Sequence[Variable],
    groups: Sequence[tuple[str, list[Variable]]],
    path: Path,
) -> list[_Seen]:
    """The cases as CSV, choices of several as noughts and ones; returns what was seen of each variable."""
    make, seen = row_maker(variables), [_Seen() for _ in groups]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in groups])
        for record in document.records or ():
            values = iter(make(record))
            row = [_cell(members, [next(values) for _ in members]) for _, members in groups]
            for what, value in zip(seen, row, strict=True):
                what.note(value)
            writer.writerow(row)
    return seen


def _cell(members: Sequence[Variable], values: Sequence[Any]) -> Any:
    first, value = members[0], values[0]
    if value is None:
        return ""
    if first.kind == "flag" and not first.beside:
        codes = _codes(members)
        chosen = {code for code, each in zip(codes, values, strict=True) if each}
        return "".join("1" if code in chosen else "0" for code in range(1, max(codes) + 1))
    if first.kind in {"date", "time"}:
        digits = "".join(sign for sign in str(value) if sign.isdecimal())
        return digits[:8] if first.kind == "date" else digits.ljust(6, "0")[:6]
    return value if isinstance(value, int | float) else str(value)


def _codes(members: Sequence[Variable]) -> list[int]:
    """The numbers of the choices of several: the places in which their ones and noughts stand."""
    codes = numbered([(each.column.option, Text()) for each in members])
    small = all(0 < code <= 200 for code in codes)
    return codes if small else list(range(1, len(members) + 1))


def _describe(
    record: ET.Element, place: int, name: str, members: Sequence[Variable], seen: _Seen, document: Document
) -> None:
    first = members[0]
    several = first.kind == "flag" and not first.beside
    kind = "multiple" if several else "single" if first.values else _TYPES.get(first.kind, "character")
    told = {"ident": str(place), "type": kind}
    if first.beside and first.column.path == WEIGHT:
        told["use"] = "weight"
    variable = ET.SubElement(record, "variable", told)
    ET.SubElement(variable, "name").text = name
    title = first.title
    if several:
        title = document.questionnaire.questions[first.column.path.partition(".")[0]].title
    _say(ET.SubElement(variable, "label"), title)
    ET.SubElement(variable, "position", {"start": str(place)})
    if kind == "character":
        ET.SubElement(variable, "size").text = str(seen.longest)
    elif kind == "quantity":
        ends = {"from": _decimal(seen.low), "to": _decimal(seen.high)}
        ET.SubElement(ET.SubElement(variable, "values"), "range", ends)
    elif kind in {"single", "multiple"}:
        codes = _codes(members) if several else [each.file for each in first.values]
        titles = [each.title for each in (members if several else first.values)]
        values = ET.SubElement(variable, "values")
        for code, words in zip(codes, titles, strict=True):
            _say(ET.SubElement(values, "value", {"code": str(code)}), words)


def _decimal(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _say(element: ET.Element, words: Text) -> None:
    """The words in every language in which there are some."""
    for language in words.languages:
        ET.SubElement(element, "text", {LANGUAGE_OF: language}).text = words.text(language)
