"""Number of an identity document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question
from manyi.surveys.typed_text import as_code

_RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
_GENERAL = re.compile(r"[0-9A-Z-]{4,30}")
#: GB 11643-1999: weights of the first 17 digits, and the check character by the remainder of 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class IdNumberConfig:
    """Whether the number is of a Chinese resident identity card, or of any document."""

    kind: Literal["resident", "general"] = "resident"


@TYPES.register
class IdNumber(QuestionType):
    """The number of an identity document, in capitals; a resident's with its date and check character."""

    id = "id_number"
    label = Label("证件号题", "Identity number")
    config = IdNumberConfig
    layout = "plain"
    measures = ()
    example = """
code = "card"
type = "id_number"
title = "您的身份证号码?"
title_en = "The number of your identity card?"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One line."""
        return (Part("line", settings={"most": 40}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A number that can exist; the number itself is never quoted back."""
        text = as_code(value).upper().replace(" ", "")
        if IdNumberConfig(**question.config).kind == "general":
            words = Label(
                "证件号由 4 到 30 位字母或数字组成。", "A document number has 4 to 30 letters or digits."
            )
            return Checked(text) if _GENERAL.fullmatch(text) else Checked(None, words)
        if not _RESIDENT.fullmatch(text):
            words = Label("身份证号应为 18 位,请检查位数。", "The number has 18 digits; please count them.")
            return Checked(None, words)
        words = Label("身份证号校验不符,请核对。", "The digits do not fit together; please check them.")
        return Checked(text) if _is_resident(text) else Checked(None, words)

    def columns(self, question: Question) -> list[Column]:
        """One column of numbers as text."""
        return [value_column(question, "string")]


def _is_resident(text: str) -> bool:
    """Whether the date exists and the last character checks (GB 11643-1999, ISO 7064 MOD 11-2)."""
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return text[-1] == _CHECKS[total % 11]
