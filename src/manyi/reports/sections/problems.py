"""Problems."""

from __future__ import annotations

from manyi.analytics.views import RoundView
from manyi.analytics.wording import figure_words, losing_items, points_words, value_words
from manyi.kernel.labels import Label
from manyi.reports.blocks import Block, Cell, Paragraph, Table, words
from manyi.reports.sections import SECTIONS, Context


@SECTIONS.register
class Problems:
    """Which targets were missed and by how much; without targets, where the score is lowest."""

    id = "problems"
    label = Label("主要问题", "Problems")

    def fill(self, context: Context) -> list[Block]:
        """The missed targets as a table, or the lowest items in a sentence."""
        view = context.view
        if not view.missed:
            return [Paragraph(_lowest(view))]
        rows = tuple(
            (
                Cell(miss.title),
                Cell(figure=miss.figure, bad=True),
                words(points_words(miss.target)),
                words(f"{float(miss.target) - (miss.figure.value or 0):.1f}"),
            )
            for miss in view.missed
        )
        names = ("指标", "Indicator"), ("结果", "Result"), ("目标", "Target"), ("差距", "Gap")
        table = Table(Label("未达标项", "Missed targets"), tuple(Label(*name) for name in names), rows)
        followed = context.scheme.targets.consequence if context.scheme else ""
        return [table, Paragraph(REVIEW)] if followed == "review_meeting" else [table]


REVIEW = Label(
    "按规定,未达标项须召开评审会议并提出整改措施。",
    "By the regulation, missed targets call for a review meeting and corrective actions.",
)


def _lowest(view: RoundView) -> Label:
    low = losing_items(view)
    if not low:
        return Label("本轮没有未达标项。", "No target was missed in this round.")
    zh = "、".join(f"{item.title.zh}{figure_words(item.mean).zh}" for item in low)
    en = ", ".join(f"{item.title.en} {value_words(item.mean).en}" for item in low)
    return Label(f"得分最低的项目:{zh}。", f"The lowest items: {en}.")
