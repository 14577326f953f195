"""The demo: a made-up dealership group whose year is played through the same actions as real use."""

from __future__ import annotations

import random
from datetime import timedelta

from manyi.organisation import clock
from manyi.organisation.jobs import Progress
from manyi.web.demo.cast import gather, logins

__all__ = ["load", "logins"]

SEED = 20260101
YEAR = timedelta(days=364)
CUSTOMERS = 540


def load(progress: Progress, *, seed: int = SEED, customers: int = CUSTOMERS) -> None:
    """Play the demo's year, ending now, into an empty database.

    The same seed gives the same people, opinions and delays; only the dates move with the present day.
    """
    # Every start asks this package for the logins; only the first one needs the play.
    from manyi.web.demo.timeline import Timeline
    from manyi.web.demo.year import PROGRESS, Year

    rng = random.Random(seed)
    end = clock.now()
    start = end - YEAR
    timeline = Timeline(start, end)
    with clock.at(start):
        cast = gather(rng, clock.today("Asia/Shanghai"), customers)
        Year(cast, timeline, rng).open_house()
    timeline.play(lambda passed: progress.set(min(passed.days, YEAR.days - 1), YEAR.days, PROGRESS))
    progress.set(YEAR.days, YEAR.days, PROGRESS)
