"""E-mail by SMTP, or the local outbox while no server is configured."""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt
from manyi.kernel.labels import Label

OUTBOX = "outbox"


@CHANNELS.register
class Email(Channel):
    """Plain-text mail. Without SMTP_HOST nothing leaves the house: the outbox page shows what would have."""

    id = "email"
    label = Label("电子邮件", "E-mail")
    contact = "email"

    def send(self, message: Outgoing) -> Receipt:
        """Send one mail over a connection of its own."""
        with self.session() as send:
            return send(message)

    @contextmanager
    def session(self) -> Iterator[Callable[[Outgoing], Receipt]]:
        """One SMTP connection for many mails."""
        if not settings.EMAIL_HOST:
            yield lambda message: Receipt(OUTBOX)
            return
        connection = get_connection()
        try:
            yield lambda message: _send(connection, message)
        finally:
            connection.close()


def _send(connection: Any, message: Outgoing) -> Receipt:
    identity = message_id(message.key)
    mail = EmailMessage(
        subject=" ".join(message.subject.split()),
        body=message.body,
        to=[message.recipient],
        headers={**message.headers, "Message-ID": identity},
        connection=connection,
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise ChannelError(str(error), permanent=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPResponseException as error:
        connection.close()
        raise ChannelError(str(error), permanent=error.smtp_code >= 500) from error
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        raise ChannelError(str(error), permanent=False) from error
    return Receipt(identity)


def message_id(key: str) -> str:
    """The same for every attempt, so that a receiving server can recognise a repetition."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
