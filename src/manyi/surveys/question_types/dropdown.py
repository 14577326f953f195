"""Choice from a folded list."""

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
class Dropdown(QuestionType):
    """One of many options, folded away until it is opened; stored as the option's code."""

    id = "dropdown"
    label = Label("下拉题", "Drop-down list")
    config = NoConfig
    layout = "plain"
    measures = ("distribution", "crosstab")
    uses_options = fits_cells = True
    least_options = 2
    example = """
code = "city"
type = "dropdown"
title = "您所在的城市?"
title_en = "Which city do you live in?"
options = [
    { code = "bj", title = "北京", title_en = "Beijing" },
    { code = "sh", title = "上海", title_en = "Shanghai" },
    { code = "gz", title = "广州", title_en = "Guangzhou" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The folded list."""
        return (Part("pick", options=question.options),)

    def check(self, question: Question, value: Any) -> Checked:
        """An option of this question."""
        return check_one(question, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, codes_of(question))]
