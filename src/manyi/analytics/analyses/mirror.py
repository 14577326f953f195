"""Two groups of people on the same question, unit by unit: employees beside customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import BadData, Groups, Level, Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.rules import hidden_groups
from manyi.analytics.telling import require_unweighted
from manyi.kernel.labels import Label
from manyi.measures.correlation import Correlation, correlations
from manyi.measures.effects import mean_test
from manyi.measures.errors import NotComputable
from manyi.measures.figure import Figure
from manyi.measures.indicators import MeanSums

#: Fewer units that both sides answered say nothing of whether the two go together.
LEAST_UNITS = 8
SIDES = headings(
    ("segment", "部门", "Unit", "text"),
    ("group", "谁", "Who", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("mean", "均值", "Mean", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
)
GAPS = headings(
    ("segment", "部门", "Unit", "text"),
    ("difference", "后者减前者", "Second less first", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("p", "p", "p", "p"),
)
TOGETHER = headings(
    ("r", "相关系数 r", "Correlation r", "number"),
    ("n", "部门数", "Units", "count"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("p", "p", "p", "p"),
)


@dataclass(frozen=True, slots=True)
class MirrorConfig:
    """The item, the variable ``column`` that tells the two groups apart by its values ``first`` and
    ``second``, and the units ``by`` which they are compared."""

    item: str
    first: str
    second: str
    column: str = "round"
    by: str = "unit"


@dataclass(frozen=True, slots=True)
class Side:
    """One group: its name, and the sums of each unit by the place of the unit."""

    title: Label
    sums: Mapping[int, MeanSums]


@ANALYSES.register
class Mirror(Analysis):
    """The same figure of two groups by unit, their differences, and whether they go together."""

    id = "mirror"
    label = Label("两方对照(员工与顾客)", "Mirror of two groups (employees and customers)")
    group = "tables"
    question = Label(
        "员工和顾客的看法一致吗,差在哪些部门?",
        "Do employees and customers see the same, and where do they differ?",
    )
    method = Label(
        "每个部门两方各自的均值和 95% t 区间,差值用 Welch t 检验和区间;两方都有答卷的部门不少于 8 个时,"
        "再给部门均值的 Pearson 相关和 Fisher 区间。任一方人数低于最小分组的部门不显示,必要时再隐去一个。",
        "Mean and 95% t interval of both by unit, the difference with Welch's t test and interval; with "
        "eight units or more that both answered, Pearson's correlation of the unit means with Fisher's "
        "interval. A unit in which one side is below the smallest group is left out, and the next if needed.",
    )
    caution = Label(
        "两方答的量尺和题意必须相同;部门均值的相关不等于个人之间的相关,也不说明谁影响谁;部门少时相关的区间很宽。",
        "Both must have answered the same question on the same scale. A correlation of unit means is none "
        "between people and says nothing of who moves whom; with few units its interval is wide.",
    )
    config = MirrorConfig
    example = """
method = "mirror"

