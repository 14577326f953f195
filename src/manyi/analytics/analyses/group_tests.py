"""Whether groups differ in a number: analysis of variance, Welch, Kruskal-Wallis, and Tukey's pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import categories
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Result, ResultTable, headings
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.groups import anova, kruskal, tukey, welch

TESTS = headings(
    ("test", "检验", "Test", "text"),
    ("statistic", "统计量", "Statistic", "number"),
    ("df1", "自由度 1", "df 1", "number"),
    ("df2", "自由度 2", "df 2", "number"),
    ("p", "p", "p", "p"),
    ("effect", "效应量", "Effect", "number"),
    ("n", "n", "n", "count"),
    ("note", "说明", "Note", "text"),
)
PAIRS = headings(
    ("first", "甲", "First", "text"),
    ("second", "乙", "Second", "text"),
    ("difference", "乙减甲", "Second - first", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("p", "调整后 p", "Adjusted p", "p"),
)
NAMES = {
    anova: Label("方差分析 F", "Analysis of variance F"),
    welch: Label("Welch F", "Welch F"),
    kruskal: Label("Kruskal-Wallis H", "Kruskal-Wallis H"),
}


@dataclass(frozen=True, slots=True)
class GroupTestsConfig:
    """The number and the groups."""

    item: str
    by: str
    confidence: float = 0.95


@ANALYSES.register
class GroupTests(Analysis):
    """Do groups differ at all, and which pairs."""

    id = "group_tests"
    label = Label("组间差异检验", "Tests of group differences")
    group = "tables"
    question = Label("各组均值有没有差别,是哪两组?", "Do the groups differ, and which of them?")
    method = Label(
        "单因素方差分析、Welch(不假定方差相等)、Kruskal-Wallis(秩,校正结);两两比较用 Tukey-Kramer。不加权。",
        "One-way analysis of variance, Welch (unequal variances), Kruskal-Wallis (ranks, ties corrected); "
        "pairs by Tukey and Kramer. Weights are not used.",
    )
    caution = Label(
        "样本很大时,微小差别也会显著,请同时看效应量;加权或整群样本请用设计型检验。",
        "In large samples tiny differences are significant: look at the effect; for weighted or clustered "
        "samples use the design-based test.",
    )
    config = GroupTestsConfig
    example = """
method = "group_tests"

[config]
item = "score"
by = "shop"
"""
    example_data = {
        "score": [5, 4, 5, 4, 5, 3, 3, 2, 3, 2, 4, 1, 4, 4, 3, 5, 4, 3],
        "shop": ["A"] * 6 + ["B"] * 6 + ["C"] * 6,
    }

    def run(self, table: Table, config: GroupTestsConfig) -> Result:
        """A table of tests and one of pairs."""
        if table.weighted:
            raise NotComputable("design", what="group_tests", detail="weight")
        values, found = table.numbers(config.item), categories(table, config.by)
        samples = {label: values[found.codes == code] for code, label in enumerate(found.labels)}
        rows, warnings = [], []
        for test, name in NAMES.items():
            line: dict[str, Any] = {"test": name}
            try:
                each = test(samples, config.item)
                line |= {h.id: getattr(each, h.id) for h in TESTS[1:-1]}
                warnings += [warning_of(code) for code in each.warnings]
            except NotComputable as reason:
                line |= {"note": reason.label}
            rows.append(line)
        pairs = tukey(samples, config.item, config.confidence)
        lines = tuple({h.id: getattr(pair, h.id) for h in PAIRS} for pair in pairs)
        tables = (
            ResultTable("tests", self.label, TESTS, tuple(rows)),
            ResultTable("pairs", Label("两两比较", "Pairs"), PAIRS, lines),
        )
        return Result(table.rows, tables, warnings=tuple(dict.fromkeys(warnings)))
