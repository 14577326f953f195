"""E-mail address."""

from __future__ import annotations

import re
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question
from manyi.surveys.typed_text import as_code, said

#: What a mailbox looks like that a person types (a narrow reading of RFC 5321, section 4.1.2).
_ADDRESS = re.compile(r"[^\s@<>\"',;:]{1,64}@(?:[^\s@.<>\"',;:]{1,63}\.)+[^\s@.\d<>\"',;:]{2,63}")
_LONGEST = 254


@TYPES.register
class Email(QuestionType):
    """An e-mail address; stored as typed, its domain in small letters."""

    id = "email"
    label = Label("邮箱题", "E-mail address")
    config = NoConfig
    layout = "plain"
    measures = ()
    example = """
code = "mail"
type = "email"
title = "您的电子邮箱?"
title_en = "Your e-mail address?"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One address."""
        return (Part("email", settings={"most": _LONGEST}),)

    def check(self, question: Question, value: Any) -> Checked:
        """An address with one @ and a domain."""
        text = as_code(value)
        if len(text) > _LONGEST or not _ADDRESS.fullmatch(text):
            words = Label(
                f"“{said(value)}”不是邮箱地址,请写成 name@example.com。",
                f"“{said(value)}” is no e-mail address; write it like name@example.com.",
            )
            return Checked(None, words)
        local, _, domain = text.rpartition("@")
        return Checked(f"{local}@{domain.lower()}")

    def columns(self, question: Question) -> list[Column]:
        """One column of addresses."""
        return [value_column(question, "string")]
