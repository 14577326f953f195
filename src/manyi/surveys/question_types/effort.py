"""Customer effort."""

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
SCALE = ScaleConfig(1, 7)


@TYPES.register
class Effort(QuestionType):
    """How easy it was made to get something done, 1 to 7 (CES 2.0, Dixon and others 2013); a whole number."""

    id = "effort"
    label = Label("费力度题(CES)", "Effort (CES)")
    config = NoConfig
    layout = "plain"
    measures = ("ces", "mean", "satisfied_share", "distribution", "crosstab")
    uses_options = True
    example = """
code = "easy"
type = "effort"
title = "“贵店让我轻松办好了这件事。”您是否同意?"
title_en = "“They made it easy for me to handle my issue.” Do you agree?"
options = [
    { code = "1", title = "非常不同意", title_en = "Strongly disagree" },
    { code = "7", title = "非常同意", title_en = "Strongly agree" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The scale."""
        return (scale_part(question, SCALE),)

    def check(self, question: Question, value: Any) -> Checked:
        """A whole number from 1 to 7."""
        return check_step(SCALE, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, scale_codes(question, SCALE))]

    def faults(self, question: Question) -> Iterator[Fault]:
        """Labels beside the scale."""
        yield from off_scale(question, [code for code, _ in scale_codes(question, SCALE)])
