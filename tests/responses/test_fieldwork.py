"""The fieldwork of a round, counted: how far everybody came, rates by name, the scheme's conditions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from manyi.distribution import actions as distribution
from manyi.distribution import delivery_actions
from manyi.distribution.models import Call, CallTask, Invitation, Message
from manyi.measures.response_rates import outcome_rate
from manyi.organisation import clock
from manyi.responses import actions
from manyi.responses.fieldwork import Fieldwork, fieldwork
from manyi.responses.models import Response
from manyi.surveys.tasks import open_rounds
from tests.survey_world import GOOD_ANSWERS, START, World, build, invite

pytestmark = pytest.mark.django_db


def six_people(*, anonymous: bool = False) -> World:
    """One complete, one not counted, one begun, one who only looked, one who opted out, one silent."""
    world = build(customers_count=6, anonymous=anonymous)
    first, second, third, fourth, fifth, sixth = invite(world)
    Invitation.objects.update(state="sent", sent_at=clock.now())
    actions.submit(response=actions.begin(invitation=again(first)), answers=GOOD_ANSWERS)
    bad = actions.submit(response=actions.begin(invitation=again(second)), answers=GOOD_ANSWERS)
    actions.judge(actor=world.manager, response=bad, valid=False, why="代填")
    actions.save_section(
        response=actions.begin(invitation=again(third)), section="service", answers={"channels": ["web"]}
    )
    Invitation.objects.filter(pk=fourth.pk).update(state="opened")
    distribution.opt_out(token=fifth.token)
    assert sixth.pk
    return world


def again(invitation: Invitation) -> Invitation:
    return Invitation.objects.get(pk=invitation.pk)


def found(world: World) -> Fieldwork:
    return fieldwork(world.manager, world.round)


def test_everybody_is_counted_once_as_far_as_they_came() -> None:
    with clock.at(START):
        world = six_people()
        total = found(world).total
    assert (total.asked, total.sent, total.bounced) == (6, 6, 0)
    assert (total.opened, total.started, total.completed, total.valid, total.refused) == (4, 3, 2, 1, 1)


def test_outcomes_follow_the_standard_definitions() -> None:
    with clock.at(START):
        outcomes = found(six_people()).outcomes
    assert (outcomes.I, outcomes.P, outcomes.R, outcomes.UO) == (1, 2, 2, 1)
    assert outcome_rate("RR1", outcomes).value == pytest.approx(1 / 6)
    assert outcome_rate("RR2", outcomes).value == pytest.approx(3 / 6)


def test_an_anonymous_round_counts_the_same_without_knowing_who() -> None:
    with clock.at(START):
        world = six_people(anonymous=True)
        total = found(world).total
    assert not Response.objects.filter(round=world.round, state="submitted").exclude(invitation=None).exists()
    assert (total.asked, total.completed, total.valid) == (6, 2, 1)


def test_answers_by_an_open_link_have_no_rate() -> None:
    with clock.at(START):
        world = build()
        invite(world)
        link = distribution.create_open_link(
            actor=world.manager, round=world.round, unit=world.shop, label="前台"
        )
        actions.submit(response=actions.begin(open_link=link), answers=GOOD_ANSWERS)
        here = found(world)
    assert here.channels["qr"].completed == 1
    assert here.total.completed == 1
    assert here.invited.completed == 0
    assert here.outcomes.I == 0


def test_the_schemes_conditions_are_told_with_their_numbers() -> None:
    with clock.at(START):
        verdict = found(six_people()).validity
    assert verdict is not None
    assert verdict.return_rate is not None
    assert float(verdict.return_rate) == pytest.approx(2 / 6)


def test_days_without_answers_are_days_too_and_make_the_pace() -> None:
    with clock.at(START):
        world = build(customers_count=6)
        invitations = invite(world)
    for days, invitation in ((0, invitations[0]), (3, invitations[1]), (3, invitations[2])):
        with clock.at(START + timedelta(days=days)):
            actions.submit(response=actions.begin(invitation=again(invitation)), answers=GOOD_ANSWERS)
    with clock.at(START + timedelta(days=5)):
        here = found(world)
    assert [count for _, _, count, _ in here.days] == [1, 0, 0, 2]
    assert [so_far for _, _, _, so_far in here.days] == [1, 1, 1, 3]
    assert here.forecast is not None
    assert here.forecast.pace == pytest.approx(3 / 5)


def told(invitation: Invitation, status: str, *, number: int = 1) -> None:
    """An SMS to one invited person, sent, and its provider's report on it."""
    key = f"invitation:{invitation.pk}:{number}"
    Message.objects.create(
        key=key, channel="sms_http", kind="invitation", unit=invitation.unit, invitation=invitation,
        recipient="13800000000", body="…", state="sent", created_at=clock.now(), sent_at=clock.now(),
    )  # fmt: skip
    report = delivery_actions.read({"key": key, "status": status})
    assert report is not None
    assert delivery_actions.book_reports([report]) == 1


def test_delivered_is_what_the_provider_reported_or_the_person_opened() -> None:
    with clock.at(START):
        world = build(customers_count=5)
        first, second, third, fourth, _fifth = invite(world)
        Invitation.objects.update(state="sent", sent_at=clock.now(), channel="sms_http")
        told(first, "delivered")
        told(second, "failed")
        told(third, "delivered")
        told(third, "failed", number=2)
    with clock.at(START + timedelta(days=2)):
        told(first, "delivered", number=2)
        Invitation.objects.filter(pk=fourth.pk).update(state="opened", opened_at=clock.now())
        here = found(world)
    for steps in (here.total, here.channels["sms_http"], here.units[first.unit_id]):
        assert (steps.sent, steps.delivered, steps.bounced, steps.opened) == (5, 3, 1, 1)
    # Nobody is reached for the first time twice.
    assert [each.delivered for each in here.days] == [2, 0, 1]
    assert [each.completed for each in here.days] == [0, 0, 0]


def test_the_outsider_sees_nothing_of_it() -> None:
    with clock.at(START):
        world = six_people()
        assert fieldwork(world.outsider, world.round).total.asked == 0


def test_a_round_opens_by_itself_when_its_time_has_come() -> None:
    with clock.at(START - timedelta(days=1)):
        world = build()
        assert open_rounds() == 0
    with clock.at(START):
        assert open_rounds() == 1
        assert open_rounds() == 0
    world.round.refresh_from_db()
    assert (world.round.state, world.round.opened_at) == ("open", START)


def test_web_and_telephone_are_one_account() -> None:
    with clock.at(START):
        world = six_people()
        rows = list(Invitation.objects.order_by("customer_id"))
        results = {3: "refusal", 2: "no_answer", 5: "disconnected"}
        for place, result in results.items():
            task = CallTask.objects.create(invitation=rows[place], unit=world.shop)
            for number, said in enumerate(("busy", result)):
                Call.objects.create(
                    task=task,
                    interviewer=world.house.sun,
                    began_at=clock.now() + timedelta(hours=number),
                    ended_at=clock.now() + timedelta(hours=number),
                    disposition=said,
                )
        seen = found(world)
    # The one who looked refused on the telephone, who had begun stays a partial, the silent number is none.
    assert (seen.outcomes.I, seen.outcomes.P, seen.outcomes.R, seen.outcomes.NE) == (1, 2, 2, 1)
    assert seen.outcomes.UO == 0
    assert seen.total.refused == 2


def test_the_command_line_sees_every_unit() -> None:
    with clock.at(START):
        world = six_people()
        assert fieldwork(None, world.round) == found(world)
