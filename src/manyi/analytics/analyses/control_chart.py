"""Whether a figure varies as always or something has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.analyses.waves import counted, shares_of
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import Period, cautions, periods, require_unweighted
from manyi.kernel.labels import Label
from manyi.measures.control import (
    Chart,
    ControlChart,
    Signal,
    individuals_chart,
    p_chart,
    u_chart,
    xbar_chart,
)
from manyi.measures.errors import NotComputable

POINTS = headings(
    ("period", "时期", "Period", "text"),
    ("n", "n", "n", "count"),
    ("value", "数值", "Value", "number"),
    ("low", "下限", "Lower limit", "number"),
    ("centre", "中线", "Centre", "number"),
    ("high", "上限", "Upper limit", "number"),
    ("z", "偏离(σ)", "Distance (sigma)", "number"),
    ("outside", "出界", "Outside", "flag"),
)
SIGNALS = headings(
    ("period", "时期", "Period", "text"), ("rule", "规则", "Rule", "text"), ("side", "方向", "Side", "text")
)
RULES = {
    "one_beyond_3_sigma": Label("一点超出 3σ", "one beyond 3 sigma"),
    "two_of_three_beyond_2_sigma": Label(
        "连续三点有两点在同侧 2σ 外", "two of three beyond 2 sigma, one side"
    ),
    "four_of_five_beyond_1_sigma": Label(
        "连续五点有四点在同侧 1σ 外", "four of five beyond 1 sigma, one side"
    ),
    "eight_on_one_side": Label("连续八点在同侧", "eight on one side"),
    "nine_on_one_side": Label("连续九点在同侧", "nine on one side"),
    "six_steady": Label("连续六点持续上升或下降", "six rising or falling"),
    "fourteen_alternating": Label("连续十四点上下交替", "fourteen alternating"),
    "fifteen_within_1_sigma": Label("连续十五点在 1σ 内", "fifteen within 1 sigma"),
    "eight_beyond_1_sigma": Label("连续八点都在 1σ 外", "eight beyond 1 sigma"),
}
#: So many signals stand in the sentence, the newest.
NAMED = 3
SIDES = {1: Label("偏高", "above"), -1: Label("偏低", "below"), 0: Label("—", "—")}


@dataclass(frozen=True, slots=True)
class ControlConfig:
    """The item by period. ``p``: share of answers of ``at_least``; ``u``: the item counts events, ``size`` is
    the column of units; ``xbar``: means of answers; ``individuals``: one value a period (else its mean).

    With ``size`` a share too counts hits of that many answers. ``baseline``: so many first periods set the
    limits (0: all); ``laney`` widens those of p and u.
    """

    item: str
    period: str
    kind: Literal["p", "u", "xbar", "individuals"] = "xbar"
    at_least: float | None = None
    size: str = ""
    rules: Literal["western_electric", "nelson"] = "western_electric"
    baseline: int = 0
    laney: bool = False

    def problem(self) -> tuple[str, Label] | None:
        """A share needs its edge, a rate its sizes."""
        if self.kind == "p" and self.at_least is None and not self.size:
            return "at_least", Label(
                "满意率控制图需要满意的起点值。", "A share needs the value it starts at."
            )
        if self.kind == "u" and not self.size:
            return "size", Label("比率控制图需要数量列。", "A rate needs the column of sizes.")
        return None


@ANALYSES.register
class ControlChartAnalysis(Analysis):
    """p, u, x-bar and individuals charts with named rules."""

    id = "control_chart"
    label = Label("控制图", "Control chart")
    group = "time"
    question = Label(
        "这个指标是正常波动,还是真的出了变化?", "Is this the usual variation, or has something changed?"
    )
    method = Label(
        "休哈特控制图,3σ 界限:p 图、u 图(可用 Laney 2002 界限)、均值图(合并的期内标准差)、"
        "单值图(移动极差/1.128);按西电(1956)或 Nelson(1984)规则报警,并写明是哪一条。",
        "Shewhart charts with three-sigma limits: p, u (Laney's limits, 2002, on wish), x-bar (pooled "
        "deviation within periods), individuals (moving range / 1.128); Western Electric (1956) or Nelson "
        "(1984) rules, each by name.",
    )
    caution = Label(
        "少于 20 期时界限只是暂定;一次报警是去查原因的提示,不是责任的证据;规则越多误报越多。",
        "Limits from fewer than 20 periods are provisional; a signal asks for a look at causes, it proves "
        "no fault; more rules give more false alarms.",
    )
    config = ControlConfig
    example = """
