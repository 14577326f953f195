"""Likelihood to recommend."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, code_column
from manyi.surveys.question_types import TYPES, Checked, NoConfig, QuestionType
from manyi.surveys.question_types.rating import RatingConfig, check_step, steps
from manyi.surveys.tree import Question

#: The scale of the measure is fixed.
SCALE = RatingConfig(0, 10)


@TYPES.register
class Nps(QuestionType):
    """How likely somebody recommends us, 0 to 10; stored as a whole number."""

    id = "nps"
    label = Label("推荐意愿题(NPS)", "Likelihood to recommend (NPS)")
    config = NoConfig
    widget = "public/widgets/nps.html"
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

    def check(self, question: Question, value: Any) -> Checked:
        """A whole number from 0 to 10."""
        return check_step(SCALE, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, tuple((o.code, o.title) for o in steps(question, SCALE)))]
