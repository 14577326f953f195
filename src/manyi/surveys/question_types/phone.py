"""Telephone number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question
from manyi.surveys.typed_text import as_code, said

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_ANY = re.compile(r"\+?[0-9]{5,15}(?:x[0-9]{1,6})?")
_BETWEEN = re.compile(r"[\s()./-]+")


@dataclass(frozen=True, slots=True)
class PhoneConfig:
    """Whether only mobiles of the Chinese mainland are taken, or any telephone number."""

    kind: Literal["mobile", "any"] = "mobile"


@TYPES.register
class Phone(QuestionType):
    """A telephone number; stored as digits, with ``+`` before a country and ``x`` before an extension."""

    id = "phone"
    label = Label("电话题", "Telephone number")
    config = PhoneConfig
    layout = "plain"
    measures = ()
    example = """
code = "mobile"
type = "phone"
title = "您的手机号码?"
title_en = "Your mobile number?"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One number."""
        return (Part("phone", settings={"most": 40}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A number of the wanted kind; blanks, hyphens and full-width digits are understood."""
        text = _BETWEEN.sub("", as_code(value)).replace("转", "x")
        if PhoneConfig(**question.config).kind == "any":
            words = Label(
                f"“{said(value)}”不是电话号码,请检查位数。",
                f"“{said(value)}” is no telephone number; please check the digits.",
            )
            return Checked(text) if _ANY.fullmatch(text) else Checked(None, words)
        found = _MOBILE.fullmatch(text)
        words = Label(
            f"“{said(value)}”不是手机号码,应为 11 位数字。",
            f"“{said(value)}” is no mobile number; it has 11 digits.",
        )
        return Checked(found[1]) if found else Checked(None, words)

    def columns(self, question: Question) -> list[Column]:
        """One column of numbers as text."""
        return [value_column(question, "string")]
