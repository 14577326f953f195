"""System files read: pyreadstat reads the cases, the deriver makes the questions."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.codecs.codebook import WEIGHT, Variable, as_numbers, matching, restore, said, variables_of
from manyi.surveys.codecs.deriving import Deriver, Strange, Together
from manyi.surveys.codecs.document import Document, Record, Source, Unreadable
from manyi.surveys.codecs.rows import record_maker
from manyi.surveys.codecs.spss.dictionary import Dictionary, read_dictionary
from manyi.surveys.codecs.spss.names import spelt
from manyi.surveys.columns import Column, Kind
from manyi.surveys.definition import Questionnaire
from manyi.surveys.tree import Text

#: The attribute of a file in which our tree stands.
OURS = "manyi"
_DAYS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
_FIRST_DAY = date(1582, 10, 14)
_BROKEN = Label("SPSS 文件已损坏或不完整。", "The SPSS file is broken or cut off.")


def read_sav(source: Source) -> Document:
    """Questions, labels, missing values, sets, weight and cases; raises Unreadable."""
    if source.data[:4] not in {b"$FL2", b"$FL3"}:
        raise Unreadable(Label("这不是 SPSS 数据文件。", "This is no SPSS data file."))
    source.require_size()
    columns, told = _cases(source)
    try:
        ours = read_dictionary(source.data)
    except (struct.error, ValueError, IndexError) as error:
        raise Unreadable(_BROKEN) from error
    document = Document(Questionnaire("survey", Text()))
    variables = _known(document, source, ours, list(columns)) or _strange(document, columns, told, ours)
    document.weighted = bool(ours.weight)
    document.records = _records(document, variables, list(columns.values()))
    for note in told.notes:
        document.lose("DOCUMENT", f"文件中的备注未导入:{note}", f"A note of the file was not carried: {note}")
    return document


def _cases(source: Source) -> tuple[dict[str, list[Any]], Any]:
    """The values by variable, and what pyreadstat tells of them."""
    import pyreadstat

    with tempfile.TemporaryDirectory(prefix="manyi-") as folder:
        path = Path(folder) / "data.sav"
        path.write_bytes(source.data)
        try:
            columns, told = pyreadstat.read_sav(str(path), output_format="dict", user_missing=True)
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError) as error:
            raise Unreadable(_BROKEN) from error
        except (UnicodeDecodeError, OverflowError, MemoryError) as error:
            raise Unreadable(_BROKEN) from error
    counts = {len(values) for values in columns.values()}
    if len(counts) > 1 or (told.number_rows not in {None, -1} and counts - {told.number_rows}):
        raise Unreadable(_BROKEN)
    return columns, told


def _known(
    document: Document, source: Source, ours: Dictionary, names: Sequence[str]
) -> list[Variable] | None:
    """The variables of our own tree, where it is known and the file still has them all."""
    if not restore(document, ours.attributes.get(OURS, "")) and source.tree is not None:
        document.questionnaire = source.tree
    return matching(variables_of(document, as_numbers, spelt), names)


def _strange(
    document: Document, columns: dict[str, list[Any]], told: Any, ours: Dictionary
) -> list[Variable]:
    sets = [
        Together(
            name,
            said(each["label"]),
            tuple(each["variable_list"]),
            each["counted_value"] if each["is_dichotomy"] else None,
        )
        for name, each in told.mr_sets.items()
    ]
    labels = dict(zip(told.column_names, told.column_labels, strict=True))
    strange = [
        _variable(name, labels[name] or name, values, told)
        for name, values in columns.items()
        if name != ours.weight
    ]
    known = {each.name for each in strange}
    whole = [each for each in sets if set(each.members) <= known]
    title = said(told.file_label or "")
    variables = Deriver(document, whole).variables(title, strange)
    if ours.weight in columns:
        document.names[WEIGHT] = ours.weight
        column = Column(WEIGHT, WEIGHT, Text("权重", "Weight"), "number")
        place = list(columns).index(ours.weight)
        variables.insert(place, Variable(ours.weight, column.title, "number", column, beside=True))
    return variables


def _variable(name: str, label: str, values: Sequence[Any], told: Any) -> Strange:
    ranges = told.missing_ranges.get(name, ())
    missing = tuple(_missing(each["lo"], each["hi"]) for each in ranges)
    kind = _kind(told.original_variable_types[name])
    labels = [(value, said(words)) for value, words in told.variable_value_labels.get(name, {}).items()]
    only_missing = kind == "number" and all(_is_missing(value, missing) for value, _ in labels)
    given = [value for value in values if value is not None and value != ""]
    if only_missing or kind not in {"number", "text"}:
        labels = []
    return Strange(
        name,
        said(label),
        "code" if labels else kind,
        labels,
        set(given) if labels else (),
        missing,
        max((len(each) for each in given), default=0) if kind == "text" else 0,
        kind == "number" and all(float(each).is_integer() for each in given),
    )


def _missing(low: Any, high: Any) -> Any:
    low, high = (int(v) if isinstance(v, float) and v.is_integer() else v for v in (low, high))
    return low if low == high else (low, high)


def _is_missing(value: Any, missing: Sequence[Any]) -> bool:
    return any(m[0] <= value <= m[1] if isinstance(m, tuple) else value == m for m in missing)


def _kind(form: str) -> Kind:
    letters = form.rstrip("0123456789.")
    if letters == "A":
        return "text"
    if letters in {"TIME", "DATETIME"}:
        return "time" if letters == "TIME" else "datetime"
    return "date" if letters in _DAYS else "number"


def _records(
    document: Document, variables: Sequence[Variable], columns: Sequence[list[Any]]
) -> Iterator[Record]:
    """The cases one after the other."""
    make = record_maker(document.questionnaire, variables)
    days = [variable.kind == "date" for variable in variables]
    for row in zip(*columns, strict=True):
        yield make([_plain(value, day) for value, day in zip(row, days, strict=True)])


def _plain(value: Any, day: bool) -> Any:
    """A value of a case as our types understand it; quarters and months come as seconds."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if day and isinstance(value, float):
        return (_FIRST_DAY + timedelta(seconds=value)).isoformat()
    return value.strftime("%H:%M") if isinstance(value, time) else value
