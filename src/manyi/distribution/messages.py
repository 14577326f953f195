"""The queue of outgoing messages: each cause once, claimed before it is sent, tried again with patience.

What nobody wants any more (answered, opted out, round over) is cancelled at the claim; what may not leave yet
waits for its window; and no provider gets more a minute than it takes.

A message is marked as being sent before the server gets it. When a process dies in between, nobody knows
whether the server took it, so it is not sent again by itself: it is shown as failed, and a person decides.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Q, QuerySet

from manyi.customers import actions as customers
from manyi.customers.models import OptOut
from manyi.customers.rules import BadContact, normalise
from manyi.distribution import pace, rules
from manyi.distribution.channels import CHANNELS, ChannelError, Outgoing, Receipt
from manyi.distribution.models import Invitation, Message
from manyi.distribution.windows import Windows
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.organisation.schedule import recurring

log = logging.getLogger(__name__)

#: So many messages are looked at together; a turn takes about so long, so that other recurring work goes on.
BATCH = 100
TURN = timedelta(seconds=8)

MESSAGE_REQUEUED = events.kind("message.requeued", "重新发送消息", "Message queued again")

INTERRUPTED = Label(
    "发送过程中断,可能已经发出。请确认后再决定是否重新发送。",
    "Interrupted while being sent; it may have gone out. Please check before sending it again.",
)


UNWANTED = Label(
    "已作答、已退订或本轮已结束,不再发送。",
    "Answered, opted out, or the round is over: no longer sent.",
)


def queue_message(
    *,
    key: str,
    kind: str,
    channel: str,
    recipient: str,
    subject: str,
    body: str,
    unit: Unit | None,
    invitation: Invitation | None = None,
    headers: dict[str, str] | None = None,
    fields: dict[str, str] | None = None,
    not_before: datetime | None = None,
) -> Message:
    """Put one message into the queue; the same ``key`` a second time gives the message that is there.

    Part of the act that causes it: call it inside that act's transaction; that act's event is its event.
    """
    message, _ = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "channel": channel,
            "recipient": recipient,
            "subject": subject[:200],
            "body": body,
            "unit": unit,
            "invitation": invitation,
            "headers": headers or {},
            "fields": fields or {},
            "not_before": not_before,
            "created_at": clock.now(),
        },
    )
    return message


@recurring("distribution.deliver", every=timedelta(seconds=10))
def deliver_queued(limit: int = 50_000) -> int:
    """Send what is due, oldest first, for about one turn; returns how many messages were taken."""
    _give_up_interrupted()
    ends, sent = time.monotonic() + TURN.total_seconds(), 0
    with ExitStack() as stack:
        turn = _Turn(stack)
        while limit > 0 and time.monotonic() < ends:
            batch = turn.due()[: min(BATCH, limit)]
            if not batch:
                break
            limit -= len(batch)
            sent += turn.send(batch)
    return sent


def deliver_one(message: Message) -> Message:
    """Send one queued message now, whatever waits before it; the row says how it went."""
    if _claim(message):
        with CHANNELS.get(message.channel).session() as send:
            _send(message, send)
    message.refresh_from_db()
    return message


class _Turn:
    """One turn of sending: the connections that are open, and the channels that have had their share."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._senders: dict[str, Callable[[Outgoing], Receipt]] = {}
        self._paces: dict[str, int] = {}
        self._full: set[str] = set()
        self._windows = Windows()

    def due(self) -> QuerySet[Message]:
        """What is due by channels that still have room in this turn."""
        rows = Message.objects.filter(Q(not_before=None) | Q(not_before__lte=clock.now()), state="queued")
        rows = rows.exclude(channel__in=self._full).order_by("pk")
        return rows.select_related("unit", "invitation__round")

    def send(self, batch: Iterable[Message]) -> int:
        """Send a batch; returns how many were taken."""
        messages, sent = list(batch), 0
        unwanted = _opted_out(messages)
        for message in messages:
            if message.channel in self._full or self._waits(message):
                continue
            if message.pk in unwanted or not _claim(message):
                _cancel_unwanted(message, opted_out=message.pk in unwanted)
                continue  # nobody wants it any more, or another process was faster
            sent += _send(message, self._sender(message.channel))
        return sent

    def _waits(self, message: Message) -> bool:
        """Put a message off to its window, or its channel to the next turn; waits for a slot that is near."""
        channel = CHANNELS.get(message.channel)
        opens = self._windows.opens(channel, message.unit) if message.kind in rules.ASKING else None
        if opens is not None:
            Message.objects.filter(pk=message.pk, state="queued").update(not_before=opens)
            return True
        if message.channel not in self._paces:
            self._paces[message.channel] = channel.pace()
        if not pace.slot(message.channel, self._paces[message.channel], patience=TURN):
            self._full.add(message.channel)
            return True
        return False

    def _sender(self, channel: str) -> Callable[[Outgoing], Receipt]:
        if channel not in self._senders:
            self._senders[channel] = self._stack.enter_context(CHANNELS.get(channel).session())
        return self._senders[channel]


