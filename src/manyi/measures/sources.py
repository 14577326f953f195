"""Where a difference comes from: what its parts changed, times what they weigh.

A mean that is a weighted sum of items changes by Σ weight × change of item; a mean over groups changes by
Σ share × change within group, and by the mix of groups. Kitagawa 1955, JASA 50 (the groups, at the shares
after).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manyi.measures.effects import DifferenceTest, mean_test
from manyi.measures.indicators import MeanSums

#: The level at which a change counts as more than chance.
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Source:
    """One part: its change with interval and p (Welch), its weight, and weight × change."""

    test: DifferenceTest
    weight: float
    contribution: float

    @property
    def certain(self) -> bool:
        """Whether its change is more than chance."""
        return self.test.p is not None and self.test.p < LEVEL


def sources(parts: Sequence[tuple[MeanSums, MeanSums]], weights: Sequence[float]) -> tuple[Source, ...]:
    """Every part (before, after) with its weight; a part without values on one side contributes nought."""
    tests = [mean_test(before, after) for before, after in parts]
    return tuple(
        Source(test, weight, weight * (test.difference or 0.0))
        for test, weight in zip(tests, weights, strict=True)
    )


def leading(found: Sequence[Source], whole: DifferenceTest) -> list[int]:
    """The places of the parts that a difference mainly comes from, the largest first.

    None where the whole is within chance. Only parts whose own change is certain and of the same sign; the
    second is named if it brings at least half of the first.
    """
    if whole.difference is None or whole.p is None or whole.p >= LEVEL:
        return []
    sign = 1.0 if whole.difference > 0 else -1.0
    sized = [(sign * each.contribution, place) for place, each in enumerate(found) if each.certain]
    sized = sorted(((size, place) for size, place in sized if size > 0), reverse=True)
    return [place for size, place in sized[:2] if size >= sized[0][0] / 2]
