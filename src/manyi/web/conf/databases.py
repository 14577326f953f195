"""Where the data lives: SQLite under MANYI_HOME, or PostgreSQL named by DATABASE_URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

#: FULL, because an answer that got a receipt must survive a power cut, not only a crash of the process.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
    "PRAGMA mmap_size=67108864; PRAGMA cache_size=-20000"
)


def sqlite(path: Path) -> dict[str, Any]:
    """Settings of the embedded default; IMMEDIATE makes writers queue where they would fail with a lock."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
    }


def postgresql(url: str) -> dict[str, Any]:
    """Settings for ``postgresql://user:password@host:port/name?option=value``; an empty host is the socket.

    Raises ValueError for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}, **query},
    }


def from_url(url: str | None, home: Path) -> dict[str, Any]:
    """The default database: PostgreSQL when a URL is given, otherwise SQLite in the home folder."""
    return postgresql(url) if url else sqlite(home / "manyi.sqlite3")
