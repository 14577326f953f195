"""Mail that comes back: what it says, what becomes of the invitation, nothing lost or done twice."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from manyi.distribution import actions, returns
from manyi.distribution.channels.email import digest, message_id, return_path
from manyi.distribution.mailbox import read_box
from manyi.distribution.models import Invitation, Message, ReturnedMail
from manyi.distribution.return_actions import Booked, book, book_returns, read_again
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from manyi.organisation.errors import Refused
from manyi.organisation.models import Event
from manyi.web.cli import app
from manyi.web.cli import distribution as commands
from tests.personas import browser_of
from tests.survey_world import START, World, build, invite

DSN = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: manyi@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {identity}
Subject: x

--b--
"""
AWAY = """\
From: {to}
To: manyi@localhost
Subject: {subject}
{header}In-Reply-To: {identity}

I am away.
"""


def dsn(
    *, to: str = "he@example.com", action: str = "failed", status: str = "5.1.1", identity: str = ""
) -> bytes:
    return DSN.format(to=to, action=action, status=status, identity=identity).encode()


@pytest.mark.parametrize(
    ("action", "status", "verdict"),
    [
        ("failed", "5.1.1", "hard"),
        ("failed", "5.7.1", "hard"),
        ("failed", "5.2.2", "soft"),
        ("failed", "4.4.1", "soft"),
        ("delayed", "4.4.1", "soft"),
        ("delivered", "2.0.0", "unclear"),
    ],
)
def test_a_delivery_report_by_its_action_and_status(action: str, status: str, verdict: str) -> None:
    told = returns.read(dsn(action=action, status=status))
    assert (told.verdict, told.status, told.recipient) == (verdict, status, "he@example.com")


@pytest.mark.parametrize(
    ("subject", "header", "verdict"),
    [
        ("Re: x", "Auto-Submitted: auto-replied\n", "auto_reply"),
        ("Re: x", "X-Autoreply: yes\n", "auto_reply"),
        ("Re: x", "Precedence: auto_reply\n", "auto_reply"),
        ("=?utf-8?B?6Ieq5Yqo5Zue5aSN77ya6K+E5Lu3?=", "", "auto_reply"),
        ("Out of office: survey", "", "auto_reply"),
        ("=?utf-8?B?6YCA5L+h6YCa55+l?=", "", "soft"),
        ("Re: thank you", "Auto-Submitted: no\n", "unclear"),
    ],
)
def test_what_keeps_to_no_standard_is_told_by_headers_and_subjects(
    subject: str, header: str, verdict: str
) -> None:
    mail = AWAY.format(
        to="he@example.com", subject=subject, header=header, identity=message_id("invitation:1")
    )
    told = returns.read(mail.encode())
    assert told.verdict == verdict
    assert told.digests == (digest("invitation:1"),)


def test_a_bounce_in_prose_is_hard_only_when_it_says_so() -> None:
    prose = "From: postmaster@mx.cn\nSubject: failure notice\n\n{}\n"
    assert returns.read(prose.format("550 user unknown").encode()).verdict == "hard"
    assert returns.read(prose.format("please try again").encode()).verdict == "soft"


@given(st.binary(max_size=400))
def test_no_bytes_stop_the_reading(raw: bytes) -> None:
    assert returns.read(raw).verdict in {"hard", "soft", "auto_reply", "unclear"}


def test_the_return_path_carries_the_tag_of_the_mail() -> None:
    path = return_path("Shop <a@b.cn>", "bounce@b.cn", "invitation:1")
    assert path == f"bounce+{digest('invitation:1')}@b.cn"
    assert return_path("Shop <a@b.cn>", "", "invitation:1") == "a@b.cn"
    assert returns.read(f"To: {path}\nSubject: x\n\n".encode()).digests == (digest("invitation:1"),)


@pytest.fixture
def world(db: None) -> World:
    with clock.at(START):
        made = build()
        invite(made, channel="email")
        actions.deliver_queued()
    for row in Message.objects.all():
        Message.objects.filter(pk=row.pk).update(receipt=message_id(row.key))
    return made


