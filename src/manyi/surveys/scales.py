"""Scales from low to high: their steps, their words, and how an answer on one is judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.surveys.parts import Part
from manyi.surveys.question_types import Checked
from manyi.surveys.tree import NOT_APPLICABLE, Option, Question, Text
from manyi.surveys.typed_text import as_code, said

_WHOLE = re.compile(r"-?[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ScaleConfig:
    """A scale from ``low`` to ``high``, whether “not applicable” is offered, and how its steps look."""

    low: int = 1
    high: int = 5
    not_applicable: bool = False
    look: Literal["numbers", "stars", "faces", "labels"] = "numbers"

    def problem(self) -> tuple[str, Label] | None:
        """A scale with fewer than 2 or more than 11 steps, or with more faces than there are moods."""
        if not 1 <= self.high - self.low <= 10 or max(abs(self.low), abs(self.high)) > 1000:
            return "high", Label("量表应有 2 到 11 级。", "A scale has 2 to 11 steps.")
        if self.look == "faces" and self.high - self.low > 4:
            return "look", Label("笑脸量表最多 5 级。", "A scale of faces has at most 5 steps.")
        return None


def steps(question: Question, scale: ScaleConfig) -> tuple[Option, ...]:
    """The steps of a scale, with the labels that the question's options give them."""
    labelled = {option.code: option.title for option in question.options}
    codes = (str(step) for step in range(scale.low, scale.high + 1))
    offered = tuple(Option(code, labelled.get(code, Text(code, code))) for code in codes)
    return (*offered, NOT_APPLICABLE) if scale.not_applicable else offered


def scale_codes(question: Question, scale: ScaleConfig) -> tuple[tuple[str, Text], ...]:
    """The code book of a scale."""
    return tuple((option.code, option.title) for option in steps(question, scale))


def scale_part(question: Question, scale: ScaleConfig, path: str = "", title: Text | None = None) -> Part:
    """The steps as one part to fill in, “not applicable” apart from them."""
    offered = steps(question, scale)
    ladder = tuple(option for option in offered if option is not NOT_APPLICABLE)
    apart = NOT_APPLICABLE if scale.not_applicable else None
    return Part("scale", path, title or Text(), ladder, apart, scale.look)


def check_step(scale: ScaleConfig, value: Any) -> Checked:
    """A whole number on the scale, or ``na`` where it is offered."""
    code = as_code(value)
    if code == NOT_APPLICABLE.code and scale.not_applicable:
        return Checked(code)
    if _WHOLE.fullmatch(code) and scale.low <= int(code) <= scale.high:
        return Checked(int(code))
    what = Label(
        f"“{said(value)}”不在 {scale.low} 到 {scale.high} 之间,请重新选择。",
        f"“{said(value)}” is not between {scale.low} and {scale.high}; please choose again.",
    )
    return Checked(None, what)


def off_scale(question: Question, codes: Sequence[str]) -> list[tuple[str, Label]]:
    """The labels of a question that stand on no step of its scale."""
    words = Label("标签不在量表范围内。", "This label stands on no step of the scale.")
    return [(f"options.{o.code}", words) for o in question.options if o.code not in codes]
