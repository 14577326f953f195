"""Recurring work of this room."""

from __future__ import annotations

from datetime import timedelta

from manyi.analytics.actions import refresh, sweep
from manyi.analytics.models import Snapshot
from manyi.organisation import clock
from manyi.organisation.schedule import recurring


@recurring("analytics.refresh", every=timedelta(minutes=1))
def refresh_stale() -> int:
    """Bring every snapshot up to date that is marked; returns how many."""
    rows = Snapshot.objects.filter(stale=True).select_related("round__questionnaire", "round__scheme")
    done = 0
    for row in rows:
        refresh(round=row.round)
        done += 1
    return done


@recurring("analytics.sweep", every=timedelta(minutes=10))
def sweep_parts() -> None:
    """Delete the parts that were replaced more than ten minutes ago."""
    sweep(older_than=clock.now() - timedelta(minutes=10))
