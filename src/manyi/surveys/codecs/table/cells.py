"""What must be known of a cell by all tables: where a spreadsheet would take text for a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from manyi.surveys.codecs.codebook import Variable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def beside_of(path: Path) -> Path:
    """The questionnaire's file of a table: ``answers.csv.gz`` has ``answers.toml``."""
    return path.with_name(path.name.removesuffix(".gz")).with_suffix(".toml")


def worded(variables: Sequence[Variable]) -> list[int]:
    """The places of variables that hold words."""
    return [place for place, each in enumerate(variables) if each.kind in {"text", "string"}]


def harmless(rows: Iterator[list[Any]], places: Sequence[int]) -> Iterator[list[Any]]:
    """The rows with an apostrophe before words that a spreadsheet would run as a formula."""
    for row in rows:
        for place in places:
            value = row[place]
            if isinstance(value, str) and value.startswith(_FORMULA):
                row[place] = f"'{value}"
        yield row


def as_written(value: str) -> str:
    """Words without that apostrophe."""
    return value[1:] if value[:1] == "'" and value[1:].startswith(_FORMULA) else value
