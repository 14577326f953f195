"""The queue of outgoing messages: each cause once, claimed before it is sent, tried again with patience.

A message is marked as being sent before the server gets it. When a process dies in between, nobody knows
whether the server took it, so it is not sent again by itself: it is shown as failed, and a person decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from manyi.distribution import rules
from manyi.distribution.channels import CHANNELS, ChannelError, Outgoing, Receipt
from manyi.distribution.models import Invitation, Message
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.organisation.schedule import recurring

log = logging.getLogger(__name__)

MESSAGE_REQUEUED = events.kind("message.requeued", "重新发送消息", "Message queued again")

INTERRUPTED = Label(
    "发送过程中断,可能已经发出。请确认后再决定是否重新发送。",
    "Interrupted while being sent; it may have gone out. Please check before sending it again.",
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
            "not_before": not_before,
            "created_at": clock.now(),
        },
    )
    return message


@recurring("distribution.deliver", every=timedelta(seconds=10))
def deliver_queued(limit: int = 500) -> int:
    """Send what is due, oldest first; returns how many messages were taken by their channels."""
    _give_up_interrupted()
    now = clock.now()
    due = Message.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state="queued").order_by("pk")
    sent = 0
    with ExitStack() as stack:
        senders: dict[str, Callable[[Outgoing], Receipt]] = {}
        for message in due[:limit]:
            if not _claim(message):
                continue  # another process was faster
            if message.channel not in senders:
                senders[message.channel] = stack.enter_context(CHANNELS.get(message.channel).session())
            sent += _send(message, senders[message.channel])
    return sent


def _claim(message: Message) -> bool:
    mine = Message.objects.filter(pk=message.pk, state="queued")
    message.attempts += 1
    return bool(mine.update(state="sending", claimed_at=clock.now(), attempts=F("attempts") + 1))


def _send(message: Message, send: Callable[[Outgoing], Receipt]) -> bool:
    outgoing = Outgoing(message.key, message.recipient, message.subject, message.body, message.headers)
    try:
        receipt = send(outgoing)
    except ChannelError as error:
        _note_failure(message, error)
        return False
    with transaction.atomic():
        now = clock.now()
        _finish([message.pk], state="sent", sent_at=now, receipt=receipt.text, error="")
        Invitation.objects.filter(messages=message, state__in=["created", "failed"]).update(state="sent")
        Invitation.objects.filter(messages=message, sent_at=None).update(sent_at=now)
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


def requeue(*, actor: Person, message: Message) -> Message:
    """Send a failed or cancelled message again, because a person decided so."""
    access.require(actor, "surveys.field", message)
    with transaction.atomic():
        failed = Message.objects.filter(pk=message.pk, state__in=["failed", "cancelled"])
        if not failed.update(state="queued", attempts=0, not_before=None, error=""):
            words = Label("只有发送失败的消息可以重新发送。", "Only a failed message can be sent again.")
            raise Refused(words)
        events.append(
            MESSAGE_REQUEUED, actor=actor, subject=message, unit=message.unit, data={"kind": message.kind}
        )
    message.refresh_from_db()
    return message
