"""How far the copies of a print run came, and how well its clerks agree with what holds in the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count

from manyi.organisation.models import Person
from manyi.responses.models import PaperCopy, PaperEntry, PaperRun
from manyi.responses.paper_rules import COPY_STATES, DECISION, Agreement, agreement

RUNS = PaperRun.objects.select_related("round__questionnaire", "round__unit", "unit", "by")
COPIES = PaperCopy.objects.select_related(
    "run__round__questionnaire", "run__round__unit", "run__unit", "response", "invitation__customer"
)


@dataclass(slots=True)
class Clerk:
    """One person's entries of a run; ``agreement`` over the copies that two people entered."""

    person: Person
    entries: int = 0
    agreement: Agreement = field(default_factory=Agreement)


def counts_of(run: PaperRun) -> dict[str, int]:
    """How many copies stand in each state, and ``returned``: all that somebody has entered."""
    rows = dict(run.copies.values_list("state").annotate(n=Count("pk")))
    found = {state: rows.get(state, 0) for state in COPY_STATES}
    return {**found, "all": sum(found.values()), "returned": sum(found.values()) - found["out"]}


def standing(copy: PaperCopy) -> list[PaperEntry]:
    """The entries of a copy that were not undone, in their order."""
    return list(copy.entries.filter(undone_at=None).select_related("clerk").order_by("place"))


def clerks_of(run: PaperRun) -> list[Clerk]:
    """Everybody who entered copies of a run, the busiest first."""
    rows = PaperEntry.objects.filter(copy__run=run, undone_at=None).select_related("clerk", "copy")
    by_copy: dict[int, list[PaperEntry]] = {}
    for row in rows.order_by("copy", "place"):
        by_copy.setdefault(row.copy_id, []).append(row)
    found: dict[int, Clerk] = {}
    for entries in by_copy.values():
        whole = entries[0].copy.twice and entries[0].copy.state == "done"
        for entry in entries:
            if entry.place == DECISION:
                continue
            clerk = found.setdefault(entry.clerk_id, Clerk(entry.clerk))
            clerk.entries += 1
            if whole:
                clerk.agreement += agreement(entry.values, entries[-1].values)
    return sorted(found.values(), key=lambda clerk: -clerk.entries)
