"""What an SMS provider says later: whether each message reached its telephone.

Reports come as Alibaba Cloud (SmsReport) and Tencent Cloud push them, and from any other gateway as
``{"key": …, "status": "delivered" or "failed", "reason": …}``. One about no message of ours changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from manyi.distribution.models import Invitation, Message
from manyi.organisation import clock, events

DELIVERY_TOLD = events.kind("message.delivery_told", "收到短信状态报告", "Delivery of SMS reported")
_REASONS = ("err_code", "errmsg", "err_msg", "description", "reason")
_DELIVERED = frozenset({"delivered", "success", "ok", "true", "1"})


@dataclass(frozen=True, slots=True)
class Report:
    """Whether one message arrived: it is found by our ``key``, else by what its provider called it."""

    delivered: bool
    key: str = ""
    receipt: str = ""
    reason: str = ""


def read(push: Mapping[str, Any]) -> Report | None:
    """One report of a push; None for what is none."""
    status = next((push[name] for name in ("success", "report_status", "status") if name in push), None)
    key = str(push.get("out_id") or push.get("key") or "")
    receipt = str(push.get("biz_id") or push.get("sid") or "")
    if status is None or not (key or receipt):
        return None
    words = [str(push[name]) for name in _REASONS if push.get(name)]
    return Report(str(status).strip().lower() in _DELIVERED, key, receipt, " ".join(words)[:500])


def book_reports(reports: Iterable[Report]) -> int:
    """Note reports on their messages; returns how many were new. The same report again changes nothing.

    What did not arrive is a failed message and, where nothing else reached the person, a failed invitation.
    """
    told: list[Message] = []
    failed = 0
    with transaction.atomic():
        for report in reports:
            message = _message_of(report)
            if message is None:
                continue
            told.append(message)
            if report.delivered:
                Message.objects.filter(pk=message.pk).update(delivered_at=clock.now())
                continue
            failed += 1
            Message.objects.filter(pk=message.pk).update(state="failed", error=report.reason or "undelivered")
            mine = Invitation.objects.filter(messages=message, state__in=["created", "sent"])
            mine.update(state="failed")
        if told:
            data = {"messages": [message.pk for message in told], "failed": failed}
            events.append(DELIVERY_TOLD, actor=None, subject=told[0], unit=told[0].unit, data=data)
    return len(told)


def _message_of(report: Report) -> Message | None:
    """The sent message that a report is about, unless it was told already."""
    rows = Message.objects.select_for_update(of=("self",)).select_related("unit")
    rows = rows.filter(channel__startswith="sms_", state="sent", delivered_at=None)
    found = rows.filter(key=report.key).first() if report.key else None
    return found or (rows.filter(receipt=report.receipt).first() if report.receipt else None)
