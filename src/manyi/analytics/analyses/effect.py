"""Did it help: the same item before and after, with what the next comparison would need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.analyses.waves import means_of, nps_of, shares_of
from manyi.analytics.data.table import BadData, Table
from manyi.analytics.designs import DesignConfig, with_design
from manyi.analytics.period_designs import DesignedPeriods, Measure, designed, designed_periods
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import Period, cautions, periods
from manyi.kernel.labels import Label
from manyi.measures.design.estimates import Estimate
from manyi.measures.effects import Effect, Rule, judged, mean_effect, nps_effect, share_effect
from manyi.measures.errors import NotComputable
from manyi.measures.figure import Figure
from manyi.measures.power import (
    detectable_by_error,
    detectable_mean,
    detectable_share,
    n_by_error,
    n_for_means,
    n_for_shares,
)

EFFECT = headings(
    ("before", "整改前", "Before", "number"),
    ("before_n", "前 n", "n before", "count"),
    ("after", "整改后", "After", "number"),
    ("after_n", "后 n", "n after", "count"),
    ("difference", "变化", "Change", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("p", "p 值", "p", "p"),
    ("verdict", "结论", "Verdict", "text"),
    ("code", "结论代码", "Verdict code", "text"),
)
NEXT = headings(
    ("detectable", "这样的样本能看出的最小变化", "Least change that so many answers show", "number"),
    ("needed", "看出当前变化每期所需样本", "Answers in each window to show this change", "count"),
)
VERDICTS = {
    "effective": Label("有效", "effective"),
    "not_effective": Label("尚不能证明有效", "not shown to be effective"),
    "too_few": Label("样本不足,不作结论", "too few answers for a verdict"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectConfig(DesignConfig):
    """The item, the column of windows with the values that mean before and after, and what is wanted.

    ``share`` needs ``at_least``; ``minimum`` are the least answers in each window for a verdict.
    With weights or a design, figures and test are design-based.
    """

    item: str
    period: str
    before: str
    after: str
    measure: Measure = "mean"
    at_least: float | None = None
    wanted: Literal["up", "down"] = "up"
    minimum: int = 30
    power: float = 0.8

    def problem(self) -> tuple[str, Label] | None:
        """A share needs its edge; power lies between 0.05 and 1."""
        if self.measure == "share" and self.at_least is None:
            return "at_least", Label("满意率需要满意的起点值。", "A share needs the value it starts at.")
        if not 0.05 < self.power < 1:
            return "power", Label("检验功效在 0.05 与 1 之间。", "Power lies between 0.05 and 1.")
        return DesignConfig.problem(self)


@ANALYSES.register
class BeforeAfter(Analysis):
    """An effect check with interval, verdict and power for the next time."""

    id = "effect"
    label = Label("整改效果检验", "Before and after")
    group = "time"
    question = Label("整改之后真的变好了吗?", "Did the corrective action help?")
    method = with_design(
        Label(
            "均值:Welch t;满意率:合并比例 z 与 Newcombe 区间;NPS:z。整个区间落在期望一侧才算有效;"
            "样本不足不作结论。另给出当前样本能看出的最小变化,以及看出当前变化所需的样本(功效默认 80%)。"
            "有权重或抽样设计时:两期均为设计型估计,变化用设计型 t 检验;所需样本按相同的抽样方式推算。",
            "Means: Welch's t; shares: pooled z with Newcombe's interval; NPS: z. It helped when the whole "
            "interval lies on the wanted side; below the minimum no verdict. Besides: the least change that"
            " so many answers show, and how many would show this change (power 80 %). With weights or a"
            " design: design-based estimates of both windows and a design-based t test; the plan assumes the"
            " same design.",
        )
    )
    caution = Label(
        "前后两批人若不同(季节、客群、渠道),变化可能来自人而不是整改;没有对照时不要归功于单一措施。",
        "Where the people before and after differ (season, segment, channel) the change may be theirs; "
        "without a comparison group do not credit one measure.",
    )
    config = EffectConfig
    example = """
method = "effect"

