"""Recurring work runs when it is due, once across all schedulers, and a failing one holds nobody up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from manyi.organisation import clock, schedule

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_work_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "RECURRING", {})


def test_work_runs_at_once_and_then_when_it_is_due_again() -> None:
    runs: list[datetime] = []
    schedule.recurring("bell", every=timedelta(minutes=10))(lambda: runs.append(clock.now()))
    ran = []
    for minute in (0, 5, 9, 10, 19, 25):
        with clock.at(NOON + timedelta(minutes=minute)):
            ran.append(schedule.run_due())
    assert ran == [["bell"], [], [], ["bell"], [], ["bell"]]
    assert [at.minute for at in runs] == [0, 10, 25]


def test_work_that_fails_is_tried_at_its_next_turn_and_the_other_work_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def breaks() -> None:
        raise OSError("the disk is full")

    runs: list[int] = []
    schedule.recurring("broken", every=timedelta(minutes=1))(breaks)
    schedule.recurring("whole", every=timedelta(minutes=1))(lambda: runs.append(1))
    for minute in (0, 1):
        with clock.at(NOON + timedelta(minutes=minute)):
            assert schedule.run_due() == ["whole"]
    assert len(runs) == 2
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def test_a_name_is_given_once() -> None:
    schedule.recurring("bell", every=timedelta(minutes=1))(lambda: None)
    with pytest.raises(ValueError, match="bell"):
        schedule.recurring("bell", every=timedelta(minutes=1))(lambda: None)
