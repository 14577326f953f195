"""An item from period to period under a sample design: periods are domains of one sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from manyi.analytics.data.table import Floats, Groups, Table
from manyi.analytics.designs import DesignConfig, design_on, domain_of
from manyi.measures.design.effects import change
from manyi.measures.design.estimates import Estimate, Flags, mean, share
from manyi.measures.design.models import Coefficient, regression
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.effects import DifferenceTest
from manyi.measures.errors import NotComputable
from manyi.measures.trend import TrendTest

Measure = Literal["share", "mean", "nps"]


def designed(table: Table, config: DesignConfig) -> bool:
    """Whether rows count by weights or were not drawn one by one."""
    return table.weighted or config.drawn


def scored(values: Floats, measure: Measure, at_least: float | None, item: str) -> Floats:
    """What a measure is the mean of: the values, 1 and 0 for satisfied or not, 100, 0 and -100 of NPS.

    Raises NotComputable for an NPS of answers that are not 0 to 10.
    """
    given = ~np.isnan(values)
    if measure == "share":
        return np.where(given, values >= (at_least or 0), np.nan)
    if measure == "mean":
        return values
    wrong = np.flatnonzero(given & ~np.isin(values, range(11)))
    if len(wrong):
        raise NotComputable("out_of_range", column=item, row=int(wrong[0]), value=float(values[wrong[0]]))
    return np.where(given, np.where(values >= 9, 100.0, np.where(values <= 6, -100.0, 0.0)), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class DesignedPeriods:
    """The scores of all rows with their design; periods are told by their place among ``periods``."""

    design: SurveyDesign
    scores: Floats
    periods: Groups
    domain: Flags
    item: str
    measure: Measure
    confidence: float

    def rows(self, place: int) -> Flags:
        """The rows of a period."""
        return np.asarray(self.domain & (self.periods.places == place))

    def figure(self, place: int) -> Estimate | None:
        """The figure of a period; None where nobody answered."""
        estimate = share if self.measure == "share" else mean
        try:
            return estimate(
                self.design,
                self.scores,
                where=self.rows(place),
                column=self.item,
                confidence=self.confidence,
            )
        except NotComputable as problem:
            if problem.code == "all_missing":
                return None
            raise

    def change(
        self, places: tuple[int, int], figures: tuple[Estimate | None, Estimate | None]
    ) -> tuple[DifferenceTest, float]:
        """The difference of two periods, later less earlier, with its degrees of freedom."""
        rows = self.rows(places[0]), self.rows(places[1])
        return change(self.design, self.scores, figures, rows, column=self.item, confidence=self.confidence)

    def steps(self, figures: Sequence[Estimate | None]) -> list[DifferenceTest]:
        """Each period against the one before."""
        pairs = zip(range(len(figures) - 1), range(1, len(figures)), strict=True)
        return [self.change((one, other), (figures[one], figures[other]))[0] for one, other in pairs]

    def trend(self) -> tuple[TrendTest, Coefficient] | None:
        """Logit of the share on the number of the period, which takes the place of Cochran and Armitage.

        None where all are satisfied, or none, or too few clusters are left for a line.
        """
        numbers = np.where(self.periods.places >= 0, self.periods.places + 1.0, np.nan)
        try:
            found = regression(
                self.design,
                self.scores,
                [numbers],
                names=["period"],
                family="logit",
                where=self.domain,
                column=self.item,
            )
        except NotComputable as problem:
            if problem.code in ("constant", "separated", "too_few"):
                return None
            raise
        slope = found.coefficients[1]
        return TrendTest(slope.t**2, slope.p, int(np.sign(slope.estimate))), slope


def designed_periods(
    table: Table, config: DesignConfig, *, period: str, item: str, measure: Measure, at_least: float | None
) -> DesignedPeriods:
    """An item by the levels of a variable; raises NotComputable where nothing was answered."""
    scores = scored(table.numbers(item), measure, at_least, item)
    groups, domain = table.groups(period), domain_of(table, config)
    for name, held in ((period, groups.places >= 0), (item, ~np.isnan(scores))):
        if not held.any():
            raise NotComputable("all_missing", column=name)
    everyone = np.ones(table.rows, dtype=bool) if domain is None else domain
    return DesignedPeriods(
        design_on(table, config), scores, groups, everyone, item, measure, config.confidence
    )
