"""Seeded selection by design, with everyone's probability of inclusion and design weight as exact fractions.

Sources: Cochran, Sampling Techniques, 3rd edition, chapters 5 (strata), 8 (systematic), 9A and 10 (clusters);
the weights are those of Horvitz and Thompson (1952), in cluster samples scaled to the size of the frame as
Hájek (1971) proposes. The design weights of every sample sum exactly to the size of its frame.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from manyi.measures.sampling import draw

Id = TypeVar("Id", int, str)


@dataclass(frozen=True, slots=True)
class Selected(Generic[Id]):
    """One member of a sample: how likely it was to be drawn, and for how many of the frame it stands."""

    id: Id
    stratum: str
    probability: Fraction
    weight: Fraction


def census(ids: Sequence[Id]) -> list[Selected[Id]]:
    """The whole frame; everybody stands for themselves."""
    return [Selected(each, "", Fraction(1), Fraction(1)) for each in ids]


def simple(ids: Sequence[Id], size: int, seed: int | str, stratum: str = "") -> list[Selected[Id]]:
    """A simple random sample without replacement: n / N for everybody."""
    chance = Fraction(size, len(ids)) if ids else Fraction()
    return [Selected(each, stratum, chance, 1 / chance) for each in draw(ids, size, seed)]


def systematic(ordered: Sequence[Id], size: int, seed: int | str) -> list[Selected[Id]]:
    """Every (N / n)-th of an ordered frame from a seeded start; the interval need not be whole.

    With a start r below N in whole steps, the places floor((r + i N) / n) give everybody exactly n / N.
    Raises ValueError for a size outside the frame.
    """
    population = len(ordered)
    if not 1 <= size <= population:
        raise ValueError(f"a sample of {size} cannot be drawn from {population}")
    start = int(random.Random(seed).random() * population)
    chance = Fraction(size, population)
    places = ((start + step * population) // size for step in range(size))
    return [Selected(ordered[place], "", chance, 1 / chance) for place in places]


def stratified(
    strata: Mapping[str, Sequence[Id]], sizes: Mapping[str, int], seed: int | str
) -> list[Selected[Id]]:
    """A simple random sample in each stratum, each with a seed of its own: n_h / N_h."""
    return [
        one
        for stratum in sorted(strata)
        if sizes.get(stratum)
        for one in simple(strata[stratum], sizes[stratum], f"{seed}/{stratum}", stratum)
    ]


def clustered(
    clusters: Mapping[str, Sequence[Id]], count: int, per_cluster: int | None, seed: int | str
) -> list[Selected[Id]]:
    """``count`` clusters at random, then all of each, or at most ``per_cluster`` at random (two stages).

    The probability is (m / M) (n_i / N_i). Raises ValueError for a number of clusters that there is not.
    """
    filled = {name: ids for name, ids in clusters.items() if ids}
    if not 1 <= count <= len(filled) or (per_cluster is not None and per_cluster < 1):
        raise ValueError(f"{count} clusters cannot be drawn from {len(filled)}")
    first = Fraction(count, len(filled))
    drawn: list[Selected[Id]] = []
    for name in draw(list(filled), count, f"{seed}/clusters"):
        size = len(filled[name]) if per_cluster is None else min(per_cluster, len(filled[name]))
        for one in simple(filled[name], size, f"{seed}/{name}", name):
            chance = first * one.probability
            drawn.append(Selected(one.id, name, chance, 1 / chance))
    frame = sum(len(ids) for ids in filled.values())
    scale = frame / sum((one.weight for one in drawn), Fraction())
    return [Selected(one.id, one.stratum, one.probability, one.weight * scale) for one in drawn]
