"""Where the variables of a system file lie in a case, and how its dictionary is put into bytes.

Layout: PSPP Developer's Guide, chapter “System File Format”
(https://www.gnu.org/software/pspp/pspp-dev/html_node/System-File-Format.html). A text of more than 255 bytes
lies in segments: it is counted in pieces of 252 bytes, yet each but the last holds 255 of 256.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from manyi.surveys.codecs.codebook import Variable
from manyi.surveys.codecs.spss.names import MOST_LABEL, cut

_PIECE, _FULL = 252, 255
#: Formats by kind: number and width and decimals, as one integer each.
_FORMATS = {"date": (39, 10, 0), "time": (21, 8, 0), "datetime": (22, 20, 0)}
_MEASURES = {"nominal": 1, "ordinal": 2, "scale": 3}
Missing = tuple[object, ...]


@dataclass(frozen=True)
class Field:
    """One variable in the file. ``width`` is its bytes as text, 0 for a number; ``short`` its old name."""

    variable: Variable
    width: int
    short: str

    @cached_property
    def segments(self) -> list[int]:
        """The widths of the pieces in which the dictionary knows it; [0] for a number."""
        if self.width <= _FULL:
            return [self.width]
        count = -(-self.width // _PIECE)
        return [_FULL] * (count - 1) + [self.width - (count - 1) * _PIECE]

    @cached_property
    def room(self) -> int:
        """The bytes that it takes in a case."""
        return sum(-(-(width or 8) // 8) * 8 for width in self.segments)

    @property
    def coded(self) -> bool:
        """Whether its values are a list of codes."""
        return bool(self.variable.values)

    @property
    def measure(self) -> str:
        """nominal, ordinal or scale: codes that are numbers in order are a scale of grades."""
        kind, values = self.variable.kind, self.variable.values
        if kind in {"number", "date", "time", "datetime"}:
            return "scale"
        numbers = [each.file for each in values if each.file not in self.variable.missing]
        if self.width == 0 and len(numbers) > 2 and numbers == sorted(numbers, key=float):
            return "ordinal"
        return "nominal"


def variable_records(fields: Sequence[Field]) -> bytes:
    """The type 2 records of all variables, with the empty ones that stand for the rest of a text."""
    parts = []
    for field in fields:
        for number, width in enumerate(field.segments):
            short = field.short if number == 0 else segment_name(field.short, number)
            label = cut(field.variable.title.text("zh"), MOST_LABEL) if number == 0 else ""
            missing = missing_of(field) if number == 0 else (0, b"")
            parts.append(_record(short, width, _format(field, width), label.encode(), *missing))
            parts += [_record("", -1, 0, b"", 0, b"")] * (-(-(width or 8) // 8) - 1)
    return b"".join(parts)


def segment_name(short: str, number: int) -> str:
    """The old name of a further piece of a long text."""
    return f"S{short[1:]}_{number}"[:8]


def _record(short: str, width: int, form: int, label: bytes, count: int, missing: bytes) -> bytes:
    head = struct.pack("<6i8s", 2, width, bool(label), count, form, form, short.encode().ljust(8))
    worded = struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4) if label else b""
    return head + worded + missing


def _format(field: Field, width: int) -> int:
    if width:
        return 1 << 16 | width << 8
    whole = field.coded or field.variable.kind == "flag"
    code, wide, decimals = _FORMATS.get(field.variable.kind, (5, 8, 0 if whole else 2))
    return code << 16 | wide << 8 | decimals


def missing_of(field: Field) -> tuple[int, bytes]:
    """How many missing values a record declares (−2, −3: a range), and their bytes; (0, b"") for none."""
    single = [each for each in field.variable.missing if not isinstance(each, tuple)]
    ranges = [each for each in field.variable.missing if isinstance(each, tuple)]
    if field.width > 8 or not field.variable.missing or len(single) > (1 if ranges else 3):
        return 0, b""
    if field.width:
        texts = (str(each).encode().ljust(8)[:8] for each in single)
        return len(single), b"".join(texts)
    values = [float(end) for each in ranges[:1] for end in each] + [float(each) for each in single]
    return (-len(values) if ranges else len(values)), struct.pack(f"<{len(values)}d", *values)


def extension(subtype: int, size: int, body: bytes) -> bytes:
    """A type 7 record of elements of ``size`` bytes."""
    return struct.pack("<4i", 7, subtype, size, len(body) // size) + body


def display(fields: Sequence[Field]) -> bytes:
    """Measure, column width and alignment of every piece."""
    parts = [
        struct.pack("<3i", _MEASURES[field.measure], min(width or 8, 40), 0 if width else 1)
        for field in fields
        for width in field.segments
    ]
    return extension(11, 4, b"".join(parts))
