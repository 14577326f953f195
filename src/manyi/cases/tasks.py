"""Recurring work: cases whose waiting is over go on, answered ones go to the call-back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from manyi.cases.models import Case
from manyi.cases.step_actions import advance
from manyi.organisation import clock
from manyi.organisation.calendars import calendar_for
from manyi.organisation.schedule import recurring


@recurring("cases.resume", every=timedelta(minutes=10))
def resume_waiting() -> int:
    """Go on with every case whose expected date has passed; returns how many."""
    now = clock.now()
    over = [
        case
        for case in Case.objects.filter(state="waiting").select_related("unit")
        if case.pauses.filter(until_at=None, expected__lt=calendar_for(case.unit).local_date(now)).exists()
    ]
    for case in over:
        advance(case=case, name="resume", actor=None)
    return len(over)


@recurring("cases.hand_over", every=timedelta(minutes=10))
def hand_over_answered() -> int:
    """Pass answered cases on to the call-back on the next working day; returns how many."""
    now = clock.now()
    ready = [case for case in _answered() if now >= _next_morning(case)]
    for case in ready:
        advance(case=case, name="hand_over", actor=None)
    return len(ready)


def _answered() -> list[Case]:
    rows = Case.objects.filter(state="answered", kind__in=("complaint", "help"), answered_at__isnull=False)
    return list(rows.select_related("unit"))


def _next_morning(case: Case) -> datetime:
    """Midnight of the first working day after the answer."""
    calendar = calendar_for(case.unit)
    day = calendar.local_date(case.answered_at or case.received_at) + timedelta(days=1)
    while not calendar.is_working(day) and not calendar.is_exhausted(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(calendar.zone))
