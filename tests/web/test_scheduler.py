"""The scheduler's round: events first, recurring work when its minute has come, and no fall by a failure."""

from __future__ import annotations

import logging

import pytest

from manyi.organisation import events, schedule
from manyi.web.serve import scheduler


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []

    def dispatch() -> int:
        made.append("events")
        return 7

    monkeypatch.setattr(scheduler, "close_old_connections", lambda: made.append("connections checked"))
    monkeypatch.setattr(events, "dispatch_pending", dispatch)
    monkeypatch.setattr(schedule, "run_due", lambda: made.append("recurring"))
    return made


def test_a_round_hands_out_events_and_says_how_many(calls: list[str]) -> None:
    assert scheduler.beat(with_recurring=False) == 7
    assert calls == ["connections checked", "events"]


def test_once_a_minute_recurring_work_follows(calls: list[str]) -> None:
    scheduler.beat(with_recurring=True)
    assert calls == ["connections checked", "events", "recurring"]


def test_a_failing_round_is_logged_and_does_not_end_the_scheduler(
    calls: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> int:
        raise OSError("the database went away")

    monkeypatch.setattr(events, "dispatch_pending", broken)
    with caplog.at_level(logging.ERROR):
        assert scheduler.beat(with_recurring=True) == 0
    assert "it goes on" in caplog.text
    assert "the database went away" in caplog.text
