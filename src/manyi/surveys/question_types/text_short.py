"""Short text."""

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
class ShortTextConfig:
    """How many characters fit."""

    at_most: int = 200

    def problem(self) -> tuple[str, Label] | None:
        """A limit outside 1 to 1000."""
        return length_problem(self.at_most, 1000)


@TYPES.register
class ShortText(QuestionType):
    """One line of text."""

    id = "text_short"
    label = Label("填空题(单行)", "Short text")
    config = ShortTextConfig
    layout = "plain"
    measures = ("words",)
    fits_cells = True
    example = """
code = "plate"
type = "text_short"
title = "您的车型是?"
title_en = "Which model do you drive?"
[config]
at_most = 60
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One line."""
        return (Part("line", settings={"most": ShortTextConfig(**question.config).at_most}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A line that is not too long."""
        return check_text(value, ShortTextConfig(**question.config).at_most)

    def columns(self, question: Question) -> list[Column]:
        """One column of text."""
        return [value_column(question, "text")]
