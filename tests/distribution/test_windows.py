"""When a message may leave, how fast, and what is cancelled before it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from manyi.customers import actions as customers
from manyi.distribution import pace
from manyi.distribution.actions import deliver_queued, opt_out, queue_message
from manyi.distribution.channels import CHANNELS
from manyi.distribution.models import Invitation, Message
from manyi.distribution.rules import next_within
from manyi.distribution.windows import Windows
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from manyi.surveys import actions as surveys
from tests import personas
from tests.survey_world import START, World, build, invite

ZONE = ZoneInfo("Asia/Shanghai")


def local(hour: int, day: int = 2) -> datetime:
    """A moment of March 2026 in China; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "first", "last", "opens"),
    [
        (local(9), 8, 21, local(9)),
        (local(7), 8, 21, local(8)),
        (local(21), 8, 21, local(8, 3)),
        (local(23), 22, 6, local(23)),
        (local(5), 22, 6, local(5)),
        (local(12), 22, 6, local(22)),
        (local(3), 0, 0, local(3)),
    ],
)
def test_hours_of_the_day(now: datetime, first: int, last: int, opens: datetime) -> None:
    assert next_within(now.astimezone(UTC), first, last, ZONE) == opens


@pytest.fixture
def world(db: None) -> World:
    with clock.at(START):
        return build()


def test_no_sms_leaves_by_night(world: World) -> None:
    with clock.at(local(22)):
        assert Windows().opens(CHANNELS.get("sms_http"), world.shop) == local(8, 3)
        assert Windows().opens(CHANNELS.get("email"), world.shop) is None


def test_invitations_wait_for_the_units_working_hours_and_answers_to_people_do_not(world: World) -> None:
    personas.china_calendar(world.shop, 2026)
    set_setting(actor=None, key="sending.when", value="calendar")
    with clock.at(START):
        invite(world, channel="email")
    saturday = local(10, 7)
    with clock.at(saturday):
        queue_message(
            key="n",
            kind="answer",
            channel="email",
            recipient="a@b.cn",
            subject="s",
            body="b",
            unit=world.shop,
        )
        assert deliver_queued() == 1
        waiting = Message.objects.filter(state="queued").values_list("not_before", flat=True)
    assert len(waiting) == 4
    opening = waiting[0]
    assert opening is not None
    assert opening.astimezone(ZONE).date() == local(0, 9).date()
    with clock.at(opening):
        assert deliver_queued() == 4


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(pace, "wait", found.append)
    return found


def test_a_provider_gets_no_more_a_minute_than_it_takes(world: World, waits: list[float]) -> None:
    set_setting(actor=None, key="email.per_minute", value=30)
    with clock.at(START):
        invite(world, channel="email")
        assert deliver_queued() == 4
        assert waits == [2, 4, 6]
    with clock.at(START + timedelta(seconds=1)):
        assert pace.slot("email", 30, patience=timedelta(seconds=8))
        assert not pace.slot("email", 30, patience=timedelta(seconds=8))
    assert waits[-1] == 7


def test_a_full_channel_does_not_hold_up_the_others(world: World, waits: list[float]) -> None:
    set_setting(actor=None, key="email.per_minute", value=1)
    with clock.at(START):
        invite(world, channel="email")
        assert deliver_queued() == 1
        assert Message.objects.filter(state="queued").count() == 3


def test_nothing_is_sent_to_who_answered_or_opted_out_meanwhile(world: World) -> None:
    with clock.at(START):
        answered, by_link, by_desk, wanted = invite(world, channel="email")
        Invitation.objects.filter(pk=answered.pk).update(state="answered")
        opt_out(token=by_link.token)
        assert by_desk.customer is not None
        customers.opt_out(customer=by_desk.customer, source="电话")
        assert deliver_queued() == 1
    states = dict(Message.objects.values_list("invitation", "state"))
    assert states == {
        answered.pk: "cancelled",
        by_link.pk: "cancelled",
        by_desk.pk: "cancelled",
        wanted.pk: "sent",
    }


def test_nothing_is_sent_for_a_round_that_is_over(world: World) -> None:
    with clock.at(START):
        invite(world, channel="email")
        surveys.advance_round(actor=None, round=world.round, name="close", facts={"why": "提前结束"})
        assert deliver_queued() == 0
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
