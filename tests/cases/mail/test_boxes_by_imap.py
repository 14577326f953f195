"""Boxes on a real IMAP server on loopback: what is read is marked, and a crash loses and repeats nothing."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from manyi.cases.mail import boxes, intake
from manyi.cases.models import Case, MailBox, ReceivedMail
from manyi.organisation.errors import Invalid, NotPermitted
from tests.cases.mail.written import written
from tests.personas import House

pytestmark = pytest.mark.usefixtures("monday")
USER, PASSWORD = "care", "secret"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running server."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("imap") / "log"
    command = [
        str(Path(sys.executable).with_name("pymap")),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
    ]
    command += ["--no-service", "managesieve", "--no-service", "admin"]
    command += ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            for _ in range(100):
                with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
                    break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()


@pytest.fixture
def inbox(server: int) -> Iterator[imaplib.IMAP4]:
    """The box, empty."""
    client = imaplib.IMAP4("127.0.0.1", server)
    client.login(USER, PASSWORD)
    client.select("INBOX")
    client.store("1:*", "+FLAGS", r"(\Deleted)")
    client.expunge()
    yield client
    client.logout()


@pytest.fixture
def box(house: House, server: int) -> MailBox:
    return boxes.save_box(actor=None, unit=house.tree.east_service, given=access(server))


def access(port: int, **changes: object) -> dict[str, object]:
    usual = {
        "address": "Care@Shop.example", "kind": "complaint", "protocol": "imap", "host": "127.0.0.1",
        "port": port, "encryption": "none", "user": USER, "password": PASSWORD, "folder": "INBOX",
    }  # fmt: skip
    return {**usual, **changes}


def put(inbox: imaplib.IMAP4, *mails: bytes) -> None:
    for mail in mails:
        inbox.append("INBOX", "", "", mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def unseen(inbox: imaplib.IMAP4) -> int:
    inbox.noop()
    return len(inbox.search(None, "UNSEEN")[1][0].split())


def test_unseen_mails_become_cases_and_are_marked(inbox: imaplib.IMAP4, box: MailBox) -> None:
    put(inbox, written(), written("地板有划痕", "新房地板", sender="li@example.com"), b"no mail at all\r\n")
    assert boxes.read_boxes() == 3
    assert unseen(inbox) == 0
    assert Case.objects.filter(channel="mail").count() == 2
    assert ReceivedMail.objects.get(state="quarantined").reason == "no_head"
    assert boxes.read_boxes() == 0
    box.refresh_from_db()
    assert (box.address, box.fault) == ("care@shop.example", "")
    assert box.read_at is not None


def test_a_crash_between_keeping_and_marking_repeats_nothing(
    inbox: imaplib.IMAP4, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, written(), written("地板有划痕", "新房地板", sender="li@example.com"))

    def dies(*args: object) -> None:
        raise KeyboardInterrupt  # kept and committed, neither sorted nor marked

    with monkeypatch.context() as patch:
        patch.setattr(boxes, "_sorted", dies)
        with pytest.raises(KeyboardInterrupt):
            boxes.read_box(box)
    assert ReceivedMail.objects.filter(state="kept").count() == 1
    assert unseen(inbox) == 2
    boxes.read_boxes()
    assert unseen(inbox) == 0
    assert (Case.objects.count(), ReceivedMail.objects.count()) == (2, 2)


def test_a_crash_before_keeping_loses_nothing(
    inbox: imaplib.IMAP4, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, written())

    def dies(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(intake, "keep", dies)
        with pytest.raises(KeyboardInterrupt):
            boxes.read_box(box)
    assert (unseen(inbox), ReceivedMail.objects.count()) == (1, 0)
    assert boxes.read_box(box) == 1
    assert Case.objects.count() == 1


def test_a_mail_that_breaks_us_does_not_hold_up_the_others(
    inbox: imaplib.IMAP4, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, written(), written("地板有划痕", "新房地板", sender="li@example.com"))
    real, seen = intake.sort, []

    def sort(mail: ReceivedMail) -> ReceivedMail:
        seen.append(mail.pk)
        if len(seen) == 1:
            raise OSError("disk full")
        return real(mail)

    with monkeypatch.context() as patch:
        patch.setattr(intake, "sort", sort)
        assert boxes.read_box(box) == 2
    assert Case.objects.count() == 1
    boxes.read_boxes()
    assert Case.objects.count() == 2


def test_a_box_that_cannot_be_opened_says_why_and_others_go_on(
    inbox: imaplib.IMAP4, box: MailBox, house: House, server: int
) -> None:
    wrong = access(server, address="a@shop.example", password="wrong")
    refused = boxes.save_box(actor=None, unit=house.tree.east, given=wrong)
    put(inbox, written())
    assert boxes.read_boxes() == 1
    refused.refresh_from_db()
    assert refused.fault


def test_a_box_is_checked_and_its_password_stays(house: House, box: MailBox, server: int) -> None:
    given = {"address": "nobody", "port": "0", "host": "", "kind": "x"}
    with pytest.raises(Invalid) as wrong:
        boxes.save_box(actor=None, unit=house.tree.east, given=given)
    named = {field for field, _ in wrong.value.problems}
    assert {"address", "port", "host", "user", "password", "kind", "protocol", "encryption"} <= named
    with pytest.raises(Invalid):
        boxes.save_box(actor=None, unit=house.tree.east, given=access(server))  # there already
    changed = boxes.save_box(
        actor=None, unit=house.tree.east, given=access(server, password="", active=False), box=box
    )
    assert (changed.password, changed.active) == (PASSWORD, False)
    with pytest.raises(NotPermitted):
        boxes.save_box(actor=house.wu, unit=house.tree.east, given=access(server), box=box)
