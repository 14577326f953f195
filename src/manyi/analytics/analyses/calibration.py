"""Weights calibrated to known totals, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import calibrated, problem_of_totals
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import plain
from manyi.kernel.labels import Label
from manyi.measures.design.calibration import trimmed
from manyi.measures.design.sample import SurveyDesign, simple_design
from manyi.measures.weighting import kish_effect

MARGINS = headings(
    ("variable", "变量", "Variable", "text"),
    ("value", "取值", "Value", "text"),
    ("n", "n", "n", "count"),
    ("before", "校准前", "Before", "number"),
    ("after", "校准后", "After", "number"),
    ("target", "已知总数", "Known total", "number"),
)
SUMMARY = headings(
    ("step", "步骤", "Step", "text"),
    ("sum", "权重之和", "Sum of weights", "number"),
    ("least", "最小权重", "Least weight", "number"),
    ("most", "最大权重", "Largest weight", "number"),
    ("deff", "加权设计效应", "Design effect of weights", "number"),
    ("effective_n", "有效样本量", "Effective n", "number"),
)


@dataclass(frozen=True, slots=True)
class CalibrationConfig:
    """Known totals: ``margins`` (column, value, total), or ``totals`` of numbers; limits of the weights."""

    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    totals: Mapping[str, float] = field(default_factory=dict)
    population: float | None = None
    bounds: tuple[float, ...] = ()
    upper: float | None = None
    lower: float = 0.0

    def problem(self) -> tuple[str, Label] | None:
        """No totals, both kinds, or bounds that are none."""
        if bool(self.margins) == bool(self.totals):
            words = "请给 margins 或 totals 之一。", "Give either margins or totals."
            return "margins", Label(*words)
        return problem_of_totals(self)


@ANALYSES.register
class Calibration(Analysis):
    """Make the sample agree with what is known."""

    id = "calibration"
    label = Label("权重校准", "Calibration of weights")
    group = "samples"
    question = Label("样本怎样与已知总数一致?代价多大?", "How is the sample made to agree with known totals?")
    method = Label(
        "margins:迭代比例拟合(rake),一列即事后分层,误差 1e-10;totals:线性校准(Deville 与 Särndal 1992),"
        "bounds 限制权重比;最后按 lower、upper 截尾。",
        "margins: iterative proportional fitting to 1e-10, one column being post-stratification; totals: "
        "linear calibration (Deville and Särndal 1992), bounds limit the ratios; "
        "then trimming to lower and upper.",
    )
    caution = Label(
        "设计效应超过 2 时,有效样本不到一半:合并类别或截尾。截尾后已知总数不再精确成立。",
        "Beyond a design effect of 2 half of the sample is lost: merge values or trim. Trimmed weights no "
        "longer meet the totals exactly.",
    )
    config = CalibrationConfig
    example = """
method = "calibration"

[config.margins.region]
north = 600
south = 400

[config.margins.channel]
app = 550
shop = 450
"""
    example_data = {
        "region": ["north", "north", "south", "south", "north", "south", "north", "south"],
        "channel": ["app", "shop", "app", "shop", "app", "app", "shop", "shop"],
    }

    def run(self, table: Table, config: CalibrationConfig) -> Result:
        """The weights before and after, against the known totals."""
        before = simple_design(table.rows, table.weights())
        design = calibrated(table, before, config)
        steps = [(Label("校准前", "Before"), before), (Label("校准后", "After"), design)]
        if config.upper is not None or config.lower > 0:
            upper = np.inf if config.upper is None else config.upper
            design = trimmed(design, lower=config.lower, upper=upper)
            steps.append((Label("截尾后", "Trimmed"), design))
        rows = tuple(_summary(name, each.weights) for name, each in steps)
        tables = (
            ResultTable("summary", Label("权重", "Weights"), SUMMARY, rows),
            ResultTable("margins", Label("总数", "Totals"), MARGINS, _margins(table, before, design, config)),
        )
        return Result(table.rows, tables, sentence=_sentence(rows))


def _sentence(rows: Sequence[Mapping[str, Any]]) -> Label:
    """What the last step leaves, and what it costs."""
    last, step = rows[-1], rows[-1]["step"]
    whole, deff, effective = plain(last["sum"]), f"{last['deff']:.2f}", plain(last["effective_n"])
    before = plain(rows[0]["effective_n"])
    return Label(
        f"{step.zh}:权重之和 {whole},设计效应 {deff},有效样本量 {effective}(校准前 {before})。",
        f"{step.en}: the weights sum to {whole}, with a design effect of {deff} and an effective n of "
        f"{effective} ({before} before).",
    )


def _summary(step: Label, weights: Any) -> dict[str, Any]:
    effect = kish_effect(weights)
    ends = {"least": float(weights.min()), "most": float(weights.max()), "sum": float(weights.sum())}
    return {"step": step, **ends, "deff": effect, "effective_n": len(weights) / effect}


def _margins(
    table: Table, before: SurveyDesign, after: SurveyDesign, config: CalibrationConfig
) -> tuple[dict[str, Any], ...]:
    rows = []
    for name, targets in config.margins.items():
        texts = np.array(table.texts(name), dtype=object).astype(str)
        for value, target in targets.items():
            here = texts == value
            sums = {"before": float(before.weights[here].sum()), "after": float(after.weights[here].sum())}
            rows.append({"variable": name, "value": value, "n": int(here.sum()), **sums, "target": target})
    for name, target in config.totals.items():
        values = table.numbers(name)
        sums = {"before": float(before.weights @ values), "after": float(after.weights @ values)}
        rows.append({"variable": name, "value": "", "n": len(values), **sums, "target": target})
    return tuple(rows)
