"""System files written: our own writer, because the cases go through it as columns of NumPy, not one by one.

The width of a text must stand in the head of the file, before the first case; so the cases are staged in a
temporary file, part by part, until the longest text of every variable is known.
"""

from __future__ import annotations

import pickle
import struct
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import numpy as np

from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.surveys.codecs.codebook import WEIGHT, Variable, as_numbers, kept, variables_of
from manyi.surveys.codecs.document import Document, Loss
from manyi.surveys.codecs.rows import in_parts, row_maker
from manyi.surveys.codecs.spss.labels import label_losses, label_records
from manyi.surveys.codecs.spss.layout import Field, display, extension, variable_records
from manyi.surveys.codecs.spss.names import MOST_TEXT, cut, spelt
from manyi.surveys.codecs.spss.reading import OURS

_PART = 5000
#: SPSS says “no value” with the least number there is.
_NOTHING = -np.finfo(np.float64).max
_FIRST_DAY = date(1582, 10, 14).toordinal()
_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Set:
    """A multiple-response set: its name, label, and the variables that say “chosen” with 1."""

    name: str
    label: str
    members: list[str]


@dataclass(slots=True)
class _Stage:
    """The cases in a temporary file: numbers as one array, texts as lists of bytes, part by part."""

    variables: Sequence[Variable]
    file: IO[bytes]
    numeric: list[bool] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    cases: int = 0
    cut: set[str] = field(default_factory=set)

    def fill(self, document: Document) -> None:
        """Take in all records."""
        self.numeric = [_is_numeric(variable) for variable in self.variables]
        self.widths = [0 if numeric else _least_width(v) for v, numeric in self._each()]
        make = row_maker(self.variables)
        for part in in_parts(document.records or (), _PART):
            columns = list(zip(*[make(record) for record in part], strict=True))
            self.cases += len(part)
            pickle.dump([self._column(place, column) for place, column in enumerate(columns)], self.file)
        self.file.seek(0)

    def _each(self) -> Iterator[tuple[Variable, bool]]:
        return zip(self.variables, self.numeric, strict=True)

    def _column(self, place: int, column: Sequence[Any]) -> Any:
        variable = self.variables[place]
        if self.numeric[place]:
            return _numbers(variable, column)
        texts = [b"" if value is None else str(value).encode() for value in column]
        longest = max(map(len, texts), default=0)
        if longest > MOST_TEXT:
            self.cut.add(variable.name)
            texts = [cut(text.decode(), MOST_TEXT).encode() for text in texts]
            longest = MOST_TEXT
        self.widths[place] = max(self.widths[place], longest)
        return texts

    def parts(self) -> Iterator[list[Any]]:
        """The staged parts in order."""
        done = 0
        while done < self.cases:
            part = pickle.load(self.file)
            done += len(part[0])
            yield part


def write_sav(document: Document, path: Path) -> tuple[list[Loss], list[Set], str]:
    """Write a system file; returns what was cut, the multiple-response sets and the weight variable."""
    variables = variables_of(document, as_numbers, spelt)
    with tempfile.TemporaryFile() as file:
        stage = _Stage(variables, file)
        stage.fill(document)
        fields = [
            Field(variable, 0 if numeric else width, f"V{place}")
            for place, ((variable, numeric), width) in enumerate(
                zip(stage._each(), stage.widths, strict=True), 1
            )
        ]
        sets = _sets(document, variables)
        weight = _weight(variables)
        with path.open("wb") as out:
            out.write(_head(document, fields, stage.cases, sets, weight))
            for part in stage.parts():
                out.write(_cases(fields, part))
    too_long = Label("文字超过 32767 字节,已截断。", "A text of more than 32767 bytes was cut.")
    losses = [*label_losses(fields), *(Loss(name, too_long) for name in sorted(stage.cut))]
    return losses, sets, weight


def _is_numeric(variable: Variable) -> bool:
    if variable.values:
        return all(isinstance(each.file, int | float) for each in variable.values)
    return variable.kind not in {"text", "string", "code"}


def _least_width(variable: Variable) -> int:
    return max((len(str(each.file).encode()) for each in variable.values), default=1)


def _numbers(variable: Variable, column: Sequence[Any]) -> Any:
    """A column of numbers; what is none becomes “no value”."""
    seconds = {"date": _day, "time": _time, "datetime": _moment}.get(variable.kind)
    if seconds is not None:
        column = [None if value is None else seconds(value) for value in column]
    try:
        found = np.array(column, dtype=np.float64)
    except (ValueError, TypeError):
        found = np.array([_number(value) for value in column], dtype=np.float64)
    return np.where(np.isnan(found), _NOTHING, found)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _day(value: Any) -> float | None:
    """Seconds since 14 October 1582."""
    try:
        return float((date.fromisoformat(str(value)[:10]).toordinal() - _FIRST_DAY) * _DAY)
    except ValueError:
        return None


