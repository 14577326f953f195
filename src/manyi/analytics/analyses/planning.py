"""How many answers the next comparison needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.kernel.labels import Label
from manyi.measures.power import n_for_means, n_for_shares, power_of_means, power_of_shares

PLAN = headings(
    ("change", "要看出的变化", "Change to see", "number"),
    ("needed", "每期所需有效样本", "Valid answers in each window", "count"),
    ("n", "计划样本", "Planned answers", "count"),
    ("power", "按计划样本的检验功效", "Power of the plan", "share"),
)


@dataclass(frozen=True, slots=True)
class PlanningConfig:
    """A share ``before`` (0 to 1) or a mean, the ``change`` to see, and ``deviation`` of a mean's answers.

    ``n``: answers planned in each window, for which the power is told too (0: none).
    """

    change: float
    measure: Literal["share", "mean"] = "share"
    before: float = 0.8
    deviation: float = 0.0
    power: float = 0.8
    confidence: float = 0.95
    n: int = 0

    def problem(self) -> tuple[str, Label] | None:
        """Shares within 0 and 1, a deviation for means, sensible chances."""
        if not 0.05 < self.power < 1 or not 0.5 < self.confidence < 1:
            return "power", Label("功效和置信水平应在 0 与 1 之间。", "Power and confidence lie below 1.")
        if not self.change:
            return "change", Label("要看出的变化不能是 0。", "The change to see cannot be nought.")
        if self.measure == "share" and not (0 <= self.before <= 1 and 0 <= self.before + self.change <= 1):
            return "change", Label("前后满意率都要在 0 与 1 之间。", "Both shares lie between 0 and 1.")
        if self.measure == "mean" and not self.deviation > 0:
            return "deviation", Label("均值需要标准差。", "A mean needs its standard deviation.")
        if self.n and self.n < 2:
            return "n", Label("计划样本至少 2 份。", "Plan two answers at least.")
        return None


@ANALYSES.register
class Planning(Analysis):
    """Sample size and power of a before-and-after comparison."""

    id = "planning"
    label = Label("下次比较所需样本", "Size of the next comparison")
    group = "samples"
    question = Label("要看出这么大的变化,下次要收多少份?", "How many answers show a change of this size?")
    method = Label(
        "两个独立样本,双侧检验:满意率按 Fleiss(1981,与 R power.prop.test 同),均值按非中心 t(与 power.t.test "
        "同)。",
        "Two independent samples, two-sided: shares after Fleiss (1981; R's power.prop.test), means by the "
        "noncentral t (power.t.test).",
    )
    caution = Label(
        "按有效答卷计算,发放数要除以回收率;整群抽样还要乘设计效应。",
        "It counts valid answers: divide by the response rate for invitations; with clusters multiply by "
        "the design effect.",
    )
    config = PlanningConfig
    needs_data = False
    example = """
method = "planning"

[config]
measure = "share"
before = 0.8
change = 0.05
n = 500
"""

    def run(self, table: Table, config: PlanningConfig) -> Result:
        """Answers needed, and the power of the planned number."""
        how = {"confidence": config.confidence}
        if config.measure == "share":
            after = min(max(config.before + config.change, 0.0), 1.0)
            needed = n_for_shares(config.before, after, power=config.power, **how)
            chance = power_of_shares(config.before, after, config.n, config.n, **how) if config.n else None
        else:
            needed = n_for_means(config.change, config.deviation, power=config.power, **how)
            planned = config.n
            chance = (
                power_of_means(config.change, config.deviation, planned, planned, **how) if planned else None
            )
        row = {"change": config.change, "needed": needed, "n": config.n or None, "power": chance}
        sentence = Label(
            f"每期需要 {needed} 份有效答卷才有 {config.power:.0%} 的把握看出这一变化。",
            f"Each window needs {needed} valid answers to see this change with {config.power:.0%} chance.",
        )
        table_ = ResultTable("planning", self.label, PLAN, (row,))
        return Result(table.rows, (table_,), sentence=sentence)
