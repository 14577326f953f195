"""Date and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from manyi.kernel.labels import Label
from manyi.surveys.limits import Limited, Limits
from manyi.surveys.moments import moment_of
from manyi.surveys.question_types import TYPES


@dataclass(frozen=True, slots=True)
class MomentConfig(Limits):
    """The first and last allowed moment, like ``2026-01-31T09:05``; empty is no limit."""

    pattern: ClassVar[str] = "2026-01-31 09:05"

    @staticmethod
    def iso(value: Any) -> str:
        """ISO form of a moment; empty when it cannot be read."""
        found = moment_of(value)
        return found.isoformat(timespec="minutes") if found else ""


@TYPES.register
class Moment(Limited):
    """A date with a time, to the minute, as the clock on the wall says; stored in ISO form."""

    id = "datetime"
    label = Label("日期时间题", "Date and time")
    config = MomentConfig
    measures = ("trend",)
    example = """
code = "happened_at"
type = "datetime"
title = "这件事发生在什么时候?"
title_en = "When did it happen?"
"""
