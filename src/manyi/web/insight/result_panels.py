"""The tables of a result as panels: the same cells on the page and in its CSV."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from manyi.analytics.results import Heading, Result, ResultTable
from manyi.analytics.written import shown
from manyi.kernel.labels import Label
from manyi.web.insight.charts import Option
from manyi.web.insight.funnel_chart import funnel, tables_of
from manyi.web.insight.panels import Cell, Panel
from manyi.web.insight.path_diagram import diagram
from manyi.web.insight.result_charts import chart_of

WORDS = ("text", "letters", "flag")


def result_panels(result: Result, language: str, *, curves: bool = False) -> list[Panel]:
    """One panel for each table, with the chart that fits it; points of ``curves`` for a file only."""
    return [
        result_panel(table, language, beside=result.tables)
        for table in result.tables
        if table.rows and (curves or table.shape != "curve")
    ]


def result_panel(table: ResultTable, language: str, *, beside: Sequence[ResultTable] = ()) -> Panel:
    """One table; columns in which nothing stands, and codes beside their names, are left out.

    ``beside`` are the other tables of the result, which some charts need.
    """
    headings = [heading for heading in table.headings if _says(heading, table)]
    rows = tuple(tuple(_cell(row.get(h.id), h) for h in headings) for row in table.rows)
    chart = _chart(table, beside, language)
    notes = list(table.notes)
    picture = _picture(table, beside, language)
    return Panel(
        id=f"result-{table.id}".replace(".", "-").replace(":", "-"),
        title=table.title,
        columns=tuple(heading.title for heading in headings),
        rows=rows,
        option=chart[0] if chart and not picture else None,
        height=chart[1] if chart else 320,
        note=Label(" ".join(n.zh for n in notes), " ".join(n.en for n in notes)) if notes else None,
        numeric=tuple(place for place, heading in enumerate(headings) if heading.form not in WORDS),
        picture=picture,
    )


def _picture(table: ResultTable, beside: Sequence[ResultTable], language: str) -> SafeString | None:
    """The path diagram in the place of the table of paths."""
    latents = next((each for each in beside if each.id == "latents"), None)
    if table.id != "paths" or latents is None:
        return None
    return diagram(table.rows, latents.rows, language)


def _chart(table: ResultTable, beside: Sequence[ResultTable], language: str) -> tuple[Option, int] | None:
    if table.shape != "lines":
        return None
    held = tables_of(beside)
    if held and table is held[0]:
        return funnel(*held, language), 440
    return chart_of(table, language)


def _says(heading: Heading, table: ResultTable) -> bool:
    ids = {each.id for each in table.headings}
    twin = {"item": "title", "code": "quadrant"}.get(heading.id)
    return twin not in ids and any(row.get(heading.id) not in (None, "") for row in table.rows)


def _cell(value: object, heading: Heading) -> Cell:
    return Cell(Label(shown(value, heading, "zh"), shown(value, heading, "en")))
