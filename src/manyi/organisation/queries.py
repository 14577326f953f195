"""Readers of the organisation: the Event log as a person may see it, the staff of a subtree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from manyi.organisation import access
from manyi.organisation.models import Event, Person, Unit


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What a reader of the log asks for; empty means everything. ``until`` is counted in."""

    who: str = ""
    kind: str = ""
    subject: str = ""
    unit: Unit | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """Units as the tree stands, each below the one above it, siblings in the order in which they were made.

    The database orders paths by their signs: unit 10 before its sister 9.
    """
    return sorted(units, key=lambda unit: unit.lineage)


def log(person: Person, wanted: LogFilter) -> QuerySet[Event]:
    """The events of the subtrees in which a person reads the log, newest first.

    What belongs to no unit (a person's own preferences) is shown to readers of the whole organisation.
    """
    roots = access.paths(person, "events.view")
    seen = access.within(roots, "unit")
    if any(path.count("/") == 2 for path in roots):
        seen |= Q(unit=None)
    rows = Event.objects.filter(seen).select_related("unit", "actor")
    conditions = {
        "actor_label__icontains": wanted.who,
        "kind": wanted.kind,
        "unit__path__startswith": wanted.unit.path if wanted.unit else "",
        "at__gte": wanted.since,
        "at__lte": wanted.until,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    if wanted.subject:
        label, kind = Q(subject_label__icontains=wanted.subject), Q(subject_type__icontains=wanted.subject)
        rows = rows.filter(label | kind | Q(subject_id=wanted.subject))
    return rows.order_by("-seq")


def staff(person: Person, *, text: str = "") -> QuerySet[Person]:
    """The staff whom a person manages: those with a role in their subtrees, and those without any role."""
    roots = access.paths(person, "staff.manage")
    if not roots:
        return Person.objects.none()
    here = access.within(roots, "grants__unit")
    rows = Person.objects.filter(here | Q(grants=None)).distinct()
    if text:
        rows = rows.filter(
            Q(display_name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text)
        )
    return rows.prefetch_related("grants__unit")