[config]
item = "score"
column = "who"
first = "customers"
second = "employees"
by = "shop"
"""
    example_data = {
        "score": [80, 90, 85, 70, 75, 60, 65, 70, 50, 55, 85, 95, 60, 65, 40, 45, 50, 55],
        "who": ["customers"] * 10 + ["employees"] * 8,
        "shop": ["A", "A", "A", "B", "B", "C", "C", "C", "D", "D", "A", "A", "B", "B", "C", "C", "D", "D"],
    }

    def run(self, table: Table, config: MirrorConfig) -> Result:
        """Both sides of every unit, the differences, the correlation where there are enough units."""
        require_unweighted(table)
        units = table.groups(config.by)
        sides = [_side(table, units, config, value) for value in (config.first, config.second)]
        both = [place for place in range(len(units.levels)) if all(place in side.sums for side in sides)]
        if not both:
            raise NotComputable("no_pair", column=f"{sides[0].title.zh} × {sides[1].title.zh}")
        both.sort(key=lambda place: sides[0].sums[place].mean or Fraction())
        levels = {place: units.levels[place] for place in both}
        lines = [
            _line(side, place, levels[place], number) for place in both for number, side in enumerate(sides)
        ]
        gaps = [_gap(sides, place, levels[place]) for place in both]
        found = _together(sides, both)
        tables = [
            ResultTable("sides", self.label, SIDES, tuple(lines)),
            ResultTable("gaps", Label("差值", "Differences"), GAPS, tuple(gaps)),
        ]
        if found:
            row = {name: getattr(found, name) for name in ("n", "low", "high", "p")} | {"r": found.value}
            tables.append(
                ResultTable(
                    "together",
                    Label("两方是否同向", "Do they go together?"),
                    TOGETHER,
                    (row,),
                    shape="figures",
                )
            )
        n = sum(side.sums[place].valid for side in sides for place in both)
        return Result(n, tuple(tables), sentence=_sentence(sides, gaps, found))


def _side(table: Table, units: Groups, config: MirrorConfig, value: str) -> Side:
    groups, values = table.groups(config.column), table.numbers(config.item)
    known = {level.code: place for place, level in enumerate(groups.levels)}
    if value not in known:
        words = f"“{config.column}”中没有“{value}”。", f"There is no “{value}” in “{config.column}”."
        raise BadData(Label(*words), field="first" if value == config.first else "second")
    inside = (groups.places == known[value]) & np.isfinite(values) & (units.places >= 0)
    places, given = units.places[inside], values[inside]
    sizes = {int(place): int(n) for place, n in zip(*np.unique(places, return_counts=True), strict=True)}
    hidden = hidden_groups(sizes, table.minimum)
    sums = {place: MeanSums.of(given[places == place]) for place in sizes if place not in hidden}
    return Side(groups.levels[known[value]].title, sums)


def _line(side: Side, place: int, level: Level, number: int) -> dict[str, Any]:
    figure: Figure = side.sums[place].figure("mean")
    return {
        "segment": level.title,
        "group": side.title,
        "n": figure.valid_n,
        "mean": figure.value,
        "low": figure.low,
        "high": figure.high,
        "side": number,
    }


def _gap(sides: Sequence[Side], place: int, level: Level) -> dict[str, Any]:
    found = mean_test(sides[0].sums[place], sides[1].sums[place])
    told = {name: getattr(found, name) for name in ("difference", "low", "high", "p")}
    return {"segment": level.title, **told}


def _together(sides: Sequence[Side], both: Sequence[int]) -> Correlation | None:
    if len(both) < LEAST_UNITS:
        return None
    means = [[float(side.sums[place].mean or 0) for place in both] for side in sides]
    try:
        return correlations(means, ("first", "second"))[0]
    except NotComputable:  # all units of one side have the same mean
        return None


def _sentence(sides: Sequence[Side], gaps: Sequence[Mapping[str, Any]], found: Correlation | None) -> Label:
    first, second = (side.title for side in sides)
    clear = [gap for gap in gaps if gap["p"] is not None and gap["p"] < 0.05]
    zh = f"{len(gaps)} 个部门中 {len(clear)} 个的两方看法明显不同"
    en = f"In {len(clear)} of {len(gaps)} units the two clearly differ"
    if clear:
        most = max(clear, key=lambda gap: abs(gap["difference"]))
        side_zh, side_en = ("高", "above") if most["difference"] > 0 else ("低", "below")
        size = f"{abs(most['difference']):.1f}"
        zh += f",最大的是“{most['segment'].zh}”({second.zh}比{first.zh}{side_zh} {size})"
        en += f", most in “{most['segment'].en}” ({second.en} {size} {side_en} {first.en})"
    if found is None and len(gaps) < LEAST_UNITS:
        zh += f";部门不足 {LEAST_UNITS} 个,不算相关"
        en += f"; with fewer than {LEAST_UNITS} units there is no correlation"
    elif found:
        zh += f";部门之间相关 r = {found.value:.2f}({found.low:.2f} 至 {found.high:.2f})"
        en += f"; across units r = {found.value:.2f} ({found.low:.2f} to {found.high:.2f})"
    return Label(f"{zh}。", f"{en}.")