[config]
item = "wait"
period = "when"
before = "before"
after = "after"
minimum = 8
"""
    example_data = {
        "when": ["before"] * 10 + ["after"] * 10,
        "wait": [3, 2, 4, 3, 2, 3, 4, 2, 3, None, 4, 4, 5, 3, 4, 5, 4, 3, 5, 4],
    }

    def run(self, table: Table, config: EffectConfig) -> Result:
        """The effect, its verdict, and plans for the next time."""
        found, plan = (_under_design if designed(table, config) else _by_counts)(table, config)
        if found.difference is None:
            raise NotComputable("all_missing", column=config.item)
        line = {
            "before": found.before.value,
            "before_n": found.before.valid_n,
            "after": found.after.value,
            "after_n": found.after.valid_n,
            "difference": found.difference,
            "low": found.low,
            "high": found.high,
            "p": found.p,
            "verdict": VERDICTS[found.verdict],
            "code": found.verdict,
        }
        detectable, needed = plan
        tables = (
            ResultTable("effect", self.label, EFFECT, (line,)),
            ResultTable(
                "next", Label("下一次", "Next time"), NEXT, ({"detectable": detectable, "needed": needed},)
            ),
        )
        told = cautions(("too_few_verdict",)) if found.verdict == "too_few" else ()
        figures = {"before": found.before, "after": found.after}
        return Result(table.rows, tables, figures, _sentence(found, config), told)


Window = TypeVar("Window", Period, int)
#: The least change that shows and the answers that would show this one; None where not to be told.
Plan = tuple[float | None, int | None]


def _by_counts(table: Table, config: EffectConfig) -> tuple[Effect, Plan]:
    windows = {each.code: each for each in periods(table, config.period, config.item)}
    before, after = (_window(windows, code, config) for code in (config.before, config.after))
    return _effect(before, after, config), _plans(before, after, config)


def _under_design(table: Table, config: EffectConfig) -> tuple[Effect, Plan]:
    found = designed_periods(
        table,
        config,
        period=config.period,
        item=config.item,
        measure=config.measure,
        at_least=config.at_least,
    )
    known = {level.code: place for place, level in enumerate(found.periods.levels)}
    one, other = (_window(known, code, config) for code in (config.before, config.after))
    estimates = found.figure(one), found.figure(other)
    test, df = found.change((one, other), estimates)
    before, after = (_figure(found, *each) for each in zip((one, other), estimates, strict=True))
    effect = judged(test, before, after, Rule(config.wanted, config.minimum, config.confidence))
    if not test.statistic or not test.difference:
        return effect, (None, None)
    error, sizes = test.difference / test.statistic, (before.valid_n, after.valid_n)
    level = {"power": config.power, "confidence": config.confidence}
    least = detectable_by_error(error, df, **level)
    try:
        return effect, (least, n_by_error(test.difference, least, *sizes))
    except NotComputable:
        return effect, (least, None)


def _figure(found: DesignedPeriods, place: int, estimate: Estimate | None) -> Figure:
    """The figure of a window; of one in which nobody answered there is none."""
    if estimate is not None:
        return estimate.figure(found.item)
    return Figure(None, int(found.rows(place).sum()), 0, None, None, "none", found.item, "")


def _window(windows: Mapping[str, Window], code: str, config: EffectConfig) -> Window:
    if code in windows:
        return windows[code]
    known = ", ".join(windows)
    zh, en = (
        f"“{config.period}”列里没有“{code}”;现有:{known}。",
        f"“{code}” is not in “{config.period}”: {known}.",
    )
    raise BadData(Label(zh, en), field=config.period)


def _effect(before: Period, after: Period, config: EffectConfig) -> Effect:
    rule = Rule(config.wanted, config.minimum, config.confidence)
    if config.measure == "share":
        edge = config.at_least or 0
        return share_effect(shares_of(before, edge), shares_of(after, edge), rule, definition=config.item)
    if config.measure == "nps":
        return nps_effect(
            nps_of(before, config.item), nps_of(after, config.item), rule, definition=config.item
        )
    return mean_effect(means_of(before), means_of(after), rule, definition=config.item)


def _plans(before: Period, after: Period, config: EffectConfig) -> Plan:
    sizes = len(before.values), len(after.values)
    level = {"power": config.power, "confidence": config.confidence}
    if min(sizes) < 2:
        return None, None
    try:
        if config.measure == "share":
            old, new = (float((each.values >= (config.at_least or 0)).mean()) for each in (before, after))
            ends = detectable_share(old, *sizes, **level)
            end = ends[1] if config.wanted == "up" else ends[0]
            return None if end is None else end - old, n_for_shares(old, new, **level)
        one, two = (_scored(each.values, config) for each in (before, after))
        deviation = float(np.sqrt((one.var(ddof=1) + two.var(ddof=1)) / 2))
        least = detectable_mean(deviation, *sizes, **level)
        return least, n_for_means(float(two.mean() - one.mean()), deviation, **level)
    except NotComputable:
        return None, None


def _scored(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], config: EffectConfig
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The values themselves, or +100, 0 and -100 of NPS."""
    return (
        np.where(values >= 9, 100.0, np.where(values <= 6, -100.0, 0.0))
        if config.measure == "nps"
        else values
    )


def _sentence(found: Effect, config: EffectConfig) -> Label:
    difference = found.difference or 0.0
    shown = f"{difference:+.1%}" if config.measure == "share" else f"{difference:+.2f}"
    verdict = VERDICTS[found.verdict]
    return Label(f"变化 {shown},{verdict.zh}。", f"Change {shown}: {verdict.en}.")
