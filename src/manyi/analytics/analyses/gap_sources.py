"""Where a change or a gap comes from: items by weight, or units by size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.rules import hidden_groups
from manyi.analytics.telling import require_unweighted
from manyi.kernel.labels import Label
from manyi.measures.effects import DifferenceTest, mean_test
from manyi.measures.errors import NotComputable
from manyi.measures.indicators import MeanSums
from manyi.measures.regression import ols
from manyi.measures.sources import Source, leading, sources

WHOLE = headings(
    ("title", "结果", "Result", "text"),
    ("before", "前者", "Before", "number"),
    ("after", "后者", "After", "number"),
    ("difference", "差距", "Difference", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("p", "p", "p", "p"),
)
PARTS = headings(
    ("title", "来源", "Source", "text"),
    ("difference", "自身变化", "Its change", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("p", "p", "p", "p"),
    ("weight", "权重", "Weight", "number"),
    ("contribution", "贡献(权重×变化)", "Contribution (weight × change)", "number"),
    ("named", "主要来源", "Main source", "flag"),
)


@dataclass(frozen=True, slots=True)
class SourcesConfig:
    """The result, and the variable ``column`` whose values ``before`` and ``after`` are compared.

    Its sources are ``components`` with their ``weights`` (points of the result for a point of each; without
    them the coefficients of the result on the components), or the groups ``by``.
    """

    result: str
    before: str
    after: str
    column: str = "round"
    components: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    by: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """Components or groups, and one weight for each."""
        if bool(self.components) == bool(self.by):
            words = "请选择组成项目或分组,二者取一。", "Choose components or groups, one of the two."
            return "components", Label(*words)
        if self.weights and len(self.weights) != len(self.components):
            return "weights", Label("权重要与项目一一对应。", "Each component needs one weight.")
        return None


@ANALYSES.register
class GapSources(Analysis):
    """What a difference of two means comes from."""

    id = "gap_sources"
    label = Label("差距来源", "Sources of a gap")
    group = "relations"
    question = Label("差距主要来自哪里?", "Where does the gap come from?")
    method = Label(
        "总分的差距按组成项目分解:权重×该项变化(没有给权重时用总分对各项回归的系数);或按部门分解:"
        "后一期的占比×部门内变化(Kitagawa 1955),其余为构成变化。只有整体差距显著、该来源自身的变化也显著"
        "(Welch t,95%)且方向一致时才点名。",
        "A gap is split by items, weight × change of each (without weights: coefficients of the result on "
        "the items), or by units, share after × change within (Kitagawa 1955), the rest being the mix. A "
        "source is named only if the whole gap is more than chance, its own change is too (Welch's t, 95%), "
        "and both go the same way.",
    )
    caution = Label(
        "分解说明差距出在哪里,不说明为什么;回归权重当作已知,它自身的误差没有计入;没有一项点名,不等于没有原因。",
        "The split says where a gap lies, not why. Regression weights are taken as known, their own error is "
        "not counted. That nothing is named does not mean that there is no cause.",
    )
    config = SourcesConfig
    example = """
method = "gap_sources"

