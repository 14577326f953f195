"""A year played in order: acts wait in a queue by their time, and each may plan further ones."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from manyi.organisation import clock, events

Act = Callable[[], object]


class Timeline:
    """Plays acts at their times, with the clock set, so that the Event log reads like a year of work."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end
        self._queue: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def plan(self, at: datetime, act: Act) -> None:
        """Let an act happen; what lies after the end of the year has not happened yet."""
        if at <= self.end:
            heapq.heappush(self._queue, (at, next(self._order), act))

    def play(self, tell: Callable[[timedelta], object]) -> None:
        """Play everything in order; after each act the Event log's subscribers do their part."""
        now = self.start
        while self._queue:
            at, _, act = heapq.heappop(self._queue)
            now = max(now, at)
            with clock.at(now):
                act()
                events.dispatch_pending()
            tell(now - self.start)
