"""What an analysis tells: tables of rows, headline figures, a sentence, warnings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.measures.figure import Figure

#: How a column is shown: share and p are 0 to 1; ``number`` has the unit of the data.
Form = Literal["text", "count", "number", "share", "points", "p", "letters", "flag"]


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a result."""

    id: str
    title: Label
    form: Form = "number"


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Rows by heading id; a cell is text, a Label, a number or None where there is nothing to say.

    ``shape``: ``lines`` to compare with each other, a few ``figures`` that share no axis, or the points of a
    ``curve``, which a page draws and does not list.
    """

    id: str
    title: Label
    headings: tuple[Heading, ...]
    rows: tuple[Mapping[str, Any], ...]
    notes: tuple[Label, ...] = ()
    shape: Literal["lines", "figures", "curve"] = "lines"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; numbers that are none become null."""
        return {
            "id": self.id,
            "title": both(self.title),
            "columns": [{"id": h.id, "title": both(h.title), "form": h.form} for h in self.headings],
            "rows": [{h.id: plain_cell(row.get(h.id)) for h in self.headings} for row in self.rows],
            "notes": [both(note) for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """One analysis done. ``n`` are the rows that the specification chose; each figure has its own valid n."""

    n: int
    tables: tuple[ResultTable, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    sentence: Label | None = None
    warnings: tuple[Label, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; tables by their id."""
        return {
            "n": self.n,
            "sentence": both(self.sentence) if self.sentence else None,
            "figures": {name: figure.to_json() for name, figure in self.figures.items()},
            "tables": {table.id: table.to_json() for table in self.tables},
            "warnings": [both(warning) for warning in self.warnings],
        }


def headings(*columns: tuple[str, str, str, Form]) -> tuple[Heading, ...]:
    """Headings from (id, Chinese, English, form)."""
    return tuple(Heading(name, Label(zh, en), form) for name, zh, en, form in columns)


def both(label: Label) -> dict[str, str]:
    """A text in both languages as JSON."""
    return {"zh": label.zh, "en": label.en}


def plain_cell(cell: Any) -> Any:
    """A cell as a JSON value."""
    if isinstance(cell, Label):
        return both(cell)
    if hasattr(cell, "item"):  # a number of numpy
        cell = cell.item()
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    if isinstance(cell, Iterable) and not isinstance(cell, str | Mapping):
        return [plain_cell(each) for each in cell]
    return cell
