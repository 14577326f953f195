"""How a pushed body is read: which path leads to what, and which pushes are wanted at all. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from manyi.cases.mail import bodies
from manyi.cases.posts import paths
from manyi.distribution.mail_headers import clean
from manyi.kernel.labels import Label
from manyi.measures.expressions import ExpressionError, holds, parse

#: What a path can lead to, and the words for it. ``only`` is no path but a condition.
FIELDS: tuple[tuple[str, Label], ...] = (
    ("id", Label("编号", "Id of the post")),
    ("text", Label("内容", "Its words")),
    ("subject", Label("标题", "Subject")),
    ("thread", Label("会话编号", "Conversation")),
    ("author", Label("作者", "Author")),
    ("author_id", Label("作者编号", "Id of the author")),
    ("phone", Label("电话", "Telephone")),
    ("email", Label("邮箱", "E-mail")),
    ("time", Label("发布时间", "When it was posted")),
    ("url", Label("链接", "Link to it")),
    ("files", Label("附件", "Attachments")),
)
NEEDED = ("id", "text")
MOST_CHARACTERS, MOST_FILES = 20_000, 20
#: The longest that is kept of each.
_LONGEST = {
    "id": 120, "text": MOST_CHARACTERS, "subject": 200, "thread": 120, "author": 80, "author_id": 120,
    "phone": 40, "email": 200, "url": 500,
}  # fmt: skip
#: A number of seconds beyond this one counts milliseconds (the year 5138 else).
_MILLISECONDS = 1e11
_TAG = re.compile(r"</?(?:p|div|br|span|a|b|ul|ol|li|table|td|strong|img)\b[^<>]*>", re.IGNORECASE)


class Unreadable(Exception):
    """A body that is no post: ``reason`` is a code of words.QUARANTINE."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail[:300]


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it was read; texts are clean and no longer than is kept. ``files``: addresses or ids."""

    id: str
    text: str
    subject: str = ""
    thread: str = ""
    author: str = ""
    author_id: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    posted_at: datetime | None = None
    files: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of what an edit changes."""
        return hashlib.sha256("\x00".join((self.subject, self.text, *self.files)).encode()).hexdigest()


def problems(mapping: Mapping[str, str]) -> list[tuple[str, Label]]:
    """What is wrong with a mapping, by field."""
    known = dict(FIELDS)
    found = [
        (name, why)
        for name, path in mapping.items()
        if name in known and path and (why := paths.problem(path)) is not None
    ]
    missing = Label("请填写此项。", "Please fill this in.")
    found += [(name, missing) for name in NEEDED if not mapping.get(name)]
    try:
        parse(mapping["only"]) if mapping.get("only") else None
    except ExpressionError as error:
        found.append(("only", error.message))
    return found


def body_of(raw: bytes) -> Any:
    """The JSON of a push; raises Unreadable."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no_json", str(error)) from error


def read(body: Any, mapping: Mapping[str, str], *, zone: tzinfo, today: date) -> Post | None:
    """A body as a post; None when the condition says that it is not wanted. Raises Unreadable.

    A time without an offset is one of ``zone``. A post that has files and no words is one too.
    """
    if not _wanted(body, mapping.get("only", ""), today):
        return None
    found = {name: _text(body, mapping.get(name, ""), longest) for name, longest in _LONGEST.items()}
    given = [str(each) for each in paths.follow(body, mapping.get("files") or "[9999]")]
    files = tuple(clean(each).strip()[:500] for each in given if each.strip())[:MOST_FILES]
    if not found["id"]:
        raise Unreadable("no_id", mapping.get("id", ""))
    if not (found["text"] or found["subject"] or files):
        raise Unreadable("no_text", mapping.get("text", ""))
    times = paths.follow(body, mapping["time"]) if mapping.get("time") else []
    return Post(**found, posted_at=moment(times[0], zone) if times else None, files=files)


def _wanted(body: Any, condition: str, today: date) -> bool:
    if not condition:
        return True
    try:
        return holds(parse(condition), body if isinstance(body, dict) else {}, today)
    except ExpressionError as error:
        raise Unreadable("mapping", error.message.en) from error


def _text(body: Any, path: str, longest: int) -> str:
    """The first value at a path as a reader sees it; lists and objects are none."""
    found = paths.follow(body, path) if path else []
    if not found or isinstance(found[0], dict | list):
        return ""
    text = str(found[0])
    return (bodies.from_html(text) if _TAG.search(text) else clean(text).strip())[:longest]


def moment(given: Any, zone: tzinfo) -> datetime | None:
    """A time as programs write it: ISO 8601, ``2026-03-02 09:30:00 UTC``, (milli)seconds; else None."""
    text = str(given).strip()
    try:
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        found = datetime.fromisoformat(
            text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else "")
        )
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)
