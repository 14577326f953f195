"""Long text."""

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
class LongTextConfig:
    """How many characters fit."""

    at_most: int = 2000

    def problem(self) -> tuple[str, Label] | None:
        """A limit outside 1 to 20000."""
        return length_problem(self.at_most, 20_000)


@TYPES.register
class LongText(QuestionType):
    """Several lines of text: reasons, suggestions, praise."""

    id = "text_long"
    label = Label("问答题(多行)", "Long text")
    config = LongTextConfig
    layout = "plain"
    measures = ("words",)
    example = """
code = "why"
type = "text_long"
title = "请告诉我们原因"
title_en = "Please tell us why"
role = "reason"
visible_if = "{recommend} <= 6"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """Several lines."""
        return (Part("lines", settings={"most": LongTextConfig(**question.config).at_most}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A text that is not too long."""
        return check_text(value, LongTextConfig(**question.config).at_most)

    def columns(self, question: Question) -> list[Column]:
        """One column of text."""
        return [value_column(question, "text")]
