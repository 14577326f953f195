"""Value from the link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.texts import check_text, length_problem
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class HiddenConfig:
    """The name of the link's parameter (empty: the question's code), and how many characters fit."""

    parameter: str = ""
    at_most: int = 200

    def problem(self) -> tuple[str, Label] | None:
        """A limit outside 1 to 1000."""
        return length_problem(self.at_most, 1000)


@TYPES.register
class Hidden(QuestionType):
    """A value that the link brings (``?store=E12``); nobody is asked, conditions can use it."""

    id = "hidden"
    label = Label("隐藏参数", "Value from the link")
    config = HiddenConfig
    layout = "plain"
    measures = ("distribution", "crosstab")
    asks = False
    example = """
code = "store"
type = "hidden"
title = "门店编号"
title_en = "Number of the shop"
"""

    def silent(self, question: Question) -> bool:
        """Always."""
        return True

    def parts(self, question: Question) -> tuple[Part, ...]:
        """Nothing: the link brings the value, or nobody does."""
        return ()

    def check(self, question: Question, value: Any) -> Checked:
        """A text that is not too long."""
        return check_text(value, HiddenConfig(**question.config).at_most)

    def columns(self, question: Question) -> list[Column]:
        """One column of text."""
        return [value_column(question, "string")]


def parameter_of(question: Question) -> str:
    """The name of the link's parameter that fills a hidden question."""
    return str(question.config.get("parameter") or question.code)
