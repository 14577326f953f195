"""The one clock: who asks for the time asks here, so that a test or a simulated year can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_set_to: ContextVar[datetime | None] = ContextVar("manyi_clock", default=None)


def now() -> datetime:
    """The present instant in UTC, or the instant to which the clock was set."""
    return _set_to.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The present date in an IANA time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside the block it is ``instant`` (aware); raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    token = _set_to.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
