"""A share from wave to wave: steps and trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import BadData, Level, Table
from manyi.analytics.designs import DesignConfig, with_design
from manyi.analytics.period_designs import Measure, designed, designed_periods
from manyi.analytics.results import Form, Heading, Result, ResultTable, headings
from manyi.analytics.telling import Period, cautions, periods
from manyi.kernel.labels import Label
from manyi.measures.design.estimates import Estimate
from manyi.measures.effects import DifferenceTest
from manyi.measures.errors import NotComputable
from manyi.measures.figure import Figure
from manyi.measures.indicators import FEW, MeanSums, NpsSums, ShareSums
from manyi.measures.trend import (
    TrendTest,
    cochran_armitage,
    mean_wave_on_wave,
    nps_wave_on_wave,
    wave_on_wave,
)

#: How each measure is called and shown.
MEASURES: dict[str, tuple[Label, Form]] = {
    "share": (Label("满意率", "Share"), "share"),
    "mean": (Label("平均值", "Mean"), "number"),
    "nps": (Label("净推荐值", "NPS"), "points"),
}
TREND = headings(
    ("chi2", "趋势卡方", "Chi-squared of trend", "number"),
    ("p", "p 值", "p", "p"),
    ("direction", "方向", "Direction", "text"),
)
TREND_UNDER_DESIGN = headings(
    ("slope", "每期对数优势的变化", "Log odds per period", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("t", "t", "t", "number"),
    ("p", "p 值", "p", "p"),
    ("direction", "方向", "Direction", "text"),
)
DIRECTIONS = {1: Label("上升", "rising"), -1: Label("下降", "falling"), 0: Label("持平", "level")}


@dataclass(frozen=True, slots=True, kw_only=True)
class WavesConfig(DesignConfig):
    """The item and the column of periods; a ``share`` needs the value from which an answer is satisfied.

    Where rows are counts already, ``size`` names the column of answers and the item counts the satisfied.
    With weights or a design, figures and tests are design-based.
    """

    item: str
    period: str
    measure: Measure = "share"
    at_least: float | None = None
    size: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """A share needs its edge, or counts their sizes."""
        if self.size and self.measure != "share":
            return "size", Label("只有满意率可以用汇总数。", "Only shares are made of counts.")
        if self.measure == "share" and self.at_least is None and not self.size:
            return "at_least", Label("满意率需要满意的起点值。", "A share needs the value it starts at.")
        return DesignConfig.problem(self)


@ANALYSES.register
class Waves(Analysis):
    """Wave-on-wave z tests and Cochran–Armitage."""

    id = "waves"
    label = Label("逐期比较", "Wave on wave")
    group = "time"
    question = Label("满意率比上期变了吗,总体在升还是在降?", "Has the share changed since the last wave?")
    method = with_design(
        Label(
            "相邻两期:满意率用合并比例 z 检验与 Wald 区间,均值用 Welch t,NPS 用 z;"
            "每期满意率为 Wilson 区间;"
            "各期总趋势用 Cochran–Armitage 检验(1955),时期按先后计 1、2、3……。"
            "有权重或抽样设计时:各期为设计型估计(满意率为 logit 区间),相邻两期用设计型 t 检验,"
            "总趋势为满意与否对时期的设计型 logit 回归。",
            "Neighbouring waves: shares by pooled z with Wald's interval, means by Welch's t, NPS by z;"
            " Wilson interval of each share; overall trend by Cochran and Armitage (1955) with scores 1, 2,"
            " 3 … With weights or a design: design-based estimates (logit interval of a share), design-based"
            " t tests between neighbours, and the trend by design-based logit of satisfied on the wave.",
        )
    )
    caution = Label(
        "连比多期时总有一两次碰巧显著,请先看总趋势;抽样方式或问法变了就不能比较。",
        "Among many waves a few steps are significant by chance: look at the trend first. Do not compare "
        "waves that were drawn or asked differently.",
    )
    config = WavesConfig
    example = """
method = "waves"

