"""A figure: a value that carries its base, its interval and the way it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval [low, high] in the unit of its figure."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"interval runs backwards: {self.low} > {self.high}")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def clipped(self, least: float, most: float) -> Interval:
        """The interval cut to the possible range [least, most] of the measure."""
        return Interval(min(max(self.low, least), most), max(min(self.high, most), least))


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number: ``value`` in ``unit`` with an interval, from ``valid_n`` of ``n`` answers.

    ``value`` is None when it cannot be computed or is suppressed; ``low`` and ``high`` are None when
    the method gives no interval. ``method`` says how it was computed, ``definition`` is the id of what
    it means. Shares are 0 to 1 (unit ``share``), NPS is -100 to 100 (unit ``points``).
    """

    value: float | None
    n: int
    valid_n: int
    low: float | None
    high: float | None
    method: str
    definition: str
    unit: str = ""
    suppressed: bool = False
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.valid_n <= self.n:
            raise ValueError(f"valid n {self.valid_n} is not between 0 and n {self.n}")
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has both ends or none")
        if self.suppressed and (self.value is not None or self.low is not None):
            raise ValueError("a suppressed figure shows no value and no interval")

    @property
    def interval(self) -> Interval | None:
        """The interval, or None when the method gives none."""
        if self.low is None or self.high is None:
            return None
        return Interval(self.low, self.high)

    def to_json(self) -> dict[str, Any]:
        """The figure as plain JSON values; ``from_json`` reads it back."""
        return {**asdict(self), "warnings": list(self.warnings)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Figure:
        """The figure written by ``to_json``; raises TypeError for unknown or missing fields."""
        return cls(**{**data, "warnings": tuple(data.get("warnings", ()))})


def suppress(figure: Figure, minimum: int) -> Figure:
    """The figure without value and interval when fewer than ``minimum`` valid answers stand behind it.

    ``n`` and ``valid_n`` stay, so that the reader sees why: the size of a group says nothing about what
    its members answered. Warnings go, because some describe the value. An earlier suppression stays.
    """
    if figure.suppressed or figure.valid_n >= minimum:
        return figure
    return replace(figure, value=None, low=None, high=None, suppressed=True, warnings=())
