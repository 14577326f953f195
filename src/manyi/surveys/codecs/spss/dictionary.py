"""What pyreadstat does not tell of a system file: the weight variable and the attributes of the file.

Layout: PSPP Developer's Guide, chapter “System File Format”
(https://www.gnu.org/software/pspp/pspp-dev/html_node/System-File-Format.html).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import Literal

Order = Literal["<", ">"]
_HEADER = 176
_LONG_NAMES, _ATTRIBUTES = 13, 17
_ATTRIBUTE = re.compile(r"(\w+)\('(.*)'\n\)", re.DOTALL)


@dataclass(slots=True)
class Dictionary:
    """The weight variable by its long name (empty: none), and the attributes of the file by name."""

    weight: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def read_dictionary(data: bytes) -> Dictionary:
    """Walk the records up to the cases; raises struct.error or ValueError when the file is cut off."""
    order: Order = "<" if struct.unpack_from("<i", data, 64)[0] in {2, 3} else ">"
    wanted = struct.unpack_from(f"{order}i", data, 76)[0]
    found, position, index = Dictionary(), _HEADER, 0
    while (kind := _int(data, position, order)) != 999:
        if kind == 2:
            index += 1
            if index == wanted:
                found.weight = data[position + 24 : position + 32].decode("latin-1").strip()
            position = _behind_variable(data, position, order)
        elif kind == 7:
            subtype, size, count = struct.unpack_from(f"{order}3i", data, position + 4)
            if size < 0 or count < 0:
                raise ValueError("a record of negative size")
            body = data[position + 16 : position + 16 + size * count]
            _extension(found, subtype, body)
            position += 16 + size * count
        else:
            position = _behind_other(data, position, order, kind)
    return found


def _int(data: bytes, position: int, order: Order) -> int:
    return int.from_bytes(_whole(data, position), "little" if order == "<" else "big", signed=True)


def _whole(data: bytes, position: int) -> bytes:
    """Four bytes; raises ValueError behind the end."""
    found = data[position : position + 4]
    if len(found) < 4:
        raise ValueError("the file ends in its dictionary")
    return found


def _behind_variable(data: bytes, position: int, order: Order) -> int:
    has_label, missing = struct.unpack_from(f"{order}2i", data, position + 8)
    position += 32
    if has_label:
        position += 4 + -(-_int(data, position, order) // 4) * 4
    return position + 8 * abs(int(missing))


def _behind_other(data: bytes, position: int, order: Order, kind: int) -> int:
    """Behind value labels (3), the variables that have them (4) or documents (6)."""
    count, position = _int(data, position + 4, order), position + 8
    if count < 0 or kind not in {3, 4, 6}:
        raise ValueError("an unknown record")
    if kind == 3:
        for _ in range(count):
            position += 8 + -(-(1 + data[position + 8]) // 8) * 8
        return position
    return position + count * (4 if kind == 4 else 80)


def _extension(found: Dictionary, subtype: int, body: bytes) -> None:
    if subtype == _LONG_NAMES and found.weight:
        text = body.decode("utf-8", "replace")
        names = dict(pair.partition("=")[::2] for pair in text.split("\t"))
        found.weight = names.get(found.weight, found.weight)
    elif subtype == _ATTRIBUTES:
        for name, value in _ATTRIBUTE.findall(body.decode("utf-8", "replace")):
            found.attributes[name] = value
