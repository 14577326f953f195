"""Cross tables with column shares, letters of significance, and the test of independence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Histogram, Table
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Heading, Result, ResultTable, headings
from manyi.kernel.labels import Label
from manyi.measures.categories import MOST
from manyi.measures.errors import NotComputable
from manyi.measures.letters import Adjust, letter_of, share_letters
from manyi.measures.tables import CrossTable, weighted_cross_table

TEST = headings(
    ("item", "变量", "Variable", "text"),
    ("n", "n", "n", "count"),
    ("effective_n", "有效样本量", "Effective n", "number"),
    ("chi2", "卡方", "Chi-squared", "number"),
    ("df", "自由度", "df", "count"),
    ("p", "p", "p", "p"),
    ("cramers_v", "Cramér's V", "Cramér's V", "number"),
    ("min_expected", "最小期望频数", "Least expected", "number"),
)


@dataclass(frozen=True, slots=True)
class CrossTablesConfig:
    """The items in rows, the variable in columns, and how letters are found."""

    items: tuple[str, ...]
    column: str
    adjust: Adjust = "bonferroni"
    level: float = 0.05


@ANALYSES.register
class CrossTables(Analysis):
    """How answers differ between groups."""

    id = "cross_tables"
    label = Label("交叉表", "Cross tables")
    group = "tables"
    question = Label("各组的回答有没有差别?差在哪里?", "Do groups answer differently, and where?")
    method = Label(
        "列百分比;字母按 SPSS 定制表规则(合并比例的 z 检验,双侧,可用 Bonferroni);卡方、Cramér's V、"
        "调整残差。加权时按有效样本量(Kish)检验。",
        "Column shares; letters after SPSS Custom Tables (z test with pooled share, two-sided, Bonferroni or "
        "none); chi-squared, Cramér's V, adjusted residuals. With weights, tests rest on Kish's effective n.",
    )
    caution = Label(
        "期望频数小于 5 的表只看比例;整群抽样请用“独立性(设计型)”。",
        "With expected counts below 5 look at shares only; for cluster samples use the design-based test.",
    )
    config = CrossTablesConfig
    example = """
method = "cross_tables"

[config]
items = ["answer"]
column = "shop"
adjust = "none"
"""
    example_data = {
        "answer": ["yes"] * 18 + ["no"] * 6 + ["yes"] * 8 + ["no"] * 16,
        "shop": ["A"] * 24 + ["B"] * 24,
    }

    def run(self, table: Table, config: CrossTablesConfig) -> Result:
        """A table of shares for each item, and one with all tests."""
        found = table.histograms([(item, config.column) for item in config.items])
        tables, tests, warnings = [], [], []
        for item, each in zip(config.items, found, strict=True):
            _require_small(each, item)
            cross = weighted_cross_table(each.n, each.w, each.w2)
            tables.append(_shares(table, item, each, cross, config))
            tests.append({"item": item, **{h.id: getattr(cross, h.id) for h in TEST[1:]}})
            warnings += [warning_of(code) for code in cross.warnings]
        shown = ResultTable("tests", Label("独立性检验", "Tests of independence"), TEST, tuple(tests))
        return Result(table.rows, (*tables, shown), warnings=tuple(dict.fromkeys(warnings)))


def _require_small(found: Histogram, item: str) -> None:
    if not found.n.size or not found.n.sum():
        raise NotComputable("all_missing", column=item)
    if max(found.n.shape) > MOST:
        raise NotComputable("too_many_categories", column=item, n=max(found.n.shape), most=MOST)


def _shares(
    table: Table, item: str, found: Histogram, cross: CrossTable, config: CrossTablesConfig
) -> ResultTable:
    columns = found.levels[1]
    head = [*headings(("value", "取值", "Value", "text"), ("all", "全部", "All", "share"))]
    for place, level in enumerate(columns):
        letter = letter_of(place)
        names = Label(f"{level.title.zh} ({letter})", f"{level.title.en} ({letter})")
        head += [
            Heading(f"n_{level.code}", Label(f"{names.zh} n", f"{names.en} n"), "count"),
            Heading(f"share_{level.code}", names, "share"),
            Heading(f"letters_{level.code}", Label(f"{letter} 大于", f"{letter} above"), "letters"),
            Heading(f"residual_{level.code}", Label(f"{letter} 残差", f"{letter} residual"), "number"),
        ]
    return ResultTable(item, table.title(item), tuple(head), tuple(_rows(found, cross, config)))


def _rows(found: Histogram, cross: CrossTable, config: CrossTablesConfig) -> list[dict[str, Any]]:
    bases = cross.column_bases.tolist()
    whole, rows = float(cross.weighted.sum()), []
    for place, level in enumerate(found.levels[0]):
        shares = [
            share if base else 0.0 for share, base in zip(cross.column_shares[place], bases, strict=True)
        ]
        letters = share_letters(shares, bases, adjust=config.adjust, level=config.level)
        line: dict[str, Any] = {"value": level.title, "all": float(cross.weighted[place].sum()) / whole}
        for at, column in enumerate(found.levels[1]):
            line[f"n_{column.code}"] = int(cross.counts[place, at])
            line[f"share_{column.code}"] = float(shares[at]) if bases[at] else None
            line[f"letters_{column.code}"] = letters.letters[at]
            line[f"residual_{column.code}"] = float(cross.residuals[place, at])
        rows.append(line)
    return rows
