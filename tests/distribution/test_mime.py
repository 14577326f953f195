"""A mail written directly says, read by Python's own parser, exactly what was put in."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from manyi.distribution import mime
from manyi.distribution.channels import CHANNELS, ChannelError, Outgoing
from tests.smtp_sink import smtp_sink

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), st.sampled_from("满意度调查😀é =?_")
    ),
    max_size=120,
)
LINES = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("满意\n\r .😀")), max_size=400)


def written(**more: Any) -> bytes:
    parts: dict[str, Any] = {
        "sender": "华诚汽车 <survey@example.com>",
        "recipient": "he@example.com",
        "subject": "请评价",
        "body": "您好",
        "headers": {},
    }
    return mime.mail(**{**parts, **more}, at=AT)


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


@given(WORDS)
def test_every_subject_arrives_in_short_lines(subject: str) -> None:
    raw = written(subject=subject)
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert head.isascii()
    assert " ".join(str(read(raw)["Subject"]).split()) == " ".join(subject.split())


@given(LINES)
def test_every_body_arrives(body: str) -> None:
    expected = body.replace("\r\n", "\n").replace("\r", "\n")
    raw = written(body=body)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert read(raw).get_content().replace("\r\n", "\n").rstrip("\n") == expected.rstrip("\n")


@given(WORDS)
@example("0" + 15 * "\u0800")  # more than one encoded word
def test_every_sender_name_arrives(name: str) -> None:
    """Read without the structured parser, which leaves a blank between two encoded words (RFC 2047, 6.2)."""
    given_name, mailbox = parseaddr(f"{name} <survey@example.com>")
    if mailbox != "survey@example.com":
        return  # the name itself reads as an address, and a person who sets it sees that
    raw = message_from_bytes(written(sender=f"{name} <survey@example.com>"), policy=policy.compat32)
    encoded, address = parseaddr(str(raw["From"]).replace("\r\n", ""))
    assert address == "survey@example.com"
    assert str(make_header(decode_header(encoded))).split() == given_name.split()


def test_no_text_can_add_a_header() -> None:
    found = read(written(subject="a\r\nBcc: all@example.com", headers={"X-A": "b\nX-C: d"}))
    assert found["Bcc"] is None
    assert found["X-C"] is None


def test_chinese_letter_with_the_way_out() -> None:
    found = read(
        written(headers={"List-Unsubscribe": "<https://x.example/s/abc/stop/>"}, recipient="he@例子.中国")
    )
    assert found["List-Unsubscribe"] == "<https://x.example/s/abc/stop/>"
    assert str(found["From"]) == "华诚汽车 <survey@example.com>"
    assert str(found["To"]) == "he@xn--fsqu00a.xn--fiqs8s"
    assert found["Date"].datetime == AT
    assert found.get_content().strip() == "您好"


@pytest.mark.django_db
def test_a_mail_carries_the_way_out_and_the_same_identity_every_time(settings: Any) -> None:
    letter = Outgoing(
        "invitation:1", "he@example.com", "请评价\n服务", ".您好", {"List-Unsubscribe": "<https://x/stop/>"}
    )
    with smtp_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        with CHANNELS.get("email").session() as send:
            send(letter)
            send(letter)
    (sender, recipient, first), (_, _, second) = sink.mails
    found, again = read(first), read(second)
    assert (sender, recipient) == ("manyi@localhost", "he@example.com")
    assert found["Subject"] == "请评价 服务"
    assert found["List-Unsubscribe"] == "<https://x/stop/>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"] == again["Message-ID"]
    assert found.get_content().strip() == ".您好"


@pytest.mark.django_db
def test_without_a_mail_server_nothing_leaves_the_house() -> None:
    assert CHANNELS.get("email").send(Outgoing("k", "he@example.com", "", "")).text == "outbox"


@pytest.mark.django_db
@pytest.mark.parametrize(("recipient", "permanent"), [("he404@x.cn", True), ("he503@x.cn", False)])
def test_what_the_server_says_decides_whether_to_try_again(
    settings: Any, recipient: str, permanent: bool
) -> None:
    with smtp_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        with pytest.raises(ChannelError) as caught:
            CHANNELS.get("email").send(Outgoing("k", recipient, "", ""))
    assert caught.value.permanent is permanent


@pytest.mark.django_db
def test_an_address_that_no_mail_can_carry_is_refused_for_good(settings: Any) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    with pytest.raises(ChannelError, match="not an address") as caught:
        CHANNELS.get("email").send(Outgoing("k", "何@example.com", "", ""))
    assert caught.value.permanent
