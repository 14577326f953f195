"""Information."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType
from manyi.surveys.tree import Question


@TYPES.register
class Information(QuestionType):
    """Text to read between the questions; nothing is asked and nothing is stored."""

    id = "information"
    label = Label("段落说明", "Information")
    config = NoConfig
    layout = "reading"
    measures = ()
    asks = False
    example = """
code = "about_service"
type = "information"
title = "下面请您评价服务过程"
title_en = "The next questions are about your service"
help = "如有多次到店,请以最近一次为准。"
help_en = "If you came more than once, please think of the last time."
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """Nothing."""
        return ()

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """Nothing, whatever a form holds."""
        return None

    def check(self, question: Question, value: Any) -> Checked:
        """No answer belongs here."""
        return Checked(None, Label("此处不需要填写。", "Nothing is asked here."))

    def columns(self, question: Question) -> list[Column]:
        """None."""
        return []
