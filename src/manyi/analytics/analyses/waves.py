"""A share from wave to wave: steps and trend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import Period, cautions, periods, require_unweighted
from manyi.kernel.labels import Label
from manyi.measures.effects import DifferenceTest
from manyi.measures.errors import NotComputable
from manyi.measures.indicators import FEW, ShareSums
from manyi.measures.trend import TrendTest, cochran_armitage, wave_on_wave

WAVES = headings(
    ("period", "时期", "Period", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("hits", "满意人数", "Satisfied", "count"),
    ("share", "满意率", "Share", "share"),
    ("low", "区间下限", "Low", "share"),
    ("high", "区间上限", "High", "share"),
    ("difference", "比上期", "Change", "share"),
    ("difference_low", "变化下限", "Change, low", "share"),
    ("difference_high", "变化上限", "Change, high", "share"),
    ("z", "z", "z", "number"),
    ("p", "p 值", "p", "p"),
)
TREND = headings(
    ("chi2", "趋势卡方", "Chi-squared of trend", "number"),
    ("p", "p 值", "p", "p"),
    ("direction", "方向", "Direction", "text"),
)
DIRECTIONS = {1: Label("上升", "rising"), -1: Label("下降", "falling"), 0: Label("持平", "level")}


@dataclass(frozen=True, slots=True)
class WavesConfig:
    """The item, the column of periods, and from which value on an answer counts as satisfied."""

    item: str
    period: str
    at_least: float


@ANALYSES.register
class Waves(Analysis):
    """Wave-on-wave z tests and Cochran–Armitage."""

    id = "waves"
    label = Label("逐期比较", "Wave on wave")
    group = "time"
    question = Label("满意率比上期变了吗,总体在升还是在降?", "Has the share changed since the last wave?")
    method = Label(
        "相邻两期:合并比例 z 检验,差的 Wald 95% 区间;每期满意率为 Wilson 区间;各期总趋势用 Cochran–Armitage "
        "检验(1955),时期按先后计 1、2、3……。",
        "Neighbouring waves: pooled z test, Wald interval of the difference at 95 %; Wilson interval of "
        "each share; overall trend by Cochran and Armitage (1955) with scores 1, 2, 3 …",
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
        require_unweighted(table)
        found = periods(table, config.period, config.item)
        waves = [shares_of(each, config.at_least) for each in found]
        if not any(wave.valid for wave in waves):
            raise NotComputable("all_missing", column=config.item)
        steps = (None, *wave_on_wave(waves))
        rows = tuple(_row(*each) for each in zip(found, waves, steps, strict=True))
        trend = cochran_armitage(waves)
        line = (
            ({"chi2": trend.chi2, "p": trend.p, "direction": DIRECTIONS[trend.direction]},) if trend else ()
        )
        tables = (
            ResultTable("waves", self.label, WAVES, rows),
            ResultTable("trend", Label("总趋势", "Trend"), TREND, line),
        )
        few = cautions(("small_n",)) if min(wave.valid for wave in waves) < FEW else ()
        return Result(table.rows, tables, sentence=_sentence(trend), warnings=few)


def shares_of(period: Period, at_least: float) -> ShareSums:
    """How many of a period's answers reach a value."""
    return ShareSums(period.rows, len(period.values), int((period.values >= at_least).sum()))


def _row(period: Period, wave: ShareSums, step: DifferenceTest | None) -> dict[str, Any]:
    share = wave.figure("satisfied")
    row = {"period": period.title, "n": wave.valid, "hits": wave.hits}
    row |= {"share": share.value, "low": share.low, "high": share.high}
    if step is not None:
        row |= {"difference": step.difference, "difference_low": step.low, "difference_high": step.high}
        row |= {"z": step.statistic, "p": step.p}
    return row


def _sentence(trend: TrendTest | None) -> Label | None:
    if trend is None:
        return None
    if trend.p >= 0.05:
        return Label("各期之间没有显著的升降趋势。", "There is no significant trend over the periods.")
    way = DIRECTIONS[trend.direction]
    return Label(f"满意率总体显著{way.zh}。", f"The share is {way.en} significantly.")
