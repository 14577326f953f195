"""Date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from manyi.kernel.labels import Label
from manyi.surveys.limits import Limited, Limits
from manyi.surveys.moments import day_of
from manyi.surveys.question_types import TYPES


@dataclass(frozen=True, slots=True)
class DateConfig(Limits):
    """The first and last allowed date, like ``2026-01-31``; empty is no limit."""

    pattern: ClassVar[str] = "2026-01-31"

    @staticmethod
    def iso(value: Any) -> str:
        """ISO form of a date; empty when it cannot be read."""
        found = day_of(value)
        return found.isoformat() if found else ""


@TYPES.register
class Date(Limited):
    """A calendar date; stored in ISO form."""

    id = "date"
    label = Label("日期题", "Date")
    config = DateConfig
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
