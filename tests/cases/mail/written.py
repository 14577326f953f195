"""Mails as programs of customers write them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from manyi.cases.mail.intake import take_in
from manyi.cases.models import Case, ReceivedMail
from manyi.distribution.channels.email import message_id
from manyi.distribution.models import Message
from manyi.organisation import events
from tests.personas import House

SENDER = "wang@example.com"


def written(
    subject: str = "空调修了两次还是不凉",
    body: str = "三天内修了两次空调,仍然不制冷。",
    *,
    sender: str = f"王女士 <{SENDER}>",
    to: str = "care@shop.example",
    files: dict[str, bytes] | None = None,
    **headers: Any,
) -> bytes:
    """A mail; a header such as ``In_Reply_To`` is given with underscores."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = headers.pop("Date", "Mon, 02 Mar 2026 09:00:00 +0800")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    for name, content in (files or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def arrived(house: House, raw: bytes) -> ReceivedMail:
    """The mail taken in for the after-sales department, and what follows from it done."""
    mail = take_in(raw, unit=house.tree.east_service)
    events.dispatch_pending()
    mail.refresh_from_db()
    return mail


def case_by_mail(house: House, **changes: Any) -> Case:
    """A case that began with a mail, its receipt sent."""
    mail = arrived(house, written(**{"Message_ID": "<first@example.com>", **changes}))
    sent()
    assert mail.case is not None, mail.reason
    return mail.case


def sent() -> list[Message]:
    """Every queued letter as the mail server would have taken it, the newest last."""
    for message in Message.objects.filter(state="queued"):
        message.state, message.receipt = "sent", message_id(message.key)
        message.save()
    return list(Message.objects.order_by("pk"))


def bounce_of(message: Message) -> bytes:
    """A delivery report (RFC 3464) about one of our letters."""
    return f"""From: MAILER-DAEMON@mx.example.com
To: care@shop.example
Return-Path: <>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {message.recipient}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {message.receipt}
Subject: {message.kind}
--b--
""".replace("\n", "\r\n").encode()
