"""How many answers there will be when a round ends, from the pace of its last days."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: The pace is that of so many last days; fewer than the least say nothing yet.
WINDOW, LEAST_DAYS = 7, 3


@dataclass(frozen=True, slots=True)
class Forecast:
    """Answers expected at the end, with an interval; ``pace`` per day; ``needed`` per day for the goal.

    ``expected`` is None while there are too few days to tell; ``needed`` is None without a goal or time.
    """

    done: int
    days_left: int
    pace: float | None
    expected: float | None
    low: float | None
    high: float | None
    needed: float | None


def forecast(daily: Sequence[int], days_left: int, goal: int | None = None, z: float = 1.96) -> Forecast:
    """The forecast for whole days so far and ``days_left`` more days.

    Answers to come are taken as Poisson at the mean pace of the last 7 whole days. The interval allows for
    the pace being itself estimated from those days: variance = m + m² / k with k answers in the window and
    m = pace x days left (negative binomial prediction; Nelson 1970, J. Am. Stat. Assoc. 65). Raises
    ValueError for negative counts.
    """
    if days_left < 0 or min(daily, default=0) < 0:
        raise ValueError("days and answers are not negative")
    done = sum(daily)
    needed = max(goal - done, 0) / days_left if goal is not None and days_left else None
    window = list(daily[-WINDOW:])
    if len(window) < LEAST_DAYS or not any(window):
        expected = float(done) if not days_left else None
        return Forecast(done, days_left, None, expected, expected, expected, needed)
    pace = sum(window) / len(window)
    more = pace * days_left
    spread = z * math.sqrt(more + more * more / sum(window))
    low, high = done + max(0.0, more - spread), done + more + spread
    return Forecast(done, days_left, pace, done + more, low, high, needed)
