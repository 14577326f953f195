"""Writing checked rows of customers, a batch at a time, with few statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from manyi.customers import rules
from manyi.customers.import_rows import CustomerRow
from manyi.customers.models import (
    Consent,
    ContactPoint,
    Customer,
    CustomerImport,
    Product,
    Segment,
    Transaction,
)
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.models import Unit
from manyi.organisation.tables import Row, RowProblem

#: A row with the customer that it became and the unit that it belongs to.
Stored = tuple[CustomerRow, Customer, Unit]


@dataclass
class Outcome:
    """What became of the rows so far."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    raw: dict[int, Row] = field(default_factory=dict)

    def reject(self, row: Row, problems: list[RowProblem]) -> None:
        """Keep a row that cannot be taken, with its reasons."""
        self.problems += problems
        self.rejected.append({"row": row.number, "values": row.values})

    def counts(self) -> dict[str, int]:
        """The numbers that the event and the page show."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "rejected": len(self.rejected),
        }


class Writer:
    """Writes batches into one import's unit (or the unit named in the row, inside that subtree)."""

    def __init__(self, row: CustomerImport, mapping: Mapping[str, str], *, dry: bool) -> None:
        self.dry, self.home, self.mapping = dry, row.unit, mapping
        self.actor = row.by
        self.outcome = Outcome()
        below = Unit.objects.filter(path__startswith=row.unit.path)
        self.units = {unit.code: unit for unit in below} | {unit.name: unit for unit in below}
        self.segments = {
            name: s for s in Segment.objects.all() for name in (s.code, s.name, s.name_en) if name
        }
        self.products = {
            name: p for p in Product.objects.all() for name in (p.code, p.name, p.name_en) if name
        }
        self.seen: set[tuple[int, str]] = set()

    def write(self, batch: list[CustomerRow]) -> None:
        """Create or update the customers of a batch; rows that name unknown things are rejected."""
        good = [(row, unit) for row in batch if (unit := self._unit_of(row)) is not None]
        existing = {
            (customer.unit_id, customer.code): customer
            for customer in Customer.objects.filter(
                unit__in={unit.pk for _, unit in good}, code__in=[row.code for row, _ in good]
            )
        }
        for row, unit in good:
            known = (unit.pk, row.code) in existing or (unit.pk, row.code) in self.seen
            self.outcome.updated += known
            self.outcome.created += not known
            self.seen.add((unit.pk, row.code))
        if not self.dry:
            self._store(good, existing)

    def _unit_of(self, row: CustomerRow) -> Unit | None:
        problems = []
        unit = self.units.get(row.unit_code) if row.unit_code else self.home
        if unit is None or (self.actor and not access.may(self.actor, "customers.edit", unit)):
            problems.append(self._unknown(row, "unit", f"门店“{row.unit_code}”", f"unit “{row.unit_code}”"))
        problems += [
            self._unknown(row, "segments", f"客户类别“{name}”", f"segment “{name}”")
            for name in row.segments
            if name not in self.segments
        ]
        if row.transaction and row.transaction[2] and row.transaction[2] not in self.products:
            name = row.transaction[2]
            problems.append(self._unknown(row, "product", f"产品“{name}”", f"product “{name}”"))
        if problems:
            self.outcome.reject(self.outcome.raw[row.number], problems)
            return None
        return unit

    def _unknown(self, row: CustomerRow, field: str, zh: str, en: str) -> RowProblem:
        message = Label(f"没有{zh},请先建立或改正。", f"There is no {en}; create it first or correct it.")
        return RowProblem(row.number, self.mapping.get(field, field), message)

    def _store(self, good: list[tuple[CustomerRow, Unit]], existing: dict[tuple[int, str], Customer]) -> None:
        now = clock.now()
        customers: dict[tuple[int, str], Customer] = {}
        fresh: list[Customer] = []
        for row, unit in good:
            key = (unit.pk, row.code)
            customer = customers.get(key) or existing.get(key)
            if customer is None:
                customer = Customer(
                    unit=unit, code=row.code, pseudonym=rules.pseudonym(), created_at=now, updated_at=now
                )
                fresh.append(customer)
            customer.name = row.name or customer.name
            customer.organisation_name = row.organisation_name or customer.organisation_name
            customer.note = row.note or customer.note
            customer.updated_at = now
            customers[key] = customer
        Customer.objects.bulk_create(fresh)
        old = [customer for key, customer in customers.items() if key in existing]
        Customer.objects.bulk_update(old, ["name", "organisation_name", "note", "updated_at"])
        rows = [(row, customers[unit.pk, row.code], unit) for row, unit in good]
        self._store_contacts(rows, {customer.pk for customer in fresh})
        self._store_segments(rows)
        _store_consents(rows)
        self._store_transactions(rows)

    def _store_contacts(self, rows: list[Stored], fresh: set[int]) -> None:
        contacts: dict[tuple[int, str, str], ContactPoint] = {}
        for row, customer, _ in rows:
            for kind, (value, normalised) in row.contacts.items():
                contact = ContactPoint(customer=customer, kind=kind, value=value, normalised=normalised)
                # The first way named for a new customer is the one to use.
                contact.preferred = customer.pk in fresh
                fresh.discard(customer.pk)
                contacts.setdefault((customer.pk, kind, normalised), contact)
        ContactPoint.objects.bulk_create(contacts.values(), ignore_conflicts=True)

    def _store_segments(self, rows: list[Stored]) -> None:
        through = Customer.segments.through
        through.objects.bulk_create(
            (
                through(customer_id=customer.pk, segment_id=self.segments[name].pk)
                for row, customer, _ in rows
                for name in row.segments
            ),
            ignore_conflicts=True,
        )

    def _store_transactions(self, rows: list[Stored]) -> None:
        known = set(
            Transaction.objects.filter(customer__in={customer for _, customer, _ in rows}).values_list(
                "customer_id", "kind", "on"
            )
        )
        deals = []
        for row, customer, unit in rows:
            if row.transaction is None:
                continue
            kind, on, product = row.transaction
            if (customer.pk, kind, on) not in known:
                known.add((customer.pk, kind, on))
                made = self.products[product] if product else None
                deals.append(Transaction(customer=customer, unit=unit, kind=kind, on=on, product=made))
        Transaction.objects.bulk_create(deals)


def _store_consents(rows: list[Stored]) -> None:
    """Note what differs from the newest note of a customer; the same answer again is no news."""
    told = Consent.objects.filter(customer__in={customer for _, customer, _ in rows}).order_by("at", "pk")
    newest = dict(told.values_list("customer_id", "granted"))
    consents = []
    for row, customer, _ in rows:
        if row.consent is not None and newest.get(customer.pk) != row.consent:
            newest[customer.pk] = row.consent
            consents.append(Consent(customer=customer, granted=row.consent, source="import", at=clock.now()))
    Consent.objects.bulk_create(consents)
