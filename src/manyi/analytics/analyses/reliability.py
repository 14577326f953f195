"""Whether items measure one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import cautions, weights_if_any, wording
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.reliability import Omega, Reliability, omega_total, reliability

SCALE = headings(
    ("n", "有效 n", "Valid n", "count"),
    ("alpha", "克隆巴赫 α", "Cronbach's alpha", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("standardised", "标准化 α", "Standardised alpha", "number"),
    ("average_r", "平均相关", "Average correlation", "number"),
    ("omega", "ω 总", "Omega total", "number"),
    ("omega_n", "ω 的 n", "n of omega", "count"),
)
ITEMS = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("mean", "平均值", "Mean", "number"),
    ("sd", "标准差", "SD", "number"),
    ("r_total", "题总相关", "Item-total r", "number"),
    ("r_drop", "校正题总相关", "Corrected item-total r", "number"),
    ("alpha_if_dropped", "删除后 α", "Alpha if dropped", "number"),
)


#: Deviations of items on one scale hardly differ by more than this factor.
_EVEN = 4.0


@dataclass(frozen=True, slots=True)
class ReliabilityConfig:
    """The items of one scale; gaps pair by pair (as psych) or whole rows only (as SPSS)."""

    items: tuple[str, ...]
    missing: Literal["pairwise", "listwise"] = "pairwise"

    def problem(self) -> tuple[str, Label] | None:
        """Two different items at least."""
        if len(set(self.items)) < 2 or len(set(self.items)) < len(self.items):
            return "items", Label("请至少选两个不同的题目。", "Choose two different items at least.")
        return None


@ANALYSES.register
class ReliabilityOfScale(Analysis):
    """Alpha, item-total figures and omega total."""

    id = "reliability"
    label = Label("信度分析", "Reliability")
    group = "scales"
    question = Label("这些题是否在测同一件事?", "Do these items measure one thing?")
    method = Label(
        "克隆巴赫 α(Feldt 1965 区间)、标准化 α、题总相关、删除该题后的 α;ω 总按一个 minres 因子、"
        "只用完整的行。pairwise 与 R 的 psych 相同,listwise 与 SPSS 相同。",
        "Cronbach's alpha (Feldt's interval, 1965), standardised alpha, item-total correlations, alpha if "
        "an item is dropped; omega total from one minres factor over complete rows. Pairwise is psych's way,"
        " listwise SPSS's.",
    )
    caution = Label(
        "α 高不代表只有一个维度(请看因子分析);反向题没有先反转会使 α 过低;题目很多时 α 自然会高。",
        "A high alpha does not prove one dimension (see factor analysis); items worded the other way must be "
        "reversed first; many items make alpha high by themselves.",
    )
    config = ReliabilityConfig
    example = """
method = "reliability"

[config]
items = ["wait", "price", "staff"]
"""
    example_data = {
        "wait": [5, 4, 4, 5, 3, None, 2, 5, 1, 3, 4, 2],
        "price": [3, 4, 2, 5, 3, 4, 2, 4, 2, 3, 5, 1],
        "staff": [4, 5, 4, 4, 3, 5, 3, 4, 3, 4, 4, 2],
    }

    def run(self, table: Table, config: ReliabilityConfig) -> Result:
        """The scale and its items."""
        values, weights = table.matrix(config.items), weights_if_any(table)
        found = reliability(values, config.items, missing=config.missing, weights=weights)
        omega: Omega | None = None
        lacking: tuple[Label, ...] = ()
        if len(config.items) > 2:
            try:
                omega = omega_total(values, config.items, weights=weights)
            except NotComputable as reason:  # alpha stands without it
                lacking = (Label(f"没有 ω:{reason.label.zh}", f"No omega: {reason.label.en}"),)
        scale = {
            "n": found.n,
            "alpha": found.alpha,
            "low": found.low,
            "high": found.high,
            "standardised": found.standardised,
            "average_r": found.average_r,
            "omega": omega and omega.value,
            "omega_n": omega and omega.n,
        }
        rows = tuple(
            {
                **wording(table, item.name),
                **{each.id: getattr(item, each.id) for each in ITEMS if each.id not in ("item", "title")},
            }
            for item in found.items
        )
        tables = (
            ResultTable("scale", Label("量表", "Scale"), SCALE, (scale,)),
            ResultTable("items", Label("题目", "Items"), ITEMS, rows),
        )
        deviations = [item.sd for item in found.items]
        uneven = ("uneven_items",) if max(deviations) > _EVEN * min(deviations) else ()
        told = cautions(found.warnings, omega.warnings if omega else (), uneven)
        return Result(table.rows, tables, sentence=_sentence(found), warnings=(*told, *lacking))


def _sentence(found: Reliability) -> Label:
    """Alpha with its interval, judged by the usual marks 0.7 and 0.8."""
    good = Label("信度良好", "good reliability")
    fair = Label("信度可以接受", "acceptable reliability")
    poor = Label("信度不足,不宜合成一个分数", "too little reliability for one score")
    verdict = good if found.alpha >= 0.8 else fair if found.alpha >= 0.7 else poor
    span = f"α = {found.alpha:.2f} ({found.low:.2f} – {found.high:.2f})"
    return Label(f"{span},{verdict.zh}。", f"{span}: {verdict.en}.")