def test_a_hard_bounce_ends_the_invitation_and_marks_the_address(world: World) -> None:
    message = Message.objects.earliest("pk")
    raw = dsn(to=message.recipient, identity=message_id(message.key))
    with clock.at(START):
        assert book_returns([raw, raw]) == Booked(hard=1, repeated=1)
        reminded = actions.remind(actor=world.manager, round=world.round)
    message.refresh_from_db()
    assert (message.state, message.invitation and message.invitation.state) == ("failed", "bounced")
    contact = world.customers[0].contacts.get()
    assert contact.undeliverable_at == START
    assert "5.1.1" in contact.undeliverable_why
    assert reminded == 0
    kept = ReturnedMail.objects.get()
    assert (bytes(kept.raw), kept.message, kept.unit) == (raw, message, message.unit)
    assert {"mail.returned", "customer.undeliverable"} <= set(Event.objects.values_list("kind", flat=True))


def test_soft_bounces_and_automatic_replies_are_only_noted(world: World) -> None:
    message = Message.objects.earliest("pk")
    identity = message_id(message.key)
    soft = dsn(status="4.2.2", identity=identity)
    away = AWAY.format(to="a@b.cn", subject="自动回复", header="", identity=identity).encode("gb18030")
    assert book_returns([soft, away]) == Booked(soft=1, auto_reply=1)
    assert Invitation.objects.filter(state="sent").count() == 4
    assert message.returns.count() == 2


def test_a_bounce_without_a_tag_is_laid_to_the_newest_mail_to_its_address(world: World) -> None:
    with clock.at(START):
        book_returns([dsn(to="Customer2@example.com")])
    assert Invitation.objects.get(state="bounced").customer == world.customers[1]


def test_what_nobody_can_place_is_kept(world: World) -> None:
    assert book_returns([dsn(to="stranger@example.com"), b"\xff\xfe"]) == Booked(
        hard=1, unclear=1, unmatched=2
    )
    assert ReturnedMail.objects.filter(message=None).count() == 2


