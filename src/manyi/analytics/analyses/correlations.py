"""How closely numbers go together, pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import LEVEL, told
from manyi.analytics.telling import cautions, require_unweighted, weights_if_any
from manyi.kernel.labels import Label
from manyi.measures.correlation import Correlation, correlations, partial

HEADINGS = headings(
    ("one", "变量一", "First", "text"),
    ("two", "变量二", "Second", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("effective_n", "有效样本量", "Effective n", "number"),
    ("r", "相关系数", "Correlation", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("statistic", "t 或 z", "t or z", "number"),
    ("df", "自由度", "df", "number"),
    ("p", "p 值", "p", "p"),
)


@dataclass(frozen=True, slots=True)
class CorrelationsConfig:
    """The items; ``given`` are held fixed (partial correlations, complete rows only)."""

    items: tuple[str, ...]
    kind: Literal["pearson", "spearman", "kendall"] = "pearson"
    missing: Literal["pairwise", "listwise"] = "pairwise"
    given: tuple[str, ...] = ()

    def problem(self) -> tuple[str, Label] | None:
        """Two items at least; Kendall's tau has no partial form here; nothing twice."""
        if len(self.items) < 2:
            return "items", Label("请至少选两个变量。", "Choose two items at least.")
        named = [*self.items, *self.given]
        if len(set(named)) < len(named):
            return "items", Label("每个变量只能出现一次。", "Name every item once.")
        if self.given and self.kind == "kendall":
            return "kind", Label("偏相关只支持 pearson 或 spearman。", "Partial is pearson or spearman.")
        return None


@ANALYSES.register
class Correlations(Analysis):
    """Pearson, Spearman, Kendall or partial correlations of every pair."""

    id = "correlations"
    label = Label("相关分析", "Correlations")
    group = "relations"
    question = Label("哪些评分一起升、一起降?", "Which ratings rise and fall together?")
    method = Label(
        "皮尔逊(Fisher 区间)、斯皮尔曼(Bonett-Wright 区间)或肯德尔 tau-b;given 中的变量保持不变时为偏相关,"
        "只用完整的行。pairwise 每对各自剔除缺失,listwise 只用全部有值的行。加权时检验用有效样本量。",
        "Pearson (Fisher's interval), Spearman (Bonett and Wright) or Kendall's tau-b; with given items "
        "held fixed the partial correlation of complete rows. Pairwise drops gaps per pair, listwise any "
        "row with a gap. With weights, tests use the effective n.",
    )
    caution = Label(
        "相关不是因果;关系是弯的、有极端值时皮尔逊会误导,请看斯皮尔曼。比较很多对时会有几对碰巧显著。",
        "Correlation is no cause; where the relation is curved or has outliers look at Spearman. Among many "
        "pairs some are significant by chance.",
    )
    config = CorrelationsConfig
    example = """
method = "correlations"

[config]
items = ["wait", "price", "overall"]
kind = "spearman"
"""
    example_data = {
        "wait": [5, 4, 4, 5, 3, None, 2, 5, 1, 3],
        "price": [3, 4, 2, 5, 3, 4, 2, 1, 2, 3],
        "overall": [5, 4, 3, 5, 3, 4, 2, 4, 1, 3],
    }

    def run(self, table: Table, config: CorrelationsConfig) -> Result:
        """One line for each pair, in the order of the items."""
        found = _found(table, config)
        rows = tuple(
            {
                "one": table.title(one.pair[0]),
                "two": table.title(one.pair[1]),
                "n": one.n,
                "effective_n": one.effective_n,
                "r": one.value,
                "low": one.low,
                "high": one.high,
                "statistic": one.statistic,
                "df": one.df,
                "p": one.p,
            }
            for one in found
        )
        shown = ResultTable("correlations", self.label, HEADINGS, rows)
        noted = cautions(*(one.warnings for one in found))
        return Result(table.rows, (shown,), sentence=_sentence(rows), warnings=noted)


def _sentence(rows: Sequence[Mapping[str, Any]]) -> Label:
    """The strongest pair among those that are more than chance."""
    clear = [row for row in rows if row["p"] is not None and row["p"] < LEVEL]
    if not clear:
        return Label("没有显著相关的一对。", "No pair is related significantly.")
    top = max(clear, key=lambda row: abs(row["r"]))
    one, two, r = top["one"], top["two"], told(top["r"], top["low"], top["high"], top["n"])
    return Label(
        f"关系最强的是“{one.zh}”与“{two.zh}”:r = {r.zh};{len(rows)} 对中 {len(clear)} 对显著。",
        f"“{one.en}” and “{two.en}” go together most: r = {r.en}; {len(clear)} of {len(rows)} pairs are "
        "significant.",
    )


def _found(table: Table, config: CorrelationsConfig) -> list[Correlation]:
    if config.kind == "kendall":
        require_unweighted(table)
    weights = weights_if_any(table)
    if not config.given:
        values = table.matrix(config.items)
        return list(
            correlations(values, config.items, kind=config.kind, missing=config.missing, weights=weights)
        )
    kind: Literal["pearson", "spearman"] = "spearman" if config.kind == "spearman" else "pearson"
    pairs = [(one, two) for place, one in enumerate(config.items) for two in config.items[place + 1 :]]
    return [
        partial(
            table.matrix([*pair, *config.given]), (*pair, *config.given), pair, kind=kind, weights=weights
        )
        for pair in pairs
    ]
