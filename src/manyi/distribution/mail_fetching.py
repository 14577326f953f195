"""Fetching the mails of a box by IMAP or POP3, each marked as read only after it was kept."""

from __future__ import annotations

import imaplib
import poplib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label

PROTOCOLS = (("imap", Label("IMAP", "IMAP")), ("pop3", Label("POP3", "POP3")))
ENCRYPTIONS = (
    ("ssl", Label("SSL", "SSL")),
    ("starttls", Label("STARTTLS", "STARTTLS")),
    ("none", Label("不加密", "None")),
)
#: Seconds after which a server that says nothing is given up, and how many mails are read in one turn.
PATIENCE, MOST = 20, 500


@dataclass(frozen=True, slots=True)
class Access:
    """How a box is opened. ``folder`` is for IMAP only."""

    protocol: str
    host: str
    port: int
    encryption: str
    user: str
    password: str
    folder: str = "INBOX"


class Unreachable(OSError):
    """A box that could not be opened or read; the text is what the server or the line said."""


def unseen(access: Access) -> Iterator[bytes]:
    """The raw mails not read yet, at most ``MOST``.

    IMAP marks each as seen, POP3 deletes it, once the caller asks for the next: a crash in between reads a
    mail a second time and loses none. Raises Unreachable.
    """
    try:
        yield from (_by_pop3 if access.protocol == "pop3" else _by_imap)(access)
    except (imaplib.IMAP4.error, poplib.error_proto, OSError, EOFError) as error:
        raise Unreachable(str(error) or type(error).__name__) from error


def _by_imap(access: Access) -> Iterator[bytes]:
    kinds: dict[str, Callable[..., imaplib.IMAP4]] = {"ssl": imaplib.IMAP4_SSL}
    box = kinds.get(access.encryption, imaplib.IMAP4)(access.host, access.port, timeout=PATIENCE)
    try:
        if access.encryption == "starttls":
            box.starttls()
        box.login(access.user, access.password)
        _said(box.select(_quoted(access.folder or "INBOX")))
        for uid in _said(box.uid("SEARCH", "UNSEEN"))[0].split()[:MOST]:
            content = _content(_said(box.uid("FETCH", uid.decode(), "(BODY.PEEK[])")))
            if content is None:
                continue  # somebody else took it away in between
            yield content
            _said(box.uid("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Seen)"))
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _said(answer: tuple[str, Any]) -> list[Any]:
    """What the server answered; raises imaplib's error when it refused."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(b" ".join(part for part in data if part).decode("utf-8", "replace"))
    return [b"" if part is None else part for part in data]


def _content(parts: list[Any]) -> bytes | None:
    """The literal of a FETCH answer, which imaplib gives as a pair."""
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _by_pop3(access: Access) -> Iterator[bytes]:
    if access.encryption == "ssl":
        box: poplib.POP3 = poplib.POP3_SSL(access.host, access.port, timeout=PATIENCE)
    else:
        box = poplib.POP3(access.host, access.port, timeout=PATIENCE)
    try:
        if access.encryption == "starttls":
            box.stls()
        box.user(access.user)
        box.pass_(access.password)
        count, _ = box.stat()
        for number in range(1, min(count, MOST) + 1):
            _, lines, _ = box.retr(number)
            yield b"\r\n".join(lines) + b"\r\n"
            box.dele(number)
    finally:
        with suppress(poplib.error_proto, OSError):
            box.quit()