[config]
result = "score"
column = "wave"
before = "1"
after = "2"
components = ["wait", "people"]
weights = [0.5, 0.5]
"""
    example_data = {
        "wave": [1] * 8 + [2] * 8,
        "wait": [80, 90, 85, 70, 75, 80, 85, 90, 50, 55, 60, 45, 55, 50, 65, 60],
        "people": [80, 85, 85, 75, 75, 80, 80, 90, 80, 85, 90, 75, 75, 80, 85, 80],
        "score": [80, 87.5, 85, 72.5, 75, 80, 82.5, 90, 65, 70, 75, 60, 65, 65, 75, 70],
    }

    def run(self, table: Table, config: SourcesConfig) -> Result:
        """The gap, and every source by the size of its contribution."""
        require_unweighted(table)
        sides = [_inside(table, config.column, value) for value in (config.before, config.after)]
        values = table.numbers(config.result)
        before, after = (MeanSums.of(values[side]) for side in sides)
        if not before.valid or not after.valid:
            raise NotComputable("all_missing", column=config.result)
        whole = mean_test(before, after)
        titles, found = (_groups if config.by else _components)(table, config, sides)
        order = sorted(range(len(found)), key=lambda place: -abs(found[place].contribution))
        first = leading(found, whole)
        rows = [_row(titles[place], found[place]) | {"named": place in first} for place in order]
        if config.by:
            rest = (whole.difference or 0.0) - sum(each.contribution for each in found)
            rows.append(
                {"title": Label("构成变化及未显示的组", "Mix and groups not shown"), "contribution": rest}
            )
        shown = {"title": table.title(config.result), "before": _plain(before), "after": _plain(after)}
        tables = (
            ResultTable("whole", self.label, WHOLE, (shown | _tested(whole),)),
            ResultTable("parts", Label("来源", "Sources"), PARTS, tuple(rows)),
        )
        told = _sentence(whole, [titles[place] for place in first])
        return Result(before.valid + after.valid, tables, sentence=told)


def _inside(table: Table, column: str, value: str) -> Any:
    groups = table.groups(column)
    known = {level.code: place for place, level in enumerate(groups.levels)}
    if value not in known:
        raise NotComputable("empty", column=f"{column} = {value}")
    return groups.places == known[value]


def _plain(sums: MeanSums) -> float | None:
    return None if sums.mean is None else float(sums.mean)


def _components(
    table: Table, config: SourcesConfig, sides: Sequence[Any]
) -> tuple[list[Label], tuple[Source, ...]]:
    columns = [table.numbers(name) for name in config.components]
    weights = config.weights or _coefficients(table, config)
    parts = [(MeanSums.of(column[sides[0]]), MeanSums.of(column[sides[1]])) for column in columns]
    return [table.title(name) for name in config.components], sources(parts, weights)


def _coefficients(table: Table, config: SourcesConfig) -> list[float]:
    """The coefficients of the result on the components, over both sides."""
    columns = [table.numbers(name) for name in config.components]
    fit = ols(table.numbers(config.result), columns, config.components)
    by_name = {term.name: term.estimate for term in fit.coefficients}
    return [by_name[name] for name in config.components]


def _groups(
    table: Table, config: SourcesConfig, sides: Sequence[Any]
) -> tuple[list[Label], tuple[Source, ...]]:
    """The groups that may be shown on both sides, with their shares after."""
    groups, values = table.groups(config.by), table.numbers(config.result)
    given = np.isfinite(values)
    least = len(groups.levels)
    places = [groups.places[side & given & (groups.places >= 0)] for side in sides]
    counted = [np.bincount(each, minlength=least) for each in places]
    hidden: set[int] = set()
    for counts in counted:
        hidden |= hidden_groups({place: int(n) for place, n in enumerate(counts)}, table.minimum)
    shown = [p for p in range(least) if p not in hidden and counted[0][p] and counted[1][p]]
    if not shown:
        raise NotComputable("no_pair", column=f"{config.before} × {config.after}")
    parts = [tuple(MeanSums.of(values[side & (groups.places == place)]) for side in sides) for place in shown]
    total = float(counted[1].sum())
    weights = [float(counted[1][place]) / total for place in shown]
    return [groups.levels[p].title for p in shown], sources([(a, b) for a, b in parts], weights)


def _tested(test: DifferenceTest) -> dict[str, Any]:
    return {name: getattr(test, name) for name in ("difference", "low", "high", "p")}


def _row(title: Label, found: Source) -> dict[str, Any]:
    numbers = {"weight": found.weight, "contribution": found.contribution}
    return {"title": title, **_tested(found.test), **numbers}


def _sentence(whole: DifferenceTest, named: Sequence[Label]) -> Label:
    size = whole.difference or 0.0
    zh = f"{'高' if size > 0 else '低'} {abs(size):.1f}"
    en = f"{abs(size):.1f} {'higher' if size > 0 else 'lower'}"
    if whole.p is None or whole.p >= 0.05:
        return Label(f"{zh},差异不显著,不谈来源。", f"{en}, within chance, so no source is named.")
    if not named:
        return Label(
            f"{zh},差异显著;没有单独一项的变化超出误差。",
            f"{en}, more than chance; no single source changed by more than chance.",
        )
    came = came_from(named)
    return Label(f"{zh},差异显著;{came.zh}。", f"{en}, more than chance; {came.en}.")


def came_from(named: Sequence[Label]) -> Label:
    """“the gap mainly comes from …” for the titles of its main sources."""
    zh = "和".join(f"“{name.zh}”" for name in named)
    en = " and ".join(f"“{name.en}”" for name in named)
    return Label(f"差距主要来自{zh}", f"the gap mainly comes from {en}")
