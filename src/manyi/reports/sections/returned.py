"""Return."""

from __future__ import annotations

from manyi.analytics.views import HEADLINE_LABELS
from manyi.analytics.wording import channel_label
from manyi.kernel.labels import Label
from manyi.reports.blocks import Block, Cell, Figures, Paragraph, Table, words
from manyi.reports.sections import SECTIONS, Context

COLUMNS = (
    Label("渠道", "Channel"),
    Label("邀请", "Invited"),
    Label("送达", "Reached"),
    Label("回收", "Answered"),
    Label("回收率", "Return rate"),
)


@SECTIONS.register
class Return:
    """Who was invited and who answered, and whether the round counts."""

    id = "return"
    label = Label("回收情况", "Return")

    def fill(self, context: Context) -> list[Block]:
        """The verdict on the round, the overall rate, and a line for each channel."""
        view = context.view
        blocks: list[Block] = []
        if view.return_rate.n:
            blocks.append(Figures(((HEADLINE_LABELS["return_rate"], Cell(figure=view.return_rate)),)))
        if view.validity is not None:
            blocks.append(Paragraph(_verdict(view.validity.valid, view.validity.misses)))
        rows = tuple(
            (
                Cell(channel_label(line.channel)),
                words(f"{line.invited:,}"),
                words(f"{line.reached:,}"),
                words(f"{line.answered:,}"),
                Cell(figure=line.rate),
            )
            for line in view.returns
        )
        if rows:
            blocks.append(Table(Label("各渠道回收", "Return by channel"), COLUMNS, rows))
        return blocks


VALID = Label("按计分方案的规定,本轮调查有效。", "By the rules of the scheme this round is valid.")


def _verdict(valid: bool, misses: tuple[Label, ...]) -> Label:
    if valid:
        return VALID
    zh, en = "".join(miss.zh for miss in misses), " ".join(miss.en for miss in misses)
    return Label(
        f"按计分方案的规定,本轮调查未达到有效标准:{zh}",
        f"By the rules of the scheme this round is not valid: {en}",
    )
