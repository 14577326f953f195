"""Whether groups differ in a number: analysis of variance, Welch, Kruskal-Wallis, and Tukey's pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import DesignConfig, categories, design_on, domain_of, with_design
from manyi.analytics.period_designs import designed
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import LEVEL, p_words, plain
from manyi.kernel.labels import Label
from manyi.measures.design.groups import group_means, ranked
from manyi.measures.errors import NotComputable
from manyi.measures.groups import GroupPair, GroupTest, anova, kruskal, tukey, welch

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
UNDER_DESIGN = (
    Label("设计型方差分析(Wald F)", "Design-based analysis of variance (Wald F)"),
    Label("设计型秩检验 F", "Design-based rank test F"),
)
Tested = tuple[list[dict[str, Any]], tuple[GroupPair, ...], list[Label]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTestsConfig(DesignConfig):
    """The number and the groups; with weights or a design the tests are design-based."""

    item: str
    by: str


@ANALYSES.register
class GroupTests(Analysis):
    """Do groups differ at all, and which pairs."""

    id = "group_tests"
    label = Label("组间差异检验", "Tests of group differences")
    group = "tables"
    question = Label("各组均值有没有差别,是哪两组?", "Do the groups differ, and which of them?")
    method = with_design(
        Label(
            "单因素方差分析、Welch(不假定方差相等)、Kruskal-Wallis(秩,校正结);两两比较用 Tukey-Kramer。"
            "有权重或抽样设计时:设计型 Wald F(同 R 的 svyglm 与 regTermTest)和"
            "设计型秩检验(Lumley 与 Scott 2013);此时各组均值方差不等且可能相关,Tukey 不成立,"
            "两两比较改用 Bonferroni 修正的设计型 t。",
            "One-way analysis of variance, Welch (unequal variances), Kruskal-Wallis (ranks, ties corrected);"
            " pairs by Tukey and Kramer. With weights or a design: Wald's F (as svyglm and regTermTest of R)"
            " and the rank test of Lumley and Scott (2013); means then differ in variance and may be"
            " correlated, which Tukey's range does not allow: pairs are design-based t after Bonferroni.",
        )
    )
    caution = Label(
        "样本很大时,微小差别也会显著,请同时看效应量;整群样本请写明群,否则 p 值偏小。",
        "In large samples tiny differences are significant: look at the effect; name the clusters of a "
        "clustered sample, or p is too small.",
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
        rows, pairs, warnings = (_under_design if designed(table, config) else _by_rows)(table, config)
        lines = tuple(_pair_line(pair, _names(table, config.by)) for pair in pairs)
        tables = (
            ResultTable("tests", self.label, TESTS, tuple(rows)),
            ResultTable("pairs", Label("两两比较", "Pairs"), PAIRS, lines),
        )
        told = _sentence(table, config, rows, lines)
        return Result(table.rows, tables, sentence=told, warnings=tuple(dict.fromkeys(warnings)))


def _sentence(
    table: Table,
    config: GroupTestsConfig,
    rows: Sequence[Mapping[str, Any]],
    pairs: Sequence[Mapping[str, Any]],
) -> Label:
    """Whether the means differ by the test that needs least (Welch's, by rows), and the clearest pair."""
    tried = [row for row in rows if row.get("p") is not None]
    if not tried:
        return Label("没有一项检验可以进行,原因见表。", "No test can be made; the table says why.")
    test = next((row for row in tried if row["test"] == NAMES[welch]), tried[0])
    title, behind = table.title(config.item), f"{test['test'].en}, {p_words(test['p'])}"
    if test["p"] >= LEVEL:
        zh, en = "各组均值没有显著差异", "means do not differ significantly between groups"
        return Label(f"“{title.zh}”{zh}({behind})。", f"“{title.en}”: {en} ({behind}).")
    clear = [pair for pair in pairs if pair["p"] is not None and pair["p"] < LEVEL]
    zh, en = f"“{title.zh}”各组均值差异显著({behind})", f"“{title.en}”: means differ significantly ({behind})"
    if clear:
        top = max(clear, key=lambda pair: abs(pair["difference"]))
        ends = top["second"], top["first"]
        high, low = ends if top["difference"] > 0 else reversed(ends)
        size = plain(abs(top["difference"]))
        zh += f";差得最多的是“{high.zh}”比“{low.zh}”高 {size}"
        en += f"; most, “{high.en}” is {size} above “{low.en}”"
    return Label(f"{zh}。", f"{en}.")


def _pair_line(pair: Any, names: Mapping[str, Label]) -> dict[str, Any]:
    figures = {heading.id: getattr(pair, heading.id) for heading in PAIRS[2:]}
    first, second = (names.get(each, Label(each, each)) for each in (pair.first, pair.second))
    return {"first": first, "second": second, **figures}


def _names(table: Table, by: str) -> dict[str, Label]:
    return {level.code: level.title for level in table.groups(by).levels}


def _by_rows(table: Table, config: GroupTestsConfig) -> Tested:
    """Every row counts once and was drawn alone."""
    values, found = table.numbers(config.item), categories(table, config.by)
    samples = {label: values[found.codes == code] for code, label in enumerate(found.labels)}
    tried = [_tried(name, partial(test, samples, config.item)) for test, name in NAMES.items()]
    rows = [line for line, _ in tried]
    warnings = [warning_of(code) for _, codes in tried for code in codes]
    return rows, tukey(samples, config.item, config.confidence), warnings


def _under_design(table: Table, config: GroupTestsConfig) -> Tested:
    """The groups are domains of one sample."""
    design, domain = design_on(table, config), domain_of(table, config)
    values, groups = table.numbers(config.item), categories(table, config.by)
    means = group_means(design, values, groups, where=domain, column=config.item)
    within = groups.codes >= 0 if domain is None else domain & (groups.codes >= 0)
    ranks = ranked(design, values, where=within, column=config.item)
    by_rank = group_means(design, ranks, groups, where=domain, column=config.item)
    tests = zip(UNDER_DESIGN, (means.test, by_rank.test), strict=True)
    rows = [_tried(name, test)[0] for name, test in tests]
    return rows, means.pairs(config.confidence), [warning_of(code) for code in means.used.warnings]


def _tried(name: Label, test: Callable[[], GroupTest]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The line of a test and the codes of its warnings; with the reason where there is no test."""
    try:
        found = test()
    except NotComputable as reason:
        return {"test": name, "note": reason.label}, ()
    figures = {heading.id: getattr(found, heading.id) for heading in TESTS[1:-1]}
    return {"test": name, **figures}, found.warnings
