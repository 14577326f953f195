"""Units beside each other in a funnel: fair to small ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Floats, Level, Table
from manyi.analytics.results import Form, Heading, Result, ResultTable, headings
from manyi.analytics.telling import cautions, require_unweighted
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.funnel import ACTION, WARNING, Funnel, Spread, mean_funnel, share_funnel

PLACES = {
    2: Label("▲ 高出 99.8% 界限", "▲ above the 99.8% limit"),
    1: Label("△ 高出 95% 界限", "△ above the 95% limit"),
    0: Label("○ 在正常范围内", "○ within chance"),
    -1: Label("▽ 低于 95% 界限", "▽ below the 95% limit"),
    -2: Label("▼ 低于 99.8% 界限", "▼ below the 99.8% limit"),
}
SPREAD = headings(
    ("target", "中线", "Centre", "number"),
    ("phi", "离散比 φ", "Dispersion φ", "number"),
    ("p", "离散检验 p", "p of the dispersion", "p"),
    ("tau", "部门间标准差 τ", "Deviation between units τ", "number"),
)
#: So many points draw the curve of a limit.
CURVE = 48
NAMED = 3


@dataclass(frozen=True, slots=True)
class FunnelConfig:
    """The item by group. ``share``: of answers of ``at_least``; ``mean``: of the answers.

    ``target`` is the centre in the unit of the figure (a share from 0 to 1), else that of all answers;
    ``spread`` widens the limits where units differ more than their n explain.
    """

    item: str
    by: str = "unit"
    kind: Literal["mean", "share"] = "mean"
    at_least: float | None = None
    target: float | None = None
    spread: Spread = "none"

    def problem(self) -> tuple[str, Label] | None:
        """A share needs its edge."""
        if self.kind == "share" and self.at_least is None:
            return "at_least", Label("满意率需要满意的起点值。", "A share needs the value it starts at.")
        if self.kind == "share" and self.target is not None and not 0 < self.target < 1:
            return "target", Label(
                "满意率的中线在 0 和 1 之间。", "The centre of shares lies between 0 and 1."
            )
        return None


@ANALYSES.register
class FunnelAnalysis(Analysis):
    """Units against control limits that depend on their number of answers."""

    id = "funnel"
    label = Label("漏斗图(部门比较)", "Funnel plot of units")
    group = "tables"
    question = Label(
        "哪些部门真的与众不同,而不只是样本少?", "Which units really differ, and not only have few answers?"
    )
    method = Label(
        "漏斗图(Spiegelhalter 2005):95% 和 99.8% 控制界限随样本量收窄;满意率用二项分布的精确界限(插值),"
        "均值用正态界限(部门内合并标准差)。"
        "离散比 φ 由缩尾(10%)的 z 值算出,检验显著时可选乘法 √φ 或加法 τ 放宽界限。",
        "Funnel plot (Spiegelhalter 2005): limits at 95% and 99.8% close in as n grows; exact binomial "
        "limits (interpolated) for shares, normal ones for means (deviation pooled within units). Dispersion "
        "φ from z-scores winsorised at 10%; where it is significant limits can be widened by √φ or by τ.",
    )
    caution = Label(
        "每 20 个部门就会有 1 个碰巧落在 95% 界限之外,只有 99.8% 界限之外"
        "才值得追查;顾客构成不同的部门本来就会不同,先看客群再下结论。不要把界限之内的部门再排名次。",
        "One unit in twenty lies outside the 95% limits by chance: follow up those outside 99.8%. Units with "
        "other kinds of customers differ for that reason: look at segments first. Never rank the units "
        "within the limits.",
    )
    config = FunnelConfig
    example = """
method = "funnel"

