"""A raw mail read: who, to whom, what, with which files. Pure; bounded, whatever the bytes are.

Headers by RFC 5322 and 2047, parts by RFC 2045 to 2049. What cannot be read raises ``Unreadable`` with its
reason, and the raw mail stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime

from manyi.cases.mail import bodies
from manyi.distribution import mail_headers

#: Bounds beyond which a mail is kept for a person to look at instead of being taken apart.
MOST_BYTES, MOST_LINES, MOST_HEADERS, MOST_PARTS, MOST_DEPTH = 25 << 20, 500_000, 1_000, 200, 30
MOST_TEXT = 100_000  # characters of the words that are kept
_MOST_HTML = 2_000_000
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"(?m)^[!-9;-~]+[ \t]*:")
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,240})>")
_BARE_NAME = re.compile(rb'(?i)name\s*=\s*"?([^";\r\n]+)')
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class Unreadable(ValueError):
    """A mail that cannot be taken apart; ``reason`` is a code of ``choices.QUARANTINE``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class File:
    """One file of a mail, with the name that the sender gave it, made safe."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail read. Addresses are in lower case; ``references`` begin with the mail that is answered."""

    mail: Message
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    message_id: str
    references: tuple[str, ...]
    subject: str
    text: str
    files: tuple[File, ...]
    written_at: datetime | None
    arrived_at: datetime | None


def read(raw: bytes) -> Letter:
    """Take a mail apart. Raises Unreadable."""
    _judge_size(raw)
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        return _letter(mail)
    except RecursionError as error:
        raise Unreadable("nested") from error
    except Unreadable:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise Unreadable("broken", f"{type(error).__name__}: {error}"[:300]) from error


def glance(raw: bytes) -> tuple[str, str]:
    """Sender and subject of a mail that could not be read, as far as its head says them; never raises."""
    head = raw[: 64 << 10]
    found = _HEAD_ENDS.search(head)
    try:
        mail = message_from_bytes(head[: found.start()] if found else head, policy=policy.compat32)
        sender = mail_headers.addresses(mail, "From", "Sender")
        return (sender[0][1] if sender else "")[:200], mail_headers.text_of(mail, "Subject")[:300]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return "", ""


def _judge_size(raw: bytes) -> None:
    if not raw or raw.isspace():
        raise Unreadable("empty")
    if len(raw) > MOST_BYTES:
        raise Unreadable("large", f"{len(raw) / (1 << 20):.0f} MB")
    lines = raw.count(b"\n")
    if lines > MOST_LINES:  # each becomes an object of its own: memory follows the lines, not the bytes
        raise Unreadable("large", f"{lines} lines")
    end = _HEAD_ENDS.search(raw)
    head = raw[: end.start()] if end else raw
    fields = sum(1 for _ in _FIELD.finditer(head))
    if not fields:
        raise Unreadable("no_head")
    if fields > MOST_HEADERS or len(head) > 1 << 20:
        raise Unreadable("headers", str(fields))


def _letter(mail: Message) -> Letter:
    senders = mail_headers.addresses(mail, "From") or mail_headers.addresses(mail, "Reply-To", "Sender")
    if not senders:
        raise Unreadable("no_sender")
    words, files = _contents(mail)
    subject = mail_headers.text_of(mail, "Subject")
    if not (words or files or subject):
        raise Unreadable("empty")
    name, address = senders[0]
    return Letter(
        mail=mail,
        sender=address[:200],
        sender_name=name[:80],
        recipients=tuple(
            found for _, found in mail_headers.addresses(mail, "To", "Cc", "Delivered-To", "X-Original-To")
        ),
        message_id=next(iter(_ids(mail, "Message-ID")), ""),
        references=tuple(dict.fromkeys([*_ids(mail, "In-Reply-To"), *reversed(_ids(mail, "References"))])),
        subject=subject[:300],
        text=words[:MOST_TEXT],
        files=files,
        written_at=_moment(str(mail.get("Date", ""))),
        arrived_at=_arrival(mail),
    )


def _ids(mail: Message, name: str) -> list[str]:
    return _MESSAGE_ID.findall(mail_headers.text_of(mail, name))


def _moment(text: str) -> datetime | None:
    """A date by RFC 5322; one without a zone counts as UTC (``-0000``)."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _arrival(mail: Message) -> datetime | None:
    """When our own server took it: the date after the semicolon of the topmost Received."""
    given = mail.get("Received")
    return _moment(str(given).rpartition(";")[2].strip()) if given else None


def _contents(mail: Message) -> tuple[str, tuple[File, ...]]:
    """The words (plain text before HTML) and the files."""
    plain: list[str] = []
    html: list[str] = []
    files: list[File] = []
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"} and not _is_file(part):
            text = mail_headers.decoded(_payload(part), _charset(part))
            (plain if kind == "text/plain" else html).append(text)
        elif kind != "message/delivery-status":
            files.append(File(_name(part, len(files) + 1), _payload(part)))
    words = bodies.tidy("\n\n".join(plain))
    return words or bodies.from_html("\n".join(html)[:_MOST_HTML]), tuple(files)


def _parts(mail: Message) -> Iterator[Message]:
    """The leaves in order; a mail that is enclosed is one leaf. Raises Unreadable beyond the bounds."""
    waiting, count = [(mail, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if depth > MOST_DEPTH or count > MOST_PARTS:
            raise Unreadable("nested")
        below = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(below, list):
            waiting += [(child, depth + 1) for child in reversed(below) if isinstance(child, Message)]
        else:
            yield part


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_given_name(part))


def _payload(part: Message) -> bytes:
    """The content of a leaf decoded; as it stands where its encoding is broken."""
    below = part.get_payload()
    if isinstance(below, list):  # an enclosed mail
        return b"\n".join(child.as_bytes() for child in below if isinstance(child, Message))
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError):
        found = None
    if isinstance(found, bytes):
        return found
    return str(below or "").encode("utf-8", "surrogateescape" if isinstance(below, str) else "replace")


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (ValueError, LookupError):
        return ""


def _given_name(part: Message) -> str:
    """The file name by RFC 2231, or by RFC 2047 as many programs write it; empty when there is none."""
    try:
        found = mail_headers.plain(part.get_filename())
    except (ValueError, LookupError, TypeError):
        return "?"
    return _raw_name(part) if "\ufffd" in found else found


def _raw_name(part: Message) -> str:
    """A file name that stands in a header as bare bytes, which the standard does not allow."""
    for name, text in part.raw_items():
        if name.lower() in {"content-disposition", "content-type"}:
            found = _BARE_NAME.search(str(text).encode("utf-8", "surrogateescape"))
            if found is not None:
                return mail_headers.clean(mail_headers.decoded(found.group(1), ""))
    return "?"


def _name(part: Message, number: int) -> str:
    """A name that is safe to show and to save."""
    kept = _UNSAFE.sub("_", _given_name(part)).strip(" ._")[-120:]
    if kept:
        return kept
    ending = {"message/rfc822": "eml", "text/html": "html", "text/calendar": "ics"}
    return f"{number}.{ending.get(part.get_content_type(), 'bin')}"
