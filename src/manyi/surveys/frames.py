"""The frame of a sample: the customers who may be asked, and how many may not, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from manyi.customers.actions import hash_of
from manyi.customers.models import Consent, ContactPoint, Customer, OptOut, Segment, Transaction
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.surveys.models import Round, SampleMember

REASONS = {
    "opted_out": Label("已退订", "opted out"),
    "no_consent": Label("未同意接受调查", "no consent to surveys"),
    "no_contact": Label("没有联系方式", "no way to reach them"),
    "already_drawn": Label("本轮已抽中", "already drawn in this round"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom to ask: a part of the round's subtree, segments, and customers with a transaction in a period."""

    unit: str = ""  # code of a unit under the round's
    segments: tuple[str, ...] = ()
    kind: str = ""  # kind of transaction; empty asks for none unless a period is given
    first: date | None = None
    last: date | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Filters:
        """Filters as a draw stores them: ``{"unit", "segments", "kind", "from", "until"}``.

        Raises Refused for a date that is none and for names that no filter has.
        """
        unknown = data.keys() - {"unit", "segments", "kind", "from", "until"}
        if unknown:
            names = ", ".join(sorted(unknown))
            raise Refused(Label(f"没有筛选条件“{names}”。", f"There is no filter {names}."), field="filters")
        try:
            first, last = (
                date.fromisoformat(data[name]) if data.get(name) else None for name in ("from", "until")
            )
        except ValueError as error:
            words = Label("日期请写成 2026-01-31。", "Write dates like 2026-01-31.")
            raise Refused(words, field="from") from error
        segments = tuple(data.get("segments", ()))
        return cls(data.get("unit", ""), segments, data.get("kind", ""), first, last)

    @property
    def by_transaction(self) -> bool:
        """Whether a transaction is asked for at all."""
        return bool(self.kind or self.first or self.last)


@dataclass(frozen=True, slots=True)
class Frame:
    """Who can be drawn (unsaved members, in order of customer) and who was left out, counted by reason."""

    members: list[SampleMember]
    excluded: dict[str, int] = field(default_factory=dict)


def frame_of(round: Round, filters: Filters) -> Frame:
    """The frame of a round under filters, as of now. Erased and merged customers do not appear at all."""
    opted_out = set(OptOut.objects.values_list("contact_hash", flat=True))
    drawn = set(round.members.values_list("customer_id", flat=True))
    excluded: Counter[str] = Counter()
    members = []
    for customer in _candidates(round, filters).iterator(chunk_size=2000):
        reason = _reason(customer, drawn, opted_out)
        if reason:
            excluded[reason] += 1
        else:
            members.append(_member(round, customer, filters))
    return Frame(members, dict(excluded))


def _candidates(round: Round, filters: Filters) -> QuerySet[Customer]:
    root = round.unit
    if filters.unit:
        found = Unit.objects.filter(code=filters.unit, path__startswith=round.unit.path).first()
        if found is None:
            raise Refused(Label("所选部门不在本轮范围内。", "That unit is outside this round."), field="unit")
        root = found
    rows = Customer.objects.filter(erased_at=None, merged_into=None).order_by("pk")
    if filters.segments:
        rows = rows.filter(
            Exists(Segment.objects.filter(customers=OuterRef("pk"), code__in=filters.segments))
        )
    transactions = _transactions(filters, root)
    if filters.by_transaction:
        rows = rows.filter(Exists(transactions.filter(customer=OuterRef("pk"))))
        matching = transactions.select_related("product").order_by("-on", "-pk")
        rows = rows.prefetch_related(Prefetch("transactions", queryset=matching, to_attr="matching"))
    else:
        rows = rows.filter(unit__path__startswith=root.path)
    consents = Consent.objects.filter(purpose="survey")
    return rows.prefetch_related(
        "segments", "contacts", Prefetch("consents", queryset=consents, to_attr="survey_consents")
    )


def _transactions(filters: Filters, root: Unit) -> QuerySet[Transaction]:
    rows = Transaction.objects.filter(unit__path__startswith=root.path)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.first:
        rows = rows.filter(on__gte=filters.first)
    if filters.last:
        rows = rows.filter(on__lte=filters.last)
    return rows


def _reason(customer: Any, drawn: set[int], opted_out: set[str]) -> str:
    """Why a customer cannot be drawn; empty when they can. The newest consent counts; none is no consent."""
    if customer.pk in drawn:
        return "already_drawn"
    contacts = list(customer.contacts.all())
    if any(hash_of(contact.kind, contact.normalised) in opted_out for contact in contacts):
        return "opted_out"
    if not contacts:
        return "no_contact"
    newest = customer.survey_consents[0] if customer.survey_consents else None
    return "" if newest is not None and newest.granted else "no_consent"


def _member(round: Round, customer: Any, filters: Filters) -> SampleMember:
    latest = customer.matching[0] if filters.by_transaction else None
    return SampleMember(
        round=round,
        customer=customer,
        unit_id=latest.unit_id if latest else customer.unit_id,
        segments=sorted(segment.code for segment in customer.segments.all()),
        product=latest.product.code if latest and latest.product else "",
    )


def contact_for(customer: Customer) -> ContactPoint | None:
    """The contact point by which to write to a customer: the preferred e-mail first."""
    emails: Iterator[ContactPoint] = (c for c in customer.contacts.all() if c.kind == "email")
    return min(emails, key=lambda contact: (not contact.preferred, contact.pk), default=None)
