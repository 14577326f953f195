"""Satisfied shares: top box, top two boxes, CSAT, and customer effort."""

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
    interval_words,
    warnings_of,
    with_design,
)
from manyi.analytics.results import Result, ResultTable
from manyi.kernel.labels import Label
from manyi.measures.design.estimates import Estimate, Flags
from manyi.measures.design.proportions import ShareMethod
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.design.scores import effort, top_box


@dataclass(frozen=True, slots=True, kw_only=True)
class TopBoxesConfig(DesignConfig):
    """The items, the least answer that counts as satisfied, and groups to tell apart."""

    items: tuple[str, ...]
    least: float = 4.0
    most: float = 5.0
    score: Literal["satisfied_share", "effort"] = "satisfied_share"
    by: str = ""
    interval: ShareMethod = "logit"

    def problem(self) -> tuple[str, Label] | None:
        """A least answer above the end of the scale."""
        if self.least > self.most:
            return "least", Label(
                "最低满意分不能高于量表上限。", "The least satisfied answer is beyond the scale."
            )
        return DesignConfig.problem(self)


@ANALYSES.register
class TopBoxes(Analysis):
    """The share of the satisfied, or the ease of getting things done."""

    id = "top_boxes"
    label = Label("满意率(CSAT)与费力度(CES)", "Satisfied share (CSAT) and effort (CES)")
    group = "scoring"
    question = Label("多少顾客满意?办事省力吗?", "How many are satisfied? Was it easy?")
    method = with_design(
        Label(
            "satisfied_share:回答不低于 least 的加权占比(5 分制取 4 即前两格);"
            "effort:加权平均(7 分制,越高越省力)。",
            "satisfied_share: weighted share of answers of least or more (4 of 5 is the top two boxes); "
            "effort: weighted mean of ease (1 to 7, higher is easier).",
        )
    )
    caution = Label(
        "不同量表或不同 least 的满意率不可比。",
        "Shares on different scales, or with a different least answer, do not compare.",
    )
    config = TopBoxesConfig
    example = """
method = "top_boxes"

[config]
items = ["wait", "price"]
least = 4
"""
    example_data = {"wait": [5, 4, 4, 5, 3, None, 2, 5, 4, 3], "price": [3, 4, 2, 5, 3, 4, 2, 1, 4, 4]}

    def run(self, table: Table, config: TopBoxesConfig) -> Result:
        """One line for each item, and for each group of it."""
        design, domain = design_on(table, config), domain_of(table, config)
        rows: list[dict[str, Any]] = []
        for name in config.items:
            rows += estimate_rows(table, name, config.by, _Score(table, design, config, name), domain)
        form: Literal["share", "number"] = "share" if config.score == "satisfied_share" else "number"
        shown = ResultTable("scores", self.label, estimate_headings(form, bool(config.by)), tuple(rows))
        return Result(table.rows, (shown,), sentence=_sentence(rows, form), warnings=warnings_of(rows))


@dataclass(frozen=True, slots=True)
class _Score:
    table: Table
    design: SurveyDesign
    config: TopBoxesConfig
    name: str

    def __call__(self, where: Flags | None) -> Estimate:
        answers, config = self.table.numbers(self.name), self.config
        common: dict[str, Any] = {"where": where, "column": self.name, "confidence": config.confidence}
        if config.score == "effort":
            return effort(self.design, answers, (min(1.0, config.least), config.most), **common)
        return top_box(self.design, answers, config.least, method=config.interval, **common)


def _sentence(rows: list[dict[str, Any]], form: str) -> Label:
    """The first item in words."""
    times, unit = (100, " %") if form == "share" else (1, "")
    first = rows[0]
    low, high = (None if first[end] is None else first[end] * times for end in ("low", "high"))
    told = f"{first['value'] * times:.1f}{unit}{interval_words(low, high)}"
    title = first["title"]
    return Label(f"“{title.zh}”为 {told}。", f"“{title.en}” is {told}.")
