"""What was sent to one person: in their copy, gone with their erasure, and moved when files are joined."""

from __future__ import annotations

import json

import pytest

from manyi.customers import actions as customers
from manyi.customers import privacy
from manyi.distribution.models import Invitation, Message
from manyi.organisation import clock
from manyi.surveys.models import SampleMember
from tests import personas, survey_world
from tests.survey_world import START, World


@pytest.fixture
def world(db: None) -> World:
    with clock.at(START):
        made = survey_world.build(customers_count=2)
        survey_world.invite(made, channel="email")
    return made


def test_the_copy_holds_invitations_and_messages(world: World) -> None:
    copy = privacy.export_customer(actor=world.manager, customer=world.customers[0])
    assert [row["round"] for row in copy["invitations"]] == ["2026 年一季度"]
    assert [row["to"] for row in copy["messages"]] == ["customer1@example.com"]
    assert json.dumps(copy)


def test_erasing_empties_the_messages_of_this_person_only(world: World) -> None:
    first, second = world.customers
    privacy.erase_customer(actor=world.manager, customer=first, why="本人要求")
    message = Message.objects.get(invitation__customer=first)
    assert (message.recipient, message.subject, message.body, message.state) == ("", "", "", "cancelled")
    assert Message.objects.get(invitation__customer=second).recipient == "customer2@example.com"


def test_a_message_to_an_address_of_the_person_is_emptied_too(world: World) -> None:
    Message.objects.create(
        key="x",
        channel="email",
        kind="notice",
        recipient="customer1@example.com",
        body="何女士",
        created_at=START,
    )
    privacy.erase_customer(actor=world.manager, customer=world.customers[0], why="本人要求")
    assert Message.objects.get(key="x").body == ""


def test_samples_move_to_the_file_that_stays_unless_both_were_drawn(world: World) -> None:
    drawn, also_drawn = world.customers
    fresh = personas.customer(world.shop, "K9", email="customer1@example.com")
    customers.merge(actor=world.manager, keep=fresh, drop=drawn)
    assert SampleMember.objects.get(customer=fresh).invitation.customer == fresh
    customers.merge(actor=world.manager, keep=fresh, drop=also_drawn)
    assert SampleMember.objects.filter(customer=fresh).count() == 1
    assert Invitation.objects.get(member__customer=also_drawn).customer == also_drawn