method = "control_chart"

[config]
item = "wait"
period = "week"
kind = "individuals"
baseline = 6
"""
    example_data = {
        "week": [1, 2, 3, 4, 5, 6, 7, 8],
        "wait": [12, 13, 11, 12, 13, 12, 12, 19],
    }

    def run(self, table: Table, config: ControlConfig) -> Result:
        """The points with their limits, and the signals."""
        if config.kind != "individuals":  # which takes the weighted mean of a period
            require_unweighted(table)
        found = periods(table, config.period, config.item)
        chart, sizes = _chart(table, found, config)
        points = tuple(
            {
                "period": each.title,
                "n": n,
                "value": point.value,
                "low": point.low,
                "centre": chart.centre,
                "high": point.high,
                "z": point.z,
                "outside": not point.low <= point.value <= point.high,
            }
            for each, n, point in zip(found, sizes, chart.points, strict=True)
        )
        signals = tuple(
            {"period": found[s.place].title, "rule": RULES[s.rule], "side": SIDES[s.side]}
            for s in chart.signals
        )
        tables = (
            ResultTable("points", self.label, POINTS, points),
            ResultTable("signals", Label("报警", "Signals"), SIGNALS, signals),
        )
        return Result(table.rows, tables, sentence=_sentence(chart, found), warnings=cautions(chart.warnings))


def _chart(table: Table, found: list[Period], config: ControlConfig) -> tuple[ControlChart, list[int]]:
    """The chart, and how many answers (or cases of ``size``) stand behind each point."""
    how = Chart(config.rules, config.baseline or None, config.laney)
    names = [each.title.zh for each in found]
    for each in found:
        if not len(each.values):
            raise NotComputable("empty", column=each.title.zh)
    given = [len(each.values) for each in found]
    if config.kind == "p":
        waves = (
            counted(table, found, config.period, config.size)
            if config.size
            else [shares_of(each, config.at_least or 0) for each in found]
        )
        valid = [wave.valid for wave in waves]
        return p_chart([wave.hits for wave in waves], valid, names, how), valid
    if config.kind == "u":
        sizes = [float(each.values.sum()) for each in periods(table, config.period, config.size)]
        counts = [round(float(each.values.sum())) for each in found]
        return u_chart(counts, sizes, names, how), [round(size) for size in sizes]
    means = [each.mean or 0.0 for each in found]
    if config.kind == "individuals":
        return individuals_chart(means, names, how), given
    for each in found:
        if len(each.values) < 2:
            raise NotComputable("too_few", column=each.title.zh, n=len(each.values), least=2)
    deviations = [float(np.std(each.values, ddof=1)) for each in found]
    return xbar_chart(means, deviations, given, names, how), given


def _sentence(chart: ControlChart, found: list[Period]) -> Label:
    if not chart.signals:
        return Label("各期都在正常波动之内。", "All periods vary as always.")
    told = [_signal(signal, found) for signal in chart.signals[-NAMED:]]
    earlier = len(chart.signals) - len(told)
    more = Label(f"(更早还有 {earlier} 次)", f" ({earlier} earlier ones)") if earlier else Label("", "")
    return Label(
        f"{';'.join(each.zh for each in told)}{more.zh}。", f"{'; '.join(each.en for each in told)}{more.en}."
    )


def _signal(signal: Signal, found: list[Period]) -> Label:
    """One signal in words: when, on which side, by which rule."""
    when, rule, side = found[signal.place].title, RULES[signal.rule], SIDES[signal.side]
    if not signal.side:
        return Label(f"“{when.zh}”触发报警:{rule.zh}", f"“{when.en}” gives a signal: {rule.en}")
    return Label(f"“{when.zh}”{side.zh}({rule.zh})", f"“{when.en}” is {side.en} the centre ({rule.en})")
