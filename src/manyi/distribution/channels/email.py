"""E-mail by SMTP, or the local outbox while no server is configured."""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr

from django.conf import settings

from manyi.distribution import mime
from manyi.distribution.channels import (
    CHANNELS,
    Channel,
    ChannelError,
    Outgoing,
    Receipt,
    per_minute,
    setting,
)
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.settings import value

OUTBOX = "outbox"
GROUP = "email"
BOUNCES = setting(
    GROUP,
    "bounce_address",
    Label("退信地址", "Address for bounces"),
    Label(
        "例如 bounce@example.com;信箱须接受 bounce+编号@example.com。留空则退回发件人。",
        "Such as bounce@example.com, whose box takes bounce+code@example.com. Empty: back to the sender.",
    ),
)
per_minute(GROUP, 0)


@CHANNELS.register
class Email(Channel):
    """Plain-text mail. Without SMTP_HOST nothing leaves the house: the outbox page shows what would have."""

    id = GROUP
    label = Label("电子邮件", "E-mail")
    contact = "email"

    def send(self, message: Outgoing) -> Receipt:
        """Send one mail over a connection of its own. Raises ChannelError."""
        with self.session() as send:
            return send(message)

    @contextmanager
    def session(self) -> Iterator[Callable[[Outgoing], Receipt]]:
        """One SMTP connection for many mails."""
        if not settings.EMAIL_HOST:
            yield lambda message: Receipt(OUTBOX)
            return
        line = Line(settings.DEFAULT_FROM_EMAIL, value(BOUNCES))
        try:
            yield line.send
        finally:
            line.hang_up()


class Line:
    """A connection to the mail server, opened at the first mail and again after a failure."""

    def __init__(self, sender: str, bounces: str) -> None:
        self.sender, self.bounces = sender, bounces
        self.server: smtplib.SMTP | None = None

    def send(self, message: Outgoing) -> Receipt:
        """Hand one mail to the server. Raises ChannelError."""
        identity = message_id(message.key)
        headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated", **message.headers}
        try:
            written = mime.mail(
                sender=self.sender,
                recipient=message.recipient,
                subject=message.subject,
                body=message.body,
                headers=headers,
                at=clock.now(),
            )
            recipient = parseaddr(mime.address(message.recipient))[1]
        except UnicodeError as error:
            raise ChannelError(f"not an address: {error}", permanent=True) from error
        self._hand_over(recipient, return_path(self.sender, self.bounces, message.key), written)
        return Receipt(identity)

    def _hand_over(self, recipient: str, path: str, written: bytes) -> None:
        try:
            self._open().sendmail(path, [recipient], written)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise ChannelError(str(error), permanent=all(code >= 500 for code in codes)) from error
        except smtplib.SMTPResponseException as error:
            self.hang_up()
            raise ChannelError(str(error), permanent=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise ChannelError(str(error), permanent=False) from error

    def _open(self) -> smtplib.SMTP:
        if self.server is None or getattr(self.server, "sock", None) is None:
            server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
            if settings.EMAIL_USE_TLS:
                server.starttls()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            self.server = server
        return self.server

    def hang_up(self) -> None:
        """Close the connection, politely where that is still possible."""
        if self.server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.server.quit()
            self.server = None


def digest(key: str) -> str:
    """The part of Message-ID and return path by which a mail that comes back is known again."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def message_id(key: str) -> str:
    """The same for every attempt, so that a receiving server can recognise a repetition."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{digest(key)}@{domain}>"


def return_path(sender: str, bounces: str, key: str) -> str:
    """Where the mail comes back to: the sender, or the box for bounces with the message's own tag."""
    local, at, domain = bounces.partition("@")
    return f"{local}+{digest(key)}@{domain}" if at else parseaddr(sender)[1]
