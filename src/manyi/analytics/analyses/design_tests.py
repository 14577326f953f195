"""Independence of two categories under a sample design (Rao and Scott)."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import DesignConfig, categories, design_on, domain_of, with_design
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import LEVEL, p_words
from manyi.kernel.labels import Label
from manyi.measures.design.comparisons import independence

HEADINGS = headings(
    ("n", "n", "n", "count"),
    ("f", "F", "F", "number"),
    ("df1", "自由度 1", "df 1", "number"),
    ("df2", "自由度 2", "df 2", "number"),
    ("p", "p", "p", "p"),
    ("chi2", "一阶校正卡方", "First-order chi-squared", "number"),
    ("df", "自由度", "df", "count"),
    ("chi2_p", "卡方 p", "Chi-squared p", "p"),
    ("cramers_v", "Cramér's V", "Cramér's V", "number"),
    ("mean_effect", "平均设计效应", "Mean design effect", "number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndependenceConfig(DesignConfig):
    """The two variables."""

    row: str
    column: str


@ANALYSES.register
class DesignIndependence(Analysis):
    """Whether two answers go together in the population."""

    id = "design_independence"
    label = Label("独立性检验(设计型)", "Independence (design-based)")
    group = "estimation"
    question = Label("在总体中,两种回答有没有关系?", "Do two answers go together in the population?")
    method = with_design(
        Label(
            "Rao-Scott(1984)二阶校正的 F 检验,另给一阶校正卡方。",
            "Rao and Scott's (1984) second-order F test, and the first-order chi-squared beside it.",
        )
    )
    caution = Label("群很少或单元格很空时不可靠。", "Not to be relied on with few clusters or empty cells.")
    config = IndependenceConfig
    example = """
method = "design_independence"

[config]
row = "answer"
column = "channel"
clusters = ["shop"]
"""
    example_data = {
        "answer": ["yes", "no", "yes", "yes", "no", "no", "yes", "no", "yes", "no", "yes", "no"],
        "channel": ["app", "app", "app", "shop", "shop", "shop"] * 2,
        "shop": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    }

    def run(self, table: Table, config: IndependenceConfig) -> Result:
        """One line."""
        found = independence(
            design_on(table, config),
            categories(table, config.row),
            categories(table, config.column),
            where=domain_of(table, config),
            column=f"{config.row} × {config.column}",
        )
        row = {heading.id: getattr(found, heading.id) for heading in HEADINGS}
        warnings = tuple(warning_of(code) for code in found.warnings)
        one, two, p = table.title(config.row), table.title(config.column), float(row["p"])
        zh, en = ("有", "are related") if p < LEVEL else ("没有", "are not related")
        told = Label(
            f"“{one.zh}”与“{two.zh}”{zh}显著关系({p_words(p)},n = {row['n']:,})。",
            f"“{one.en}” and “{two.en}” {en} significantly ({p_words(p)}, n = {row['n']:,}).",
        )
        shown = ResultTable("test", self.label, HEADINGS, (row,))
        return Result(table.rows, (shown,), sentence=told, warnings=warnings)
