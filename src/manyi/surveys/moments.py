"""Days and times as people write them, and the limits within which they lie."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.question_types import Checked
from manyi.surveys.typed_text import as_text, said

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[::时点](\d{1,2})分?(?:[::](\d{1,2})(?:\.\d+)?)?", re.ASCII)


def day_of(value: Any) -> date | None:
    """The date of ``2026-01-31``, ``2026/1/31`` or ``2026年1月31日``."""
    found = _DAY.fullmatch(_plain(value))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def time_of(value: Any) -> time | None:
    """The time of ``9:05``, ``09:05:30`` or ``9点05分``, to the minute."""
    found = _TIME.fullmatch(_plain(value))
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def moment_of(value: Any) -> datetime | None:
    """The day and time of ``2026-01-31T09:05`` or ``2026年1月31日 9:05``, to the minute, in local time."""
    words = _plain(value).replace("T", " ").split()
    if len(words) != 2:
        return None
    day, hour = day_of(words[0]), time_of(words[1])
    return datetime.combine(day, hour) if day and hour is not None else None


def within(iso: str, first: str, last: str) -> Checked:
    """An ISO value between two limits of the same kind; empty is no limit."""
    if (first and iso < first) or (last and iso > last):
        zh, en = _limits(first, last)
        return Checked(None, Label(f"应{zh}。", f"This must be {en}."))
    return Checked(iso)


def unreadable(value: Any, pattern: str) -> Checked:
    """What was written is no day or time; ``pattern`` shows how to write it."""
    words = Label(
        f"“{said(value)}”看不懂,请写成 {pattern}。", f"“{said(value)}” is not clear; write it like {pattern}."
    )
    return Checked(None, words)


def _limits(first: str, last: str) -> tuple[str, str]:
    first, last = first.replace("T", " "), last.replace("T", " ")
    if not last:
        return f"不早于 {first}", f"{first} or later"
    if not first:
        return f"不晚于 {last}", f"{last} or earlier"
    return f"在 {first} 到 {last} 之间", f"between {first} and {last}"


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", as_text(value)) if isinstance(value, str) else ""
