"""Segments and units."""

from __future__ import annotations

from collections.abc import Sequence

from manyi.analytics.views import HEADLINE_LABELS, GroupLine
from manyi.analytics.wording import groups_finding
from manyi.kernel.labels import Label
from manyi.reports.blocks import Bars, Block, Cell, Table
from manyi.reports.sections import SECTIONS, Context

UNITS, SEGMENTS = Label("部门", "units"), Label("客群", "segments")


@SECTIONS.register
class Groups:
    """Units and segments beside each other; groups that are too small stay hidden."""

    id = "groups"
    label = Label("部门与客群比较", "Units and segments")

    def fill(self, context: Context) -> list[Block]:
        """Bars and a table for the units, then for the segments; one group alone compares nothing."""
        view = context.view
        blocks: list[Block] = []
        for groups, what in ((view.units, UNITS), (view.segments, SEGMENTS)):
            if len(groups) > 1:
                blocks += _compared(groups, view.headline, what)
        return blocks


def _compared(groups: Sequence[GroupLine], headline: str, what: Label) -> list[Block]:
    names = [name for name in HEADLINE_LABELS if any(name in group.figures for group in groups)]
    bars = tuple((group.title, Cell(figure=group.figures[headline])) for group in groups)
    rows = tuple(
        (Cell(group.title), *(Cell(figure=group.figures[name]) for name in names)) for group in groups
    )
    title = Label(what.zh, what.en.capitalize())
    columns = (title, *(HEADLINE_LABELS[name] for name in names))
    return [Bars(groups_finding(groups, headline, what), bars), Table(title, columns, rows)]
