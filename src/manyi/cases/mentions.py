"""Colleagues named with @ in a note: found by their names, kept until they open the case."""

from __future__ import annotations

from django.db.models import QuerySet

from manyi.cases.models import Case, CaseMessage, Mention
from manyi.organisation import clock
from manyi.organisation.models import Person
from manyi.organisation.people import holding


def note_mentions(note: CaseMessage) -> list[Mention]:
    """Keep whom a note names, as @姓名 or @username; only those who may see the case can be named."""
    if note.direction != "internal" or "@" not in note.body:
        return []
    people = holding("cases.view", note.case.unit)
    named = [person for person in people if person.pk != note.by_id and _names(note.body, person)]
    return Mention.objects.bulk_create(Mention(note=note, person=person) for person in named)


def _names(body: str, person: Person) -> bool:
    known = (str(person), person.username)
    return any(f"@{name}" in body for name in known if name)


def waiting(person: Person) -> QuerySet[Mention]:
    """The notes that name a person and that they have not seen, the newest first."""
    rows = Mention.objects.filter(person=person, seen_at=None)
    return rows.select_related("note__case", "note__by").order_by("-note__at")


def saw(person: Person, case: Case) -> None:
    """The person opened the case: its mentions wait no longer."""
    Mention.objects.filter(person=person, note__case=case, seen_at=None).update(seen_at=clock.now())
