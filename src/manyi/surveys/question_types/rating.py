"""Rating on a labelled scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, code_column
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, QuestionType
from manyi.surveys.scales import ScaleConfig, check_step, off_scale, scale_codes, scale_part
from manyi.surveys.tree import Question


@TYPES.register
class Rating(QuestionType):
    """A grade on a scale whose steps can carry labels (the options); stored as a whole number."""

    id = "rating"
    label = Label("评分题", "Rating")
    config = ScaleConfig
    layout = "plain"
    measures = ("mean", "satisfied_share", "csat", "distribution", "drivers", "crosstab")
    uses_options = fits_cells = True
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
look = "faces"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The scale."""
        return (scale_part(question, ScaleConfig(**question.config)),)

    def check(self, question: Question, value: Any) -> Checked:
        """A step of the scale."""
        return check_step(ScaleConfig(**question.config), value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, scale_codes(question, ScaleConfig(**question.config)))]

    def faults(self, question: Question) -> Iterator[Fault]:
        """Labels beside the scale."""
        yield from off_scale(question, [c for c, _ in scale_codes(question, ScaleConfig(**question.config))])
