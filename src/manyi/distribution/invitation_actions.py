"""Inviting and reminding: personal links made in batches, with the messages that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from manyi.customers import actions as customers
from manyi.customers.models import ContactPoint, Customer, OptOut
from manyi.distribution import rules
from manyi.distribution.channels import CHANNELS, Channel
from manyi.distribution.models import CallTask, Invitation, Message
from manyi.distribution.wording import Wording
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.settings import declare, value
from manyi.surveys.models import Round, SampleMember

INVITED = events.kind("round.invited", "发出邀请", "Invitations made")
REMINDED = events.kind("round.reminded", "发出提醒", "Reminders sent")
LINKS_EXPORTED = events.kind("round.links_exported", "导出个人链接", "Personal links exported")

T = TypeVar("T")
BATCH = 1000

declare(
    "surveys.reminder_gap_days",
    Label("提醒间隔(天)", "Days between reminders"),
    Label(
        "邀请或上次提醒后至少间隔这么多天。", "A reminder comes at least so many days after the last contact."
    ),
    "number",
    3,
    low=1,
    high=60,
)
declare(
    "surveys.most_reminders",
    Label("最多提醒次数", "Most reminders"),
    Label("同一邀请最多提醒几次。", "How often one invitation is followed up."),
    "number",
    2,
    low=0,
    high=5,
)


@dataclass(frozen=True, slots=True)
class Invited:
    """How many were invited, and how many could not be, by reason."""

    made: int = 0
    opted_out: int = 0
    no_contact: int = 0


def create_invitations(
    *, actor: Person | None, round: Round, channel: str, fallback: Sequence[str] = ()
) -> Invited:
    """Invite every drawn customer who has no invitation yet, in batches; a second call adds nothing.

    Each by the first of ``channel`` and ``fallback`` for which they have a contact that works. Raises Refused
    for a channel that does not invite persons or is not ready, by telephone in an anonymous round, and unless
    the round is open.
    """
    access.require(actor, "surveys.field", round)
    channels = [_inviting(each) for each in dict.fromkeys((channel, *fallback))]
    require_open(round)
    if any(each.id == "phone" for each in channels):
        require_named(round)
    opted_out = set(OptOut.objects.values_list("contact_hash", flat=True))
    members = list(round.members.filter(invitation=None).order_by("pk").values_list("pk", flat=True))
    total, wording = Invited(), Wording(round)
    with transaction.atomic():
        for ids in _batches(members):
            total = _add(total, _invite(wording, round, channels, ids, opted_out))
        data = {"round": round.pk, "channel": channel, "fallback": list(fallback), **asdict(total)}
        events.append(INVITED, actor=actor, subject=round, unit=round.unit, data=data)
    return total


def _inviting(channel: str) -> Channel:
    """The channel with this id, if it can invite persons now; raises Refused."""
    found = CHANNELS.get(channel) if channel in CHANNELS else None
    if found is None or not (found.reach == "person" or found.invites):
        raise Refused(Label("请选择邀请方式。", "Please choose a channel."), field="channel")
    missing = found.ready()
    if missing is not None:
        words = Label(f"{found.label.zh}:{missing.zh}", f"{found.label.en}: {missing.en}")
        raise Refused(words, field="channel")
    return found


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    walk = iter(things)
    while batch := list(islice(walk, BATCH)):
        yield batch


def _add(left: Invited, right: Invited) -> Invited:
    return Invited(*(getattr(left, name) + getattr(right, name) for name in Invited.__slots__))


def require_open(round: Round) -> None:
    """Raise Refused unless the round is open."""
    if round.state != "open":
        raise Refused(Label("请先开放本轮调查。", "Please open the round first."))


def _invite(
    wording: Wording, round: Round, channels: Sequence[Channel], ids: list[int], opted_out: set[str]
) -> Invited:
    """Invitations and their messages for one batch of members."""
    members = SampleMember.objects.filter(pk__in=ids).select_related("customer")
    invitations, recipients, left_out = [], [], {"opted_out": 0, "no_contact": 0}
    for member in members.prefetch_related("customer__contacts").order_by("pk"):
        channel, contact, reason = _way_to(member.customer, channels, opted_out)
        if channel is None:
            left_out[reason] += 1
            continue
        invitations.append(
            Invitation(
                round=round,
                member=member,
                customer=member.customer,
                unit_id=member.unit_id,
                token=rules.short_token() if channel.form == "short" else rules.token(),
                channel=channel.id,
            )
        )
        recipients.append(contact.value if contact and channel.reach == "person" else "")
    Invitation.objects.bulk_create(invitations)
    to_call = [invitation for invitation in invitations if invitation.channel == "phone"]
    CallTask.objects.bulk_create(CallTask(invitation=each, unit_id=each.unit_id) for each in to_call)
    pairs = zip(invitations, recipients, strict=True)
    Message.objects.bulk_create(
        _message(wording, "invitation", f"invitation:{i.pk}", i, to) for i, to in pairs if to
    )
    return Invited(len(invitations), **left_out)


def _way_to(
    customer: Customer | None, channels: Sequence[Channel], opted_out: set[str]
) -> tuple[Channel | None, ContactPoint | None, str]:
    """The first channel that reaches a customer with the contact it uses, or why there is none."""
    reason = "no_contact"
    for channel in channels:
        contact, reason = reach(customer, channel.contact, opted_out)
        if not reason:
            return channel, contact, ""
    return None, None, reason


def reach(customer: Customer | None, needs: str, opted_out: set[str]) -> tuple[ContactPoint | None, str]:
    """The contact to write to, or why there is none: ``opted_out``, ``no_contact``."""
    if customer is None or customer.erased_at:
        return None, "no_contact"
    contacts = sorted(customer.contacts.all(), key=lambda contact: (not contact.preferred, contact.pk))
    if any(customers.hash_of(contact.kind, contact.normalised) in opted_out for contact in contacts):
        return None, "opted_out"
    if not needs:
        return None, ""
    fitting = [contact for contact in contacts if contact.kind == needs and not contact.undeliverable_at]
    return (fitting[0], "") if fitting else (None, "no_contact")


def require_named(round: Round) -> None:
    """Raise Refused for an anonymous round: the times of a call would lead from the person to the answers."""
    if round.anonymous:
        words = Label(
            "匿名调查不能电话访问:通话记录会暴露是谁的答卷。请改用链接,或新建不匿名的轮次。",
            "An anonymous round cannot be asked by telephone: the record of calls would show whose answers "
            "they are. Please send links, or plan a round that is not anonymous.",
        )
        raise Refused(words, field="channel")


def _message(wording: Wording, kind: str, key: str, invitation: Invitation, recipient: str) -> Message:
    """The unsaved message of an invitation or reminder, in the customer's language."""
    customer, channel = invitation.customer, CHANNELS.get(invitation.channel)
    worded = wording.words(
        kind,
        channel.form,
        language=(customer.language if customer else "") or "zh-hans",
        name=customer.name if customer else "",
        token=invitation.token,
    )
    letter, stop = channel.form == "letter", worded.fields["stop"]
    way_out = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Message(
        key=key,
        kind=kind,
        channel=invitation.channel,
        unit_id=invitation.unit_id,
        invitation=invitation,
        recipient=recipient,
        subject=worded.text.subject,
        body=worded.text.body,
        headers=way_out if letter else {},
        fields={} if letter else worded.fields,
        created_at=clock.now(),
    )


