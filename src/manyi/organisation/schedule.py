"""Recurring work: what runs how often, and when it last ran."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from manyi.organisation import clock
from manyi.organisation.models import RecurringRun

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recurring:
    """One recurring piece of work."""

    name: str
    every: timedelta
    run: Callable[[], object]


RECURRING: dict[str, Recurring] = {}


def recurring(name: str, *, every: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Decorator: the function (without arguments) runs at least ``every`` so often in the scheduler."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        if name in RECURRING:
            raise ValueError(f"recurring work {name!r} is declared twice")
        RECURRING[name] = Recurring(name, every, run)
        return run

    return register


def run_due() -> list[str]:
    """Run what is due, each at most once across all schedulers; returns the names. A failure is logged."""
    ran = []
    now = clock.now()
    last = dict(RecurringRun.objects.values_list("name", "last_run"))
    for work in RECURRING.values():
        if work.name in last and last[work.name] + work.every > now:
            continue
        if not _claim(work):
            continue
        try:
            work.run()
            ran.append(work.name)
        except Exception:
            log.exception("recurring work %s failed; it is tried again in %s", work.name, work.every)
    return ran


def _claim(work: Recurring) -> bool:
    """Take this turn, unless another scheduler was faster."""
    now = clock.now()
    with transaction.atomic():
        row, made = RecurringRun.objects.select_for_update().get_or_create(
            name=work.name, defaults={"last_run": now}
        )
        if not made:
            if row.last_run + work.every > now:
                return False
            row.last_run = now
            row.save()
    return True
