"""Exact numbers and grade bands: 92.95 never floats across an edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from manyi.kernel.labels import Label

#: What a regulation writes as a number; floats mean their printed form.
Number = int | float | str | Decimal | Fraction


def exact(value: Number) -> Fraction:
    """A written number as an exact fraction: 92.95, "92.95" and "1/3" mean what they say.

    Raises ValueError for text that is no number, for infinities and for truth values.
    """
    if isinstance(value, bool):
        raise ValueError("a truth value is not a number")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number must be finite")
        return Fraction(repr(value))
    try:
        return Fraction(value)
    except (OverflowError, ZeroDivisionError) as error:
        raise ValueError(f"not a number: {value}") from error


def written(value: Fraction) -> int | float | str:
    """The number as a regulation file writes it: int, short decimal, else ``"a/b"``; ``exact`` reads it."""
    if value.denominator == 1:
        return value.numerator
    decimal = float(value)
    return decimal if Fraction(repr(decimal)) == value else f"{value.numerator}/{value.denominator}"


def round_half_up(value: Fraction, places: int) -> Fraction:
    """The value rounded to decimal ``places``; halves go away from nought, as people round on paper."""
    scale = Fraction(10) ** places
    rounded = math.floor(abs(value) * scale + Fraction(1, 2)) / scale
    return rounded if value >= 0 else -rounded


@dataclass(frozen=True, slots=True)
class Band:
    """One grade: totals from ``at_least`` up to the next band."""

    grade: str
    label: Label
    at_least: Fraction


def grade_of(bands: Sequence[Band], total: Fraction | None) -> Band | None:
    """The band with the highest edge that the exact total reaches; None below all bands or without total."""
    if total is None:
        return None
    reached = [band for band in bands if total >= band.at_least]
    return max(reached, key=lambda band: band.at_least, default=None)


def weighted_mean(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The exact mean of (value, weight) pairs; None when no weight is left."""
    weight = sum((weight for _, weight in pairs), Fraction())
    return sum((value * weight for value, weight in pairs), Fraction()) / weight if weight else None
