"""Key indicators against targets."""

from __future__ import annotations

from manyi.analytics.views import HEADLINE_LABELS
from manyi.analytics.wording import answer_sentence, change_words, figure_words, points_words
from manyi.kernel.labels import Label
from manyi.reports.blocks import Block, Cell, Figures, Paragraph, Table, words
from manyi.reports.sections import SECTIONS, Context

DASH = words("–")


@SECTIONS.register
class Indicators:
    """The headline figures, their targets, and the rounds before."""

    id = "indicators"
    label = Label("主要指标", "Key indicators")

    def fill(self, context: Context) -> list[Block]:
        """The answer in a sentence, the figures, the grades and the trend."""
        view = context.view
        missed = {miss.item for miss in view.missed}
        figures = tuple(
            (HEADLINE_LABELS[name], Cell(figure=figure, bad=name == "total_mean" and "" in missed))
            for name, figure in view.headlines.items()
        )
        blocks: list[Block] = [Paragraph(answer_sentence(view)), Figures(figures)]
        if view.target is not None:
            goal = points_words(view.target)
            blocks.append(Paragraph(Label(f"总分目标:{goal} 分。", f"Target of the score: {goal}.")))
        if view.grades:
            blocks.append(self._grades(context))
        if len(view.trend) > 1:
            blocks.append(self._trend(context))
        return blocks

    def _grades(self, context: Context) -> Table:
        rows = tuple(
            (
                words(f"{line.grade} {line.label.zh}".strip(), f"{line.grade} {line.label.en}".strip()),
                words(f"{line.count:,}"),
                Cell(figure=line.share),
            )
            for line in context.view.grades
        )
        columns = (Label("等级", "Grade"), Label("答卷数", "Answers"), Label("占比", "Share"))
        return Table(Label("等级分布", "Grades"), columns, rows)

    def _trend(self, context: Context) -> Table:
        view, name = context.view, context.view.headline
        rows = []
        for point in view.trend:
            change = point.changes.get(name)
            figure = point.figures.get(name)
            shown = Cell(figure_words(figure), figure) if figure else DASH
            rows.append((Cell(point.title), shown, Cell(change_words(change)) if change else DASH))
        columns = (Label("轮次", "Round"), HEADLINE_LABELS[name], Label("变化", "Change"))
        return Table(Label("历轮趋势", "Trend over the rounds"), columns, tuple(rows))
