"""The scheduler process: hands new events to their subscribers and runs recurring work."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time

import django
from django.db import close_old_connections

EVERY_SECONDS = 1.0
RECURRING_EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


def main(parent: int | None = None) -> None:
    """Run until told to stop, or until the parent is gone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.web.conf.settings")
    django.setup()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    recurring_at = time.monotonic()
    while not stop.is_set() and parent in (None, os.getppid()):
        handled = beat(with_recurring=time.monotonic() >= recurring_at)
        if time.monotonic() >= recurring_at:
            recurring_at = time.monotonic() + RECURRING_EVERY_SECONDS
        # A backlog is worked off without pauses.
        if not handled:
            stop.wait(EVERY_SECONDS)


def beat(*, with_recurring: bool) -> int:
    """One round; returns how many events were handled. A failure is logged and the next round tries again."""
    from manyi.organisation import events, schedule

    handled = 0
    try:
        close_old_connections()
        handled = events.dispatch_pending()
        if with_recurring:
            schedule.run_due()
    except Exception:
        log.exception("a round of the scheduler failed; it goes on")
    return handled
