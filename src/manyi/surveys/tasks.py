"""Recurring work: rounds begin and end when their time has come."""

from __future__ import annotations

from datetime import timedelta

from manyi.organisation import clock
from manyi.organisation.schedule import recurring
from manyi.surveys.models import Round
from manyi.surveys.round_actions import advance_round


@recurring("surveys.open_rounds", every=timedelta(minutes=1))
def open_rounds() -> int:
    """Open every planned round whose beginning has come and whose end has not; returns how many."""
    now = clock.now()
    due = list(Round.objects.filter(state="planned", opens_at__lte=now, closes_at__gt=now))
    for row in due:
        advance_round(actor=None, round=row, name="open_on_time", facts={})
    return len(due)


@recurring("surveys.close_rounds", every=timedelta(minutes=1))
def close_rounds() -> int:
    """Close every open round whose end has passed; returns how many."""
    due = list(Round.objects.filter(state="open", closes_at__lte=clock.now()))
    for row in due:
        advance_round(actor=None, round=row, name="close_on_time", facts={})
    return len(due)
