"""Recurring work: rounds end when their time has come."""

from __future__ import annotations

from datetime import timedelta

from manyi.organisation import clock
from manyi.organisation.schedule import recurring
from manyi.surveys.models import Round
from manyi.surveys.round_actions import advance_round


@recurring("surveys.close_rounds", every=timedelta(minutes=1))
def close_rounds() -> int:
    """Close every open round whose end has passed; returns how many."""
    due = list(Round.objects.filter(state="open", closes_at__lte=clock.now()))
    for row in due:
        advance_round(actor=None, round=row, name="close_on_time", facts={})
    return len(due)
