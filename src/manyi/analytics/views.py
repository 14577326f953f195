"""What a round shows, as frozen data: every number is a figure, every name stands in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.measures.scoring import RoundValidity
from manyi.measures.tables import CrossTable

#: The headline indicators in the order in which one of them speaks for a round.
HEADLINES = ("total_mean", "csat", "nps")
HEADLINE_LABELS = {
    "total_mean": Label("满意度总分", "Satisfaction score"),
    "csat": Label("总体满意率", "Overall satisfied"),
    "nps": Label("净推荐值", "Net Promoter Score"),
    "return_rate": Label("回收率", "Return rate"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrowed a page to; empty asks nothing. ``unit`` is a unit's path."""

    unit: str = ""
    segment: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        return self != Filters()

    def widened(self) -> list[Filters]:
        """The same filters with one of them taken away, for each that is set."""
        wider = (
            replace(self, unit=""),
            replace(self, segment=""),
            replace(self, channel=""),
            replace(self, since=None, until=None),
        )
        return [each for each in wider if each != self]


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """The return of one channel."""

    channel: str
    invited: int
    reached: int
    answered: int
    rate: Figure


@dataclass(frozen=True, slots=True)
class Change:
    """The difference to the round before, with its interval; ``beyond_chance`` at the 5 % level."""

    difference: float
    low: float | None
    high: float | None
    p: float | None
    unit: str

    @property
    def beyond_chance(self) -> bool:
        """Whether chance alone would rarely make such a difference."""
        return self.p is not None and self.p < 0.05


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: its mean in points and its satisfied share, against the target of its mean."""

    code: str
    title: Label
    mean: Figure
    satisfied: Figure
    target: Fraction | None
    exact: Fraction | None
    low: int | None = None  # the highest answer that counts as low, where low answers are low numbers
    change: Change | None = None  # of the mean since the round before, by its code then

    @property
    def missed(self) -> bool:
        """Whether the shown mean lies below its target, compared exactly."""
        shown = not self.mean.suppressed and self.exact is not None and self.target is not None
        return bool(shown and self.exact < self.target)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One grade band and the share of responses in it; the share below all bands has an empty grade."""

    grade: str
    label: Label
    share: Figure
    count: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One segment or unit with its headline indicators; ``key`` narrows the page to it."""

    key: str
    title: Label
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One round of the programme: its headline figures and their change since the round before."""

    round: int
    title: Label
    figures: Mapping[str, Figure]
    changes: Mapping[str, Change] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missed:
    """One target that was not reached: of an ``item``, or of the total mean when that is empty."""

    item: str
    title: Label
    figure: Figure
    target: Fraction


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """One open answer without anything that says whose it is."""

    question: str
    title: Label
    text: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """Everything that the page and the report of a round show."""

    round: int
    filters: Filters
    written_at: datetime | None
    behind: int
    responses: int
    invalid: int
    return_rate: Figure
    returns: tuple[ReturnLine, ...]
    headlines: Mapping[str, Figure]
    items: tuple[ItemLine, ...]
    grades: tuple[GradeLine, ...]
    segments: tuple[GroupLine, ...]
    units: tuple[GroupLine, ...]
    trend: tuple[TrendPoint, ...]
    validity: RoundValidity | None
    missed: tuple[Missed, ...]
    target: Fraction | None

    @property
    def headline(self) -> str:
        """The indicator that speaks for the round: the first that can be computed."""
        return next((name for name in HEADLINES if name in self.headlines), HEADLINES[0])

    @property
    def change(self) -> Change | None:
        """How the headline moved since the round before."""
        return self.trend[-1].changes.get(self.headline) if self.trend else None


@dataclass(frozen=True, slots=True, eq=False)
class CrossView:
    """A cross table with the titles of its rows and columns; small rows are left out and counted."""

    row: Label
    column: Label
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    table: CrossTable | None
    hidden: int
    ordered: bool = False  # the columns are the steps of a scale, the lowest first
