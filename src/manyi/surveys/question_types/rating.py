"""Rating on a labelled scale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import code_of
from manyi.surveys.columns import Column, code_column
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Option, Question, Text

#: The answer “does not apply to me”: a code without points, so it counts as not answered when scored.
NOT_APPLICABLE = Option("na", Text("不适用", "Not applicable"))
_WHOLE = re.compile(r"-?[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class RatingConfig:
    """A scale from ``low`` to ``high`` and whether “not applicable” is offered."""

    low: int = 1
    high: int = 5
    not_applicable: bool = False

    def problem(self) -> tuple[str, Label] | None:
        """A scale with fewer than 2 or more than 11 steps."""
        if not 1 <= self.high - self.low <= 10:
            return "high", Label("量表应有 2 到 11 级。", "A scale has 2 to 11 steps.")
        return None


def steps(question: Question, scale: RatingConfig) -> tuple[Option, ...]:
    """The steps of a scale, with the labels that the question's options give them."""
    labelled = {option.code: option.title for option in question.options}
    codes = (str(step) for step in range(scale.low, scale.high + 1))
    offered = tuple(Option(code, labelled.get(code, Text(code, code))) for code in codes)
    return (*offered, NOT_APPLICABLE) if scale.not_applicable else offered


def check_step(scale: RatingConfig, value: Any) -> Checked:
    """A whole number on the scale, or ``na`` where it is offered."""
    code = code_of(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if code == NOT_APPLICABLE.code and scale.not_applicable:
        return Checked(code)
    if _WHOLE.fullmatch(code) and scale.low <= int(code) <= scale.high:
        return Checked(int(code))
    what = Label(
        f"“{value}”不在 {scale.low} 到 {scale.high} 之间,请重新选择。",
        f"“{value}” is not between {scale.low} and {scale.high}; please choose again.",
    )
    return Checked(None, what)


@TYPES.register
class Rating(QuestionType):
    """A grade on a scale whose steps can carry labels (the options); stored as a whole number."""

    id = "rating"
    label = Label("评分题", "Rating")
    config = RatingConfig
    widget = "public/widgets/rating.html"
    measures = ("mean", "satisfied_share", "csat", "distribution", "drivers", "crosstab")
    uses_options = True
    example = """
code = "overall"
type = "rating"
title = "总体而言,您对本次服务是否满意?"
title_en = "Overall, how satisfied are you with this visit?"
role = "overall"
required = true
options = [
    { code = "1", title = "很不满意", title_en = "Very dissatisfied" },
    { code = "5", title = "很满意", title_en = "Very satisfied" },
]
[config]
not_applicable = true
"""

    def check(self, question: Question, value: Any) -> Checked:
        """A step of the scale."""
        return check_step(RatingConfig(**question.config), value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        offered = steps(question, RatingConfig(**question.config))
        return [code_column(question, tuple((option.code, option.title) for option in offered))]
