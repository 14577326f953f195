"""Readers of customer files: search, duplicates, who may be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from manyi.customers.actions import hash_of
from manyi.customers.models import ContactPoint, Customer, OptOut
from manyi.organisation import access
from manyi.organisation.models import Person


def files(person: Person, *, text: str = "", segment: str = "") -> QuerySet[Customer]:
    """The customer files that a person may see, narrowed by a text (name, number, contact) and a segment."""
    rows = access.visible(person, Customer.objects.filter(merged_into=None)).select_related("unit")
    if text:
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(organisation_name__icontains=text)
            | Q(code__icontains=text)
            | Q(pseudonym__iexact=text)
            | Q(pk__in=ContactPoint.objects.filter(value__icontains=text).values("customer_id"))
        )
    if segment:
        rows = rows.filter(segments__code=segment)
    return rows.prefetch_related("contacts", "segments")


def duplicates(person: Person) -> list[list[Customer]]:
    """Groups of visible files that share a contact, each group oldest first."""
    mine = access.visible(
        person, Customer.objects.filter(merged_into=None, erased_at=None), verb="customers.edit"
    )
    shared = (
        ContactPoint.objects.filter(customer__in=mine)
        .values("kind", "normalised")
        .annotate(files=Count("customer", distinct=True))
        .filter(files__gt=1)
    )
    groups: dict[tuple[str, str], list[Customer]] = defaultdict(list)
    wanted = Q(pk__in=[])
    for row in shared[:200]:
        wanted |= Q(kind=row["kind"], normalised=row["normalised"])
    contacts = ContactPoint.objects.filter(wanted, customer__in=mine).select_related("customer__unit")
    for contact in contacts.order_by("customer__created_at", "customer_id"):
        groups[contact.kind, contact.normalised].append(contact.customer)
    unique = {tuple(customer.pk for customer in group): group for group in groups.values()}
    return list(unique.values())


def opted_out(contacts: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of the (kind, normalised) contacts must not be asked; one statement per 500."""
    by_hash = {hash_of(kind, normalised): (kind, normalised) for kind, normalised in contacts}
    hashes, found = list(by_hash), set()
    for start in range(0, len(hashes), 500):
        known = OptOut.objects.filter(contact_hash__in=hashes[start : start + 500])
        found |= {by_hash[value] for value in known.values_list("contact_hash", flat=True)}
    return found
