"""Single choice."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import code_of
from manyi.surveys.columns import Column, code_column
from manyi.surveys.question_types import TYPES, Checked, NoConfig, QuestionType, unknown_option
from manyi.surveys.tree import Question


@TYPES.register
class SingleChoice(QuestionType):
    """One of several options; stored as the option's code."""

    id = "single"
    label = Label("单选题", "Single choice")
    config = NoConfig
    widget = "public/widgets/single.html"
    measures = ("distribution", "crosstab")
    uses_options = True
    example = """
code = "visit"
type = "single"
title = "您本次到店的目的是?"
title_en = "Why did you visit us?"
options = [
    { code = "service", title = "保养维修", title_en = "Service" },
    { code = "buy", title = "看车购车", title_en = "Buying a car" },
]
"""

    def check(self, question: Question, value: Any) -> Checked:
        """An option of this question."""
        code = code_of(value) if isinstance(value, str | int | float) else ""
        return Checked(code) if question.option(code) else Checked(None, unknown_option(value))

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, tuple((o.code, o.title) for o in question.options))]
