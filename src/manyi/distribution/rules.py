"""Pure decisions of distribution: what a state means, when to try again, who is reminded."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, tzinfo

from manyi.kernel.labels import Label

INVITATION_STATES = {
    "created": Label("待发送", "To be sent"),
    "sent": Label("已发送", "Sent"),
    "failed": Label("发送失败", "Not delivered"),
    "bounced": Label("被退回", "Bounced"),
    "opened": Label("已打开", "Opened"),
    "answered": Label("已作答", "Answered"),
    "screened_out": Label("配额已满", "Over quota"),
    "opted_out": Label("已退订", "Opted out"),
}
MESSAGE_STATES = {
    "queued": Label("排队中", "Queued"),
    "sending": Label("发送中", "Being sent"),
    "sent": Label("已发送", "Sent"),
    "failed": Label("失败", "Failed"),
    "cancelled": Label("已取消", "Cancelled"),
}
#: What an open link stands as; answers by it carry the kind as their channel.
LINK_KINDS = {
    "qr": Label("二维码", "QR code"),
    "embed": Label("嵌入网站", "In a website"),
    "kiosk": Label("现场平板", "Kiosk tablet"),
    "f2f": Label("面对面访问", "Face to face"),
    "paper": Label("纸质问卷", "Paper"),
    "push": Label("问卷平台推送", "Pushed by a survey platform"),
}
#: Kinds that are made when the work with them begins, not by hand.
MADE_WITH_THE_WORK = ("f2f", "paper", "push")
#: What a mail that came back says.
VERDICTS = {
    "hard": Label("永久退信", "Undeliverable"),
    "soft": Label("暂时退信", "Delayed or refused for now"),
    "auto_reply": Label("自动回复", "Automatic reply"),
    "unclear": Label("无法识别", "Not recognised"),
}
#: Kinds of message that ask somebody to take part, which windows and opt-outs concern.
ASKING = ("invitation", "reminder")
#: States of an invitation in which nothing more is sent to the person.
DONE_WITH = ("answered", "screened_out", "opted_out")
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


def next_within(at: datetime, first: int, last: int, zone: tzinfo) -> datetime:
    """The first instant from ``at`` on whose hour in ``zone`` lies in [first, last).

    Over midnight when ``last`` is the smaller one; equal hours mean the whole day.
    """
    local = at.astimezone(zone)
    hour = local.hour
    if first == last or (first <= hour < last if first < last else hour >= first or hour < last):
        return at
    opening = local.replace(hour=first % 24, minute=0, second=0, microsecond=0)
    return (
        opening.astimezone(at.tzinfo)
        if opening > local
        else (opening + timedelta(days=1)).astimezone(at.tzinfo)
    )


def short_token() -> str:
    """The unguessable part of a link in a text that is billed by its length: 72 random bits."""
    return secrets.token_urlsafe(9)


def is_opt_out(text: str) -> bool:
    """Whether a reply to an SMS asks to be left alone: T, TD, R, N, 退订, 拒收, STOP."""
    return text.strip().strip("。.!！").upper() in {"T", "TD", "R", "N", "退订", "拒收", "STOP", "回T", "回R"}