def remind(*, actor: Person | None, round: Round) -> int:
    """Remind those who were reached, have not answered and not opted out; returns how many.

    How often and how soon is set by ``surveys.most_reminders`` and ``surveys.reminder_gap_days``.
    """
    access.require(actor, "surveys.field", round)
    require_open(round)
    now, opted_out = clock.now(), set(OptOut.objects.values_list("contact_hash", flat=True))
    reminded, wording = 0, Wording(round)
    with transaction.atomic():
        for batch in _batches(_waiting(round)):
            messages = []
            for invitation in batch:
                channel = CHANNELS.get(invitation.channel)
                contact, reason = reach(invitation.customer, channel.contact, opted_out)
                if channel.reach == "person" and contact is not None and not reason:
                    key = f"reminder:{invitation.pk}:{invitation.reminders + 1}"
                    messages.append(_message(wording, "reminder", key, invitation, contact.value))
            Message.objects.bulk_create(messages)
            Invitation.objects.filter(messages__in=messages).update(
                reminders=F("reminders") + 1, reminded_at=now
            )
            reminded += len(messages)
        data = {"round": round.pk, "reminded": reminded}
        events.append(REMINDED, actor=actor, subject=round, unit=round.unit, data=data)
    return reminded


def _waiting(round: Round) -> Iterator[Invitation]:
    """The invitations of a round that are due for a reminder."""
    gap, most, now = value("surveys.reminder_gap_days"), value("surveys.most_reminders"), clock.now()
    rows = Invitation.objects.filter(round=round, state__in=rules.REMINDABLE).order_by("pk")
    rows = rows.select_related("round__programme", "customer").prefetch_related("customer__contacts")
    for row in rows.iterator(chunk_size=BATCH):
        last = row.reminded_at or row.sent_at
        if rules.may_be_reminded(reminders=row.reminders, last=last, now=now, gap_days=gap, most=most):
            yield row


def export_links(*, actor: Person, round: Round) -> list[Invitation]:
    """The personal links of a round that people hand over themselves; from now on they count as sent."""
    access.require(actor, "surveys.field", round)
    now = clock.now()
    with transaction.atomic():
        mine = round.invitations.filter(channel="link")
        mine.filter(state="created").update(state="sent", sent_at=now)
        rows = list(mine.exclude(state="opted_out").select_related("customer", "unit").order_by("pk"))
        data = {"round": round.pk, "links": len(rows)}
        events.append(LINKS_EXPORTED, actor=actor, subject=round, unit=round.unit, data=data)
    return rows
