"""Date and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.moments import moment_of, unreadable, within
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question

_PATTERN = "2026-01-31 09:05"


@dataclass(frozen=True, slots=True)
class MomentConfig:
    """The first and last allowed moment, like ``2026-01-31T09:05``; empty is no limit."""

    first: str = ""
    last: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """A limit that is no moment, or limits that run backwards."""
        for name in ("first", "last"):
            given = getattr(self, name)
            if given and _iso(given) != given:
                return name, Label("请写成 2026-01-31T09:05。", "Write it like 2026-01-31T09:05.")
        if self.first and self.last and self.first > self.last:
            return "last", Label("最晚不能早于最早。", "The last must not be before the first.")
        return None


@TYPES.register
class Moment(QuestionType):
    """A date with a time, to the minute, as the clock on the wall says; stored in ISO form."""

    id = "datetime"
    label = Label("日期时间题", "Date and time")
    config = MomentConfig
    layout = "plain"
    measures = ("trend",)
    example = """
code = "happened_at"
type = "datetime"
title = "这件事发生在什么时候?"
title_en = "When did it happen?"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One moment."""
        config = MomentConfig(**question.config)
        return (Part("datetime", settings={"low": config.first, "high": config.last}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A moment within the limits."""
        config, iso = MomentConfig(**question.config), _iso(value)
        return within(iso, config.first, config.last) if iso else unreadable(value, _PATTERN)

    def columns(self, question: Question) -> list[Column]:
        """One column of moments."""
        return [value_column(question, "datetime")]


def _iso(value: Any) -> str:
    found = moment_of(value)
    return found.isoformat(timespec="minutes") if found else ""
