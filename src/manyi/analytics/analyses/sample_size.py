"""How many answers are needed, how they are shared out over strata, and what margin each stratum gets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.kernel.labels import Label
from manyi.measures.allocation import (
    cost_optimal,
    equal,
    neyman,
    proportional,
    stratum_margins,
    variance_of_mean,
)
from manyi.measures.distributions import z_for
from manyi.measures.sampling import required_size

SIZE = headings(
    ("infinite", "不计总体的样本量", "Without population", "number"),
    ("corrected", "有限总体校正后", "With finite population", "number"),
    ("answers", "需要的回答", "Answers needed", "count"),
    ("invitations", "需要的邀请", "Invitations needed", "count"),
    ("reachable", "总体够用", "Population suffices", "flag"),
)
STRATA = headings(
    ("stratum", "层", "Stratum", "text"),
    ("members", "人数", "Members", "count"),
    ("sample", "样本", "Sample", "count"),
    ("margin", "预期误差 ±", "Expected margin ±", "share"),
)


MEAN = headings(
    ("allocation", "分配", "Allocation", "text"),
    ("standard_error", "均值标准误", "Standard error of the mean", "number"),
    ("margin", "均值误差 ±", "Margin of the mean ±", "number"),
)


@dataclass(frozen=True, slots=True)
class SampleSizeConfig:
    """The wanted margin, and strata with members, standard deviations and costs where these are known."""

    margin: float = 0.05
    population: int | None = None
    share: float = 0.5
    confidence: float = 0.95
    response_rate: float = 1.0
    invalid_rate: float = 0.0
    strata: Mapping[str, int] = field(default_factory=dict)
    allocation: Literal["proportional", "equal", "neyman", "cost"] = "proportional"
    deviations: Mapping[str, float] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)

    def problem(self) -> tuple[str, Label] | None:
        """What no formula can take."""
        try:
            size = _size(self)
            if self.strata:
                _allocated(self, size.answers)
        except ValueError as wrong:
            return "margin", Label(f"无法计算:{wrong}", f"This cannot be computed: {wrong}")
        return None


@ANALYSES.register
class SizeOfSample(Analysis):
    """How many to ask."""

    id = "sample_size"
    label = Label("样本量与分配", "Sample size and allocation")
    group = "samples"
    question = Label("要多少份回答,各层各多少?", "How many answers, and how many of each stratum?")
    method = Label(
        "n0 = z²p(1-p)/e²,有限总体校正(Cochran 4.1–4.4);分配:比例、均等、Neyman、按成本最优(5.5);"
        "误差按各层自己的样本;给出标准差时另算总体均值的标准误(5.6)。",
        "n0 = z²p(1-p)/e² with finite population correction (Cochran 4.1 to 4.4); allocation: proportional, "
        "equal, Neyman, optimal for cost (5.5); margins from the sample of each stratum alone; with standard "
        "deviations the standard error of the stratified mean (5.6).",
    )
    caution = Label(
        "误差只含抽样误差:无回答、整群、加权都会使它变大。",
        "The margin holds sampling error only: silence, clusters and weights make it larger.",
    )
    config = SampleSizeConfig
    needs_data = False
    example = """
method = "sample_size"

[config]
margin = 0.05
population = 6194
response_rate = 0.35
allocation = "neyman"

[config.strata]
north = 4421
south = 755
west = 1018

[config.deviations]
north = 118
south = 106
west = 98
"""

    def run(self, table: Table, config: SampleSizeConfig) -> Result:
        """The size, and the strata where they are given."""
        size = _size(config)
        row = {heading.id: getattr(size, heading.id) for heading in SIZE}
        tables = [ResultTable("size", Label("样本量", "Sample size"), SIZE, (row,))]
        if config.strata:
            drawn = _allocated(config, size.answers)
            margins = stratum_margins(config.strata, drawn, share=config.share, confidence=config.confidence)
            rows: list[dict[str, Any]] = [
                {"stratum": name, "members": members, "sample": drawn[name], "margin": margins[name]}
                for name, members in config.strata.items()
            ]
            tables.append(ResultTable("strata", Label("各层", "Strata"), STRATA, tuple(rows)))
            if all(name in config.deviations for name, members in config.strata.items() if members):
                tables.append(_mean(config, drawn))
        sentence = Label(
            f"需要 {size.answers} 份回答,发出 {size.invitations} 份邀请。",
            f"{size.answers} answers are needed, hence {size.invitations} invitations.",
        )
        return Result(table.rows, tuple(tables), sentence=sentence)


def _mean(config: SampleSizeConfig, drawn: Mapping[str, int]) -> ResultTable:
    """How near the stratified mean comes, beside the proportional allocation of the same size."""
    named = {config.allocation: drawn, "proportional": proportional(config.strata, sum(drawn.values()))}
    rows = []
    for name, sample in named.items():
        error = math.sqrt(variance_of_mean(config.strata, config.deviations, sample))
        rows.append({"allocation": name, "standard_error": error, "margin": z_for(config.confidence) * error})
    return ResultTable("mean", Label("总体均值", "Mean of all strata"), MEAN, tuple(rows))


def _size(config: SampleSizeConfig) -> Any:
    population = sum(config.strata.values()) if config.strata else config.population
    return required_size(
        population,
        config.margin,
        share=config.share,
        confidence=config.confidence,
        response_rate=config.response_rate,
        invalid_rate=config.invalid_rate,
    )


def _allocated(config: SampleSizeConfig, size: int) -> dict[str, int]:
    if config.allocation == "neyman":
        return neyman(config.strata, size, config.deviations)
    if config.allocation == "cost":
        return cost_optimal(config.strata, size, config.deviations, config.costs)
    return (equal if config.allocation == "equal" else proportional)(config.strata, size)