def test_files_are_booked_from_a_terminal(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "open_installation", lambda: None)
    (tmp_path / "one.eml").write_bytes(dsn(identity=message_id(Message.objects.earliest("pk").key)))
    told = CliRunner().invoke(app, ["distribution", "read-bounces", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "永久退信 1" in told.output
    missing = CliRunner().invoke(app, ["distribution", "read-bounces", str(tmp_path / "none.eml")])
    assert missing.exit_code == 1


class _Imap(socketserver.StreamRequestHandler):
    """Just enough of IMAP (RFC 3501) for one unseen mail after the other."""

    def handle(self) -> None:
        mails: dict[str, bytes] = self.server.mails  # type: ignore[attr-defined]
        self.wfile.write(b"* OK imap\r\n")
        for line in self.rfile:
            tag, verb, *rest = line.decode().split()
            words = " ".join(rest).upper()
            if verb.upper() == "CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif verb.upper() == "SELECT":
                self.wfile.write(b"* %d EXISTS\r\n" % len(mails))
            elif words.startswith("SEARCH"):
                self.wfile.write(f"* SEARCH {' '.join(mails)}\r\n".encode())
            elif words.startswith("FETCH"):
                for uid in [each for each in rest[1].split(",") if each in mails]:
                    raw = mails[uid]
                    head = (
                        f"* {uid} FETCH (UID {uid} FLAGS () RFC822.SIZE {len(raw)} BODY[] {{{len(raw)}}}\r\n"
                    )
                    self.wfile.write(head.encode() + raw + b")\r\n")
            elif words.startswith("STORE"):
                assert "SEEN" in words
                mails.pop(rest[1], None)
            if verb.upper() == "LOGOUT":
                self.wfile.write(b"* BYE\r\n")
            self.wfile.write(f"{tag} OK done\r\n".encode())
            if verb.upper() == "LOGOUT":
                return


@contextmanager
def server_of(talk: type[socketserver.StreamRequestHandler], mails: dict[str, bytes]) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        server.daemon_threads = True
        server.mails = mails  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_the_box_is_read_and_what_was_read_is_marked(world: World) -> None:
    assert read_box() == Booked()
    message = Message.objects.earliest("pk")
    mails = {
        "1": dsn(identity=message_id(message.key)).replace(b"\n", b"\r\n"),
        "2": b"Subject: hello\r\n\r\nhi\r\n",
    }
    with server_of(_Imap, mails) as port:
        own = {"host": "127.0.0.1", "port": port, "encryption": "none", "user": "u", "password": "p"}
        for name, given_value in own.items():
            set_setting(actor=None, key=f"mailbox.{name}", value=given_value)
        assert read_box() == Booked(hard=1, unclear=1, unmatched=1)
        assert mails == {}
        assert read_box() == Booked()
    assert Invitation.objects.filter(state="bounced").count() == 1


class _Pop3(socketserver.StreamRequestHandler):
    """Just enough of POP3 (RFC 1939); what is deleted is gone at QUIT."""

    def handle(self) -> None:
        mails: dict[str, bytes] = self.server.mails  # type: ignore[attr-defined]
        there, gone = list(mails), []
        self.wfile.write(b"+OK pop3\r\n")
        for line in self.rfile:
            verb, *rest = line.decode().split()
            if verb == "STAT":
                self.wfile.write(b"+OK %d 1\r\n" % len(there))
            elif verb == "RETR":
                stuffed = mails[there[int(rest[0]) - 1]].replace(b"\r\n.", b"\r\n..")
                self.wfile.write(b"+OK\r\n" + stuffed + b".\r\n")
            else:
                if verb == "DELE":
                    gone.append(there[int(rest[0]) - 1])
                self.wfile.write(b"+OK\r\n")
            if verb == "QUIT":
                for each in gone:
                    mails.pop(each)
                return


def test_a_box_that_speaks_pop3_is_emptied_of_what_was_kept(world: World) -> None:
    message = Message.objects.earliest("pk")
    mails = {
        "1": dsn(identity=message_id(message.key)).replace(b"\n", b"\r\n"),
        "2": b"Subject: hello\r\n\r\n.hi\r\n",
    }
    with server_of(_Pop3, mails) as port:
        own = {"protocol": "pop3", "host": "127.0.0.1", "port": port, "encryption": "none"}
        for name, given_value in {**own, "user": "u", "password": "p"}.items():
            set_setting(actor=None, key=f"mailbox.{name}", value=given_value)
        assert read_box() == Booked(hard=1, unclear=1, unmatched=1)
        assert mails == {}
        assert read_box() == Booked()
    assert bytes(ReturnedMail.objects.get(verdict="unclear").raw) == b"Subject: hello\r\n\r\n.hi\r\n"


def test_a_mail_that_could_not_be_placed_is_read_again(world: World) -> None:
    message = Message.objects.earliest("pk")
    Message.objects.filter(pk=message.pk).update(receipt="")
    book(dsn(to="stranger@example.com", identity=message_id(message.key)))
    row = ReturnedMail.objects.get()
    assert (row.message, row.unit) == (None, None)
    li = browser_of(world.manager, language="en")
    page = reverse("manage:returned_mail", args=[row.pk])
    assert "stranger@example.com" in li.get(page).content.decode()
    with pytest.raises(Refused, match="same as before"):
        read_again(actor=world.manager, row=row)
    Message.objects.filter(pk=message.pk).update(receipt=message_id(message.key))
    li.post(reverse("manage:returned_again", args=[row.pk]))
    row.refresh_from_db()
    assert (row.message, row.unit) == (message, message.unit)
    assert Invitation.objects.filter(state="bounced").count() == 1
    assert browser_of(world.outsider).get(page).status_code == 404
