"""Time of day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.moments import time_of, unreadable, within
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question

_PATTERN = "09:05"


@dataclass(frozen=True, slots=True)
class TimeConfig:
    """The first and last allowed time, like ``09:05``; empty is no limit."""

    first: str = ""
    last: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """A limit that is no time, or limits that run backwards."""
        for name in ("first", "last"):
            given = getattr(self, name)
            if given and _iso(given) != given:
                return name, Label("请写成 09:05。", "Write it like 09:05.")
        if self.first and self.last and self.first > self.last:
            return "last", Label("最晚不能早于最早。", "The last must not be before the first.")
        return None


@TYPES.register
class Time(QuestionType):
    """A time of day, to the minute; stored in ISO form."""

    id = "time"
    label = Label("时间题", "Time of day")
    config = TimeConfig
    layout = "plain"
    measures = ()
    example = """
code = "came_at"
type = "time"
title = "您几点到店?"
title_en = "At what time did you come?"
[config]
first = "07:00"
last = "22:00"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One time."""
        config = TimeConfig(**question.config)
        return (Part("time", settings={"low": config.first, "high": config.last}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A time within the limits."""
        config, iso = TimeConfig(**question.config), _iso(value)
        return within(iso, config.first, config.last) if iso else unreadable(value, _PATTERN)

    def columns(self, question: Question) -> list[Column]:
        """One column of times."""
        return [value_column(question, "time")]


def _iso(value: Any) -> str:
    found = time_of(value)
    return found.isoformat(timespec="minutes") if found else ""
