"""The frame of a sample: the customers who may be asked, and how many may not, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from manyi.customers.actions import hash_of
from manyi.customers.models import Consent, ContactPoint, Customer, OptOut, Segment, Transaction
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.organisation.settings import declare, value
from manyi.surveys.models import Round, SampleMember

REASONS = {
    "opted_out": Label("已退订", "opted out"),
    "no_consent": Label("未同意接受调查", "no consent to surveys"),
    "no_contact": Label("没有联系方式", "no way to reach them"),
    "already_drawn": Label("本轮已抽中", "already drawn in this round"),
    "recently_contacted": Label("近期已联系过", "contacted recently"),
}

MAX_GAP = 3650
GAP = "surveys.contact_gap_days"
declare(
    GAP,
    Label("两次调查的最短间隔(天)", "Days between two surveys of one customer"),
    Label(
        "在此天数内联系过的客户不再抽取;0 表示不限。每次抽样可另行规定。",
        "Customers contacted within so many days are not drawn; 0 sets no gap. A draw may set its own.",
    ),
    "number",
    30,
    low=0,
    high=MAX_GAP,
)
#: Who was contacted since a moment, by customer id, one reader for each room that contacts people.
#: Rooms above this one put theirs in; this room knows none of them.
CONTACTS: dict[str, Callable[[datetime], Iterable[int]]] = {}


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom to ask: a part of the round's subtree, segments, and customers with a transaction in a period."""

    unit: str = ""  # code of a unit under the round's
    segments: tuple[str, ...] = ()
    kind: str = ""  # kind of transaction; empty asks for none unless a period is given
    first: date | None = None
    last: date | None = None
    gap_days: int | None = None  # None: as ``surveys.contact_gap_days`` says; 0: asked again at any time

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Filters:
        """Filters as a draw stores them: ``{"unit", "segments", "kind", "from", "until", "gap_days"}``.

        Raises Refused for a date that is none and for names that no filter has.
        """
        unknown = data.keys() - {"unit", "segments", "kind", "from", "until", "gap_days"}
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
        return cls(data.get("unit", ""), segments, data.get("kind", ""), first, last, _gap(data))

    @property
    def by_transaction(self) -> bool:
        """Whether a transaction is asked for at all."""
        return bool(self.kind or self.first or self.last)


@dataclass(frozen=True, slots=True)
class Frame:
    """Who can be drawn (unsaved members, in order of customer); who was left out as (customer id, reason)."""

    members: list[SampleMember]
    left_out: list[tuple[int, str]] = field(default_factory=list)

    @property
    def excluded(self) -> dict[str, int]:
        """How many were left out, by reason."""
        return dict(Counter(reason for _, reason in self.left_out))


def _gap(data: Mapping[str, Any]) -> int | None:
    given = data.get("gap_days")
    if given is None or given == "":
        return None
    if not str(given).isdecimal() or int(given) > MAX_GAP:
        words = Label(f"间隔天数请填写 0 到 {MAX_GAP}。", f"The gap in days is 0 to {MAX_GAP}.")
        raise Refused(words, field="gap_days")
    return int(given)


def frame_of(round: Round, filters: Filters) -> Frame:
    """The frame of a round under filters, as of now. Erased and merged customers do not appear at all."""
    barred = Barred(
        drawn=set(round.members.values_list("customer_id", flat=True)),
        opted_out=set(OptOut.objects.values_list("contact_hash", flat=True)),
        contacted=contacted_within(value(GAP) if filters.gap_days is None else filters.gap_days),
    )
    frame = Frame([])
    for customer in _candidates(round, filters).iterator(chunk_size=2000):
        reason = _reason(customer, barred)
        if reason:
            frame.left_out.append((customer.pk, reason))
        else:
            frame.members.append(_member(round, customer, filters))
    return frame


@dataclass(frozen=True, slots=True)
class Barred:
    """What stands against asking somebody: ids of customers, and hashes of contacts."""

    drawn: Collection[int | None]
    opted_out: Collection[str]
    contacted: Collection[int]


def contacted_within(days: int) -> set[int]:
    """The customers who heard from us in the last so many days, by what the rooms with channels tell."""
    if not days:
        return set()
    since = clock.now() - timedelta(days=days)
    return {customer for told in CONTACTS.values() for customer in told(since)}


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


def _reason(customer: Any, barred: Barred) -> str:
    """Why a customer cannot be drawn; empty when they can. The newest consent counts; none is no consent."""
    if customer.pk in barred.drawn:
        return "already_drawn"
    contacts = list(customer.contacts.all())
    if any(hash_of(contact.kind, contact.normalised) in barred.opted_out for contact in contacts):
        return "opted_out"
    if not contacts:
        return "no_contact"
    newest = customer.survey_consents[0] if customer.survey_consents else None
    if newest is None or not newest.granted:
        return "no_consent"
    return "recently_contacted" if customer.pk in barred.contacted else ""


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
