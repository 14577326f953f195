"""What a report is made of: a few kinds of blocks as plain data, so that every renderer draws the same.

Blocks are stored with a submitted report as JSON and read back unchanged: figures keep their definition,
method, interval and n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.figure import Figure


@dataclass(frozen=True, slots=True)
class Cell:
    """Words or a figure; ``bad`` marks what misses its target."""

    text: Label | None = None
    figure: Figure | None = None
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: Label


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures beside each other, each with its name."""

    items: tuple[tuple[Label, Cell], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column names the row."""

    title: Label
    columns: tuple[Label, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Figures as bars with their intervals, in order, against a target in their own unit."""

    title: Label
    rows: tuple[tuple[Label, Cell], ...]
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Quotes:
    """What people wrote, in their own words, with the question."""

    items: tuple[tuple[str, Label], ...]


Block = Paragraph | Figures | Table | Bars | Quotes


@dataclass(frozen=True, slots=True)
class FilledSection:
    """One section of a report with its blocks."""

    id: str
    label: Label
    blocks: tuple[Block, ...]


def words(zh: str, en: str = "") -> Cell:
    """A cell with text; the same in both languages when only one is given."""
    return Cell(Label(zh, en or zh))


def to_json(sections: Sequence[FilledSection]) -> list[dict[str, Any]]:
    """Sections as plain JSON values."""
    return [
        {"id": s.id, "label": _label(s.label), "blocks": [_block(block) for block in s.blocks]}
        for s in sections
    ]


def from_json(data: Sequence[Mapping[str, Any]]) -> tuple[FilledSection, ...]:
    """The sections that ``to_json`` wrote."""
    return tuple(
        FilledSection(each["id"], Label(**each["label"]), tuple(_read(block) for block in each["blocks"]))
        for each in data
    )


def _label(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "text": _label(cell.text) if cell.text else None,
        "figure": cell.figure.to_json() if cell.figure else None,
        "bad": cell.bad,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": _label(block.text)}
    if isinstance(block, Figures):
        return {"kind": "figures", "items": [[_label(name), _cell(cell)] for name, cell in block.items]}
    if isinstance(block, Table):
        rows = [[_cell(cell) for cell in row] for row in block.rows]
        columns = [_label(column) for column in block.columns]
        return {"kind": "table", "title": _label(block.title), "columns": columns, "rows": rows}
    if isinstance(block, Bars):
        bars = [[_label(name), _cell(cell)] for name, cell in block.rows]
        return {"kind": "bars", "title": _label(block.title), "rows": bars, "target": block.target}
    return {"kind": "quotes", "items": [[text, _label(title)] for text, title in block.items]}


def _read_cell(data: Mapping[str, Any]) -> Cell:
    return Cell(
        text=Label(**data["text"]) if data["text"] else None,
        figure=Figure.from_json(data["figure"]) if data["figure"] else None,
        bad=data["bad"],
    )


def _read(data: Mapping[str, Any]) -> Block:
    kind = data["kind"]
    if kind == "paragraph":
        return Paragraph(Label(**data["text"]))
    if kind == "figures":
        return Figures(tuple((Label(**name), _read_cell(cell)) for name, cell in data["items"]))
    if kind == "table":
        rows = tuple(tuple(_read_cell(cell) for cell in row) for row in data["rows"])
        return Table(Label(**data["title"]), tuple(Label(**c) for c in data["columns"]), rows)
    if kind == "bars":
        bars = tuple((Label(**name), _read_cell(cell)) for name, cell in data["rows"])
        return Bars(Label(**data["title"]), bars, data["target"])
    if kind == "quotes":
        return Quotes(tuple((text, Label(**title)) for text, title in data["items"]))
    raise ValueError(f"no kind of block {kind!r}")
