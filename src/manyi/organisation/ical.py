"""How things are written in iCalendar (RFC 5545): escaped texts, UTC moments, folded lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime


def escaped(text: str) -> str:
    """A text as a value of type TEXT (3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def utc(moment: datetime) -> str:
    """An aware moment as a DATE-TIME in UTC (3.3.5, form 2)."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text_of(lines: Iterable[str]) -> str:
    """The lines of a file, each ended and folded."""
    return "\r\n".join(piece for line in lines for piece in _folded(line)) + "\r\n"


def _folded(line: str) -> list[str]:
    """A line in pieces of at most 75 bytes (3.1), no character cut in two."""
    pieces, piece = [], ""
    for char in line:
        if len((piece + char).encode()) > 74:
            pieces.append(piece)
            piece = " "
        piece += char
    return [*pieces, piece]
