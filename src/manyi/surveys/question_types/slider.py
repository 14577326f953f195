"""Slider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.scales import exact
from manyi.surveys.columns import Column, value_column
from manyi.surveys.numbers import check_number
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class SliderConfig:
    """The ends of the slider, the distance between two stops, and the unit printed behind the value."""

    low: float = 0
    high: float = 100
    step: float = 1
    unit: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """Ends that run backwards, or a step that is nothing, too long or too fine to aim at."""
        if not -(10**9) <= self.low < self.high <= 10**9:
            return "high", Label("最大值应大于最小值。", "The upper end is above the lower.")
        if self.step <= 0 or not 1 <= (self.high - self.low) / self.step <= 1000:
            return "step", Label("滑动条应有 1 到 1000 格。", "A slider has 1 to 1000 steps.")
        return None


@TYPES.register
class Slider(QuestionType):
    """A number chosen by sliding; typed in a box without script. Its ends can be labelled by the options."""

    id = "slider"
    label = Label("滑动条题", "Slider")
    config = SliderConfig
    layout = "plain"
    measures = ("mean", "correlation")
    uses_options = True
    example = """
code = "comfort"
type = "slider"
title = "您觉得休息区有多舒适?"
title_en = "How comfortable is the lounge?"
options = [
    { code = "0", title = "很不舒适", title_en = "Not at all" },
    { code = "100", title = "非常舒适", title_en = "Very" },
]
[config]
step = 5
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The slider."""
        config = SliderConfig(**question.config)
        settings = {"low": config.low, "high": config.high, "step": config.step, "unit": config.unit}
        return (Part("slider", options=question.options, settings=settings),)

    def check(self, question: Question, value: Any) -> Checked:
        """A number on a stop of the slider."""
        config = SliderConfig(**question.config)
        checked = check_number(value, config.low, config.high, 9)
        if checked.value is None:
            return checked
        if (exact(checked.value) - exact(config.low)) % exact(config.step):
            low, step = f"{config.low:g}", f"{config.step:g}"
            words = Label(f"请从 {low} 起每 {step} 取值。", f"Please go up from {low} in steps of {step}.")
            return Checked(None, words)
        return checked

    def columns(self, question: Question) -> list[Column]:
        """One numeric column."""
        return [value_column(question, "number")]

    def faults(self, question: Question) -> Iterator[Fault]:
        """Labels anywhere but at the ends."""
        config = SliderConfig(**question.config)
        for option in question.options:
            if option.code not in {f"{config.low:g}", f"{config.high:g}"}:
                words = Label("滑动条只能标注两端。", "Only the ends of a slider are labelled.")
                yield f"options.{option.code}", words
