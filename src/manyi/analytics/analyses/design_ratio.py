"""The ratio of two totals under a sample design."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import (
    DesignConfig,
    design_on,
    domain_of,
    estimate_headings,
    estimate_rows,
    warnings_of,
    with_design,
)
from manyi.analytics.results import Result, ResultTable
from manyi.analytics.sentences import estimates_sentence
from manyi.kernel.labels import Label
from manyi.measures.design.estimates import ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioConfig(DesignConfig):
    """What is divided by what, and groups to tell apart."""

    numerator: str
    denominator: str
    by: str = ""


@ANALYSES.register
class DesignRatio(Analysis):
    """One total over another."""

    id = "design_ratio"
    label = Label("设计型比率", "Design-based ratio")
    group = "estimation"
    question = Label("两个总量之比是多少?", "What is one total over another?")
    method = with_design(
        Label(
            "两列都有值的行,加权总量相除;线性化方差。",
            "Weighted totals of the rows in which both are given, divided; linearised variance.",
        )
    )
    caution = Label(
        "分母的变异系数超过 0.2 时,比率估计有偏。",
        "When the denominator varies much (coefficient of variation above 0.2) a ratio is biased.",
    )
    config = RatioConfig
    example = """
method = "design_ratio"

[config]
numerator = "complaints"
denominator = "visits"
"""
    example_data = {"complaints": [2, 0, 3, 1, 4, 2, 0, 1], "visits": [40, 22, 61, 35, 70, 44, 18, 30]}

    def run(self, table: Table, config: RatioConfig) -> Result:
        """One line, and one for each group."""
        design, domain = design_on(table, config), domain_of(table, config)
        top, bottom = table.numbers(config.numerator), table.numbers(config.denominator)
        rows = estimate_rows(
            table,
            config.numerator,
            config.by,
            lambda where: ratio(
                design, top, bottom, where=where, column=config.denominator, confidence=config.confidence
            ),
            domain,
        )
        title = Label(
            f"{config.numerator} ÷ {config.denominator}", f"{config.numerator} ÷ {config.denominator}"
        )
        shown = ResultTable("ratio", title, estimate_headings("number", bool(config.by)), tuple(rows))
        one, two = table.title(config.numerator), table.title(config.denominator)
        what = Label(f"“{one.zh}”与“{two.zh}”之比", f"The ratio of “{one.en}” to “{two.en}”")
        told = estimates_sentence(rows, what)
        return Result(table.rows, (shown,), sentence=told, warnings=warnings_of(rows))
