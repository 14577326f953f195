"""Items."""

from __future__ import annotations

from manyi.analytics.wording import items_finding, points_words
from manyi.kernel.labels import Label
from manyi.reports.blocks import Bars, Block, Cell, Table, words
from manyi.reports.sections import SECTIONS, Context

COLUMNS = (
    Label("项目", "Item"),
    Label("平均分", "Mean"),
    Label("满意率", "Satisfied"),
    Label("目标", "Target"),
)


@SECTIONS.register
class Items:
    """Every item with its mean and its satisfied share, the lowest first."""

    id = "items"
    label = Label("各项得分", "Items")

    def fill(self, context: Context) -> list[Block]:
        """Bars of the means against the target, and the table."""
        items = sorted(context.view.items, key=lambda item: (item.exact is None, item.exact or 0))
        if not items:
            return []
        targets = {float(item.target) for item in items if item.target is not None}
        bars = tuple((item.title, Cell(figure=item.mean, bad=item.missed)) for item in items)
        rows = tuple(
            (
                Cell(item.title),
                Cell(figure=item.mean, bad=item.missed),
                Cell(figure=item.satisfied),
                words(points_words(item.target) if item.target is not None else "–"),
            )
            for item in items
        )
        title = items_finding(context.view)
        chart = Bars(title, bars, targets.pop() if len(targets) == 1 else None)
        return [chart, Table(Label("各项平均分与满意率", "Means and satisfied shares"), COLUMNS, rows)]
