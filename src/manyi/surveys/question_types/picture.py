"""Choice of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.choices import check_many, check_one, flag_columns, limits_problem, ticked
from manyi.surveys.columns import Column, code_column, codes_of
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, Form, QuestionType, one
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class PictureConfig:
    """Whether several may be chosen, and then how many."""

    many: bool = False
    at_least: int = 0
    at_most: int | None = None

    def problem(self) -> tuple[str, Label] | None:
        """A lower limit above the upper one."""
        return limits_problem(self.at_least, self.at_most)


@TYPES.register
class PictureChoice(QuestionType):
    """Options that are pictures with words; stored as a code, or as a list where many may be chosen.

    The words are what a blind respondent, a printed form and an interviewer have, so they are always there.
    """

    id = "picture"
    label = Label("图片选择题", "Picture choice")
    config = PictureConfig
    layout = "plain"
    measures = ("distribution", "share", "crosstab")
    uses_options = True
    least_options = 2
    example = """
code = "lounge"
type = "picture"
title = "您更喜欢哪种休息区?"
title_en = "Which lounge do you like better?"
options = [
    { code = "sofa", title = "沙发区", title_en = "Sofas", image = "sofa" },
    { code = "desk", title = "办公区", title_en = "Desks", image = "desk" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The pictures, one or many of which are chosen."""
        config = PictureConfig(**question.config)
        limits = {"least": config.at_least, "most": config.at_most}
        return (
            Part(
                "many" if config.many else "one", options=question.options, look="pictures", settings=limits
            ),
        )

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The chosen code, or all of them."""
        return ticked(form, name) if PictureConfig(**question.config).many else one(form, name)

    def check(self, question: Question, value: Any) -> Checked:
        """Known options, as many as may be chosen."""
        config = PictureConfig(**question.config)
        if config.many:
            return check_many(question, value, config.at_least, config.at_most)
        return check_one(question, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column, or one flag for each option."""
        if PictureConfig(**question.config).many:
            return flag_columns(question)
        return [code_column(question, codes_of(question))]

    def faults(self, question: Question) -> Iterator[Fault]:
        """An option without a picture."""
        for option in question.options:
            if not option.image:
                yield f"options.{option.code}.image", Label("请选择图片。", "Choose a picture.")
