"""Short text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class ShortTextConfig:
    """How many characters fit."""

    at_most: int = 200

    def problem(self) -> tuple[str, Label] | None:
        """A limit outside 1 to 1000."""
        if not 1 <= self.at_most <= 1000:
            return "at_most", Label("字数上限应在 1 到 1000 之间。", "The limit is between 1 and 1000.")
        return None


def check_text(value: Any, most: int) -> Checked:
    """A text of at most ``most`` characters; nothing is cut off silently."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return Checked(None, Label("请填写文字。", "Please write text."))
    text = str(value).replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) <= most:
        return Checked(text or None)
    over = Label(
        f"最多 {most} 个字,现在是 {len(text)} 个,请删减。",
        f"At most {most} characters; there are {len(text)}. Please shorten it.",
    )
    return Checked(None, over)


@TYPES.register
class ShortText(QuestionType):
    """One line of text."""

    id = "text_short"
    label = Label("填空题(单行)", "Short text")
    config = ShortTextConfig
    widget = "public/widgets/text_short.html"
    measures = ("words",)
    example = """
code = "plate"
type = "text_short"
title = "您的车型是?"
title_en = "Which model do you drive?"
[config]
at_most = 60
"""

    def check(self, question: Question, value: Any) -> Checked:
        """A line that is not too long."""
        return check_text(value, ShortTextConfig(**question.config).at_most)

    def columns(self, question: Question) -> list[Column]:
        """One column of text."""
        return [Column(question.code, question.code, question.title, "text")]
