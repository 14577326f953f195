"""Constant sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.scales import exact
from manyi.surveys.columns import Column
from manyi.surveys.lines import check_lines
from manyi.surveys.numbers import check_number
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType, below
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class SumConfig:
    """What the parts must add up to, the allowed decimal places, and the unit that is printed behind them."""

    total: float = 100
    decimals: int = 0
    unit: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """A sum that is nothing."""
        if not 0 < self.total < 10**12:
            return "total", Label("总和应大于 0。", "The sum is more than 0.")
        if not 0 <= self.decimals <= 6:
            return "decimals", Label("小数位应在 0 到 6 之间。", "There are 0 to 6 decimals.")
        return None


@TYPES.register
class ConstantSum(QuestionType):
    """A sum divided among items; stored as a table from row code to number. An empty item counts as 0."""

    id = "sum"
    label = Label("比重题", "Constant sum")
    config = SumConfig
    layout = "plain"
    measures = ("mean", "correlation")
    uses_rows = True
    example = """
code = "weights"
type = "sum"
title = "请按重要程度分配 100 分"
title_en = "Please divide 100 points by importance"
rows = [
    { code = "price", title = "价格", title_en = "Price" },
    { code = "quality", title = "质量", title_en = "Quality" },
    { code = "service", title = "服务", title_en = "Service" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One number for each row."""
        config = SumConfig(**question.config)
        limits = {"low": 0, "high": config.total, "unit": config.unit, "share": True}
        return tuple(Part("number", row.code, row.title, settings=limits) for row in question.rows)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The number of every row that has one; rows stand as ``name.row``."""
        return below(form, name) or None

    def check(self, question: Question, value: Any) -> Checked:
        """Numbers that add up; as long as they do not, nothing is accepted."""
        config = SumConfig(**question.config)
        checked = check_lines(
            question.rows, value, lambda each: check_number(each, 0, config.total, config.decimals)
        )
        if checked.problem is not None or not isinstance(checked.value, Mapping):
            return checked
        reached = sum((exact(each) for each in checked.value.values()), Fraction())
        if reached == exact(config.total):
            return checked
        words = Label(
            f"各项合计应为 {config.total:g},现在是 {float(reached):g}。",
            f"The items must add up to {config.total:g}; now it is {float(reached):g}.",
        )
        return Checked(None, words)

    def columns(self, question: Question) -> list[Column]:
        """One numeric column for each row."""
        paths = ((f"{question.code}.{row.code}", row.title) for row in question.rows)
        return [Column(path, path, title, "number") for path, title in paths]
