"""Which rows of a snapshot count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows count, in stored integers; None asks nothing. ``units`` are ids, ``segment`` a column."""

    units: tuple[int, ...] | None = None
    channel: int | None = None
    segment: str | None = None
    since: date | None = None
    until: date | None = None
    grade: int | None = None
    answers: tuple[tuple[str, tuple[int, ...]], ...] = ()  # column and the places it may have
    valid: bool | None = True
