"""Open links for places, products and employees, and the kiosk's PIN."""

from __future__ import annotations

import pytest

from manyi.customers.models import Product
from manyi.distribution import actions
from manyi.distribution.models import Message, OpenLink
from manyi.distribution.open_link_actions import Place, may_leave
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from manyi.organisation.errors import NotPermitted, Refused
from manyi.responses import actions as responses
from manyi.surveys import actions as surveys
from tests.survey_world import START, World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with clock.at(START):
        made = build()
        surveys.advance_round(actor=None, round=made.round, name="open")
        return made


def test_answers_carry_the_way_and_the_product_of_their_link(world: World) -> None:
    car = Product.objects.create(code="X5", name="X5")
    link = actions.create_open_link(
        actor=world.manager, round=world.round, unit=world.shop, label="展车", kind="embed", product=car
    )
    with clock.at(START):
        begun = responses.begin(open_link=link)
    assert (begun.channel, begun.product, begun.unit) == ("embed", "X5", world.shop)


def test_many_codes_are_made_at_once_and_none_twice(world: World) -> None:
    service = world.house.tree.east_service
    places = [Place(world.shop, "前台"), Place(service, "前台"), Place(world.shop, "前台")]
    assert len(actions.create_open_links(actor=world.manager, round=world.round, places=places)) == 2
    again = actions.create_open_links(
        actor=world.manager,
        round=world.round,
        places=[*places, Place(service, "工位", employee=world.manager)],
    )
    assert [link.employee for link in again] == [world.manager]
    assert OpenLink.objects.count() == 3


def test_one_place_outside_the_round_and_none_is_made(world: World) -> None:
    places = [Place(world.shop, "前台"), Place(world.house.tree.west, "前台")]
    with pytest.raises(Refused) as caught:
        actions.create_open_links(actor=world.manager, round=world.round, places=places)
    assert caught.value.field == "unit"
    assert not OpenLink.objects.exists()
    with pytest.raises(Refused) as caught:
        actions.create_open_links(actor=world.manager, round=world.round, places=[])
    assert caught.value.field == "places"


@pytest.mark.parametrize("pin", ["", "123", "12ab", "123456789"])
def test_a_kiosk_needs_a_pin_of_digits(world: World, pin: str) -> None:
    with pytest.raises(Refused) as caught:
        actions.create_open_link(
            actor=world.manager, round=world.round, unit=world.shop, label="大厅", kind="kiosk", pin=pin
        )
    assert caught.value.field == "pin"


def test_only_the_pin_opens_the_kiosk_and_it_is_not_stored(world: World) -> None:
    link = actions.create_open_link(
        actor=world.manager, round=world.round, unit=world.shop, label="大厅", kind="kiosk", pin="2468"
    )
    assert may_leave(link, "2468")
    assert not may_leave(link, "2469")
    assert "2468" not in link.pin
    place = actions.create_open_link(actor=world.manager, round=world.round, unit=world.shop, label="前台")
    assert not may_leave(place, "")


def test_a_link_is_posted_to_a_group_once_its_robot_is_set_up(world: World) -> None:
    link = actions.create_open_link(actor=world.manager, round=world.round, unit=world.shop, label="前台")
    with pytest.raises(Refused, match="Still missing"):
        actions.post_to_group(actor=world.manager, link=link, channel="wecom_robot")
    set_setting(actor=None, key="wecom_robot.webhook", value="http://127.0.0.1:9/")
    with pytest.raises(NotPermitted):
        actions.post_to_group(actor=world.outsider, link=link, channel="wecom_robot")
    actions.post_to_group(actor=world.manager, link=link, channel="wecom_robot")
    assert link.token in Message.objects.get(channel="wecom_robot").body