[config]
item = "overall"
period = "quarter"
at_least = 4
"""
    example_data = {
        "quarter": ["2024Q1"] * 6 + ["2024Q2"] * 6 + ["2024Q3"] * 6,
        "overall": [3, 4, 2, 5, 3, 4, 4, 4, 3, 5, 2, 4, 5, 4, 4, 5, 3, None],
    }

    def run(self, table: Table, config: WavesConfig) -> Result:
        """One line for each period, and the trend."""
        if designed(table, config):
            return _under_design(table, config, self.label)
        found = periods(table, config.period, config.item)
        if not any(len(each.values) for each in found):
            raise NotComputable("all_missing", column=config.item)
        figures, steps, trend = _compared(table, found, config)
        rows = tuple(_row(*each) for each in zip(found, figures, (None, *steps), strict=True))
        tables = [ResultTable("waves", self.label, _headings(config.measure), rows)]
        if config.measure == "share":
            line = (
                {"chi2": trend.chi2, "p": trend.p, "direction": DIRECTIONS[trend.direction]} if trend else {}
            )
            tables.append(ResultTable("trend", Label("总趋势", "Trend"), TREND, (line,) if line else ()))
        few = cautions(("small_n",)) if min(each.valid_n for each in figures) < FEW else ()
        sentence = _trend_told(trend) or _last(found, steps)
        return Result(table.rows, tuple(tables), sentence=sentence, warnings=few)


def _headings(measure: str, *more: tuple[str, str, str, Form]) -> tuple[Heading, ...]:
    title, form = MEASURES[measure]
    return headings(
        ("period", "时期", "Period", "text"),
        ("n", "有效 n", "Valid n", "count"),
        *more,
        ("value", title.zh, title.en, form),
        ("low", "区间下限", "Low", form),
        ("high", "区间上限", "High", form),
        ("difference", "比上期", "Change", form),
        ("difference_low", "变化下限", "Change, low", form),
        ("difference_high", "变化上限", "Change, high", form),
        ("statistic", "统计量", "Statistic", "number"),
        ("p", "p 值", "p", "p"),
    )


def _compared(
    table: Table, found: Sequence[Period], config: WavesConfig
) -> tuple[list[Figure], tuple[DifferenceTest, ...], TrendTest | None]:
    """The figure of each period, the steps between them, and the trend of a share."""
    level = config.confidence
    if config.measure == "mean":
        means = [means_of(each) for each in found]
        return [each.figure(config.item, level) for each in means], mean_wave_on_wave(means, level), None
    if config.measure == "nps":
        scores = [nps_of(each, config.item) for each in found]
        return [each.figure(config.item, level) for each in scores], nps_wave_on_wave(scores, level), None
    shares = (
        counted(table, found, config.period, config.size)
        if config.size
        else [shares_of(each, config.at_least or 0) for each in found]
    )
    figures = [each.figure(config.item, level) for each in shares]
    return figures, wave_on_wave(shares, level), cochran_armitage(shares)


def _under_design(table: Table, config: WavesConfig, label: Label) -> Result:
    """The same figures, each with the error that the design gives it."""
    if config.size:
        zh, en = "汇总数不能再加权或按抽样设计计算。", "Counts take neither weights nor a sample design."
        raise BadData(Label(zh, en), field="config.size")
    found = designed_periods(
        table,
        config,
        period=config.period,
        item=config.item,
        measure=config.measure,
        at_least=config.at_least,
    )
    levels = found.periods.levels
    figures = [found.figure(place) for place in range(len(levels))]
    steps = found.steps(figures)
    rows = tuple(
        {"period": level.title, "n": 0, **_figure_cells(figure), **_step_cells(step)}
        for level, figure, step in zip(levels, figures, (None, *steps), strict=True)
    )
    heads = _headings(config.measure, ("effective_n", "有效样本量", "Effective n", "number"))
    tables = [ResultTable("waves", label, heads, rows)]
    told = [warning for figure in figures if figure is not None for warning in figure.warnings]
    if config.measure != "share":
        return Result(table.rows, tuple(tables), sentence=_last(levels, steps), warnings=cautions(told))
    trend = found.trend()
    lines: tuple[dict[str, Any], ...] = ()
    if trend is not None:
        test, slope = trend
        line = {"slope": slope.estimate, "low": slope.low, "high": slope.high, "t": slope.t}
        lines = ({**line, "p": test.p, "direction": DIRECTIONS[test.direction]},)
    tables.append(ResultTable("trend", Label("总趋势", "Trend"), TREND_UNDER_DESIGN, lines))
    sentence = _trend_told(trend[0] if trend else None) or _last(levels, steps)
    return Result(table.rows, tuple(tables), sentence=sentence, warnings=cautions(told))


def _figure_cells(figure: Estimate | None) -> dict[str, Any]:
    if figure is None:
        return {}
    told = {"n": figure.used, "effective_n": figure.effective}
    return told | {"value": figure.value, "low": figure.low, "high": figure.high}


def counted(table: Table, found: Sequence[Period], period: str, size: str) -> list[ShareSums]:
    """Shares from rows that are counts; raises NotComputable for more hits than answers and for fractions."""
    told = []
    for hits, answers in zip(found, periods(table, period, size), strict=True):
        k, n = float(hits.values.sum()), float(answers.values.sum())
        for name, value in ((hits.title.zh, k), (size, n)):
            if value < 0 or value != int(value):
                raise NotComputable("not_allowed", column=name, value=value)
        if k > n:
            raise NotComputable("not_allowed", column=hits.title.zh, value=k)
        told.append(ShareSums(int(n), int(n), int(k)))
    return told


def means_of(period: Period) -> MeanSums:
    """The sums of a period's values."""
    return replace(MeanSums.of(period.values), n=period.rows)


