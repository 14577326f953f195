"""An open snapshot with what a reader may see of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb

from manyi.analytics import engine, snapshot
from manyi.analytics.actions import book_of, folder_of
from manyi.analytics.codebook import Codebook
from manyi.analytics.condition import Condition
from manyi.analytics.data.snapshot_engine import SnapshotEngine
from manyi.analytics.engine import Histograms
from manyi.analytics.items import Measured, measured
from manyi.analytics.models import Snapshot
from manyi.analytics.rules import hidden_groups, separable, step_below
from manyi.analytics.views import Filters
from manyi.measures.figure import Figure, suppress
from manyi.measures.scoring import Scheme
from manyi.organisation.access import within
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.organisation.settings import value
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of, scheme_of

#: A group that a filter chose, and the sizes of all groups beside it.
Chosen = tuple[str, Mapping[str, int]]


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
        return in_tree_order(Unit.objects.filter(within(self.roots, "")))

    def condition(self, filters: Filters) -> Condition:
        """The filters in stored integers; a code that nobody has matches nobody."""
        # In an order that does not change when a unit is renamed: what was counted is kept by these words.
        units = tuple(sorted(unit.pk for unit in self.units if unit.path.startswith(filters.unit)))
        place = self.book.find("segment", filters.segment)
        known = place >= 0
        return Condition(
            units=units if known or not filters.segment else (),
            channel=self.book.find("channel", filters.channel) if filters.channel else None,
            segment=f"s{place}" if filters.segment and known else None,
            since=filters.since,
            until=filters.until,
        )

    @cached_property
    def store(self) -> SnapshotEngine:
        """What counts the answers, as long as this is open."""
        return self._store(self.connection)

    def kept_store(self) -> SnapshotEngine:
        """One with a connection of its own, for a table that is read after this one is closed.

        Parts that are replaced meanwhile stay where they lie until the next sweep.
        """
        return self._store(snapshot.connected(folder_of(self.round), self.row.parts, self.book))

    def _store(self, connection: duckdb.DuckDBPyConnection) -> SnapshotEngine:
        parts = snapshot.Parts(folder_of(self.round), tuple(self.row.parts))
        return SnapshotEngine(connection, parts, self.book)

    def histograms(self, sets: Sequence[engine.Set], filters: Filters) -> Histograms:
        """The joint histograms of what the filters leave."""
        return engine.histograms(self.store, self.book, sets, self.condition(filters))

    def shown(self, figure: Figure) -> Figure:
        """The figure, or its suppressed form when too few answers stand behind it."""
        return suppress(figure, self.minimum)

    def permits(self, filters: Filters) -> bool:
        """Whether the narrowed group may be shown.

        It must be large enough, and so must what each filter left out; and no filter may choose a group that
        a comparison would hide. Else a reader could set one filter more, subtract, and read the answers of
        the few between.
        """
        inside = engine.count(self.store, self.condition(filters))
        for wider in filters.widened():
            outside = engine.count(self.store, self.condition(wider)) - inside
            if not separable(inside, outside, self.minimum):
                return False
        chosen = (*self._channel(filters), *self._segment(filters), *self._unit(filters))
        hidden = any(group in hidden_groups(sizes, self.minimum) for group, sizes in chosen)
        return inside >= self.minimum and not hidden

    def _channel(self, filters: Filters) -> Iterator[Chosen]:
        """The chosen channel among all channels."""
        if filters.channel:
            found = self.histograms([("channel",)], replace(filters, channel=""))
            sizes = {str(n): found.cell(("channel",), (n,)).n for n in found.keys("channel")}
            yield str(self.book.find("channel", filters.channel)), sizes

    def _segment(self, filters: Filters) -> Iterator[Chosen]:
        """The chosen segment among all segments."""
        if filters.segment:
            columns = {code: (f"s{place}",) for place, code in enumerate(self.book.segments)}
            found = self.histograms(list(columns.values()), replace(filters, segment=""))
            yield filters.segment, {code: found.cell(column, (1,)).n for code, column in columns.items()}

    def _unit(self, filters: Filters) -> Iterator[Chosen]:
        """On every level from the round's unit down to the chosen one: the unit among its siblings."""
        level = self.round.unit.path
        if not filters.unit.startswith(level):
            return
        found = self.histograms([("unit",)], replace(filters, unit=""))
        while level != filters.unit:
            sizes: Counter[str] = Counter()
            for unit in self.units:
                if unit.path.startswith(level):
                    sizes[step_below(level, unit.path)] += found.cell(("unit",), (unit.pk,)).n
            child = step_below(level, filters.unit)
            yield child, sizes
            level = child


@contextmanager
def reading(round: Round, roots: Sequence[str]) -> Iterator[Reading]:
    """Open the snapshot of a round; the caller has refreshed it or shows its time."""
    row = Snapshot.objects.select_related("round__questionnaire", "round__scheme").get(round=round)
    book = book_of(row)
    with snapshot.opened(folder_of(round), row.parts, book) as connection:
        yield Reading(round, row, book, tuple(roots), connection, value("privacy.minimum_group"))
