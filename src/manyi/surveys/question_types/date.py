"""Date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column
from manyi.surveys.question_types import TYPES, Checked, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class DateConfig:
    """The first and last allowed date in ISO form; empty is no limit."""

    first: str = ""
    last: str = ""

    def problem(self) -> tuple[str, Label] | None:
        """A limit that is no date, or limits that run backwards."""
        for name in ("first", "last"):
            if getattr(self, name) and _day(getattr(self, name)) is None:
                return name, Label("日期请写成 2026-01-31。", "Write a date like 2026-01-31.")
        if self.first and self.last and self.first > self.last:
            return "last", Label("最晚日期不能早于最早日期。", "The last date must not be before the first.")
        return None


@TYPES.register
class Date(QuestionType):
    """A calendar date; stored in ISO form."""

    id = "date"
    label = Label("日期题", "Date")
    config = DateConfig
    widget = "public/widgets/date.html"
    measures = ("trend",)
    example = """
code = "visited_on"
type = "date"
title = "您是哪天到店的?"
title_en = "When did you visit us?"
[config]
first = "2020-01-01"
"""

    def check(self, question: Question, value: Any) -> Checked:
        """A date within the limits."""
        config, day = DateConfig(**question.config), _day(value)
        if day is None:
            words = Label(
                f"“{value}”不是日期,请写成 2026-01-31。", f"“{value}” is no date; write it like 2026-01-31."
            )
            return Checked(None, words)
        iso = day.isoformat()
        if (config.first and iso < config.first) or (config.last and iso > config.last):
            first, last = config.first or "…", config.last or "…"
            words = Label(f"日期应在 {first} 到 {last} 之间。", f"The date lies between {first} and {last}.")
            return Checked(None, words)
        return Checked(iso)

    def columns(self, question: Question) -> list[Column]:
        """One column of dates."""
        return [Column(question.code, question.code, question.title, "date")]


def _day(value: Any) -> date | None:
    """The date of ``2026-01-31``, ``2026/1/31`` or ``2026年1月31日``."""
    text = str(value).strip().replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-")
    parts = text.split("-")
    try:
        return date(*(int(part) for part in parts)) if len(parts) == 3 else None
    except ValueError:
        return None
