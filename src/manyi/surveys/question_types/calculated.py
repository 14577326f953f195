"""Calculated value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.numbers import decimal_of
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, Form, QuestionType
from manyi.surveys.texts import check_text
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class CalculatedConfig:
    """What is computed, whether respondents see it, and whether it is a number (rounded) or text."""

    expression: str = ""
    shown: bool = False
    decimals: int = 2
    result: Literal["number", "text"] = "number"

    def problem(self) -> tuple[str, Label] | None:
        """Decimals that no number carries."""
        if not 0 <= self.decimals <= 9:
            return "decimals", Label("小数位应在 0 到 9 之间。", "There are 0 to 9 decimals.")
        return None


@TYPES.register
class Calculated(QuestionType):
    """A value computed from other answers; stored like any answer, never typed."""

    id = "calculated"
    label = Label("计算题", "Calculated value")
    config = CalculatedConfig
    layout = "reading"
    measures = ("mean", "correlation")
    asks = False
    example = """
code = "twice"
type = "calculated"
title = "推荐意愿的两倍"
title_en = "Twice the recommendation"
[config]
expression = "{recommend} * 2"
shown = true
"""

    def computes(self, question: Question) -> str:
        """The configured expression."""
        expression = question.config.get("expression", "")
        return expression if isinstance(expression, str) else ""

    def silent(self, question: Question) -> bool:
        """Unless it is shown."""
        return not CalculatedConfig(**question.config).shown

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The value, which is only read."""
        return (Part("told"),)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """Nothing, whatever a form holds."""
        return None

    def check(self, question: Question, value: Any) -> Checked:
        """The value in its stored form; where nothing sensible came out there is none."""
        config = CalculatedConfig(**question.config)
        if config.result == "text":
            return Checked(check_text(str(value).lower() if isinstance(value, bool) else value, 5000).value)
        number = decimal_of(int(value) if isinstance(value, bool) else value)
        if number is None:
            return Checked(None)
        number = round(number, config.decimals)
        return Checked(int(number) if number == number.to_integral_value() else float(number))

    def columns(self, question: Question) -> list[Column]:
        """One column of numbers or text."""
        kind = CalculatedConfig(**question.config).result
        return [value_column(question, "number" if kind == "number" else "string")]

    def faults(self, question: Question) -> Iterator[Fault]:
        """Nothing to compute."""
        if not self.computes(question).strip():
            yield "config.expression", Label("请填写计算公式。", "Please give what is computed.")
