"""One plain-text mail as bytes, written directly: half a million invitations leave no time for a parse tree.

Headers by RFC 5322 and RFC 2047, the body by RFC 2045 (base64, or 7bit where it is plain ASCII).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, parseaddr

#: Longest line of a header without its line break (RFC 5322, 2.1.1) and of an encoded word (RFC 2047, 2).
LINE, WORD = 78, 75
_HEAD, _TAIL = "=?utf-8?B?", "?="
_ROOM = (WORD - len(_HEAD) - len(_TAIL)) // 4 * 3  # bytes that fit into one encoded word
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_LONG_LINE = re.compile(r"[^\n]{999}")


def mail(
    *,
    sender: str,
    recipient: str,
    subject: str,
    body: str,
    headers: Mapping[str, str],
    at: datetime,
) -> bytes:
    """The whole mail with CRLF line ends; ``at`` is aware.

    Raises UnicodeEncodeError for an address that is not ASCII once its domain is encoded.
    """
    lines = [
        f"From: {address(sender)}",
        f"To: {address(recipient)}",
        _header("Subject", subject),
        f"Date: {format_datetime(at)}",
        *(_header(name, text) for name, text in headers.items()),
        "MIME-Version: 1.0",
    ]
    encoding, content = _body(body)
    charset = "us-ascii" if encoding == "7bit" else "utf-8"
    lines += [f'Content-Type: text/plain; charset="{charset}"', f"Content-Transfer-Encoding: {encoding}"]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + content


def address(given: str) -> str:
    """``Name <a@b>`` with the name encoded where it must be and the domain in ASCII."""
    name, mailbox = parseaddr(_CONTROL.sub(" ", given))
    local, at, domain = mailbox.rpartition("@")
    bare = f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    if not name:
        return bare
    if _PLAIN_NAME.fullmatch(name):
        return f"{name} <{bare}>"
    return f"{_folded(_words(name), 7)}\r\n <{bare}>"


def _header(name: str, text: str) -> str:
    """One header, folded; line breaks in its text become blanks, so that none can add a header."""
    text = _CONTROL.sub(" ", text).strip()
    if text.isascii() and "=?" not in text:
        if len(name) + 2 + len(text) <= LINE:
            return f"{name}: {text}"
        if max(map(len, text.split(" "))) < 900:
            return f"{name}: {_folded(text.split(' '), len(name) + 2)}"
    return f"{name}: {_folded(_words(text), len(name) + 2)}"


def _folded(parts: list[str], used: int) -> str:
    """Parts with blanks between them, on lines that stay short where a blank allows it."""
    lines, line = [], ""
    for part in parts:
        if line.strip() and used + len(line) + 1 + len(part) > LINE:
            lines.append(line)
            line, used = f" {part}", 0
        else:
            line = f"{line} {part}" if line else part
    return "\r\n".join([*lines, line])


def _words(text: str) -> list[str]:
    """The text as encoded words; no character is cut in two."""
    words, piece = [], b""
    for char in text:
        raw = char.encode("utf-8", "replace")
        if len(piece) + len(raw) > _ROOM:
            words.append(piece)
            piece = b""
        piece += raw
    return [f"{_HEAD}{base64.b64encode(word).decode('ascii')}{_TAIL}" for word in (*words, piece)]


def _body(text: str) -> tuple[str, bytes]:
    """Transfer encoding and content of a text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and "\x00" not in text and not _LONG_LINE.search(text):
        return "7bit", text.replace("\n", "\r\n").encode("ascii") + b"\r\n"
    raw = base64.b64encode(text.replace("\n", "\r\n").encode("utf-8", "replace"))
    return "base64", b"\r\n".join(raw[at : at + 76] for at in range(0, len(raw), 76)) + b"\r\n"
