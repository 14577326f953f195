"""What reading another quality tool taught (reference 3.3); each test has the name of the lesson."""

from __future__ import annotations

from datetime import timedelta

import pytest

from manyi.cases.actions import register
from manyi.improvement import queries
from manyi.improvement.actions import detect
from manyi.improvement.errors import NotNow
from manyi.improvement.models import Cause, CorrectiveAction, Finding
from manyi.improvement.step_actions import advance
from manyi.measures.worktime import UNITS, used
from manyi.organisation import clock
from manyi.organisation.calendars import calendar_for
from tests.survey_world import World


def action_due_in(world: World, days: int, state: str = "implementing") -> CorrectiveAction:
    house = world.house
    finding = detect(actor=house.li, unit=world.shop, source="manual", title="等待过久")
    Finding.objects.filter(pk=finding.pk).update(state=state)
    cause = Cause.objects.create(finding=finding, iteration=1, text="排班", by=house.li, at=clock.now())
    due_on = (clock.now() + timedelta(days=days)).date()
    return CorrectiveAction.objects.create(
        cause=cause, text="增加技师", owner=house.wang, due_on=due_on, planned_by=house.li
    )


def test_oca_a_missed_day_loses_no_reminder(world: World) -> None:
    """It reminded on one day only; here an action stands on its owner's page until it is done."""
    action = action_due_in(world, 3)
    for days in (0, 3, 4, 40):
        with clock.at(clock.now() + timedelta(days=days)):
            assert list(queries.my_actions(world.house.wang)) == [action]


@pytest.mark.parametrize("state", ["dismissed", "closed"])
def test_oca_a_cancelled_action_is_not_reminded_of(world: World, state: str) -> None:
    action_due_in(world, -3, state)
    assert not queries.my_actions(world.house.wang).exists()
    assert not queries.late_actions(world.house.zhao, clock.now().date()).exists()


def test_oca_the_check_of_effect_is_guarded_below_the_screen(world: World) -> None:
    finding = action_due_in(world, 3, "verifying").cause.finding
    finding.refresh_from_db()
    with pytest.raises(NotNow):
        advance(finding=finding, name="close", actor=world.house.zhao, facts={"systemic": "制度"})


def test_oca_no_duration_is_negative(world: World) -> None:
    """It took the closing from the creation; here time used runs forwards, and is nought the other way."""
    calendar, start = calendar_for(world.shop), clock.now()
    for unit in UNITS:
        assert used(calendar, start, start + timedelta(days=5), unit) > 0
        assert used(calendar, start, start - timedelta(days=5), unit) == 0


def test_oca_each_kind_has_a_sequence_of_its_own(world: World) -> None:
    numbers = []
    for _ in range(2):
        case = register(
            actor=world.house.wang, unit=world.shop, kind="complaint", channel="phone", subject="", body="慢"
        )
        finding = detect(actor=world.house.li, unit=world.shop, source="manual", title="等待过久")
        numbers.append((int(case.number[-6:]), int(finding.number[-4:])))
    assert numbers[1] == (numbers[0][0] + 1, numbers[0][1] + 1)
