"""Number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.numbers import check_number
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class NumberConfig:
    """The allowed range, the allowed decimal places, and the unit that is printed behind the field.

    ``total`` is what stands below the column when the number is a column of a table.
    """

    low: float | None = None
    high: float | None = None
    decimals: int = 0
    unit: str = ""
    total: Literal["", "sum", "avg", "min", "max", "count"] = ""

    def problem(self) -> tuple[str, Label] | None:
        """A range that runs backwards, or decimals that no number carries."""
        if self.low is not None and self.high is not None and self.low > self.high:
            return "high", Label("最大值不能小于最小值。", "The greatest must not be below the least.")
        if not 0 <= self.decimals <= 9:
            return "decimals", Label("小数位应在 0 到 9 之间。", "There are 0 to 9 decimals.")
        return None


@TYPES.register
class Number(QuestionType):
    """A number in a range; stored as a number, full-width digits understood."""

    id = "number"
    label = Label("数字题", "Number")
    config = NumberConfig
    layout = "plain"
    measures = ("mean", "correlation")
    fits_cells = True
    example = """
code = "wait"
type = "number"
title = "您等候了多少分钟?"
title_en = "How many minutes did you wait?"
[config]
low = 0
high = 600
unit = "分钟"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One number."""
        config = NumberConfig(**question.config)
        limits = {"low": config.low, "high": config.high, "unit": config.unit, "decimals": config.decimals}
        return (Part("number", settings=limits),)

    def check(self, question: Question, value: Any) -> Checked:
        """A number within the range and with no more decimals than allowed."""
        config = NumberConfig(**question.config)
        return check_number(value, config.low, config.high, config.decimals)

    def columns(self, question: Question) -> list[Column]:
        """One numeric column."""
        return [value_column(question, "number")]
