"""What became of the letters of a case: which did not reach the complainant, and whose they are to settle."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from manyi.cases import letters, queries
from manyi.cases.models import Case
from manyi.cases.workflow import OPEN_STATES
from manyi.distribution.models import Message
from manyi.organisation import access
from manyi.organisation.models import Event, Person

KINDS = ("acknowledgement", "answer")
#: So many undelivered letters are looked at for one person, the newest first.
MOST = 1000


def sent_by(case: Case, events: Iterable[Event]) -> dict[int, Message]:
    """The letters that events of a case sent, by the number of the event."""
    keys = {letters.key_of(case, event, back=back): event.seq for event in events for back in (False, True)}
    rows = Message.objects.filter(key__in=keys).prefetch_related("returns")
    return {keys[row.key]: row for row in rows}


def undelivered(person: Person) -> list[tuple[Case, Message]]:
    """The letters of open cases that did not arrive, the oldest first: of one's own cases for handlers, of
    all for those who dispatch."""
    failed = Message.objects.filter(state="failed", kind__in=KINDS, key__startswith="case-")
    newest = failed.only("key", "error").order_by("-pk")[:MOST]
    found = [(letters.case_id_of(row.key), row) for row in newest]
    concerned = Q(owner=person) | access.within(access.paths(person, "cases.dispatch"), "unit")
    rows = queries.cases(person).filter(concerned, state__in=OPEN_STATES)
    cases = rows.in_bulk({pk for pk, _row in found})
    return [(cases[pk], row) for pk, row in reversed(found) if pk in cases]
