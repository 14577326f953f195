"""Means and totals with replicate weights: jackknife, bootstrap, half-samples, or columns of the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

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
from manyi.measures.design.estimates import Estimate, Flags
from manyi.measures.design.replicates import (
    Replicates,
    balanced,
    bootstrapped,
    given_replicates,
    jackknife,
    replicate_mean,
    replicate_ratio,
    replicate_total,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicatesConfig(DesignConfig):
    """The numbers, the statistic (``ratio``: of each item to ``denominator``), the kind of replicates.

    ``given`` takes ``columns`` of whole weights: the variance is ``scale`` × Σ of ``scales`` × (replicate -
    ``centre``)², the centre being the mean of the replicates or the ``value`` of the sample. ``fay`` is the
    part of its weight (0 to below 1) that a cluster left out of a balanced half-sample keeps.
    """

    items: tuple[str, ...]
    statistic: Literal["mean", "total", "ratio"] = "mean"
    denominator: str = ""
    by: str = ""
    kind: Literal["jkn", "jk1", "bootstrap", "balanced", "given"] = "jkn"
    replicates: int = 500
    seed: int = 1
    fay: float = 0.0
    columns: tuple[str, ...] = ()
    scale: float | None = None
    scales: tuple[float, ...] = ()
    centre: Literal["replicates", "value"] = "replicates"

    def problem(self) -> tuple[str, Label] | None:
        """What the kind or the statistic asks for and is not there, or does not fit."""
        if self.kind == "given" and (wrong := self._problem_of_given()):
            return wrong
        if (self.statistic == "ratio") != bool(self.denominator):
            words = "ratio 与 denominator 要一起写。", "A ratio and its denominator belong together."
            return "denominator", Label(*words)
        if not 0 <= self.fay < 1 or (self.fay and self.kind != "balanced"):
            words = (
                "fay 在 0 与 1 之间(不含 1),只用于 balanced。",
                "From 0 to below 1, of balanced only.",
            )
            return "fay", Label(*words)
        if not 2 <= self.replicates <= 10_000:
            return "replicates", Label("重复次数在 2 与 10000 之间。", "Between 2 and 10,000 replicates.")
        if self.margins or self.totals:
            words = (
                "重复权重不支持 margins 和 totals:请先校准每一列权重。",
                "Replicates take no margins or totals: calibrate every column of weights first.",
            )
            return "margins", Label(*words)
        return DesignConfig.problem(self)

    def _problem_of_given(self) -> tuple[str, Label] | None:
        if len(self.columns) < 2 or (self.scale is None and not self.scales):
            words = "given 需要 columns,以及 scale 或 scales。", "given needs columns, and scale or scales."
            return "columns", Label(*words)
        if self.scales and len(self.scales) != len(self.columns):
            words = "scales 每列一个。", "One of scales for every one of columns."
            return "scales", Label(*words)
        if min(self.scales, default=0.0) < 0 or (self.scale is not None and self.scale <= 0):
            return "scale", Label("scale 必须大于 0,scales 不能为负。", "Scales are not negative.")
        return None


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
            "balanced 为平衡半样本(可用 Fay 系数),given 用数据自带的权重列,方差为"
            " scale × Σ scales × (重复值 − 中心)²。",
            "jkn: jackknife in strata with correction of the first stage, jk1: without strata, bootstrap: "
            "Rao and Wu with a seed, balanced: half-samples (with Fay's factor on wish), given: weight "
            "columns of the data; their variance is scale × Σ scales × (replicate - centre)².",
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
        rows: list[dict[str, Any]] = []
        for name in config.items:
            estimate = partial(_estimate, table, config, found, name)
            rows += estimate_rows(table, name, config.by, estimate, domain)
        head = estimate_headings("number", bool(config.by))
        shown = ResultTable("estimates", self.label, head, tuple(rows))
        title, kind = table.title(config.items[0]), KINDS[config.statistic]
        what = Label(f"“{title.zh}”的{kind.zh}", f"The {kind.en} of “{title.en}”")
        if config.statistic == "ratio":
            other = table.title(config.denominator)
            what = Label(f"“{title.zh}”与“{other.zh}”之比", f"The ratio of “{title.en}” to “{other.en}”")
        told = estimates_sentence(rows, what)
        return Result(table.rows, (shown,), sentence=told, warnings=warnings_of(rows))


#: What is estimated, in words.
KINDS = {"mean": Label("均值", "mean"), "total": Label("总量", "total"), "ratio": Label("比", "ratio")}


def _estimate(
    table: Table, config: ReplicatesConfig, found: Replicates, name: str, where: Flags | None
) -> Estimate:
    """The chosen statistic of one variable for any rows."""
    values, level = table.numbers(name), config.confidence
    if config.statistic == "ratio":
        below = table.numbers(config.denominator)
        titled = f"{name} / {config.denominator}"
        return replicate_ratio(found, values, below, where=where, column=titled, confidence=level)
    estimate = replicate_mean if config.statistic == "mean" else replicate_total
    return estimate(found, values, where=where, column=name, confidence=level)


def _replicates(table: Table, config: ReplicatesConfig) -> Replicates:
    if config.kind == "given":
        return given_replicates(
            table.weights(),
            table.matrix(config.columns),
            scales=(1.0 if config.scale is None else config.scale) * np.array(config.scales or [1.0]),
            about_value=config.centre == "value",
        )
    design = design_on(table, config)
    if config.kind == "bootstrap":
        return bootstrapped(design, config.replicates, seed=config.seed)
    return balanced(design, config.fay) if config.kind == "balanced" else jackknife(design, config.kind)
