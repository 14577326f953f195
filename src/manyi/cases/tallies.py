"""How many cases came in, by unit and category: what patterns of complaints are drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from manyi.cases.models import Case, Category

#: Counts by unit and by what a case was about; None is for cases of which that is not known.
Tally = Counter[tuple[int, int | None]]
#: A case in one of these was never handled as a case of its own.
NOT_COUNTED = ("rejected", "duplicate")


def counted(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Without the merged and the rejected ones."""
    return cases.exclude(state__in=NOT_COUNTED)


def received(cases: QuerySet[Case], since: datetime, until: datetime, kind: str = "") -> QuerySet[Case]:
    """Those that were received from a moment up to, not including, another; of one kind, or of all."""
    rows = counted(cases).filter(received_at__gte=since, received_at__lt=until).order_by()
    return rows.filter(kind=kind) if kind else rows


def by_category(cases: QuerySet[Case]) -> Tally:
    """How many of the cases each unit has of each category."""
    rows = cases.order_by().values_list("unit_id", "category_id").annotate(n=Count("pk"))
    return Counter({(unit, category): n for unit, category, n in rows})


def of_category(pk: int) -> Q:
    """Cases of a category or of one below it."""
    return Q(category_id=pk) | Q(category__parent_id=pk) | Q(category__parent__parent_id=pk)


@dataclass(frozen=True, slots=True)
class Rung:
    """A category seen from a level of the tree; ``own``: only cases that were not classified further."""

    category: Category
    own: bool = False


class Tree:
    """The categories by id, to see each from one level."""

    def __init__(self, rows: Iterable[Category]) -> None:
        self._rows = {row.pk: row for row in rows}
        self._parents = {row.parent_id for row in self._rows.values()}

    def _chain(self, row: Category) -> Iterator[Category]:
        """A category and those above it; a circle ends where it began."""
        seen: set[int] = set()
        here: Category | None = row
        while here is not None and here.pk not in seen:
            seen.add(here.pk)
            yield here
            here = self._rows.get(here.parent_id) if here.parent_id else None

    def seen_from(self, pk: int, level: int) -> Rung:
        """What a category is on a level (1 is the top): one above it, or itself."""
        chain = list(self._chain(self._rows[pk]))[::-1]
        if len(chain) >= level:
            return Rung(chain[level - 1])
        return Rung(chain[-1], own=chain[-1].pk in self._parents)
