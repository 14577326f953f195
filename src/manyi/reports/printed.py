"""A document in one language as plain words and places: what all renderers draw, so that none says more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from manyi.analytics.wording import figure_words
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.organisation.settings import value
from manyi.reports.blocks import Bars, Block, Cell, Figures, Paragraph, Quotes, Table
from manyi.reports.document import Document

Plain = dict[str, Any]
WORDS = {
    "summary": Label("摘要", "Summary"),
    "target": Label("目标", "Target"),
    "draft": Label("未发布", "Not published"),
    "page": Label("页", "Page"),
}


def printed(document: Document, language: str) -> Plain:
    """Title, signatures, summary and sections as text. Bars are in per cent of their axis."""
    zone = ZoneInfo(value("organisation.time_zone"))
    return {
        "language": "en" if language.lower().startswith("en") else "zh",
        "title": document.title.text(language),
        "organisation": document.organisation,
        "from": _from(document, language),
        "state": document.state.text(language),
        "final": document.final,
        "words": {name: label.text(language) for name, label in WORDS.items()},
        "signatures": [
            [s.label.text(language), s.name, f"{s.at.astimezone(zone):%Y-%m-%d %H:%M}"]
            for s in document.signatures
        ],
        "summary": [line for line in document.summary.splitlines() if line.strip()],
        "sections": [
            {
                "id": section.id,
                "title": section.label.text(language),
                "blocks": [_block(block, language) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _from(document: Document, language: str) -> str:
    """Organisation and unit, said once where they are the same."""
    unit = document.unit.text(language)
    return unit if unit == document.organisation else f"{document.organisation} · {unit}"


def _block(block: Block, language: str) -> Plain:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text.text(language)}
    if isinstance(block, Figures):
        items = [{"label": name.text(language), **_cell(cell, language)} for name, cell in block.items]
        return {"kind": "figures", "items": items}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "title": block.title.text(language),
            "columns": [column.text(language) for column in block.columns],
            "rows": [[_cell(cell, language) for cell in row] for row in block.rows],
        }
    if isinstance(block, Quotes):
        return {"kind": "quotes", "items": [[text, title.text(language)] for text, title in block.items]}
    return _bars(block, language)


def _cell(cell: Cell, language: str) -> Plain:
    shown = figure_words(cell.figure) if cell.figure else cell.text
    return {"text": shown.text(language) if shown else "", "bad": cell.bad}


def _bars(block: Bars, language: str) -> Plain:
    """The bars with the places of value and interval between the ends of the axis."""
    figures = [cell.figure for _, cell in block.rows if cell.figure and cell.figure.value is not None]
    low, high = _axis(figures, block.target)

    def place(number: float) -> float:
        return round(100 * min(max((number - low) / (high - low), 0), 1), 2)

    rows = []
    for name, cell in block.rows:
        row: Plain = {"label": name.text(language), **_cell(cell, language), "value": None}
        figure = cell.figure
        if figure is not None and figure.value is not None:
            ends = (figure.value if figure.low is None else figure.low, figure.high or figure.value)
            row |= {"value": place(figure.value), "low": place(ends[0]), "high": place(ends[1])}
            row["rest"] = round(100 - row["high"], 2)
        rows.append(row)
    target = None if block.target is None else place(block.target)
    goal = "" if block.target is None else f"{WORDS['target'].text(language)} {block.target:g}"
    return {"kind": "bars", "title": block.title.text(language), "rows": rows, "target": target, "goal": goal}


def _axis(figures: Sequence[Figure], target: float | None) -> tuple[float, float]:
    """A bar begins at nought: from 0 to 1 for shares, 0 to 100 for points, −100 to 100 for an NPS."""
    if figures and figures[0].unit == "share":
        return 0.0, 1.0
    ends = [end for f in figures for end in (f.value, f.low, f.high) if end is not None]
    most = max([100.0, *ends, target or 0.0])
    least = min([0.0, *ends])
    return (least, most) if most <= 100 or not ends else (least, most * 1.05)
