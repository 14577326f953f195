"""Means, totals and variances under a sample design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
from manyi.measures.design.estimates import Estimate, Flags, mean, total, variance
from manyi.measures.design.sample import SurveyDesign


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatesConfig(DesignConfig):
    """The numbers, the statistic, and groups to tell apart."""

    items: tuple[str, ...]
    statistic: Literal["mean", "total", "variance"] = "mean"
    by: str = ""
    deff: Literal["population", "replace"] = "population"


@ANALYSES.register
class DesignEstimates(Analysis):
    """Estimates for the population with the error of the sample as it was drawn."""

    id = "design_estimates"
    label = Label("设计型估计", "Design-based estimates")
    group = "estimation"
    question = Label("总体的均值或总量是多少,误差多大?", "What is the mean or total, and how sure is it?")
    method = with_design(
        Label(
            "线性化方差(Särndal 等 1992):按阶段、按层计算群间差异,含有限总体校正;"
            "t 区间的自由度为群数减层数。",
            "Linearised variance (Särndal et al. 1992) between clusters within strata, stage by stage, with "
            "finite population correction; t interval on clusters less strata.",
        )
    )
    caution = Label(
        "群很少(自由度小于 10)时区间不稳;有缺失时总量会偏低;设计写错,误差也会错。",
        "With few clusters (below 10 degrees of freedom) intervals are unsteady; totals are too low when "
        "values are missing; a wrong design gives a wrong error.",
    )
    config = EstimatesConfig
    example = """
method = "design_estimates"

[config]
items = ["score"]
by = "channel"
strata = ["region"]
clusters = ["shop"]
populations = ["shops"]
"""
    example_data = {
        "score": [80, 72, 90, 85, 77, 88, 60, 75, 92, 81, None, 79],
        "channel": ["app", "shop", "app", "shop", "app", "shop"] * 2,
        "region": ["north"] * 6 + ["south"] * 6,
        "shop": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
        "shops": [20] * 6 + [12] * 6,
    }

    def run(self, table: Table, config: EstimatesConfig) -> Result:
        """One line for each variable, and for each group of it."""
        design, domain = design_on(table, config), domain_of(table, config)
        rows = []
        for name in config.items:
            rows += estimate_rows(table, name, config.by, _Estimator(table, design, config, name), domain)
        title = Label("估计", "Estimates")
        shown = ResultTable("estimates", title, estimate_headings("number", bool(config.by)), tuple(rows))
        title, kind = table.title(config.items[0]), KINDS[config.statistic]
        what = Label(f"“{title.zh}”的{kind.zh}", f"The {kind.en} of “{title.en}”")
        told = estimates_sentence(rows, what)
        return Result(table.rows, (shown,), sentence=told, warnings=warnings_of(rows))


#: What is estimated, in words.
KINDS = {
    "mean": Label("均值", "mean"),
    "total": Label("总量", "total"),
    "variance": Label("方差", "variance"),
}


@dataclass(frozen=True, slots=True)
class _Estimator:
    """The chosen statistic of one variable for any rows."""

    table: Table
    design: SurveyDesign
    config: EstimatesConfig
    name: str

    def __call__(self, where: Flags | None) -> Estimate:
        values = self.table.numbers(self.name)
        if self.config.statistic == "variance":
            level = self.config.confidence
            return variance(self.design, values, where=where, column=self.name, confidence=level)
        estimate = mean if self.config.statistic == "mean" else total
        return estimate(
            self.design,
            values,
            where=where,
            column=self.name,
            confidence=self.config.confidence,
            deff=self.config.deff,
        )
