"""The labels of values, and what is said of a label that has no room."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.codecs.document import Loss
from manyi.surveys.codecs.spss.layout import Field, extension, missing_of
from manyi.surveys.codecs.spss.names import MOST_LABEL, MOST_VALUE_LABEL, cut


def label_records(fields: Sequence[Field]) -> bytes:
    """The labels of all coded variables: numbers and texts up to 8 bytes, then those of longer texts."""
    parts, longer, index = [], [], 1
    for field in fields:
        if field.coded and field.width <= 8:
            parts.append(_short_labels(field, index))
        elif field.coded:
            longer.append(_long_labels(field))
        index += field.room // 8
    return b"".join(parts) + (extension(21, 1, b"".join(longer)) if longer else b"")


def _words(value: Any) -> bytes:
    return cut(value.title.text("zh") or value.code, MOST_VALUE_LABEL).encode()


def _short_labels(field: Field, index: int) -> bytes:
    """Value labels (3) and the one variable that has them (4)."""
    lines = []
    for each in field.variable.values:
        value = str(each.file).encode().ljust(8) if field.width else struct.pack("<d", float(each.file))
        words = _words(each)
        lines.append(value + (bytes([len(words)]) + words).ljust(-(-(1 + len(words)) // 8) * 8))
    return struct.pack("<2i", 3, len(lines)) + b"".join(lines) + struct.pack("<3i", 4, 1, index)


def _long_labels(field: Field) -> bytes:
    """The labels of one text variable of more than 8 bytes."""
    name = field.variable.name.encode()
    parts = [struct.pack("<i", len(name)), name, struct.pack("<2i", field.width, len(field.variable.values))]
    for each in field.variable.values:
        value, words = str(each.file).encode().ljust(field.width), _words(each)
        parts += [struct.pack("<i", len(value)), value, struct.pack("<i", len(words)), words]
    return b"".join(parts)


def label_losses(fields: Sequence[Field]) -> list[Loss]:
    """Every label that is longer than its room, and missing values that have none."""
    found = []
    for field in fields:
        name, title = field.variable.name, field.variable.title.text("zh")
        if len(title.encode()) > MOST_LABEL:
            found.append(Loss(name, _too_long("变量标签", "label", MOST_LABEL)))
        for each in field.variable.values:
            if len(each.title.text("zh").encode()) > MOST_VALUE_LABEL:
                place = f"{name} = {each.file}"
                found.append(Loss(place, _too_long("取值标签", "label of a value", MOST_VALUE_LABEL)))
        if field.variable.missing and missing_of(field)[0] == 0:
            words = Label("缺失值无法在此变量中声明。", "Its missing values cannot be declared.")
            found.append(Loss(name, words))
    return found


def _too_long(zh: str, en: str, most: int) -> Label:
    return Label(f"{zh}超过 {most} 字节,已截断。", f"The {en} is longer than {most} bytes and was cut.")
