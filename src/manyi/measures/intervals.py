"""Intervals of a share of counted answers: Wilson 1927, JASA 22; Clopper and Pearson 1934, Biometrika 26."""

from __future__ import annotations

import math

from manyi.measures.distributions import z_for
from manyi.measures.figure import Interval


def wilson(hits: float, valid: float, confidence: float = 0.95) -> Interval | None:
    """Wilson's score interval of a share, without continuity correction; None without a valid answer.

    Of weighted answers ``valid`` is the effective n and ``hits`` the share of it.
    """
    if not valid:
        return None
    z, share = z_for(confidence), hits / valid
    centre = (share + z * z / (2 * valid)) / (1 + z * z / valid)
    half = z / (1 + z * z / valid) * math.sqrt(share * (1 - share) / valid + z * z / (4 * valid * valid))
    low = 0.0 if hits == 0 else centre - half
    return Interval(low, 1.0 if hits == valid else centre + half)


def clopper_pearson(hits: float, valid: float, confidence: float = 0.95) -> Interval | None:
    """The exact interval of a share, never too narrow; None without a valid answer.

    Of weighted answers ``valid`` is the effective n and ``hits`` the share of it: both may be broken numbers.
    """
    from scipy import special

    z_for(confidence)  # refuses an impossible level
    if not 0 <= hits <= valid:
        raise ValueError(f"impossible counts: {hits} of {valid}")
    if not valid:
        return None
    tail = (1 - confidence) / 2
    low = special.betaincinv(hits, valid - hits + 1, tail) if hits > 0 else 0.0
    high = special.betaincinv(hits + 1, valid - hits, 1 - tail) if hits < valid else 1.0
    return Interval(float(low), float(high))
