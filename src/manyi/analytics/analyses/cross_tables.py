"""Cross tables with column shares, letters of significance, and the test of independence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Histogram, Table
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Heading, Result, ResultTable, headings
from manyi.analytics.sentences import p_words, percent
from manyi.kernel.labels import Label
from manyi.measures.categories import MOST
from manyi.measures.errors import NotComputable
from manyi.measures.letters import Adjust, letter_of, share_letters
from manyi.measures.tables import CrossTable, weighted_cross_table

TEST = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
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
            figures = {heading.id: getattr(cross, heading.id) for heading in TEST[2:]}
            tests.append({"item": item, "title": table.title(item), **figures})
            warnings += [warning_of(code) for code in cross.warnings]
        shown = ResultTable("tests", Label("独立性检验", "Tests of independence"), TEST, tuple(tests))
        told = _sentence(table, config, tests, found)
        return Result(table.rows, (*tables, shown), sentence=told, warnings=tuple(dict.fromkeys(warnings)))


def _sentence(
    table: Table,
    config: CrossTablesConfig,
    tests: Sequence[Mapping[str, Any]],
    found: Sequence[Histogram],
) -> Label:
    """In how many items groups differ, and where the clearest difference lies."""
    tried = [(test, each) for test, each in zip(tests, found, strict=True) if test["p"] is not None]
    if not tried:
        return Label(
            "要比较,至少要有两组和两种回答。",
            "A comparison needs two groups and two answers.",
        )
    by, clear = table.title(config.column), [each for each in tried if each[0]["p"] < config.level]
    test, counted = min(tried, key=lambda each: float(each[0]["p"]))
    title, p, n = test["title"], p_words(test["p"]), f"n = {test['n']:,}"
    if not clear:
        return Label(
            f"按“{by.zh}”分的各组,回答没有显著差异(“{title.zh}”:{p},{n})。",
            f"Answers do not differ significantly by “{by.en}” (“{title.en}”: {p}, {n}).",
        )
    zh = f"按“{by.zh}”分的各组,“{title.zh}”的回答差异显著({p},{n})"
    en = f"Answers to “{title.en}” differ significantly by “{by.en}” ({p}, {n})"
    value, high, low = _widest(counted)
    zh += f";差得最多的是“{value.zh}”:{high.zh},{low.zh}"
    en += f"; most in “{value.en}”: {high.en}, {low.en}"
    if len(tried) > 1:
        zh += f";{len(tried)} 项中 {len(clear)} 项有差异"
        en += f"; {len(clear)} of {len(tried)} items differ"
    return Label(f"{zh}。", f"{en}.")


def _widest(found: Histogram) -> tuple[Label, Label, Label]:
    """The answer whose shares lie farthest apart, with the groups that have most and least of it."""
    held = np.flatnonzero(found.w.sum(axis=0) > 0)
    shares = found.w[:, held] / found.w[:, held].sum(axis=0)
    row = int(np.ptp(shares, axis=1).argmax())
    ends = (int(shares[row].argmax()), int(shares[row].argmin()))
    most, least = (_share(found.levels[1][held[end]].title, float(shares[row, end])) for end in ends)
    return found.levels[0][row].title, most, least


def _share(group: Label, share: float) -> Label:
    return Label(f"{group.zh} {percent(share)}", f"{group.en} {percent(share)}")


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
            Heading(f"share_{level.code}", names, "share"),
            Heading(f"n_{level.code}", Label(f"{letter} n", f"{letter} n"), "count"),
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
