"""Every channel is one plug-in; e-mail leaves by SMTP or stays in the local outbox."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing
from manyi.distribution.channels.qr import svg

LETTER = Outgoing(
    "invitation:1", "he@example.com", "请评价\n服务", "您好", {"List-Unsubscribe": "<https://x/stop/>"}
)


@pytest.mark.parametrize("channel", list(CHANNELS), ids=lambda channel: channel.id)
def test_every_channel_says_its_name_and_either_takes_a_message_or_says_why_not(channel: Channel) -> None:
    assert channel.label.zh != channel.label.en
    if channel.contact:
        assert channel.send(LETTER).text
    else:
        with pytest.raises(ChannelError, match="not sent") as caught:
            channel.send(LETTER)
        assert caught.value.permanent


def test_without_a_mail_server_nothing_leaves_the_house() -> None:
    assert CHANNELS.get("email").send(LETTER).text == "outbox"
    assert mail.outbox == []


def test_a_mail_carries_the_way_out_and_the_same_identity_every_time(settings: Any) -> None:
    settings.EMAIL_HOST = "localhost"
    for _ in range(2):
        CHANNELS.get("email").send(LETTER)
    first, second = mail.outbox
    assert (first.subject, first.to, first.body) == ("请评价 服务", ["he@example.com"], "您好")
    assert first.extra_headers["List-Unsubscribe"] == "<https://x/stop/>"
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"he@example.com": (550, b"no such user")}), True),
        (smtplib.SMTPRecipientsRefused({"he@example.com": (450, b"later")}), False),
        (smtplib.SMTPDataError(554, b"refused"), True),
        (smtplib.SMTPDataError(421, b"busy"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (ConnectionRefusedError("no server"), False),
    ],
)
def test_what_the_server_says_decides_whether_to_try_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, permanent: bool
) -> None:
    def refuse(self: EmailBackend, messages: Any) -> int:
        raise error

    settings.EMAIL_HOST = "localhost"
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(ChannelError) as caught:
        CHANNELS.get("email").send(LETTER)
    assert caught.value.permanent is permanent


def test_a_qr_code_is_a_drawing() -> None:
    drawing = svg("https://example.com/o/abc/")
    assert drawing.startswith("<svg")
    assert "<path" in drawing
