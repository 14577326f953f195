"""The only writers of customer files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from manyi.customers import rules
from manyi.customers.models import (
    Consent,
    ContactPoint,
    Customer,
    OptOut,
    Product,
    Segment,
    Transaction,
)
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit

CUSTOMER_CREATED = events.kind("customer.created", "新建客户档案", "Customer file created")
CUSTOMER_CHANGED = events.kind("customer.changed", "修改客户档案", "Customer file changed")
CUSTOMERS_MERGED = events.kind("customer.merged", "合并重复客户", "Customer files merged")
CONSENT_NOTED = events.kind("customer.consent", "记录客户授权", "Consent noted")
OPTED_OUT = events.kind("customer.opted_out", "客户退订", "Customer opted out")
OPTED_IN = events.kind("customer.opted_in", "客户恢复接收", "Customer opted in again")
UNDELIVERABLE = events.kind("customer.undeliverable", "联系方式无法送达", "Contact cannot be reached")
SEGMENT_SAVED = events.kind("segment.saved", "保存客户类别", "Segment saved")
PRODUCT_SAVED = events.kind("product.saved", "保存产品", "Product saved")


#: How higher rooms move what they hold from a file (second) to the one that stays (first); filled by them.
MOVERS: dict[str, Callable[[Customer, Customer], int]] = {}


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """What is known of one customer, as a form or a row gives it."""

    code: str
    name: str = ""
    organisation_name: str = ""
    language: str = ""
    contacts: Mapping[str, str] = field(default_factory=dict)  # kind -> value
    segments: Sequence[str] = ()  # codes
    note: str = ""


def checked_contacts(contacts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Kind to (value, normalised) of the non-empty contacts; raises Invalid naming each bad one."""
    good: dict[str, tuple[str, str]] = {}
    problems: list[tuple[str, Label]] = []
    for kind, value in contacts.items():
        if not value.strip():
            continue
        try:
            good[kind] = (value.strip(), rules.normalise(kind, value))
        except rules.BadContact as bad:
            problems.append((kind, bad.message))
    if problems:
        raise Invalid(problems)
    return good


def save_customer(
    *, actor: Person | None, unit: Unit, data: CustomerFile, customer: Customer | None = None
) -> Customer:
    """Create a customer file, or change it: contacts and segments given replace those there.

    Raises Refused for a missing or taken code, an unknown segment, Invalid for bad contacts.
    """
    access.require(actor, "customers.edit", customer or unit)
    if customer is not None and customer.erased_at:
        raise Refused(Label("该客户的个人信息已删除,不能再修改。", "This customer's data was erased."))
    contacts = checked_contacts(data.contacts)
    segments = _segments(data.segments)
    _check_code(unit, data.code, customer)
    now = clock.now()
    with transaction.atomic():
        made = customer is None
        if customer is None:
            customer = Customer(unit=unit, pseudonym=rules.pseudonym(), created_at=now)
        before = [] if made else sorted(customer.contacts.values_list("kind", flat=True))
        for name in ("code", "name", "organisation_name", "language", "note"):
            setattr(customer, name, getattr(data, name).strip())
        customer.updated_at = now
        customer.save()
        _replace_contacts(customer, contacts)
        customer.segments.set(segments)
        events.append(
            CUSTOMER_CREATED if made else CUSTOMER_CHANGED,
            actor=actor,
            subject=customer,
            label=customer.pseudonym,
            unit=unit,
            before={} if made else {"contacts": before},
            after={"contacts": sorted(contacts), "segments": sorted(data.segments)},
        )
    return customer


def _segments(codes: Sequence[str]) -> list[Segment]:
    found = list(Segment.objects.filter(code__in=codes))
    missing = sorted(set(codes) - {segment.code for segment in found})
    if missing:
        names = "、".join(missing)
        raise Refused(
            Label(
                f"没有客户类别“{names}”,请先在设置里建立。", f"There is no segment {names}; create it first."
            ),
            field="segments",
        )
    return found


def _check_code(unit: Unit, code: str, customer: Customer | None) -> None:
    if not code.strip():
        raise Refused(Label("请填写客户编号。", "Please give a customer number."), field="code")
    taken = Customer.objects.filter(unit=unit, code=code.strip())
    if customer is not None:
        taken = taken.exclude(pk=customer.pk)
    if taken.exists():
        raise Refused(
            Label(f"客户编号“{code}”已存在。", f"The customer number “{code}” exists already."), field="code"
        )


def _replace_contacts(customer: Customer, contacts: dict[str, tuple[str, str]]) -> None:
    customer.contacts.all().delete()
    preferred = next(iter(contacts), "")
    ContactPoint.objects.bulk_create(
        ContactPoint(
            customer=customer, kind=kind, value=value, normalised=normalised, preferred=kind == preferred
        )
        for kind, (value, normalised) in contacts.items()
    )


def add_transaction(
    *,
    actor: Person | None,
    customer: Customer,
    unit: Unit,
    kind: str,
    on: dt.date,
    product: Product | None = None,
    reference: str = "",
) -> Transaction:
    """Note a purchase or a service of a customer."""
    access.require(actor, "customers.edit", unit)
    with transaction.atomic():
        row = Transaction.objects.create(
            customer=customer, unit=unit, kind=kind, on=on, product=product, reference=reference
        )
        events.append(
            CUSTOMER_CHANGED,
            actor=actor,
            subject=customer,
            label=customer.pseudonym,
            unit=unit,
            after={"transaction": kind, "on": on.isoformat()},
        )
    return row


