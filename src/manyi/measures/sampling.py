"""How many to ask, and whom: closed formulas and a seeded draw.

Formulas: Cochran, Sampling Techniques, 3rd edition, 4.1 to 4.4.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from manyi.measures.distributions import z_for
from manyi.measures.scales import Number, exact

Id = TypeVar("Id", int, str)


@dataclass(frozen=True, slots=True)
class SampleSize:
    """A required size: ``infinite`` before and ``corrected`` after the population correction (unrounded),
    ``answers`` needed in whole numbers, ``invitations`` to send for them; ``reachable`` is false when
    the population is too small for so many invitations, which are then the whole population.
    """

    infinite: float
    corrected: float
    answers: int
    invitations: int
    reachable: bool


def required_size(
    population: int | None,
    margin: float,
    *,
    share: float = 0.5,
    confidence: float = 0.95,
    response_rate: Number = 1,
    invalid_rate: Number = 0,
) -> SampleSize:
    """The sample size for a share within ± ``margin``; ``population`` None means without limit.

    n0 = z² p (1 - p) / e², n = n0 / (1 + (n0 - 1) / N), rounded up; invitations are answers over
    response rate × valid rate. All rates are 0 to 1; raises ValueError for impossible ones.
    """
    if not 0 < margin < 1 or not 0 <= share <= 1 or (population is not None and population < 1):
        raise ValueError("margin and share lie between 0 and 1, a population has at least one member")
    expected = exact(response_rate) * (1 - exact(invalid_rate))
    if not 0 < exact(response_rate) <= 1 or not 0 < expected <= 1:
        raise ValueError("response rate must be above 0 and at most 1, invalid rate at least 0 and below 1")
    infinite = z_for(confidence) ** 2 * share * (1 - share) / margin**2
    corrected = infinite if population is None else infinite / (1 + (infinite - 1) / population)
    answers = max(math.ceil(corrected), 1)
    invitations = math.ceil(answers / expected)
    if population is None or invitations <= population:
        return SampleSize(infinite, corrected, answers, invitations, reachable=True)
    return SampleSize(infinite, corrected, min(answers, population), population, reachable=False)


def margin_of(
    answers: int, population: int | None = None, *, share: float = 0.5, confidence: float = 0.95
) -> float:
    """The ± margin of a share from so many answers, finite population corrected; 0 for a full census.

    Raises ValueError for no answers or for more than the population.
    """
    if answers < 1 or (population is not None and answers > population):
        raise ValueError("the number of answers lies between 1 and the population")
    error = math.sqrt(share * (1 - share) / answers)
    if population is not None and population > 1:
        error *= math.sqrt((population - answers) / (population - 1))
    return z_for(confidence) * error


def draw(ids: Iterable[Id], size: int, seed: int | str) -> list[Id]:
    """A simple random sample without replacement, sorted; the same frame, size and seed give the same.

    The order in which the ids come is of no matter. Raises ValueError for doubles in the frame or for a
    size beyond it.
    """
    frame = _sorted_frame(ids)
    if not 0 <= size <= len(frame):
        raise ValueError(f"a sample of {size} cannot be drawn from {len(frame)}")
    # Only Random.random() is promised to repeat over Python versions, so the shuffle is our own
    # (Fisher and Yates, stopped after ``size`` steps).
    generator = random.Random(seed)
    for index in range(size):
        other = index + int(generator.random() * (len(frame) - index))
        frame[index], frame[other] = frame[other], frame[index]
    return sorted(frame[:size])


def frame_hash(ids: Iterable[Id]) -> str:
    """A SHA-256 of the sorted frame in hex: proof of the list from which a sample was drawn."""
    return hashlib.sha256(json.dumps(_sorted_frame(ids)).encode()).hexdigest()


def _sorted_frame(ids: Iterable[Id]) -> list[Id]:
    frame = sorted(ids)
    if len(set(frame)) != len(frame):
        raise ValueError("the sample frame names someone twice")
    return frame