def nps_of(period: Period, item: str) -> NpsSums:
    """Promoters and detractors of a period; raises NotComputable for answers that are not 0 to 10."""
    wrong = period.values[~np.isin(period.values, range(11))]
    if len(wrong):
        raise NotComputable("not_allowed", column=item, value=float(wrong[0]))
    counts = dict(enumerate(np.bincount(period.values.astype(int), minlength=11).tolist()))
    return NpsSums.from_counts(counts, period.rows)


def shares_of(period: Period, at_least: float) -> ShareSums:
    """How many of a period's answers reach a value."""
    return ShareSums(period.rows, len(period.values), int((period.values >= at_least).sum()))


def _row(period: Period, figure: Figure, step: DifferenceTest | None) -> dict[str, Any]:
    row = {"period": period.title, "n": figure.valid_n}
    row |= {"value": figure.value, "low": figure.low, "high": figure.high}
    return row | _step_cells(step)


def _step_cells(step: DifferenceTest | None) -> dict[str, Any]:
    if step is None:
        return {}
    told = {"difference": step.difference, "difference_low": step.low, "difference_high": step.high}
    return told | {"statistic": step.statistic, "p": step.p}


def _last(found: Sequence[Period | Level], steps: Sequence[DifferenceTest]) -> Label:
    """Whether the last period differs from the one before."""
    if not steps or steps[-1].p is None or steps[-1].difference is None:
        return Label("最后两期之间没有可以检验的变化。", "The last two periods have no change to test.")
    when, change = found[-1].title, steps[-1].difference
    yes = steps[-1].p < 0.05
    return Label(
        f"“{when.zh}”比上期变化 {change:+.2f},差异{'显著' if yes else '不显著'}。",
        f"“{when.en}” changed by {change:+.2f}: {'significant' if yes else 'not significant'}.",
    )


def _trend_told(trend: TrendTest | None) -> Label | None:
    if trend is None:
        return None
    if trend.p >= 0.05:
        return Label("各期之间没有显著的升降趋势。", "There is no significant trend over the periods.")
    way = DIRECTIONS[trend.direction]
    return Label(f"满意率总体显著{way.zh}。", f"The share is {way.en} significantly.")