def _opted_out(messages: Iterable[Message]) -> set[int]:
    """The asking messages among these whose address must not be asked any more."""
    hashes: dict[str, list[int]] = {}
    for message in messages:
        kind = CHANNELS.get(message.channel).contact
        if message.kind in rules.ASKING and kind:
            try:
                same = customers.hash_of(kind, normalise(kind, message.recipient))
            except BadContact:
                continue  # the channel will say what is wrong with it
            hashes.setdefault(same, []).append(message.pk)
    if not hashes:
        return set()
    found = OptOut.objects.filter(contact_hash__in=hashes).values_list("contact_hash", flat=True)
    return {pk for each in found for pk in hashes[each]}


def _claim(message: Message) -> bool:
    """Take a message that is still queued and still wanted."""
    mine = Message.objects.filter(pk=message.pk, state="queued")
    if message.kind in rules.ASKING and message.invitation_id:
        wanted = Invitation.objects.filter(round__state="open").exclude(state__in=rules.DONE_WITH)
        mine = mine.filter(Exists(wanted.filter(pk=message.invitation_id)))
    message.attempts += 1
    return bool(mine.update(state="sending", claimed_at=clock.now(), attempts=F("attempts") + 1))


def _cancel_unwanted(message: Message, *, opted_out: bool) -> None:
    """Cancel what is still queued although nobody wants it."""
    rows = Message.objects.filter(pk=message.pk, state="queued", kind__in=rules.ASKING)
    if not opted_out:
        unwanted = Q(invitation__state__in=rules.DONE_WITH) | ~Q(invitation__round__state="open")
        rows = Message.objects.filter(pk__in=rows.filter(unwanted, ~Q(invitation=None)).values("pk"))
    rows.update(state="cancelled", error=UNWANTED.zh)


def _send(message: Message, send: Callable[[Outgoing], Receipt]) -> bool:
    outgoing = Outgoing(
        message.key,
        message.recipient,
        message.subject,
        message.body,
        message.headers,
        message.kind,
        message.fields,
    )
    try:
        receipt = send(outgoing)
    except ChannelError as error:
        _note_failure(message, error)
        return False
    with transaction.atomic():
        now = clock.now()
        _finish([message.pk], state="sent", sent_at=now, receipt=receipt.text[:200], error="")
        if message.invitation_id:
            mine = Invitation.objects.filter(pk=message.invitation_id)
            mine.filter(state__in=["created", "failed", "bounced"]).update(state="sent")
            mine.filter(sent_at=None).update(sent_at=now)
    return True


def _note_failure(message: Message, error: ChannelError) -> None:
    again = None if error.permanent else rules.retry_at(message.attempts, clock.now())
    log.warning("message %s not taken (attempt %s): %s", message.pk, message.attempts, error)
    with transaction.atomic():
        if again is not None:
            _finish([message.pk], state="queued", not_before=again, error=str(error)[:2000])
            return
        _finish([message.pk], state="failed", error=str(error)[:2000])
        Invitation.objects.filter(messages=message, state="created").update(state="failed")


def _give_up_interrupted() -> None:
    dead = Message.objects.filter(state="sending", claimed_at__lt=clock.now() - rules.CLAIM_LASTS)
    _finish(dead.values_list("pk", flat=True), state="failed", error=INTERRUPTED.zh)


def _finish(ids: Iterable[int], **fields: Any) -> None:
    Message.objects.filter(pk__in=list(ids), state="sending").update(**fields)


def queue_again(message: Message, **changes: Any) -> bool:
    """Put a failed or cancelled message into the queue anew, with what changed since; False for any other.

    Part of the act that causes it, as ``queue_message`` is.
    """
    failed = Message.objects.filter(pk=message.pk, state__in=["failed", "cancelled"])
    return bool(failed.update(state="queued", attempts=0, not_before=None, error="", **changes))


def requeue(*, actor: Person, message: Message) -> Message:
    """Send a failed or cancelled message again, because a person decided so."""
    access.require(actor, "surveys.field", message)
    with transaction.atomic():
        if not queue_again(message):
            words = Label("只有发送失败的消息可以重新发送。", "Only a failed message can be sent again.")
            raise Refused(words)
        events.append(
            MESSAGE_REQUEUED, actor=actor, subject=message, unit=message.unit, data={"kind": message.kind}
        )
    message.refresh_from_db()
    return message
