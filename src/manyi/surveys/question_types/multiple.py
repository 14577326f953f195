"""Multiple choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.choices import check_many, flag_columns, limits_problem, ticked
from manyi.surveys.columns import Column
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class MultipleConfig:
    """How many options must and may be chosen; None for ``at_most`` is no limit."""

    at_least: int = 0
    at_most: int | None = None

    def problem(self) -> tuple[str, Label] | None:
        """A lower limit above the upper one."""
        return limits_problem(self.at_least, self.at_most)


@TYPES.register
class MultipleChoice(QuestionType):
    """Any of several options, some excluding the others; stored as a list of codes in option order."""

    id = "multiple"
    label = Label("多选题", "Multiple choice")
    config = MultipleConfig
    layout = "plain"
    measures = ("share", "crosstab")
    uses_options = fits_cells = True
    least_options = 2
    example = """
code = "heard"
type = "multiple"
title = "您从哪些渠道了解我们?"
title_en = "Where did you hear of us?"
options = [
    { code = "friend", title = "朋友介绍", title_en = "A friend" },
    { code = "web", title = "网络", title_en = "The web" },
    { code = "other", title = "其他", title_en = "Somewhere else", free = true },
    { code = "none", title = "都不是", title_en = "None of these", exclusive = true },
]
[config]
at_most = 2
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The options, any of which can be ticked."""
        config = MultipleConfig(**question.config)
        limits = {"least": config.at_least, "most": config.at_most}
        return (Part("many", options=question.options, settings=limits),)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """All ticked codes."""
        return ticked(form, name)

    def check(self, question: Question, value: Any) -> Checked:
        """Known options, an exclusive one only alone, within the limits; unknown ones are named."""
        config = MultipleConfig(**question.config)
        return check_many(question, value, config.at_least, config.at_most)

    def columns(self, question: Question) -> list[Column]:
        """One flag for each option."""
        return flag_columns(question)
