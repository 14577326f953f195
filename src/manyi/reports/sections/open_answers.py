"""Open answers."""

from __future__ import annotations

from manyi.analytics.queries import open_answers
from manyi.kernel.labels import Label
from manyi.reports.blocks import Block, Quotes
from manyi.reports.sections import SECTIONS, Context

#: So many are printed; all of them stand in the software.
PRINTED = 20


@SECTIONS.register
class OpenAnswers:
    """What customers wrote, without anything that says who they are."""

    id = "open_answers"
    label = Label("客户原话", "In their own words")

    def fill(self, context: Context) -> list[Block]:
        """The newest open answers."""
        found = open_answers(round=context.round, roots=context.roots, limit=PRINTED)
        return [Quotes(tuple((each.text, each.title) for each in found))] if found else []
