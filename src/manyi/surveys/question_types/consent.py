"""Consent."""

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

YES = Option("yes", Text("我已阅读并同意", "I have read this and agree"))


@TYPES.register
class Consent(QuestionType):
    """A box to tick: ``yes``, or no answer at all. Where it is required nobody goes on without it.

    The text that is agreed to is the help of the question; the option ``yes`` words the box otherwise.
    """

    id = "consent"
    label = Label("同意项", "Consent")
    config = NoConfig
    layout = "plain"
    measures = ("share",)
    uses_options = True
    example = """
code = "privacy"
type = "consent"
title = "个人信息使用说明"
title_en = "How we use what you tell us"
help = "您填写的内容仅用于改进服务。"
help_en = "What you tell us is used to improve our service only."
required = true
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The one box."""
        return (Part("many", options=_worded(question).options),)

    def check(self, question: Question, value: Any) -> Checked:
        """Agreement, also as a truth value; a refusal is no answer."""
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        if value is False or as_code(value).lower() in {"no", "false", "0"}:
            return Checked(None)
        return check_one(_worded(question), YES.code if value is True else value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column with one code."""
        return [code_column(question, codes_of(_worded(question)))]

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The words of the box."""
        return worded(_worded(question), value, language)

    def faults(self, question: Question) -> Iterator[Fault]:
        """Options besides the one."""
        yield from off_scale(question, [YES.code])


def _worded(question: Question) -> Question:
    """The question with its box."""
    return replace(question, options=(question.option(YES.code) or YES,))
