"""Saved analyses that were put into reports."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.analytics.data.rounds import round_table
from manyi.analytics.models import SavedAnalysis
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.saved_actions import asked_now
from manyi.analytics.written import shown
from manyi.kernel.labels import Label
from manyi.organisation.access import within
from manyi.organisation.errors import Refused
from manyi.reports.blocks import Block, Cell, Paragraph, Table
from manyi.reports.sections import SECTIONS, Context


@SECTIONS.register
class SavedAnalyses:
    """Each with its sentence, its tables and how it was computed; what cannot be shown says why."""

    id = "saved_analyses"
    label = Label("专题分析", "Special analyses")

    def fill(self, context: Context) -> list[Block]:
        """The analyses of the round's programme that are marked for reports, in the order of their names."""
        rows = SavedAnalysis.objects.filter(
            within(context.roots, "unit"),
            programme=context.round.programme,
            in_reports=True,
            removed_at=None,
        )
        chosen = [row for row in rows if row.newest or _round(row) == context.round.pk]
        return [block for row in chosen for block in _blocks(row, context)]


def _round(row: SavedAnalysis) -> int:
    return int(row.specification.get("data", {}).get("round", 0))


def _blocks(row: SavedAnalysis, context: Context) -> Iterator[Block]:
    made = asked_now(row, context.round)
    try:
        result = run(made, round_table(made.choice, context.roots))
    except Refused as refused:
        name = Label(row.title, row.title)
        yield Paragraph(Label(f"{name.zh}:{refused.message.zh}", f"{name.en}: {refused.message.en}"))
        return
    sentence = result.sentence or Label("", "")
    yield Paragraph(Label(f"{row.title}。{sentence.zh}", f"{row.title}. {sentence.en}"))
    yield from _tables(result)
    yield Paragraph(made.analysis.method)


def _tables(result: Result) -> Iterator[Table]:
    for table in result.tables:
        heads = [h for h in table.headings if any(line.get(h.id) not in (None, "") for line in table.rows)]
        rows = tuple(
            tuple(Cell(Label(shown(line.get(h.id), h, "zh"), shown(line.get(h.id), h, "en"))) for h in heads)
            for line in table.rows
        )
        yield Table(table.title, tuple(h.title for h in heads), rows)
