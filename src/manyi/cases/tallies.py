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


def first_received() -> datetime | None:
    """When the first case of the register came: before that nothing can be compared."""
    return Case.objects.order_by("received_at").values_list("received_at", flat=True).first()


def by_category(cases: QuerySet[Case]) -> Tally:
    """How many of the cases each unit has of each category."""
    rows = cases.order_by().values_list("unit_id", "category_id").annotate(n=Count("pk"))
    return Counter({(unit, category): n for unit, category, n in rows})


def of_category(pk: int, *, own: bool = False) -> Q:
    """Cases of a category, and unless ``own`` of those below it; with those that were merged into them."""
    rows = Category.objects.values_list("pk", "parent_id", "merged_into_id")
    goal, above = {row: merged for row, _up, merged in rows}, {row: up for row, up, _merged in rows}

    def is_here(row: int | None) -> bool:
        for _step in range(len(goal)):  # merged into, then below: a chain is never longer than the tree
            if row is None or row == pk:
                break
            row = goal[row] or (None if own else above[row])
        return row == pk

    return Q(category_id__in=[row for row in goal if is_here(row)])


def as_counted(category: Category) -> Q:
    """Cases, or findings, that figures count under the same category as this one today: whatever was merged
    into one is one matter. What stands below it is another."""
    return of_category(category.present.pk, own=True)


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

    def present(self, pk: int) -> int:
        """The id under which cases of a category are counted today."""
        return self._present(self._rows[pk]).pk

    def _present(self, row: Category) -> Category:
        """What a category is today, along the chain of mergings; a circle ends where it began."""
        seen: set[int] = set()
        while row.merged_into_id in self._rows and row.pk not in seen:
            seen.add(row.pk)
            row = self._rows[row.merged_into_id]
        return row

    def lineage(self, pk: int) -> list[Category]:
        """What a category is today, and all above it: where its cases count."""
        return list(self._chain(self._present(self._rows[pk])))

    def _chain(self, row: Category) -> Iterator[Category]:
        """A category and those above it; a circle ends where it began."""
        seen: set[int] = set()
        here: Category | None = row
        while here is not None and here.pk not in seen:
            seen.add(here.pk)
            yield here
            above = self._rows.get(here.parent_id) if here.parent_id else None
            here = self._present(above) if above else None

    def seen_from(self, pk: int, level: int) -> Rung:
        """What a category is on a level (1 is the top): one above it, or itself; one that was merged is where
        it went: the present tree."""
        chain = self.lineage(pk)[::-1]
        if len(chain) >= level:
            return Rung(chain[level - 1])
        return Rung(chain[-1], own=chain[-1].pk in self._parents)
