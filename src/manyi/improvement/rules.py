"""When repeated cases become a finding, and whether two rounds can show an effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from manyi.kernel.labels import Label

REPEATS = 3
WINDOW = timedelta(days=90)
#: A finding of the same matter this soon after the first one was closed is its recurrence.
RECURS_WITHIN = timedelta(days=180)


def window_start(now: datetime, last_closed: datetime | None) -> datetime:
    """From when repeated cases are counted: 90 days back, but not before the last finding was closed."""
    start = now - WINDOW
    return max(start, last_closed) if last_closed else start


def target_key(round_id: int, item: str) -> str:
    """One finding per round and item; the total has no item."""
    return f"target:{round_id}:{item or 'total'}"


def repeat_key(category: str, unit_id: int, closed_before: int) -> str:
    """One open finding per category and unit; after closing the next number begins."""
    return f"repeat:{category}:{unit_id}:{closed_before}"


def metric_of(item: str) -> dict[str, str]:
    """The metric that a missed target is about."""
    return {"id": "item_mean", "item": item} if item else {"id": "total_mean"}


def rounds_problem(
    before: Mapping[str, Any], after: Mapping[str, Any], last_done: datetime | None
) -> Label | None:
    """Why two rounds (``id``, ``opens_at``) cannot show an effect, or None.

    The later one must begin after the last action was done, else it measures the time before it too.
    """
    if before["id"] == after["id"] or after["opens_at"] <= before["opens_at"]:
        return Label("请选择整改后开始的一轮调查。", "Choose a round that began after the correction.")
    if last_done is not None and after["opens_at"] < last_done:
        return Label(
            "这一轮调查在最后一项措施完成之前就开始了,不能说明效果;请选择之后的一轮。",
            "This round began before the last action was done, so it cannot show the effect; "
            "choose a later one.",
        )
    return None
