"""The Net Promoter Score, by group, with its variance named."""

from __future__ import annotations

from dataclasses import dataclass
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
    interval_words,
    warnings_of,
    with_design,
)
from manyi.analytics.results import Result, ResultTable, headings
from manyi.kernel.labels import Label
from manyi.measures.design.estimates import Estimate, Flags
from manyi.measures.design.scores import nps, nps_points
from manyi.measures.errors import NotComputable
from manyi.measures.indicators import NpsSums

SHARES = headings(
    ("promoters", "推荐者", "Promoters", "share"),
    ("passives", "被动者", "Passives", "share"),
    ("detractors", "贬损者", "Detractors", "share"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NpsConfig(DesignConfig):
    """The question (0 to 10), the form of the variance, and groups to tell apart."""

    item: str
    by: str = ""
    variance: Literal["survey", "population"] = "survey"

    def problem(self) -> tuple[str, Label] | None:
        """The population form knows no design."""
        if self.variance == "population" and (self.strata or self.clusters or self.margins or self.totals):
            words = "population 形式不能用于抽样设计。", "The population form is not for sample designs."
            return "variance", Label(*words)
        return DesignConfig.problem(self)


@ANALYSES.register
class Nps(Analysis):
    """Promoters less detractors."""

    id = "nps"
    label = Label("净推荐值 NPS", "Net Promoter Score")
    group = "scoring"
    question = Label("顾客愿意推荐我们吗?", "Would customers recommend us?")
    method = with_design(
        Label(
            "9、10 分记 +100,0 至 6 分记 -100,其余记 0,取加权平均。survey:设计方差(简单随机时即 n-1 式);"
            "population:(P+D-NPS²)/n,不加权时可用。",
            "9 and 10 count +100, 0 to 6 count -100, others 0; the weighted mean. survey: variance of the "
            "design (n - 1 form for simple samples); population: (P + D - NPS²)/n, without weights.",
        )
    )
    caution = Label(
        "不足 100 个回答时,NPS 的区间常宽于 ±15,不要逐月排名。",
        "Below 100 answers the interval is often wider than ±15; do not rank months by it.",
    )
    config = NpsConfig
    example = """
method = "nps"

[config]
item = "recommend"
by = "shop"
"""
    example_data = {
        "recommend": [10, 9, 8, 6, 10, 3, 7, 9, 10, 5, 9, 8, None, 10],
        "shop": ["A", "A", "A", "A", "A", "A", "A", "B", "B", "B", "B", "B", "B", "B"],
    }

    def run(self, table: Table, config: NpsConfig) -> Result:
        """One line for all, and one for each group."""
        if config.variance == "population" and table.weighted:
            raise NotComputable("design", what="variance", detail="population + weight")
        asked = _Asked(table, config)
        rows = estimate_rows(table, config.item, config.by, asked, asked.domain)
        for row, shares in zip(rows, asked.shares_of(rows), strict=True):
            row |= shares
        head = (*estimate_headings("points", bool(config.by)), *SHARES)
        title = Label("净推荐值", "Net Promoter Score")
        shown = ResultTable("nps", title, head, tuple(rows))
        first = rows[0]
        told = f"{first['value']:.1f}{interval_words(first['low'], first['high'])}"
        sentence = Label(f"净推荐值 {told}。", f"The Net Promoter Score is {told}.")
        return Result(table.rows, (shown,), sentence=sentence, warnings=warnings_of(rows))


class _Asked:
    """The score of any rows of the table."""

    def __init__(self, table: Table, config: NpsConfig) -> None:
        self.config, self.design = config, design_on(table, config)
        self.answers, self.domain = table.numbers(config.item), domain_of(table, config)
        self.points = nps_points(self.answers, config.item)
        self.shares: list[dict[str, Any]] = []

    def __call__(self, where: Flags | None) -> Estimate:
        config = self.config
        found = nps(self.design, self.answers, where=where, column=config.item, confidence=config.confidence)
        rows = ~np.isnan(self.points) if where is None else where & ~np.isnan(self.points)
        points, weights = self.points[rows], self.design.weights[rows]
        parts = {name: float(weights[points == at].sum() / weights.sum()) for name, at in _AT.items()}
        self.shares.append(parts)
        return found if config.variance == "survey" else _by_population(found, points, config.confidence)

    def shares_of(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The shares behind each row, empty for a group without a figure."""
        found = iter(self.shares)
        return [next(found) if "value" in row else {} for row in rows]


_AT = {"promoters": 100.0, "passives": 0.0, "detractors": -100.0}


def _by_population(found: Estimate, points: Any, confidence: float) -> Estimate:
    from dataclasses import replace

    n = len(points)
    sums = NpsSums(n, n, int((points == 100).sum()), int((points == -100).sum()))
    figure = sums.figure("nps", confidence)
    error = sums.standard_error()
    return replace(found, standard_error=error, low=figure.low, high=figure.high, method=figure.method)
