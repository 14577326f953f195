"""Free text as it is judged everywhere: whole, or too long and said so."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.question_types import Checked
from manyi.surveys.typed_text import as_text


def check_text(value: Any, most: int) -> Checked:
    """A text of at most ``most`` characters; nothing is cut off silently."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return Checked(None, Label("请填写文字。", "Please write text."))
    text = as_text(value)
    if len(text) <= most:
        return Checked(text or None)
    over = Label(
        f"最多 {most} 个字,现在是 {len(text)} 个,请删减。",
        f"At most {most} characters; there are {len(text)}. Please shorten it.",
    )
    return Checked(None, over)


def length_problem(at_most: int, most: int) -> tuple[str, Label] | None:
    """A limit of characters outside 1 to ``most``."""
    if 1 <= at_most <= most:
        return None
    return "at_most", Label(f"字数上限应在 1 到 {most} 之间。", f"The limit is between 1 and {most}.")
