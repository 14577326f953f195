"""Findings and corrective actions."""

from __future__ import annotations

from manyi.improvement.models import Finding
from manyi.improvement.workflow import MACHINE
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.organisation.access import within
from manyi.reports.blocks import Block, Cell, Paragraph, Table, words
from manyi.reports.sections import SECTIONS, Context

COLUMNS = (
    Label("编号", "Number"),
    Label("改进项", "Finding"),
    Label("依据", "Shown by"),
    Label("状态", "State"),
    Label("措施", "Actions"),
)
NONE = Label("本轮还没有立项的改进项。", "No finding has been opened from this round yet.")


@SECTIONS.register
class Actions:
    """What is being put right because of this round, and how far it is."""

    id = "actions"
    label = Label("整改情况", "Corrective actions")

    def fill(self, context: Context) -> list[Block]:
        """One line for each finding of the round."""
        rows = Finding.objects.filter(within(context.roots, "unit"), round=context.round)
        found = tuple(_row(finding) for finding in rows.order_by("number"))
        if not found:
            return [Paragraph(NONE)]
        return [Table(Label("改进项与措施", "Findings and actions"), COLUMNS, found)]


def _row(finding: Finding) -> tuple[Cell, ...]:
    planned = [
        f"{action.text}({action.due_on:%Y-%m-%d})"
        for cause in finding.causes.filter(iteration=finding.iteration)
        for action in cause.actions.all()
    ]
    shown = Cell(figure=Figure.from_json(finding.value)) if finding.value.get("definition") else words("–")
    state = MACHINE.state(finding.state).label
    return (words(finding.number), words(finding.title), shown, Cell(state), words(";".join(planned) or "–"))
