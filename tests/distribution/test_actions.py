"""Inviting, reminding and opting out, as the survey manager and the customers live it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from manyi.customers.models import OptOut
from manyi.distribution import actions, links, rules
from manyi.distribution.actions import Invited
from manyi.distribution.errors import UnknownLink
from manyi.distribution.models import Invitation, Message
from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.surveys import actions as surveys
from tests.survey_world import START, World, build, customer, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


def test_every_drawn_customer_gets_one_letter_with_their_own_link(world: World) -> None:
    with clock.at(START):
        invitations = invite(world, channel="email")
        again = actions.create_invitations(actor=world.manager, round=world.round, channel="email")
    assert again == Invited()
    assert len({invitation.token for invitation in invitations}) == 4
    messages = Message.objects.order_by("pk")
    assert [message.recipient for message in messages] == [f"customer{n}@example.com" for n in range(1, 5)]
    first = messages[0]
    assert links.personal(invitations[0].token) in first.body
    assert links.stop(invitations[0].token) in first.headers["List-Unsubscribe"]
    assert "客户C1" in first.body


def test_a_customer_without_the_contact_is_counted_not_lost(world: World) -> None:
    world.customers[0].contacts.update(kind="phone")
    with clock.at(START):
        surveys.advance_round(actor=None, round=world.round, name="open")
        surveys.draw_sample(actor=None, round=world.round, method="census", filters={})
        made = actions.create_invitations(actor=None, round=world.round, channel="email")
    assert made == Invited(made=3, no_contact=1)
    assert Event.objects.latest("seq").data["no_contact"] == 1


def test_sending_marks_the_invitation(world: World) -> None:
    with clock.at(START):
        invite(world, channel="email")
        assert actions.deliver_queued() == 4
    assert set(Invitation.objects.values_list("state", "sent_at")) == {("sent", START)}


def test_reminders_go_only_to_those_who_have_not_answered_and_not_too_soon(world: World) -> None:
    with clock.at(START):
        answered, left, *_ = invite(world, channel="email")
        actions.deliver_queued()
        Invitation.objects.filter(pk=answered.pk).update(state="answered")
        actions.opt_out(token=left.token)
        assert actions.remind(actor=world.manager, round=world.round) == 0
    counts = []
    for days in (4, 5, 8, 12, 16):
        with clock.at(START + timedelta(days=days)):
            counts.append(actions.remind(actor=world.manager, round=world.round))
    assert counts == [2, 0, 2, 0, 0]
    reminders = Message.objects.filter(kind="reminder")
    assert not reminders.filter(invitation__in=[answered, left]).exists()
    assert reminders.count() == 4


def test_an_opt_out_holds_through_a_new_import_of_the_same_address(world: World) -> None:
    with clock.at(START):
        first, *_ = invite(world, channel="email")
        actions.opt_out(token=first.token)
        actions.opt_out(token=first.token)
        assert OptOut.objects.count() == 1
        assert Message.objects.get(invitation=first).state == "cancelled"
        twin = customer(world.shop, 1001)
        twin.contacts.update(value="CUSTOMER1@example.com", normalised="customer1@example.com")
        customer(world.shop, 1002)
        draw = surveys.draw_sample(actor=None, round=world.round, method="census", filters={})
    assert draw.size == 1
    assert draw.excluded["opted_out"] == 1


def test_the_person_can_come_back_by_the_same_link(world: World) -> None:
    with clock.at(START):
        first, *_ = invite(world, channel="email")
        actions.deliver_queued()
        gone = actions.opt_out(token=first.token)
        assert gone.state == "opted_out"
        back = actions.opt_back_in(actor=None, invitation=gone)
    assert back.state == "sent"
    assert OptOut.objects.count() == 0


def test_an_unknown_link_is_said_to_be_unknown(world: World) -> None:
    with pytest.raises(UnknownLink):
        actions.opt_out(token="nobody")


def test_personal_links_can_be_exported_and_count_as_sent(world: World) -> None:
    with clock.at(START):
        invite(world)
        rows = actions.export_links(actor=world.manager, round=world.round)
    assert len(rows) == 4
    assert {row.state for row in rows} == {"sent"}
    assert Message.objects.count() == 0


def test_an_open_link_belongs_to_a_place_inside_the_round(world: World) -> None:
    link = actions.create_open_link(
        actor=world.manager, round=world.round, unit=world.house.tree.east_service, label="前台"
    )
    assert actions.close_open_link(actor=world.manager, link=link).active is False
    with pytest.raises(Refused) as caught:
        actions.create_open_link(
            actor=world.manager, round=world.round, unit=world.house.tree.west, label="前台"
        )
    assert caught.value.field == "unit"


def test_nobody_is_invited_before_the_round_is_open_or_by_an_outsider(world: World) -> None:
    with pytest.raises(Refused, match="open the round"):
        actions.create_invitations(actor=world.manager, round=world.round, channel="email")
    with pytest.raises(NotPermitted):
        actions.create_invitations(actor=world.outsider, round=world.round, channel="email")
    with clock.at(START):
        surveys.advance_round(actor=None, round=world.round, name="open")
    with pytest.raises(Refused) as caught:
        actions.create_invitations(actor=world.manager, round=world.round, channel="qr")
    assert caught.value.field == "channel"


def test_a_token_cannot_be_guessed() -> None:
    assert len({rules.token() for _ in range(1000)}) == 1000
    assert min(len(rules.token()) for _ in range(100)) >= 22


def test_inviting_many_takes_a_few_statements_per_thousand(
    world: World, django_assert_max_num_queries: object
) -> None:
    with clock.at(START):
        surveys.advance_round(actor=None, round=world.round, name="open")
        surveys.draw_sample(actor=None, round=world.round, method="census", filters={})
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            actions.create_invitations(actor=None, round=world.round, channel="email")