def note_consent(*, actor: Person | None, customer: Customer, granted: bool, source: str) -> Consent:
    """Note that a customer agreed to be asked, or refused; the newest note counts."""
    access.require(actor, "customers.edit", customer)
    with transaction.atomic():
        row = Consent.objects.create(customer=customer, granted=granted, source=source, at=clock.now())
        events.append(
            CONSENT_NOTED,
            actor=actor,
            subject=customer,
            label=customer.pseudonym,
            unit=customer.unit,
            after={"granted": granted, "source": source},
        )
    return row


def opt_out(*, customer: Customer, source: str, actor: Person | None = None) -> None:
    """Never ask this person again: every contact of theirs is remembered as a keyed hash.

    Whoever hears it from the customer may note it; taking it back needs the right to edit the file.
    """
    access.require(actor, "customers.view", customer)
    with transaction.atomic():
        for contact in customer.contacts.all():
            OptOut.objects.get_or_create(
                contact_hash=hash_of(contact.kind, contact.normalised),
                defaults={"kind": contact.kind, "at": clock.now(), "source": source},
            )
        events.append(
            OPTED_OUT,
            actor=actor,
            subject=customer,
            label=customer.pseudonym,
            unit=customer.unit,
            data={"source": source},
        )


def opt_back_in(*, customer: Customer, source: str, actor: Person | None = None) -> None:
    """The person asked to be reached again."""
    access.require(actor, "customers.edit", customer)
    with transaction.atomic():
        hashes = [hash_of(contact.kind, contact.normalised) for contact in customer.contacts.all()]
        OptOut.objects.filter(contact_hash__in=hashes).delete()
        events.append(
            OPTED_IN,
            actor=actor,
            subject=customer,
            label=customer.pseudonym,
            unit=customer.unit,
            data={"source": source},
        )


def mark_undeliverable(*, customer: Customer, kind: str, normalised: str, why: str) -> bool:
    """Nothing arrives at this contact any more, as a bounce told; True when that is news.

    The mark goes when the contact is entered anew.
    """
    rows = customer.contacts.filter(kind=kind, normalised=normalised, undeliverable_at=None)
    with transaction.atomic():
        if not rows.update(undeliverable_at=clock.now(), undeliverable_why=why[:200]):
            return False
        events.append(
            UNDELIVERABLE,
            actor=None,
            subject=customer,
            label=customer.pseudonym,
            unit=customer.unit,
            data={"kind": kind},
        )
    return True


def hash_of(kind: str, normalised: str) -> str:
    """The keyed hash of a contact under this installation's secret."""
    return rules.contact_hash(settings.SECRET_KEY, kind, normalised)


def merge(*, actor: Person, keep: Customer, drop: Customer, why: str = "") -> Customer:
    """Join two files of one person: contacts, segments, transactions and samples move to ``keep``.

    Raises Refused when the two are the same or one was already merged.
    """
    for customer in (keep, drop):
        access.require(actor, "customers.edit", customer)
    if keep.pk == drop.pk or keep.merged_into_id or drop.merged_into_id:
        raise Refused(Label("这两份档案不能合并。", "These two files cannot be merged."))
    with transaction.atomic():
        have = set(keep.contacts.values_list("kind", "normalised"))
        for contact in drop.contacts.all():
            if (contact.kind, contact.normalised) not in have:
                contact.customer = keep
                contact.save(update_fields=["customer"])
        keep.segments.add(*drop.segments.all())
        drop.transactions.update(customer=keep)
        drop.consents.update(customer=keep)
        moved = {name: move(keep, drop) for name, move in MOVERS.items()}
        drop.merged_into = keep
        drop.save(update_fields=["merged_into"])
        events.append(
            CUSTOMERS_MERGED,
            actor=actor,
            subject=keep,
            label=keep.pseudonym,
            unit=keep.unit,
            data={"merged": drop.pk, **moved},
            why=why,
        )
    return keep


def save_segment(*, actor: Person | None, code: str, name: str, name_en: str = "") -> Segment:
    """Create or rename a class of customers; raises Refused without code or name."""
    words = _shared_words(actor, code, name, name_en)
    with transaction.atomic():
        segment, _ = Segment.objects.update_or_create(code=code.strip(), defaults=words)
        events.append(SEGMENT_SAVED, actor=actor, subject=segment, after={"code": segment.code, **words})
    return segment


def save_product(*, actor: Person | None, code: str, name: str, name_en: str = "") -> Product:
    """Create or rename a product; raises Refused without code or name."""
    words = _shared_words(actor, code, name, name_en)
    with transaction.atomic():
        product, _ = Product.objects.update_or_create(code=code.strip(), defaults=words)
        events.append(PRODUCT_SAVED, actor=actor, subject=product, after={"code": product.code, **words})
    return product


def _shared_words(actor: Person | None, code: str, name: str, name_en: str) -> dict[str, str]:
    """The words of a list that the whole organisation shares; who edits only one branch may not."""
    root = Unit.objects.filter(parent=None).first()
    if root is not None:
        access.require(actor, "customers.edit", root)
    for place, given in (("code", code), ("name", name)):
        if not given.strip():
            raise Refused(Label("请填写编号和名称。", "Please give a code and a name."), field=place)
    return {"name": name.strip(), "name_en": name_en.strip()}
