"""Likelihood to recommend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, code_column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, QuestionType
from manyi.surveys.scales import ScaleConfig, check_step, off_scale, scale_codes, scale_part
from manyi.surveys.tree import Question

#: The scale of the measure is fixed.
SCALE = ScaleConfig(0, 10)


@TYPES.register
class Nps(QuestionType):
    """How likely somebody recommends us, 0 to 10; stored as a whole number."""

    id = "nps"
    label = Label("推荐意愿题(NPS)", "Likelihood to recommend (NPS)")
    config = NoConfig
    layout = "plain"
    measures = ("nps", "mean", "distribution", "crosstab")
    uses_options = True
    example = """
code = "recommend"
type = "nps"
title = "您有多大可能向亲友推荐我们?"
title_en = "How likely are you to recommend us?"
role = "nps"
options = [
    { code = "0", title = "完全不可能", title_en = "Not at all likely" },
    { code = "10", title = "非常可能", title_en = "Extremely likely" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The scale."""
        return (scale_part(question, SCALE),)

    def check(self, question: Question, value: Any) -> Checked:
        """A whole number from 0 to 10."""
        return check_step(SCALE, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, scale_codes(question, SCALE))]

    def faults(self, question: Question) -> Iterator[Fault]:
        """Labels beside the scale."""
        yield from off_scale(question, [code for code, _ in scale_codes(question, SCALE)])
