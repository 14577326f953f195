"""Regression, linear or logit, under a sample design."""

from __future__ import annotations

import math
from dataclasses import dataclass

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import DesignConfig, design_on, domain_of, with_design
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import effect_sentence
from manyi.kernel.labels import Label
from manyi.measures.design.models import Family, regression

HEADINGS = headings(
    ("term", "项", "Term", "text"),
    ("estimate", "系数", "Coefficient", "number"),
    ("standard_error", "标准误", "Standard error", "number"),
    ("t", "t", "t", "number"),
    ("p", "p", "p", "p"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignRegressionConfig(DesignConfig):
    """The outcome, its drivers, and the form."""

    outcome: str
    drivers: tuple[str, ...]
    family: Family = "linear"


@ANALYSES.register
class DesignRegression(Analysis):
    """What goes with the outcome, with errors of the sample as it was drawn."""

    id = "design_regression"
    label = Label("回归(设计型)", "Regression (design-based)")
    group = "estimation"
    question = Label("结果随哪些因素变化?", "What does the outcome go with?")
    method = with_design(
        Label(
            "加权最小二乘或 logit(结果为 0/1),线性化标准误(Binder 1983);任一列缺失的行不用。",
            "Weighted least squares, or logit of a 0/1 outcome, with linearised errors (Binder 1983); rows "
            "in which one is missing are left out.",
        )
    )
    caution = Label(
        "相关不等于因果;自由度为群数减层数,群少时驱动因素也要少。",
        "It shows what goes together, not what causes; clusters less strata limit the number of drivers.",
    )
    config = DesignRegressionConfig
    example = """
method = "design_regression"

[config]
outcome = "overall"
drivers = ["wait", "price"]
"""
    example_data = {
        "overall": [5, 4, 5, 3, 2, 4, 3, 5, 1, 4, 2, 5],
        "wait": [5, 4, 4, 3, 2, 5, 3, 5, 1, 3, 3, 4],
        "price": [4, 3, 5, 3, 3, 2, 4, 5, 2, 4, 1, 5],
    }

    def run(self, table: Table, config: DesignRegressionConfig) -> Result:
        """One line for each coefficient."""
        found = regression(
            design_on(table, config),
            table.numbers(config.outcome),
            [table.numbers(name) for name in config.drivers],
            names=config.drivers,
            family=config.family,
            where=domain_of(table, config),
            column=config.outcome,
            confidence=config.confidence,
        )
        rows = tuple({h.id: getattr(each, h.id) for h in HEADINGS} for each in found.coefficients)
        told = f"n = {found.used} / {found.n}, df = {found.df:g}"
        shown = ResultTable("coefficients", self.label, HEADINGS, rows, (Label(told, told),))
        lines = [
            {"title": table.title(row["term"]), "b": row["estimate"], "error": row["standard_error"], **row}
            for row in rows
            if row["term"] in config.drivers
        ]
        if config.family != "linear":
            lines = [{**line, "odds": math.exp(line["b"])} for line in lines]
        ratio = "" if config.family == "linear" else "odds"
        sentence = effect_sentence(lines, table.title(config.outcome), ratio=ratio)
        warnings = tuple(warning_of(code) for code in found.warnings)
        return Result(table.rows, (shown,), sentence=sentence, warnings=warnings)
