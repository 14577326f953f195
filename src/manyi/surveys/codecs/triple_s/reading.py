"""Triple-S files read: the description becomes questions, each line of the data a record."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.codecs.codebook import WEIGHT, Variable, numbered, restore, variables_of
from manyi.surveys.codecs.deriving import Deriver, Strange, Together
from manyi.surveys.codecs.document import Document, Record, Source, Unreadable
from manyi.surveys.codecs.rows import record_maker
from manyi.surveys.codecs.triple_s.description import Described, Description, read_description
from manyi.surveys.codecs.triple_s.grouping import grouped, spelt
from manyi.surveys.columns import Column, Kind
from manyi.surveys.definition import Questionnaire
from manyi.surveys.tree import Text

_KINDS: dict[str, Kind] = {
    "quantity": "number", "logical": "flag", "date": "date", "time": "time", "single": "code",
}  # fmt: skip
_ENDINGS = (".csv", ".asc", ".dat", ".txt")
#: One line of data as a list of fields (CSV) or as it stands (fixed columns).
Line = Sequence[str] | str
#: Reads the values of one variable, one for each of ours.
Cell = Callable[[Line], list[Any]]


def read_sss(source: Source) -> Document:
    """Questions, and records where the data lie beside; raises Unreadable."""
    description = read_description(source.data)
    document = Document(Questionnaire("survey", description.title))
    variables = _known(document, source, description) or _strange(document, description)
    data = _data(source, description)
    if data is None:
        document.lose(source.name, "旁边没有数据文件,只导入了问卷。", "No file of data lies beside it.")
        return document
    lines = list(_lines(data, description))
    cells = [_cell(each, description.csv) for each in description.variables]
    document.weighted = any(variable.column.path == WEIGHT for variable in variables)
    document.records = _records(document, variables, cells, lines)
    return document


def _known(document: Document, source: Source, description: Description) -> list[Variable] | None:
    """The variables of our own tree, where it is known and the file still has them all."""
    if not restore(document, description.ours) and source.tree is not None:
        document.questionnaire = source.tree
    groups = grouped(variables_of(document, numbered, spelt))
    if [name for name, _ in groups] != [each.name for each in description.variables]:
        return None
    return [variable for _, members in groups for variable in members]


def _strange(document: Document, description: Description) -> list[Variable]:
    """Questions made of the description; what numbers the cases or weights them is no question."""
    strange: list[Strange] = []
    sets: list[Together] = []
    beside: list[tuple[int, Variable]] = []
    place = 0
    for each in description.variables:
        if each.use in {"serial", "weight"}:
            beside.append((place, _beside(document, each)))
            place += 1
            continue
        members = _members(each)
        if each.type == "multiple":
            sets.append(Together(each.name, each.title, tuple(m.name for m in members), 1))
        elif each.type == "quantity" and each.values:
            told = "; ".join(f"{code} = {words.text('zh')}" for code, words in each.values)
            document.lose(
                each.name,
                f"数字题的特殊值标签未导入:{told}",
                f"The labels of special numbers were not carried: {told}",
            )
        strange += members
        place += len(members)
    variables = Deriver(document, sets).variables(description.title, strange)
    for at, variable in beside:
        variables.insert(at, variable)
    return variables


def _beside(document: Document, each: Described) -> Variable:
    name = WEIGHT if each.use == "weight" else each.name
    column = Column(name, name, each.title, "number" if each.use == "weight" else "string")
    if each.use == "weight":
        document.names[WEIGHT] = each.name
    else:
        document.meta = (*document.meta, column)
    return Variable(each.name, each.title, column.kind, column, beside=True)


def _members(each: Described) -> list[Strange]:
    if each.type == "multiple":
        return [Strange(f"{each.name}.{code}", title, "flag", part=code) for code, title in each.values]
    labels: list[tuple[Any, Text]] = [*each.values] if each.type == "single" else []
    kind = _KINDS.get(each.type, "text")
    size = 0 if kind != "text" else each.finish - each.start + 1
    return [Strange(each.name, each.title, kind, labels, longest=size, whole=not each.decimals)]


def _data(source: Source, description: Description) -> bytes | None:
    """The file of data: the one that is named, else the one of the same name."""
    name = PureWindowsPath(description.href).name
    names = [name] if name else []
    names += [str(PurePosixPath(source.name).with_suffix(end)) for end in _ENDINGS]
    found = next((data for each in names if (data := source.beside(each)) is not None), None)
    if found is not None:
        Source(source.name, found).require_size()
    return found


def _lines(data: bytes, description: Description) -> Iterator[Line]:
    text = _decoded(data, description)
    if "\0" in text:
        raise Unreadable(
            Label("数据文件已损坏或编码不符。", "The file of data is broken or of another encoding.")
        )
    if not description.csv:
        lines = text.replace("\r\n", "\n").split("\n")[description.skip :]
        yield from (line for line in lines if line.strip())
        return
    most = max((each.finish for each in description.variables), default=0)
    try:
        for number, fields in enumerate(csv.reader(io.StringIO(text), strict=True), 1):
            if number <= description.skip or not fields:
                continue
            if len(fields) < most:
                words = f"数据第 {number} 行不完整。", f"Row {number} of the data is cut off."
                raise Unreadable(Label(*words))
            yield fields
    except csv.Error as error:
        raise Unreadable(Label("数据文件不是有效的 CSV。", f"The data are no valid CSV: {error}.")) from error


def _decoded(data: bytes, description: Description) -> str:
    """The data as text, in the encoding that the description names, else UTF-8 or its own."""
    tried = [description.encoding] if description.encoding else ["utf-8", description.written_in or "utf-8"]
    for encoding in tried:
        try:
            return data.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    told = ", ".join(dict.fromkeys(tried))
    raise Unreadable(Label(f"数据文件不是 {told} 编码。", f"The file of data is not in {told}."))


def _cell(each: Described, separated: bool) -> Cell:
    """The reader of one variable."""
    if separated:
        first, last = each.start - 1, each.finish

        def parts(line: Line) -> list[str]:
            return [str(field).strip() for field in line[first:last]]
    else:
        size = each.width if each.subfields else each.finish - each.start + 1
        begins = range(each.start - 1, each.finish, size)

        def parts(line: Line) -> list[str]:
            return [str(line[begin : begin + size]).strip() for begin in begins]

    if each.type == "multiple":
        return lambda line: _several(each, parts(line))
    return lambda line: [_value(each.type, parts(line)[0] if parts(line) else "")]


def _several(each: Described, fields: list[str]) -> list[int | None]:
    """1 or 0 for each code: from the codes in the subfields, or from a string of noughts and ones."""
    if not any(fields):
        return [None] * len(each.values)
    if each.subfields:
        given = {field.lstrip("0") or field for field in fields}
        return [int((code.lstrip("0") or code) in given) for code, _ in each.values]
    bits = "".join(fields)
    places = [int(code) if code.isdecimal() else n for n, (code, _) in enumerate(each.values, 1)]
    return [int(bits[place - 1 : place] == "1") for place in places]


def _value(kind: str, text: str) -> Any:
    if kind == "date" and len(text) == 8 and text.isdecimal():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if kind == "time" and len(text) >= 4 and text.isdecimal():
        return f"{text[:2]}:{text[2:4]}"
    if kind == "logical":
        return {"T": 1, "F": 0}.get(text.upper(), text)
    if kind == "single" and text.isdecimal():
        return int(text)
    return text


def _records(
    document: Document, variables: Sequence[Variable], cells: Sequence[Cell], lines: Sequence[Line]
) -> Iterator[Record]:
    make = record_maker(document.questionnaire, variables)
    for line in lines:
        yield make([value for cell in cells for value in cell(line)])
