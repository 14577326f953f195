"""Booking mail that came back: on its message, its invitation and the contact; the raw mail is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from manyi.customers import actions as customers
from manyi.customers.rules import BadContact, normalise
from manyi.distribution import returns
from manyi.distribution.models import Invitation, Message, ReturnedMail
from manyi.distribution.returns import Told
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person

MAIL_RETURNED = events.kind("mail.returned", "收到退信或自动回复", "Mail came back")
MAIL_READ_AGAIN = events.kind("mail.read_again", "重新读取退信", "Returned mail read again")
#: A bounce that names no mail of ours is laid to the newest mail to that address, if it is not older.
RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Booked:
    """How many mails were read, by verdict; ``repeated``: known already, ``unmatched``: none of ours."""

    hard: int = 0
    soft: int = 0
    auto_reply: int = 0
    unclear: int = 0
    repeated: int = 0
    unmatched: int = 0


def book_returns(mails: Iterable[bytes]) -> Booked:
    """Read and book raw mails; the same mail a second time changes nothing."""
    counts = dict.fromkeys(Booked.__slots__, 0)
    for raw in mails:
        row = book(raw)
        if row is None:
            counts["repeated"] += 1
            continue
        counts[row.verdict] += 1
        counts["unmatched"] += row.message_id is None
    return Booked(**counts)


def book(raw: bytes) -> ReturnedMail | None:
    """Keep one raw mail and do what it asks for; None when it was there already.

    A hard bounce ends the message and the invitation and marks the contact; a soft one and an automatic reply
    are only noted.
    """
    told, sha256 = returns.read(raw), hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        message = _message_of(told)
        row, made = ReturnedMail.objects.get_or_create(
            sha256=sha256,
            defaults={
                "raw": raw,
                "verdict": told.verdict,
                "status": told.status,
                "reason": told.reason,
                "message": message,
                "unit": message.unit if message else None,
                "read_at": clock.now(),
            },
        )
        if not made:
            return None
        if message is not None and told.verdict == "hard":
            _bounce(message, told)
        data = {"verdict": told.verdict, "status": told.status, "message": message.pk if message else None}
        label, unit = f"{told.verdict} {told.status}".strip(), message.unit if message else None
        events.append(MAIL_RETURNED, actor=None, subject=row, label=label, unit=unit, data=data)
    return row


def booked(sha256: str) -> ReturnedMail | None:
    """The mail with this digest when it was booked before."""
    return ReturnedMail.objects.filter(sha256=sha256).select_related("message").first()


def read_again(*, actor: Person, row: ReturnedMail) -> ReturnedMail:
    """Read a kept mail by today's rules: for one that could not be read or placed when it came.

    Raises Refused when it says no more than before.
    """
    access.require(actor, "surveys.field", row.unit) if row.unit else access.require(actor, "surveys.field")
    told = returns.read(bytes(row.raw))
    with transaction.atomic():
        message = row.message or _message_of(told)
        if (told.verdict, told.status, message) == (row.verdict, row.status, row.message):
            words = Label("重新读取的结果与之前相同。", "Read again, it says the same as before.")
            raise Refused(words)
        row.verdict, row.status, row.reason = told.verdict, told.status, told.reason
        row.message, row.unit = message, message.unit if message else row.unit
        row.save(update_fields=["verdict", "status", "reason", "message", "unit"])
        if message is not None and told.verdict == "hard":
            _bounce(message, told)
        data = {"verdict": told.verdict, "status": told.status, "message": message.pk if message else None}
        events.append(MAIL_READ_AGAIN, actor=actor, subject=row, unit=row.unit, data=data)
    return row


def _message_of(told: Told) -> Message | None:
    """The message that a mail is about: by its tags, else by the address that failed."""
    rows = Message.objects.filter(channel="email").select_related("unit", "invitation__customer")
    for digest in told.digests:
        found = rows.filter(receipt__startswith=f"<{digest}@").first()
        if found is not None:
            return found
    if told.verdict in {"hard", "soft"} and told.recipient:
        recent = rows.filter(recipient__iexact=told.recipient, sent_at__gte=clock.now() - RECENT)
        return recent.order_by("-sent_at").first()
    return None


def _bounce(message: Message, told: Told) -> None:
    """Nothing arrived and nothing will."""
    why = f"{told.status} {told.reason}".strip()
    Message.objects.filter(pk=message.pk).update(state="failed", error=why)
    if message.invitation is None:
        return
    mine = Invitation.objects.filter(pk=message.invitation.pk, state__in=["created", "sent", "failed"])
    mine.update(state="bounced")
    waiting = Message.objects.filter(invitation=message.invitation, state="queued")
    waiting.update(state="cancelled", error=why)
    customer = message.invitation.customer
    if customer is not None:
        try:
            normalised = normalise("email", message.recipient)
        except BadContact:
            return
        customers.mark_undeliverable(customer=customer, kind="email", normalised=normalised, why=why)
