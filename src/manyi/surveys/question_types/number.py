"""Number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class NumberConfig:
    """The allowed range, the allowed decimal places, and the unit that is printed behind the field."""

    low: float | None = None
    high: float | None = None
    decimals: int = 0
    unit: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """A range that runs backwards."""
        if self.low is not None and self.high is not None and self.low > self.high:
            return "high", Label("最大值不能小于最小值。", "The greatest must not be below the least.")
        return None


@TYPES.register
class Number(QuestionType):
    """A number in a range; stored as a number, full-width digits understood."""

    id = "number"
    label = Label("数字题", "Number")
    config = NumberConfig
    widget = "public/widgets/number.html"
    measures = ("mean", "correlation")
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

    def check(self, question: Question, value: Any) -> Checked:
        """A number within the range and with no more decimals than allowed."""
        config = NumberConfig(**question.config)
        number = _decimal(value)
        if number is None:
            return Checked(None, Label(f"“{value}”不是数字,请填写数字。", f"“{value}” is not a number."))
        if _outside(config, number):
            least = "" if config.low is None else f"{config.low:g}"
            most = "" if config.high is None else f"{config.high:g}"
            words = Label(
                f"请填写 {least} 到 {most} 之间的数字。", f"Please give a number from {least} to {most}."
            )
            return Checked(None, words)
        if number != round(number, config.decimals):
            words = Label(f"最多 {config.decimals} 位小数。", f"At most {config.decimals} decimals.")
            return Checked(None, words)
        return Checked(int(number) if number == number.to_integral_value() else float(number))

    def columns(self, question: Question) -> list[Column]:
        """One numeric column."""
        return [Column(question.code, question.code, question.title, "number")]


def _outside(config: NumberConfig, number: Decimal) -> bool:
    too_low = config.low is not None and number < Decimal(str(config.low))
    return too_low or (config.high is not None and number > Decimal(str(config.high)))


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(unicodedata.normalize("NFKC", str(value)).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None
