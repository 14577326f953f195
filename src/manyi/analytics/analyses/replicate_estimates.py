"""Means and totals with replicate weights: jackknife, bootstrap, half-samples, or columns of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

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
from manyi.kernel.labels import Label
from manyi.measures.design.replicates import (
    Replicates,
    balanced,
    bootstrapped,
    given_replicates,
    jackknife,
    replicate_mean,
    replicate_total,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicatesConfig(DesignConfig):
    """The numbers, the kind of replicates; ``given`` takes columns of whole weights and their scale."""

    items: tuple[str, ...]
    statistic: Literal["mean", "total"] = "mean"
    by: str = ""
    kind: Literal["jkn", "jk1", "bootstrap", "balanced", "given"] = "jkn"
    replicates: int = 500
    seed: int = 1
    columns: tuple[str, ...] = ()
    scale: float | None = None

    def problem(self) -> tuple[str, Label] | None:
        """What the kind asks for and is not there."""
        if self.kind == "given" and (len(self.columns) < 2 or self.scale is None):
            words = "given 需要 columns 和 scale。", "given needs columns and scale."
            return "columns", Label(*words)
        if not 2 <= self.replicates <= 10_000:
            return "replicates", Label("重复次数在 2 与 10000 之间。", "Between 2 and 10,000 replicates.")
        if self.margins or self.confidence != 0.95:
            words = (
                "重复权重不支持 margins,区间为 95%。",
                "Replicates take no margins; intervals are at 95 %.",
            )
            return "margins", Label(*words)
        return DesignConfig.problem(self)


@ANALYSES.register
class ReplicateEstimates(Analysis):
    """The error of an estimate by making the sample again and again."""

    id = "replicate_estimates"
    label = Label("重复权重估计", "Estimates with replicate weights")
    group = "estimation"
    question = Label("用刀切或自助法,误差有多大?", "How large is the error by jackknife or bootstrap?")
    method = with_design(
        Label(
            "jkn 层内刀切(含第一阶段有限总体校正),jk1 无层刀切,bootstrap 为 Rao-Wu(给定种子),"
            "balanced 为平衡半样本,given 用数据自带的权重列。",
            "jkn: jackknife in strata with correction of the first stage, jk1: without strata, bootstrap: "
            "Rao and Wu with a seed, balanced: half-samples, given: weight columns of the data.",
        )
    )
    caution = Label(
        "自助法按放回抽样计算,不做有限总体校正;群很少时各法都不稳。",
        "The bootstrap takes no account of finite populations; with few clusters all of them are unsteady.",
    )
    config = ReplicatesConfig
    example = """
method = "replicate_estimates"

[config]
items = ["score"]
kind = "bootstrap"
replicates = 200
seed = 7
clusters = ["shop"]
"""
    example_data = {
        "score": [80, 72, 90, 85, 77, 88, 60, 75, 92, 81, None, 79],
        "shop": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    }

    def run(self, table: Table, config: ReplicatesConfig) -> Result:
        """One line for each number, and for each group of it."""
        found, domain = _replicates(table, config), domain_of(table, config)
        estimate = replicate_mean if config.statistic == "mean" else replicate_total
        rows: list[dict[str, Any]] = []
        for name in config.items:
            values = table.numbers(name)
            rows += estimate_rows(
                table,
                name,
                config.by,
                lambda where, values=values, name=name: estimate(  # type: ignore[misc]
                    found, values, where=where, column=name
                ),
                domain,
            )
        head = estimate_headings("number", bool(config.by))
        shown = ResultTable("estimates", self.label, head, tuple(rows))
        return Result(table.rows, (shown,), warnings=warnings_of(rows))


def _replicates(table: Table, config: ReplicatesConfig) -> Replicates:
    if config.kind == "given":
        assert config.scale is not None
        return given_replicates(table.weights(), table.matrix(config.columns), scales=config.scale)
    design = design_on(table, config)
    if config.kind == "bootstrap":
        return bootstrapped(design, config.replicates, seed=config.seed)
    return balanced(design) if config.kind == "balanced" else jackknife(design, config.kind)
