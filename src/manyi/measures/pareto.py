"""Pareto's order: the largest first, and the vital few that make most of the whole (Juran 1951)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
MOST = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Bar(Generic[K]):
    """One part: its count, its share of the whole, the share of all up to it, and whether it is vital."""

    key: K
    n: int
    share: Fraction
    cumulative: Fraction
    vital: bool


def pareto(counts: Mapping[K, int], *, most: Fraction = MOST) -> list[Bar[K]]:
    """The parts that are not empty in falling order; equal ones stay in the order given.

    Vital are the parts from the first to that by which ``most`` of the whole is reached. Shares are exact.
    """
    whole, reached, bars = sum(counts.values()), 0, list[Bar[K]]()
    for key, n in sorted(counts.items(), key=lambda each: -each[1]):
        if n <= 0:
            continue
        vital = Fraction(reached, whole) < most
        reached += n
        bars.append(Bar(key, n, Fraction(n, whole), Fraction(reached, whole), vital))
    return bars
