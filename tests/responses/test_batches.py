"""Finished sheets of another system: taken together or not at all, each with its own result."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from manyi.distribution import actions as distribution
from manyi.distribution.models import Invitation, OpenLink
from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.responses import actions, quota_actions
from manyi.responses.batch_actions import Sheet, take_sheets
from manyi.responses.errors import AlreadyAnswered, Incomplete, OverQuota, UnknownToken
from manyi.responses.models import Quota, Response
from manyi.responses.quota_rules import QuotaPlan
from manyi.surveys import actions as surveys
from manyi.surveys.models import Round
from tests.survey_world import GOOD_ANSWERS, START, World, build

CLIENTS, PLACES = 8, 10


def running(*, anonymous: bool = False) -> World:
    with clock.at(START):
        world = build(customers_count=3, anonymous=anonymous)
        surveys.advance_round(actor=world.manager, round=world.round, name="open")
        surveys.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
        distribution.create_invitations(actor=world.manager, round=world.round, channel="link")
    return world


@pytest.fixture
def world(db: None) -> World:
    return running()


def link_of(world: World) -> OpenLink:
    return distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")


def taken(world: World, *sheets: Sheet) -> list[str | type[Refused]]:
    """Receipts, and of refusals their class."""
    with clock.at(START):
        results = take_sheets(
            actor=world.manager, round=Round.objects.get(pk=world.round.pk), sheets=list(sheets)
        )
    return [each if isinstance(each, str) else type(each) for each in results]


def test_sheets_for_invitations_are_judged_stored_and_scored_together(world: World) -> None:
    first, second, third = Invitation.objects.order_by("pk")
    with clock.at(START):
        actions.begin(invitation=third)
    wrong = GOOD_ANSWERS | {"recommend": "11"}
    results = taken(
        world,
        Sheet(GOOD_ANSWERS, invitation=first.token, seconds=90),
        Sheet(wrong, invitation=second.token),
        Sheet(GOOD_ANSWERS, invitation=first.token),
        Sheet(GOOD_ANSWERS, invitation=third.token),
        Sheet(GOOD_ANSWERS, invitation="nobody"),
    )
    assert results[1:3] == [Incomplete, AlreadyAnswered]
    assert results[4] is UnknownToken
    states = dict(Invitation.objects.values_list("pk", "state"))
    assert states == {first.pk: "answered", second.pk: "opened", third.pk: "answered"}
    kept = {response.invitation_id: response for response in Response.objects.all()}
    assert [kept[each.pk].receipt for each in (first, third)] == [results[0], results[3]]
    assert (kept[first.pk].seconds, kept[first.pk].channel) == (90, "link")
    assert kept[first.pk].scores.count() == kept[third.pk].scores.count() == 1
    assert (kept[second.pk].state, kept[second.pk].answers["satisfied"]) == ("draft", 4)
    assert kept[second.pk].set_aside["recommend"]["value"] == "11"
    assert taken(world, Sheet(GOOD_ANSWERS, invitation=second.token))[0] == (
        Response.objects.get(invitation=second).receipt
    )


def test_a_sheet_alone_leaves_the_trace_of_one_that_was_submitted_by_hand(world: World) -> None:
    [receipt] = taken(world, Sheet(GOOD_ANSWERS, open_link=link_of(world).token))
    response = Response.objects.get(receipt=receipt)
    event = Event.objects.get(kind="response.submitted")
    assert (event.data["response"], event.data["nps"], event.data["valid"]) == (response.pk, 9, True)
    assert (response.seconds, response.flags) == (None, []), "nobody said how long it took"


@pytest.mark.django_db
def test_in_an_anonymous_round_a_batch_leads_from_nobody_to_their_answers() -> None:
    world = running(anonymous=True)
    taken(world, *[Sheet(GOOD_ANSWERS, invitation=each.token) for each in Invitation.objects.all()])
    assert [each.invitation for each in Response.objects.filter(state="submitted")] == [None] * 3
    at = {(each.state, each.answered_at) for each in Invitation.objects.all()}
    midnight_in_shanghai = START.replace(day=1, hour=16)
    assert at == {("answered", midnight_in_shanghai)}


def test_places_are_taken_in_the_order_of_the_sheets(world: World) -> None:
    quota_actions.add_quotas(
        actor=world.manager, round=world.round, plans=[QuotaPlan("fans", "推荐者", "{recommend} = 9", 1)]
    )
    token = link_of(world).token
    other = GOOD_ANSWERS | {"recommend": "8"}
    results = taken(world, *[Sheet(each, open_link=token) for each in (GOOD_ANSWERS, GOOD_ANSWERS, other)])
    assert results[1] is OverQuota
    assert Quota.objects.get().filled == 1
    event = Event.objects.get(kind="response.handed_in")
    turned_away = Response.objects.get(state="screened_out")
    assert event.data["over_quota"] == [turned_away.pk]
    assert (turned_away.receipt, turned_away.disposition) == (None, "over_quota")
    assert not turned_away.scores.exists()


def test_only_who_may_hand_answers_in_does(world: World) -> None:
    with pytest.raises(NotPermitted):
        take_sheets(actor=world.outsider, round=world.round, sheets=[])


@pytest.mark.every_database
def test_batches_of_eight_clients_at_once_never_overshoot(transactional_db: None) -> None:
    world = running()
    token = link_of(world).token
    plans = [
        QuotaPlan("any", "全部", "{satisfied} >= 1", PLACES),
        QuotaPlan("fans", "推荐", "{recommend} = 9", 99),
    ]
    quota_actions.add_quotas(actor=world.manager, round=world.round, plans=plans)
    told: list[str | type[Refused]] = []

    def client() -> None:
        try:
            told.extend(taken(world, *[Sheet(GOOD_ANSWERS, open_link=token)] * 3))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    assert told.count(OverQuota) == CLIENTS * 3 - PLACES
    assert list(Quota.objects.order_by("pk").values_list("filled", flat=True)) == [PLACES, PLACES]
    assert Response.objects.filter(state="submitted").count() == PLACES
