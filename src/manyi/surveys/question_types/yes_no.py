"""Yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.choices import check_one
from manyi.surveys.columns import Column, code_column, codes_of
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, QuestionType
from manyi.surveys.scales import off_scale
from manyi.surveys.tree import Option, Question, Text
from manyi.surveys.typed_text import as_code
from manyi.surveys.wording import worded

YES, NO = Option("yes", Text("是", "Yes")), Option("no", Text("否", "No"))
_SAID = {"yes": ("y", "true", "1", "是", "对"), "no": ("n", "false", "0", "否", "不")}


@TYPES.register
class YesNo(QuestionType):
    """Yes or no, which the options ``yes`` and ``no`` can word otherwise; stored as ``yes`` or ``no``."""

    id = "yes_no"
    label = Label("是非题", "Yes or no")
    config = NoConfig
    layout = "plain"
    measures = ("distribution", "share", "crosstab")
    uses_options = fits_cells = True
    example = """
code = "explained"
type = "yes_no"
title = "服务顾问是否向您说明了费用?"
title_en = "Did your adviser explain the costs?"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The two answers, side by side."""
        return (Part("one", options=_worded(question).options, look="pair"),)

    def check(self, question: Question, value: Any) -> Checked:
        """Yes or no, also as a truth value."""
        said = str(value).lower() if isinstance(value, bool) else as_code(value).lower()
        code = next((code for code, words in _SAID.items() if said in words), value)
        return check_one(_worded(question), code)

    def columns(self, question: Question) -> list[Column]:
        """One coded column."""
        return [code_column(question, codes_of(_worded(question)))]

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The words of the answer."""
        return worded(_worded(question), value, language)

    def faults(self, question: Question) -> Iterator[Fault]:
        """Options besides the two."""
        yield from off_scale(question, [YES.code, NO.code])


def _worded(question: Question) -> Question:
    """The question with both options."""
    return replace(question, options=tuple(question.option(each.code) or each for each in (YES, NO)))
