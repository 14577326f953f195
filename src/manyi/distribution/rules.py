"""Pure decisions of distribution: what a state means, when to try again, who is reminded."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from manyi.kernel.labels import Label

INVITATION_STATES = {
    "created": Label("待发送", "To be sent"),
    "sent": Label("已发送", "Sent"),
    "failed": Label("发送失败", "Not delivered"),
    "opened": Label("已打开", "Opened"),
    "answered": Label("已作答", "Answered"),
    "opted_out": Label("已退订", "Opted out"),
}
MESSAGE_STATES = {
    "queued": Label("排队中", "Queued"),
    "sending": Label("发送中", "Being sent"),
    "sent": Label("已发送", "Sent"),
    "failed": Label("失败", "Failed"),
    "cancelled": Label("已取消", "Cancelled"),
}
#: States of an invitation in which a reminder makes sense.
REMINDABLE = ("sent", "opened")

#: Waiting time after each failed attempt; after the last one the message is given up.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
#: A message that is still "being sent" after this time belongs to a process that died.
CLAIM_LASTS = timedelta(minutes=15)


def token() -> str:
    """The unguessable part of a link: 128 random bits in letters that survive every messenger."""
    return secrets.token_urlsafe(16)


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None when it is time to give up."""
    return now + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def may_be_reminded(
    *, reminders: int, last: datetime | None, now: datetime, gap_days: int, most: int
) -> bool:
    """Whether an unanswered invitation gets another reminder: not too many, not too soon after ``last``."""
    return reminders < most and last is not None and now - last >= timedelta(days=gap_days)
