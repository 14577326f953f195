"""How a file of answers from elsewhere is read: which column is which question, and what its values mean.

A mapping is a readable TOML file::

    key = "ID"                                   # the column that names a row for ever

    [columns]                                    # column → question, or matrix.row
    "Seat Comfort" = "service.seat"

    [values."Satisfaction"]                      # value in the file → code; else values are codes
    "Satisfied" = "yes"

    [missing]                                    # “not applicable”, by column; "*" for all columns
    "*" = ["", "0"]

    [unit]                                       # whose answers: one unit, or a column with codes
    code = "HC-E"

    [segments."Class"]                           # column → value → code of the segment
    "Business" = "business"

    [date]                                       # when answered; without it, the time of the import
    column = "Date"

    [filters]                                    # only rows with one of these values
    "Type of Travel" = ["Business"]

    [questionnaire]                              # used when there is none yet: a whole questionnaire file
    [scheme]                                     # likewise a scoring scheme
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid
from manyi.surveys.definition import Questionnaire
from manyi.surveys.question_types import columns_of

_TABLES = {"columns", "values", "missing", "unit", "segments", "date", "filters", "questionnaire", "scheme"}
_NAMES = _TABLES | {"key", "product"}


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A mapping read and checked in form."""

    key: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unit_code: str = ""
    unit_column: str = ""
    segments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    product: str = ""
    date: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def used_columns(self) -> set[str]:
        """Every column of the file that the mapping speaks of."""
        single = {self.key, self.unit_column, self.product, self.date} - {""}
        return single | set(self.columns) | set(self.segments) | set(self.filters)


def read_mapping(data: Mapping[str, Any]) -> FileMapping:
    """The mapping in plain tables (a read TOML file); raises Invalid with every wrong name."""
    faults: list[tuple[str, Label]] = [
        (name, Label(f"映射文件中没有“{name}”这一项。", f"A mapping has no “{name}”."))
        for name in sorted(data.keys() - _NAMES)
    ]
    faults += [
        (name, Label("这里应是一张表(键 = 值)。", "A table (key = value) is expected here."))
        for name in sorted(_TABLES & data.keys())
        if not isinstance(data[name], Mapping)
    ]
    if not data.get("key"):
        faults.append(
            ("key", Label("请指明唯一标识一行的列。", "Name the column that tells the rows apart."))
        )
    if not data.get("columns"):
        faults.append(("columns", Label("请把列对应到题目。", "Say which column answers which question.")))
    if faults:
        raise Invalid(faults)
    unit, when = data.get("unit", {}), data.get("date", {})
    return FileMapping(
        key=str(data["key"]),
        columns=_texts(data["columns"]),
        values={column: _texts(codes) for column, codes in data.get("values", {}).items()},
        missing=_sets(data.get("missing", {})),
        unit_code=str(unit.get("code", "")),
        unit_column=str(unit.get("column", "")),
        segments={column: _texts(codes) for column, codes in data.get("segments", {}).items()},
        product=str(data.get("product", "")),
        date=str(when.get("column", "")),
        filters=_sets(data.get("filters", {})),
    )


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(code) for name, code in table.items()}


def _sets(table: Mapping[str, Iterable[Any]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(str(value) for value in values) for name, values in table.items()}


def check_mapping(
    mapping: FileMapping, columns: Iterable[str], questionnaire: Questionnaire
) -> list[tuple[str, Label]]:
    """Columns that the file does not have, and questions that the questionnaire does not have."""
    faults = [
        (name, Label(f"文件中没有列“{name}”。", f"The file has no column “{name}”."))
        for name in sorted(mapping.used_columns() - set(columns))
    ]
    known = {column.path for column in columns_of(questionnaire)}
    for column, path in mapping.columns.items():
        if path not in known:
            words = f"问卷中没有题目“{path}”。", f"The questionnaire has no question “{path}”."
            faults.append((column, Label(*words)))
    return faults
