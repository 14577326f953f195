"""Who read the contact of a confidential case: an event for every reader, case and hour."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from manyi.cases.models import Case
from manyi.cases.queries import may_see_contact
from manyi.organisation import clock, events
from manyi.organisation.models import Event, Person

CONTACT_READ = events.kind("contact.read", "查看保密联系方式", "Confidential contact read")
#: A page that is opened again within so long is one reading.
ONE_READING = timedelta(hours=1)


def show_contact(*, actor: Person, case: Case) -> bool:
    """Whether name, telephone and address are shown to this person; of a confidential case that is noted."""
    if not may_see_contact(actor, case):
        return False
    if case.confidentiality == "confidential":
        _note(actor, case)
    return True


def readings(case: Case) -> QuerySet[Event]:
    """The readings of a case's contact, the newest first."""
    rows = Event.objects.filter(
        kind=CONTACT_READ.id, subject_type=Case._meta.label_lower, subject_id=str(case.pk)
    )
    return rows.order_by("-seq")


def _note(actor: Person, case: Case) -> None:
    if readings(case).filter(actor=actor, at__gt=clock.now() - ONE_READING).exists():
        return
    with transaction.atomic():
        events.append(CONTACT_READ, actor=actor, subject=case, unit=case.unit, data={"case": case.pk})
