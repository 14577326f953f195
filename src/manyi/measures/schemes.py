"""The scoring scheme of a regulation: how answers become points, a total, a grade and a consequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from manyi.kernel.labels import Label
from manyi.measures.scales import Band

MissingPolicy = Literal["reweight", "minimum_share"]


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """One scored question (or ``matrix.row``): points by answer code, weight, codes that count as satisfied.

    A code without points, for example “not applicable”, counts as not answered. ``expectation`` names
    the question that asks what was expected of the same item.
    """

    question: str
    points: Mapping[str, Fraction]
    weight: Fraction = Fraction(1)
    satisfied: frozenset[str] = frozenset()
    expectation: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What unanswered items do: the answered ones always share the weight of all.

    Under ``minimum_share`` there is no total when fewer than ``share`` (0 to 1) of the items are answered.
    """

    policy: MissingPolicy = "reweight"
    share: Fraction = Fraction()


@dataclass(frozen=True, slots=True)
class Validity:
    """When a round counts: returned / invited, and invalid / returned, both 0 to 1; None asks nothing."""

    return_rate_at_least: Fraction | None = None
    invalid_at_most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """What a round should reach, in points; a miss starts ``consequence``, for example a review meeting."""

    average_at_least: Fraction | None = None
    item_at_least: Fraction | None = None
    consequence: str = ""

    @property
    def any_set(self) -> bool:
        """Whether there is a target that a round can miss."""
        return self.average_at_least is not None or self.item_at_least is not None


@dataclass(frozen=True, slots=True)
class CaseTrigger:
    """Which single response opens a case: a total or an item below its points, an NPS answer this low."""

    total_below: Fraction | None = None
    item_below: Fraction | None = None
    nps_at_most: Fraction | None = None
    nps_question: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """When an answer sheet is doubtful: too few seconds an item, the same code on this many items or more."""

    speed_seconds_per_item: Fraction | None = None
    straight_line_min_items: int | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scoring scheme; ``round_to`` decimals, if given, are rounded to (half up) before grading."""

    items: tuple[SchemeItem, ...]
    bands: tuple[Band, ...] = ()
    round_to: int | None = None
    missing: Missing = field(default_factory=Missing)
    validity: Validity = field(default_factory=Validity)
    targets: Targets = field(default_factory=Targets)
    case_trigger: CaseTrigger = field(default_factory=CaseTrigger)
    quality: Quality = field(default_factory=Quality)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a scheme, at a path such as ``items[2].points.5``."""

    path: str
    message: Label


class SchemeError(ValueError):
    """A scheme that cannot be used: all its ``problems`` at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message.en}" for problem in problems))
        self.problems = problems
