"""Date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.moments import day_of, unreadable, within
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question

_PATTERN = "2026-01-31"


@dataclass(frozen=True, slots=True)
class DateConfig:
    """The first and last allowed date, like ``2026-01-31``; empty is no limit."""

    first: str = ""
    last: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """A limit that is no date, or limits that run backwards."""
        for name in ("first", "last"):
            given = getattr(self, name)
            if given and _iso(given) != given:
                return name, Label("请写成 2026-01-31。", "Write it like 2026-01-31.")
        if self.first and self.last and self.first > self.last:
            return "last", Label("最晚不能早于最早。", "The last must not be before the first.")
        return None


@TYPES.register
class Date(QuestionType):
    """A calendar date; stored in ISO form."""

    id = "date"
    label = Label("日期题", "Date")
    config = DateConfig
    layout = "plain"
    measures = ("trend",)
    fits_cells = True
    example = """
code = "visited_on"
type = "date"
title = "您是哪天到店的?"
title_en = "When did you visit us?"
[config]
first = "2020-01-01"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One date."""
        config = DateConfig(**question.config)
        return (Part("date", settings={"low": config.first, "high": config.last}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A date within the limits."""
        config, iso = DateConfig(**question.config), _iso(value)
        return within(iso, config.first, config.last) if iso else unreadable(value, _PATTERN)

    def columns(self, question: Question) -> list[Column]:
        """One column of dates."""
        return [value_column(question, "date")]


def _iso(value: Any) -> str:
    found = day_of(value)
    return found.isoformat() if found else ""
