"""Quantiles, the median among them, under a sample design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
from manyi.analytics.results import Heading, Result, ResultTable
from manyi.analytics.sentences import estimates_sentence
from manyi.kernel.labels import Label
from manyi.measures.design.quantiles import quantile

LEVEL = Heading("level", Label("分位", "Level"), "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantilesConfig(DesignConfig):
    """The numbers, the levels (0 to 1), and groups to tell apart."""

    items: tuple[str, ...]
    levels: tuple[float, ...] = (0.25, 0.5, 0.75)
    by: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """Levels outside 0 to 1."""
        if not all(0 < level < 1 for level in self.levels):
            return "levels", Label("分位在 0 与 1 之间。", "Levels lie between 0 and 1.")
        return DesignConfig.problem(self)


@ANALYSES.register
class DesignQuantiles(Analysis):
    """The values below which given parts of the population lie."""

    id = "design_quantiles"
    label = Label("设计型分位数", "Design-based quantiles")
    group = "estimation"
    question = Label("一半(或任一比例)顾客低于什么值?", "Below which value does half of the population lie?")
    method = with_design(
        Label(
            "加权分布函数首次达到该分位的值;区间按 Woodruff(1952)。",
            "The first value at which the weighted distribution reaches the level; interval by "
            "Woodruff (1952).",
        )
    )
    caution = Label(
        "取值很少的量表(如 1 至 5 分)上,分位数跳动大,请看比例。",
        "On scales of few values (1 to 5) quantiles jump; look at shares instead.",
    )
    config = QuantilesConfig
    example = """
method = "design_quantiles"

[config]
items = ["minutes"]
levels = [0.5, 0.9]
"""
    example_data = {"minutes": [12, 45, 30, 22, 75, 18, 41, 33, 27, 60, 15, 38, 52, 24, 29, 48]}

    def run(self, table: Table, config: QuantilesConfig) -> Result:
        """One line for each variable and level, and for each group of it."""
        design, domain = design_on(table, config), domain_of(table, config)
        rows: list[dict[str, Any]] = []
        for name in config.items:
            values = table.numbers(name)
            for level in config.levels:
                lines = estimate_rows(
                    table,
                    name,
                    config.by,
                    lambda where, values=values, level=level, name=name: quantile(  # type: ignore[misc]
                        design, values, level, where=where, column=name, confidence=config.confidence
                    ),
                    domain,
                )
                rows += [{**line, "level": level} for line in lines]
        head = estimate_headings("number", bool(config.by))
        shown_as = Label("分位数", "Quantiles")
        shown = ResultTable("quantiles", shown_as, (*head[:2], LEVEL, *head[2:]), tuple(rows))
        title, share = table.title(config.items[0]), f"{config.levels[0]:.0%}"
        kind = Label(f" {share} 分位数", f"{share} quantile")
        kind = Label("中位数", "median") if config.levels[0] == 0.5 else kind
        what = Label(f"“{title.zh}”的{kind.zh}", f"The {kind.en} of “{title.en}”")
        first = [row for row in rows if row["level"] == config.levels[0]]
        told = estimates_sentence(first, what)
        return Result(table.rows, (shown,), sentence=told, warnings=warnings_of(rows))
