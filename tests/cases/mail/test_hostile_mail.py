"""Broken, mutated and hostile mail: every one ends as message, machine mail or set aside, within bounds."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from manyi.cases.mail import bodies, decisions, intake, machine, reading
from manyi.cases.mail.reading import Unreadable
from manyi.cases.models import ReceivedMail
from tests.cases.mail.written import SENDER, arrived, written
from tests.personas import House

ENDS = {"message", "machine", "quarantined", "repeated"}


def shape(text: str) -> bytes:
    """A mail written out, with the line ends of mail."""
    return text.replace("\n", "\r\n").encode()


SHAPES = (
    written(files={"发票.pdf": b"%PDF-1.4 x", "a.zip": b"PK\x03\x04"}),
    written(Message_ID="<a@b>", In_Reply_To="<c@d>", References="<e@f> <c@d>"),
    shape("""From: a@b.cn
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/html; charset=gb2312
Content-Transfer-Encoding: base64

PGI+xOO6wzwvYj4=
--x--
"""),
    shape("""From: =?gbk?B?zfU=?= <w@e.cn>
Subject: =?utf-8?q?=E4=BD=A0?=
Content-Transfer-Encoding: quoted-printable

=C4=E3=BA=C3"""),
    shape("""Return-Path: <>
From: MAILER-DAEMON@x.cn
Content-Type: multipart/report; boundary=q

--q
Content-Type: message/delivery-status

Action: failed

--q--"""),
)
NOISE = [b"\r\n\r\n", b"--x\r\n", b"=?utf-8?B?", b"\x00", b"Content-Type: ", b"\xff\xfe"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real shape with pieces cut out, doubled, swapped for others' or for noise."""
    raw = bytearray(draw(st.sampled_from(SHAPES)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(raw)))
        length = draw(st.integers(0, 60))
        other = draw(st.sampled_from(SHAPES))
        start = draw(st.integers(0, len(other)))
        piece = draw(
            st.one_of(
                st.just(b""),
                st.binary(max_size=40),
                st.just(bytes(raw[at : at + length]) * 2),
                st.just(other[start : start + length]),
                st.sampled_from(
                    [b"\r\n\r\n", b"--x\r\n", b"=?utf-8?B?", b"\x00", b"Content-Type: ", b"\xff\xfe"]
                ),
            )
        )
        raw[at : at + length] = piece
    return bytes(raw)


@settings(max_examples=400, deadline=None)
@given(mutated())
@example(b"From:\x00wang@example.com>\nSubject: air\n\nStill warm.\n")
def test_reading_ends_with_a_letter_or_a_reason(raw: bytes) -> None:
    try:
        letter = reading.read(raw)
    except Unreadable:
        "".join(reading.glance(raw)).encode()
        return
    machine.kind_of(letter)
    for text in (letter.sender, letter.subject, letter.text, *(file.name for file in letter.files)):
        text.encode()
        assert "\x00" not in text
    bodies.without_quotes(letter.text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=mutated())
@pytest.mark.usefixtures("monday")
def test_every_mail_ends_somewhere(house: House, raw: bytes) -> None:
    mail = intake.take_in(raw, unit=house.tree.east_service)
    assert mail.state in ENDS
    assert intake.raw_of(mail) == raw


def nested(depth: int) -> bytes:
    head = f"From: {SENDER}\r\nSubject: deep\r\nMIME-Version: 1.0\r\n"
    parts = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth)]
    return (head + "".join(parts) + "Content-Type: text/plain\r\n\r\nhello\r\n").encode()


def many_parts(count: int) -> bytes:
    head = f"From: {SENDER}\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return (head + "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * count + "--b--").encode()


HOSTILE = {
    "nothing": (b"", "empty"),
    "blanks": (b"\r\n\r\n  ", "empty"),
    "noise": (bytes(range(256)) * 40, "no_head"),
    "deep": (nested(4000), "nested"),
    "deeper than allowed": (nested(60), "nested"),
    "many parts": (many_parts(3000), "nested"),
    "10,000 headers": (
        b"".join(b"X-H%d: v\r\n" % n for n in range(10_000)) + f"From: {SENDER}\r\n\r\nx".encode(), "headers"
    ),
    "no sender": (b"Subject: hi\r\n\r\nhello", "no_sender"),
    "one endless header": (b"From: a@b.cn\r\nSubject: " + b"x" * (2 << 20) + b"\r\n\r\nhi", "headers"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.usefixtures("monday")
def test_hostile_mail_is_set_aside_with_its_reason(house: House, name: str) -> None:
    raw, reason = HOSTILE[name]
    mail = arrived(house, raw)
    assert (mail.state, mail.reason) == ("quarantined", reason)
    assert intake.raw_of(mail) == raw


@pytest.mark.usefixtures("monday")
def test_a_zip_bomb_is_not_opened_and_not_offered(house: House) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * (200 << 20))
    mail = arrived(house, written(files={"bomb.zip": held.getvalue()}))
    assert mail.state == "message"
    assert [file["kept"] for file in mail.files] == [False]


@pytest.mark.usefixtures("monday")
def test_active_content_is_not_offered_beside_the_case(house: House) -> None:
    files = {"a.html": b"<script>alert(1)</script>", "b.exe": b"MZ\x90\x00", "c.pdf": b"%PDF-1.4"}
    mail = arrived(house, written(files=files))
    assert [file["kept"] for file in mail.files] == [False, False, True]


#: The peak of the process itself: what ``getrusage`` says also counts the one that began it.
MEASURED = """
import sys
from pathlib import Path
from manyi.web.cli import app
sys.argv = ["manyi", "intake", "mail", *sys.argv[1:]]
try:
    app()
finally:
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    print(int(peak.split()[1]) // 1024, file=sys.stderr)
"""


def test_huge_mails_stay_under_500_mb_of_memory(tmp_path: Path) -> None:
    head = f"From: {SENDER}\r\nSubject: huge\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    file = "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    for name, megabytes in (("50.eml", 37), ("24.eml", 17)):
        content = base64.encodebytes(b"%PDF-1.4" + os.urandom(megabytes << 20)).replace(b"\n", b"\r\n")
        (tmp_path / name).write_bytes(
            f"{head}Content-Type: text/plain\r\n\r\nhi\r\n--b\r\n{file}".encode() + content
        )
    flat = f"From: {SENDER}\r\nSubject: flat\r\n\r\n".encode() + b"a b\r\n" * (24 << 18)
    (tmp_path / "flat.eml").write_bytes(flat[: 24 << 20])
    environment = {**os.environ, "MANYI_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path)], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"message"') == 1, done.stdout
    assert done.stdout.count('"quarantined"') == 2, done.stdout
    assert int(done.stderr.split()[-1]) < 500


def test_the_raw_mail_outlives_its_reading(db: None, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(raw: bytes) -> None:
        raise TypeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", broken)
        mail = arrived(house, written())
    assert (mail.state, mail.reason) == ("quarantined", "broken")
    again = decisions.retry(actor=house.zhou, mail=ReceivedMail.objects.get())
    assert again.state == "message"