[config]
item = "score"
by = "shop"
kind = "share"
at_least = 4
"""
    example_data = {
        "score": [5, 4, 5, 4, 5, 4, 5, 3, 3, 2, 3, 2, 4, 1, 2, 3, 4, 5, 3, 4, 4, 2, 5, 4, 5, 4, 3, 4],
        "shop": ["A"] * 8 + ["B"] * 8 + ["C"] * 4 + ["D"] * 4 + ["E"] * 4,
    }

    def run(self, table: Table, config: FunnelConfig) -> Result:
        """The units from the lowest z, the limits as curves, how much the units spread."""
        require_unweighted(table)
        found, levels = _funnel(table, config)
        order = sorted(range(len(levels)), key=lambda place: found.units[place].z)
        rows = tuple(_row(found, place, levels[place]) for place in order)
        form: Form = "share" if config.kind == "share" else "number"
        spread = {"target": found.target, "phi": found.phi, "p": found.p, "tau": found.tau}
        tables = (
            ResultTable("units", self.label, _headings(form), rows),
            ResultTable(
                "limits",
                Label("控制界限", "Limits"),
                _headings(form)[1:2] + _limits(form),
                _curve(found),
                shape="curve",
            ),
            ResultTable(
                "spread", Label("部门之间的离散", "Spread between units"), SPREAD, (spread,), shape="figures"
            ),
        )
        return Result(
            sum(unit.n for unit in found.units),
            tables,
            sentence=_sentence(found, rows),
            warnings=cautions(found.warnings),
        )


def _funnel(table: Table, config: FunnelConfig) -> tuple[Funnel, list[Level]]:
    groups, values = table.groups(config.by), table.numbers(config.item)
    answers: list[Floats] = []
    levels: list[Level] = []
    for place, level in enumerate(groups.levels):
        given = values[(groups.places == place) & np.isfinite(values)]
        if len(given):
            answers.append(given)
            levels.append(level)
    if not levels:
        raise NotComputable("all_missing", column=config.item)
    sizes = [len(each) for each in answers]
    if config.kind == "share":
        hits = [int((each >= (config.at_least or 0)).sum()) for each in answers]
        return share_funnel(hits, sizes, target=config.target, spread=config.spread), levels
    means = [float(each.mean()) for each in answers]
    deviations = [float(each.std(ddof=1)) if len(each) > 1 else 0.0 for each in answers]
    return mean_funnel(means, deviations, sizes, target=config.target, spread=config.spread), levels


def _headings(form: Form) -> tuple[Heading, ...]:
    return (
        *headings(
            ("group", "部门", "Unit", "text"),
            ("n", "有效 n", "Valid n", "count"),
            ("value", "结果", "Result", form),
        ),
        *_limits(form),
        *headings(("z", "偏离(z)", "Distance (z)", "number"), ("verdict", "判断", "Verdict", "text")),
    )


def _limits(form: Form) -> tuple[Heading, ...]:
    return headings(
        ("low_95", "95% 下限", "95% low", form),
        ("high_95", "95% 上限", "95% high", form),
        ("low_998", "99.8% 下限", "99.8% low", form),
        ("high_998", "99.8% 上限", "99.8% high", form),
    )


def _bands(found: Funnel, n: float) -> dict[str, float]:
    (low, high), (lowest, highest) = found.limits(n, WARNING), found.limits(n, ACTION)
    return {"low_95": low, "high_95": high, "low_998": lowest, "high_998": highest}


def _row(found: Funnel, place: int, level: Level) -> dict[str, Any]:
    unit = found.units[place]
    told = {"group": level.title, "n": unit.n, "value": unit.value, "z": unit.z, "outside": unit.place}
    return {**told, **_bands(found, unit.n), "verdict": PLACES[unit.place]}


def _curve(found: Funnel) -> tuple[dict[str, float], ...]:
    sizes = [unit.n for unit in found.units]
    ends = max(min(sizes) * 0.7, 1), max(sizes) * 1.1
    grid = dict.fromkeys(round(n) for n in np.geomspace(*ends, CURVE))
    return tuple({"n": n, **_bands(found, n)} for n in grid)


def _sentence(found: Funnel, rows: Sequence[Mapping[str, Any]]) -> Label:
    """The units outside the limits by name, the certain ones apart from the possible."""
    parts = [
        _named([row["group"] for row in rows if row["outside"] == side], zh, en)
        for side, zh, en in (
            (-2, "明显偏低", "clearly low"),
            (2, "明显偏高", "clearly high"),
            (-1, "可能偏低", "perhaps low"),
            (1, "可能偏高", "perhaps high"),
        )
    ]
    told = [part for part in parts if part]
    inside = sum(row["outside"] == 0 for row in rows)
    if not told:
        return Label(
            f"{len(rows)} 个部门的差别都没有超出样本量所能解释的范围。",
            f"None of the {len(rows)} units differs by more than its number of answers explains.",
        )
    en = "; ".join(part.en for part in told)
    return Label(
        f"{';'.join(part.zh for part in told)};其余 {inside} 个部门在正常范围内。",
        f"{en[0].upper()}{en[1:]}; the other {inside} are within chance.",
    )


def _named(titles: Sequence[Label], zh: str, en: str) -> Label | None:
    if not titles:
        return None
    first, more = titles[:NAMED], len(titles) - NAMED
    names_zh, names_en = "、".join(t.zh for t in first), ", ".join(t.en for t in first)
    if more > 0:
        names_zh, names_en = f"{names_zh}等 {len(titles)} 个部门", f"{names_en} and {more} more"
    return Label(f"{zh}:{names_zh}", f"{en}: {names_en}")
