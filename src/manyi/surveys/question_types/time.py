"""Time of day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from manyi.kernel.labels import Label
from manyi.surveys.limits import Limited, Limits
from manyi.surveys.moments import time_of
from manyi.surveys.question_types import TYPES


@dataclass(frozen=True, slots=True)
class TimeConfig(Limits):
    """The first and last allowed time, like ``09:05``; empty is no limit."""

    pattern: ClassVar[str] = "09:05"

    @staticmethod
    def iso(value: Any) -> str:
        """ISO form of a time; empty when it cannot be read."""
        found = time_of(value)
        return found.isoformat(timespec="minutes") if found else ""


@TYPES.register
class Time(Limited):
    """A time of day, to the minute; stored in ISO form."""

    id = "time"
    label = Label("时间题", "Time of day")
    config = TimeConfig
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
