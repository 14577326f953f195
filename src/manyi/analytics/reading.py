"""An open snapshot with what a reader may see of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import duckdb

from manyi.analytics import engine, snapshot
from manyi.analytics.actions import book_of, folder_of
from manyi.analytics.codebook import Codebook
from manyi.analytics.engine import Histograms
from manyi.analytics.items import Measured, measured
from manyi.analytics.models import Snapshot
from manyi.analytics.rules import separable
from manyi.analytics.statements import Condition
from manyi.analytics.views import Filters
from manyi.measures.figure import Figure, suppress
from manyi.measures.scoring import Scheme
from manyi.organisation.access import within
from manyi.organisation.models import Unit
from manyi.organisation.settings import value
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of, scheme_of


@dataclass(frozen=True)
class Reading:
    """One round's snapshot, open, for a reader of the units under ``roots``."""

    round: Round
    row: Snapshot
    book: Codebook
    roots: tuple[str, ...]
    connection: duckdb.DuckDBPyConnection
    minimum: int

    @cached_property
    def scheme(self) -> Scheme | None:
        """The round's scoring scheme."""
        return scheme_of(self.round.scheme) if self.round.scheme else None

    @cached_property
    def measured(self) -> Measured:
        """The items and roles of the round."""
        return measured(questionnaire_of(self.round.questionnaire), self.scheme, self.book)

    @cached_property
    def units(self) -> list[Unit]:
        """The units that the reader may see."""
        return list(Unit.objects.filter(within(self.roots, "")))

    def condition(self, filters: Filters) -> Condition:
        """The filters in stored integers; a code that nobody has matches nobody."""
        units = tuple(unit.pk for unit in self.units if unit.path.startswith(filters.unit))
        place = self.book.find("segment", filters.segment)
        known = place >= 0
        return Condition(
            units=units if known or not filters.segment else (),
            channel=self.book.find("channel", filters.channel) if filters.channel else None,
            segment=f"s{place}" if filters.segment and known else None,
            since=filters.since,
            until=filters.until,
        )

    def histograms(self, sets: Sequence[engine.Set], filters: Filters) -> Histograms:
        """The joint histograms of what the filters leave."""
        return engine.histograms(self.connection, self.book, sets, self.condition(filters))

    def shown(self, figure: Figure) -> Figure:
        """The figure, or its suppressed form when too few answers stand behind it."""
        return suppress(figure, self.minimum)

    def permits(self, filters: Filters) -> bool:
        """Whether the narrowed group and everything that the last filter left out are large enough.

        Without this a reader could set one filter more, subtract, and read the answers of the few between.
        """
        inside = engine.count(self.connection, self.condition(filters))
        for wider in filters.widened():
            outside = engine.count(self.connection, self.condition(wider)) - inside
            if not separable(inside, outside, self.minimum):
                return False
        return inside >= self.minimum


@contextmanager
def reading(round: Round, roots: Sequence[str]) -> Iterator[Reading]:
    """Open the snapshot of a round; the caller has refreshed it or shows its time."""
    row = Snapshot.objects.select_related("round__questionnaire", "round__scheme").get(round=round)
    book = book_of(row)
    with snapshot.opened(folder_of(round), row.parts, book) as connection:
        yield Reading(round, row, book, tuple(roots), connection, value("privacy.minimum_group"))
