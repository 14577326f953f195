"""Scope and method."""

from __future__ import annotations

from manyi.kernel.labels import Label
from manyi.reports.blocks import Block, Paragraph, Table, words
from manyi.reports.sections import SECTIONS, Context


@SECTIONS.register
class Scope:
    """What was asked, of whom, when, and by which rules the figures are made."""

    id = "scope"
    label = Label("调查范围与方法", "Scope and method")

    def fill(self, context: Context) -> list[Block]:
        """The facts of the round as a table, and the method in a paragraph."""
        round = context.round
        unit = round.unit
        scheme = round.scheme
        opened = f"{round.opened_at or round.opens_at:%Y-%m-%d}"
        closed = f"{round.closed_at or round.closes_at:%Y-%m-%d}"
        rows = (
            (words("调查项目", "Programme"), words(round.programme.title, round.programme.title_en)),
            (words("轮次", "Round"), words(round.title, round.title_en)),
            (words("范围", "Scope"), words(unit.name, unit.name_en)),
            (words("调查时间", "Period"), words(f"{opened} 至 {closed}", f"{opened} to {closed}")),
            (
                words("问卷版本", "Questionnaire version"),
                words(
                    f"{context.questionnaire.title.text('zh')} 第 {round.questionnaire.number} 版",
                    f"{context.questionnaire.title.text('en')}, version {round.questionnaire.number}",
                ),
            ),
            (
                words("计分方案版本", "Scoring scheme version"),
                words(
                    f"{scheme.scheme.title} 第 {scheme.number} 版",
                    f"{scheme.scheme.title_en or scheme.scheme.title}, version {scheme.number}",
                )
                if scheme
                else words("无", "none"),
            ),
            (
                words("答卷", "Answer sheets"),
                words(
                    f"{context.view.responses:,} 份,其中无效 {context.view.invalid:,} 份",
                    f"{context.view.responses:,}, of which {context.view.invalid:,} invalid",
                ),
            ),
        )
        return [Table(Label("基本情况", "Facts"), COLUMNS, rows), METHOD]


COLUMNS = (Label("内容", "What"), Label("说明", "Details"))
METHOD = Paragraph(
    Label(
        "只统计有效答卷。平均分给出 t 分布 95% 置信区间,比例给出 Wilson 95% 置信区间,"
        "净推荐值给出正态 95% 置信区间;"
        "括号内为区间和样本量 n。样本量低于隐私下限的分组不显示。",
        "Only valid answer sheets count. Means carry Student's t interval, shares Wilson's and the Net "
        "Promoter Score the normal interval, each at 95%; interval and n stand in brackets. Groups below the "
        "privacy minimum are not shown.",
    )
)
