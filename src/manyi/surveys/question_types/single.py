"""Single choice."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.choices import check_one
from manyi.surveys.columns import Column, code_column, codes_of
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question


@TYPES.register
class SingleChoice(QuestionType):
    """One of several options, all in view; stored as the option's code."""

    id = "single"
    label = Label("单选题", "Single choice")
    config = NoConfig
    layout = "plain"
    measures = ("distribution", "crosstab")
    uses_options = fits_cells = True
    least_options = 2
    example = """
code = "visit"
type = "single"
title = "您本次到店的目的是?"
title_en = "Why did you visit us?"
options = [
    { code = "service", title = "保养维修", title_en = "Service" },
    { code = "buy", title = "看车购车", title_en = "Buying a car" },
    { code = "other", title = "其他", title_en = "Other", free = true },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The options."""
        return (Part("one", options=question.options),)

    def check(self, question: Question, value: Any) -> Checked:
        """An option of this question."""
        return check_one(question, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, codes_of(question))]
