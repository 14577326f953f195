"""Recurring work: cases whose waiting is over go on, answered ones go to the call-back."""

from __future__ import annotations

from datetime import datetime, timedelta

from manyi.cases.calling import next_morning
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
    ready = [case for case in _answered() if now >= _morning_after(case)]
    for case in ready:
        advance(case=case, name="hand_over", actor=None)
    return len(ready)


def _answered() -> list[Case]:
    rows = Case.objects.filter(state="answered", kind__in=("complaint", "help"), answered_at__isnull=False)
    return list(rows.select_related("unit"))


def _morning_after(case: Case) -> datetime:
    return next_morning(calendar_for(case.unit), case.answered_at or case.received_at)
