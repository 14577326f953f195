"""The bootstrap interval of a mean, median, or standard deviation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import estimates_sentence
from manyi.kernel.labels import Label
from manyi.measures.bootstrap import BootstrapMethod, bootstrap
from manyi.measures.columns import Floats
from manyi.measures.errors import NotComputable

HEADINGS = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
    ("n", "n", "n", "count"),
    ("value", "估计值", "Estimate", "number"),
    ("standard_error", "标准误", "Standard error", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("replicates", "重抽次数", "Resamples", "count"),
    ("seed", "种子", "Seed", "count"),
)
#: Beyond so many values the jackknife behind BCa takes longer than a reader waits.
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class BootstrapConfig:
    """The numbers, the statistic, and how it is resampled."""

    items: tuple[str, ...]
    statistic: Literal["mean", "median", "sd"] = "mean"
    method: BootstrapMethod = "bca"
    replicates: int = 2000
    seed: int = 1
    confidence: float = 0.95

    def problem(self) -> tuple[str, Label] | None:
        """Too few resamples, or too many."""
        if not 100 <= self.replicates <= 20_000:
            words = "重抽次数在 100 与 20000 之间。", "Between 100 and 20,000 resamples."
            return "replicates", Label(*words)
        return None


@ANALYSES.register
class BootstrapInterval(Analysis):
    """An interval without a formula."""

    id = "bootstrap"
    label = Label("自助法区间", "Bootstrap interval")
    group = "estimation"
    question = Label("分布很偏时,估计有多可靠?", "How sure is an estimate when answers are skewed?")
    method = Label(
        "有放回地重抽各行(给定种子,可重现);percentile,或 BCa(Efron 1987,校正偏差与偏斜)。不加权。",
        "Rows are drawn again with replacement from a seed; percentile, or BCa (Efron 1987, corrected for "
        "bias and skewness). Weights are not used.",
    )
    caution = Label(
        "不足 20 个值时,自助法区间偏窄;整群或加权样本请用重复权重估计。",
        "Below 20 values the interval is too narrow; for clusters or weights take replicate weights.",
    )
    config = BootstrapConfig
    example = """
method = "bootstrap"

[config]
items = ["minutes"]
statistic = "median"
replicates = 500
seed = 7
"""
    example_data = {"minutes": [12, 45, 30, 22, 75, 18, 41, 33, 27, 60, 15, 38, 52, 24, 29, 48]}

    def run(self, table: Table, config: BootstrapConfig) -> Result:
        """One line for each number."""
        if table.weighted:
            raise NotComputable("design", what="bootstrap", detail="weight")
        rows = []
        for name in config.items:
            values = table.numbers(name)
            kept = values[~np.isnan(values)]
            if len(kept) > MOST_ROWS:
                raise NotComputable("design", what="bootstrap", detail=f"n = {len(kept)} > {MOST_ROWS}")
            found = bootstrap(
                kept,
                STATISTICS[config.statistic],
                seed=config.seed,
                replicates=config.replicates,
                confidence=config.confidence,
                method=config.method,
            )
            cells = {heading.id: getattr(found, heading.id) for heading in HEADINGS[2:]}
            rows.append({"item": name, "title": table.title(name), **cells})
        shown = ResultTable("bootstrap", self.label, HEADINGS, tuple(rows))
        title, kind = rows[0]["title"], KINDS[config.statistic]
        what = Label(f"“{title.zh}”的{kind.zh}", f"The {kind.en} of “{title.en}”")
        first = {**rows[0], "valid_n": rows[0]["n"]}
        return Result(table.rows, (shown,), sentence=estimates_sentence([first], what))


def _mean(rows: Floats) -> float:
    return float(rows.mean())


def _median(rows: Floats) -> float:
    return float(np.median(rows))


def _deviation(rows: Floats) -> float:
    return float(rows.std(ddof=1))


KINDS = {
    "mean": Label("均值", "mean"),
    "median": Label("中位数", "median"),
    "sd": Label("标准差", "standard deviation"),
}
STATISTICS = {"mean": _mean, "median": _median, "sd": _deviation}