def _time(value: Any) -> float | None:
    try:
        found = time.fromisoformat(str(value))
    except ValueError:
        return None
    return float(found.hour * 3600 + found.minute * 60 + found.second)


def _moment(value: Any) -> float | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    clocked = _time(found.time().isoformat()) or 0.0
    return (found.toordinal() - _FIRST_DAY) * _DAY + clocked


def _sets(document: Document, variables: Sequence[Variable]) -> list[Set]:
    """One set for each choice of several: the flags that read the same answer."""
    members: dict[str, list[str]] = {}
    for variable in variables:
        if variable.kind == "flag" and not variable.beside:
            members.setdefault(variable.column.path, []).append(variable.name)
    questions = document.questionnaire.questions
    titles = {path: questions[path.partition(".")[0]].title.text("zh") for path in members}
    return [Set(f"${spelt(path)}", titles[path], names) for path, names in members.items()]


def _weight(variables: Sequence[Variable]) -> str:
    return next((v.name for v in variables if v.beside and v.column.path == WEIGHT), "")


def _head(document: Document, fields: Sequence[Field], cases: int, sets: Sequence[Set], weight: str) -> bytes:
    """Everything before the cases."""
    slots, place = 0, 0
    for each in fields:
        if each.variable.name == weight and weight:
            place = slots + 1
        slots += each.room // 8
    now = clock.now()
    title = cut(document.questionnaire.title.text("zh"), 64).encode().ljust(64)
    head = struct.pack(
        "<4s60siiiiid9s8s64s3x", b"$FL2", b"@(#) SPSS DATA FILE Manyi".ljust(60), 2, slots, 0, place, cases,
        100.0, now.strftime("%d %b %y").encode(), now.strftime("%H:%M:%S").encode(), title,
    )  # fmt: skip
    machine = struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001)
    floats = struct.pack("<d", _NOTHING) + struct.pack("<d", -_NOTHING) + bytes.fromhex("feffffffffffefff")
    parts = [head, variable_records(fields), label_records(fields)]
    parts += [extension(3, 4, machine), extension(4, 8, floats), _set_record(fields, sets), display(fields)]
    parts += [_names(fields), extension(16, 8, struct.pack("<2q", 1, cases)), _ours(document)]
    parts += [extension(20, 1, b"UTF-8"), struct.pack("<2i", 999, 0)]
    return b"".join(parts)


def _names(fields: Sequence[Field]) -> bytes:
    """The long names, and the full widths of long texts."""
    long = "\t".join(f"{each.short}={each.variable.name}" for each in fields).encode()
    found = extension(13, 1, long)
    wide = "".join(f"{each.short}={each.width:05d}\0\t" for each in fields if len(each.segments) > 1)
    return found + (extension(14, 1, wide.encode()) if wide else b"")


def _set_record(fields: Sequence[Field], sets: Sequence[Set]) -> bytes:
    short = {each.variable.name: each.short.lower() for each in fields}
    lines = []
    for each in sets:
        label = each.label.encode()
        members = " ".join(short[name] for name in each.members).encode()
        lines.append(b"%s=D1 1 %d %s %s\n" % (each.name.encode(), len(label), label, members))
    return extension(7, 1, b"".join(lines)) if sets else b""


def _ours(document: Document) -> bytes:
    """Our tree as an attribute of the file, which other readers pass over."""
    return extension(17, 1, f"{OURS}('{kept(document)}'\n)".encode())


def _cases(fields: Sequence[Field], part: Sequence[Any]) -> bytes:
    """One part of the cases as they lie in the file."""
    count = len(part[0])
    block = np.full((count, sum(each.room for each in fields)), ord(" "), dtype=np.uint8)
    numbers = block.view(np.float64)
    begin = 0
    for each, column in zip(fields, part, strict=True):
        if each.width == 0:
            numbers[:, begin // 8] = column
        else:
            _put_text(block, begin, each, column)
        begin += each.room
    return block.tobytes()


def _put_text(block: Any, begin: int, each: Field, column: Sequence[bytes]) -> None:
    """Texts padded with blanks; a long one is spread over its segments, 255 bytes in each."""
    padded = b"".join([text.ljust(each.width) for text in column])
    texts = np.frombuffer(padded, dtype=np.uint8).reshape(len(column), each.width)
    for number, width in enumerate(each.segments):
        first = 255 * number
        piece = texts[:, first : first + 255]
        block[:, begin : begin + piece.shape[1]] = piece
        begin += -(-width // 8) * 8
