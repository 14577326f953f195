"""Events per exposure (working days, visits): two rates compared exactly, and many such comparisons judged.

Given how many events there were together, those of one time are binomial: Przyborowski and Wilenski 1940,
Biometrika 31. The interval of the ratio is that of Clopper and Pearson, as in R's ``poisson.test``. Of many
tests the p are adjusted after Holm 1979, Scandinavian Journal of Statistics 6; a comparison that could not be
certain whatever it showed is no test and takes no part (Tarone 1990, Biometrics 46).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from manyi.measures.intervals import clopper_pearson

Verdict = Literal["rising", "by_chance", "too_few"]
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Counted:
    """So many events in so much exposure, which is not negative."""

    n: int
    exposure: float

    def __post_init__(self) -> None:
        if self.n < 0 or self.exposure < 0:
            raise ValueError(f"impossible: {self.n} events in an exposure of {self.exposure}")

    @property
    def rate(self) -> float | None:
        """Events per unit of exposure."""
        return self.n / self.exposure if self.exposure else None


@dataclass(frozen=True, slots=True)
class RateChange:
    """Two rates: ``ratio`` is now to before with its exact interval, infinite where nothing was before.

    ``p`` is one-sided: how likely at least as many now are if the rate stayed the same. Everything is None
    where one side has no exposure; ratio and interval also where there was no event at all.
    """

    before: Counted
    now: Counted
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out 1: the rate changed, up or down, by more than chance."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high

    @property
    def least_p(self) -> float:
        """The smallest p that so many events could have given: all of them now."""
        whole = self.before.exposure + self.now.exposure
        return float((self.now.exposure / whole) ** (self.before.n + self.now.n)) if whole else 1.0


def rate_change(before: Counted, now: Counted, confidence: float = 0.95) -> RateChange:
    """Compare two rates of independent events by the conditional binomial test."""
    from scipy import special

    if not before.exposure or not now.exposure:
        return RateChange(before, now, None, None, None, None)
    together = before.n + now.n
    part = now.exposure / (before.exposure + now.exposure)
    p = float(special.betainc(now.n, before.n + 1, part)) if now.n else 1.0
    found = clopper_pearson(now.n, together, confidence)
    if found is None:
        return RateChange(before, now, None, None, None, p)
    scale = before.exposure / now.exposure
    ratio = now.n / before.n * scale if before.n else math.inf
    return RateChange(before, now, ratio, _odds(found.low) * scale, _odds(found.high) * scale, p)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's adjusted p, in the order given."""
    order = sorted(range(len(ps)), key=lambda place: ps[place])
    adjusted, reached = [0.0] * len(ps), 0.0
    for step, place in enumerate(order):
        reached = max(reached, min(1.0, (len(ps) - step) * ps[place]))
        adjusted[place] = reached
    return adjusted


@dataclass(frozen=True, slots=True)
class Judged:
    """A comparison among many; ``adjusted`` is its p after Holm, None where it was too few to be tested."""

    change: RateChange
    adjusted: float | None
    verdict: Verdict


def judged(changes: Sequence[RateChange], level: float = LEVEL) -> list[Judged]:
    """Which rates rose, with at most ``level`` probability that any of those named did not."""
    tested = [
        place for place, change in enumerate(changes) if change.p is not None and change.least_p <= level
    ]
    adjusted = dict(zip(tested, holm([changes[place].p or 0.0 for place in tested]), strict=True))

    def judge(place: int, change: RateChange) -> Judged:
        p = adjusted.get(place)
        if p is None:
            return Judged(change, None, "too_few")
        return Judged(change, p, "rising" if p <= level else "by_chance")

    return [judge(place, change) for place, change in enumerate(changes)]
