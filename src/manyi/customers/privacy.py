"""The rights of one person over their data: a complete copy, and erasure (个人信息保护法 §45, §47)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from manyi.customers.actions import hash_of
from manyi.customers.models import Customer, OptOut
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person

ERASED = events.kind("customer.erased", "删除个人信息", "Personal data erased")
EXPORTED = events.kind("customer.exported", "导出个人信息", "Personal data exported")

#: What higher rooms hold of a person: name -> rows as plain data; filled by those rooms.
COLLECTORS: dict[str, Callable[[Customer], list[dict[str, Any]]]] = {}
#: What higher rooms do when a person is erased; filled by those rooms.
ERASERS: dict[str, Callable[[Customer], int]] = {}


def export_customer(*, actor: Person, customer: Customer) -> dict[str, Any]:
    """Everything that is kept about one person, as plain data; the export itself is an event."""
    access.require(actor, "customers.erase", customer)
    data: dict[str, Any] = {
        "customer": {
            "code": customer.code,
            "name": customer.name,
            "organisation": customer.organisation_name,
            "unit": customer.unit.name,
            "created_at": customer.created_at.isoformat(),
            "note": customer.note,
        },
        "contacts": [{"kind": row.kind, "value": row.value} for row in customer.contacts.all()],
        "segments": [segment.name for segment in customer.segments.all()],
        "consents": [
            {"granted": row.granted, "source": row.source, "at": row.at.isoformat()}
            for row in customer.consents.all()
        ],
        "transactions": [
            {"kind": row.kind, "on": row.on.isoformat(), "product": str(row.product or "")}
            for row in customer.transactions.select_related("product")
        ],
    }
    for name, collect in COLLECTORS.items():
        data[name] = collect(customer)
    with transaction.atomic():
        events.append(EXPORTED, actor=actor, subject=customer, label=customer.pseudonym, unit=customer.unit)
    return data


def erase_customer(*, actor: Person, customer: Customer, why: str) -> Customer:
    """Remove what identifies one person; what they answered stays as anonymous figures.

    An opt-out outlives the erasure, so that a later import does not ask them again. Files that were merged
    into this one are erased with it. Raises Refused without a reason, and when it was done already.
    """
    access.require(actor, "customers.erase", customer)
    if not why.strip():
        raise Refused(Label("请填写删除的原因。", "Please give the reason for erasing."), field="why")
    if customer.erased_at:
        raise Refused(Label("该客户的个人信息已经删除。", "This customer's data was erased already."))
    with transaction.atomic():
        files = [customer, *customer.merged.all()]
        erased = {name: sum(erase(file) for file in files) for name, erase in ERASERS.items()}
        for file in files:
            _erase_file(file)
        events.append(
            ERASED,
            actor=actor,
            subject=customer,
            label=customer.pseudonym,
            unit=customer.unit,
            why=why,
            data=erased,
        )
    return customer


def _erase_file(customer: Customer) -> None:
    for contact in customer.contacts.all():
        OptOut.objects.get_or_create(
            contact_hash=hash_of(contact.kind, contact.normalised),
            defaults={"kind": contact.kind, "at": clock.now(), "source": "erased"},
        )
    customer.contacts.all().delete()
    customer.consents.all().delete()
    customer.transactions.all().delete()
    customer.segments.clear()
    customer.name = customer.organisation_name = customer.note = ""
    customer.code = f"erased-{customer.pk}"
    customer.erased_at = customer.updated_at = clock.now()
    customer.save()
