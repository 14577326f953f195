"""Quotas: they stop in time, never overshoot, and give places back; nothing that was answered is lost."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, connections

from manyi.distribution import actions as distribution
from manyi.distribution.models import OpenLink
from manyi.organisation import clock
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.responses import actions, quota_actions
from manyi.responses.errors import OverQuota
from manyi.responses.models import Quota, Response
from manyi.responses.quota_rules import QuotaPlan, crossed
from manyi.responses.weight_queries import coded_columns
from manyi.surveys import actions as surveys
from tests.survey_world import GOOD_ANSWERS, START, World, build

CONTENT = QuotaPlan("content", "满意的客户", "{satisfied} >= 4", 2, "Content customers")
CLIENTS, TRIES, PLACES = 8, 3, 10


@pytest.fixture
def world(db: None) -> World:
    return running()


def running() -> World:
    with clock.at(START):
        world = build(customers_count=6)
        surveys.advance_round(actor=world.manager, round=world.round, name="open")
    return world


@pytest.fixture
def link(world: World) -> OpenLink:
    return distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")


def set_up(world: World, *plans: QuotaPlan) -> list[Quota]:
    return quota_actions.add_quotas(actor=world.manager, round=world.round, plans=plans)


def handed_in(link: OpenLink, **changes: Any) -> Response:
    draft = actions.begin(open_link=link)
    return actions.submit(response=draft, answers={**GOOD_ANSWERS, **changes}, seconds=60)


def filled(world: World) -> list[int]:
    return [quota.filled for quota in Quota.objects.filter(round=world.round, active=True).order_by("pk")]


def test_the_answer_after_the_last_place_is_kept_and_does_not_count(world: World, link: OpenLink) -> None:
    set_up(world, CONTENT)
    with clock.at(START):
        assert [handed_in(link).state for _ in range(2)] == ["submitted"] * 2
        draft = actions.begin(open_link=link)
        for _ in range(2):
            with pytest.raises(OverQuota):
                actions.submit(response=draft, answers=GOOD_ANSWERS, seconds=60)
        assert handed_in(link, satisfied="2").state == "submitted"
    draft.refresh_from_db()
    assert (draft.state, draft.disposition, draft.receipt) == ("screened_out", "over_quota", None)
    assert draft.answers["satisfied"] == 4
    assert filled(world) == [2]
    assert Event.objects.filter(kind="response.screened_out").count() == 1


def test_all_quotas_of_an_answer_are_taken_or_none(world: World, link: OpenLink) -> None:
    set_up(world, QuotaPlan("fans", "推荐者", "{recommend} = 9", 5), CONTENT)
    with clock.at(START):
        handed_in(link), handed_in(link, recommend="8")
        with pytest.raises(OverQuota):
            handed_in(link)
    assert filled(world) == [1, 2]


def test_a_full_quota_ends_the_page_early_only_when_the_answers_settle_it(world: World) -> None:
    quota = QuotaPlan("friends", "朋友介绍", "{channels} contains 'friend' and {unit} = 'HC-E'", 0)
    set_up(world, quota, QuotaPlan("late", "以后", "{channels} contains 'friend' or {recommend} = 0", 0))
    service = {code: GOOD_ANSWERS[code] for code in ("reception", "channels")}
    with clock.at(START):
        first, second, *_ = invite_all(world)
        draft = actions.begin(invitation=first)
        actions.save_section(response=draft, section="service", answers={**service, "channels": ["web"]})
        actions.save_section(response=draft, section="service", answers=service, leaving=False)
        assert draft.state == "draft"
        with pytest.raises(OverQuota):
            actions.save_section(response=draft, section="service", answers=service)
        assert (draft.state, draft.answers["channels"]) == ("screened_out", ["friend", "web"])
        first.refresh_from_db()
        assert first.state == "screened_out"
        with pytest.raises(OverQuota):
            actions.begin(invitation=first)
        Quota.objects.filter(code="friends").update(active=False)
        draft = actions.begin(invitation=second)
        actions.save_section(response=draft, section="service", answers=service)
        assert draft.state == "draft", "the other quota still waits for {recommend}"


def invite_all(world: World) -> Any:
    surveys.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
    distribution.create_invitations(actor=world.manager, round=world.round, channel="link")
    return world.round.invitations.order_by("pk")


def test_judging_frees_a_place_and_undoing_takes_it_even_above_the_limit(
    world: World, link: OpenLink
) -> None:
    set_up(world, CONTENT)
    with clock.at(START):
        first, _ = handed_in(link), handed_in(link)
        for _ in range(2):
            actions.judge(actor=world.manager, response=first, valid=False, why="同事代填")
        assert filled(world) == [1]
        handed_in(link)
        actions.undo_judgement(actor=world.manager, response=first)
    assert filled(world) == [3]
    assert Event.objects.latest("seq").data["quotas_above"] == [Quota.objects.get().pk]


def test_a_quota_that_only_counts_stops_nobody(world: World, link: OpenLink) -> None:
    set_up(world, QuotaPlan("all", "全部", "{recommend} >= 0", 1, action="note"))
    with clock.at(START):
        assert [handed_in(link).state for _ in range(2)] == ["submitted"] * 2
    assert filled(world) == [2]


def test_a_quota_added_later_counts_what_is_there_and_comes_back_with_the_right_count(
    world: World, link: OpenLink
) -> None:
    with clock.at(START):
        handed_in(link), handed_in(link, satisfied="1")
        (quota,) = set_up(world, CONTENT)
        assert quota.filled == 1
        quota_actions.remove_quota(actor=world.manager, quota=quota)
        handed_in(link), handed_in(link)
        quota_actions.restore_quota(actor=world.manager, quota=quota)
        assert filled(world) == [3]
        quota_actions.change_quota(actor=world.manager, quota=quota, limit=4)
        handed_in(link)
        with pytest.raises(OverQuota):
            handed_in(link)
    kinds = [event.kind for event in Event.objects.filter(kind__startswith="quota.").order_by("seq")]
    assert kinds == ["quota.added", "quota.removed", "quota.restored", "quota.changed"]


def test_a_crossed_table_gives_one_quota_for_each_cell_with_a_limit(world: World, link: OpenLink) -> None:
    columns = {column.name: column for column in coded_columns(world.round)}
    limits = {("5", "10"): 3, ("4", "9"): 1}
    made = set_up(world, *crossed(columns["satisfied"], columns["recommend"], limits))
    assert sorted(quota.limit for quota in made) == [1, 3]
    with clock.at(START):
        handed_in(link)
        with pytest.raises(OverQuota):
            handed_in(link)
        assert handed_in(link, recommend="10").state == "submitted"


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (QuotaPlan("a", "甲", "{satisfied} >=", 1), "condition"),
        (QuotaPlan("a", "甲", "{colour} = 1", 1), "condition"),
        (QuotaPlan("a", "甲", "{satisfied} = 1", -1), "limit"),
        (QuotaPlan("", "甲", "{satisfied} = 1", 1), "code"),
        (QuotaPlan("a", "", "{satisfied} = 1", 1), "title"),
        (QuotaPlan("a", "甲", "{satisfied} = 1", 1, action="shout"), "action"),
    ],
)
def test_a_wrong_quota_is_named(world: World, plan: QuotaPlan, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        set_up(world, plan)
    assert [name for name, _ in caught.value.problems] == [field]


def test_quotas_are_set_by_those_who_run_the_round(world: World) -> None:
    with pytest.raises(NotPermitted):
        quota_actions.add_quotas(actor=world.outsider, round=world.round, plans=[CONTENT])
    (quota,) = set_up(world, CONTENT)
    with pytest.raises(Refused, match="never changes"):
        quota_actions.change_quota(actor=world.manager, quota=quota, condition="{satisfied} = 1")


@pytest.mark.every_database
def test_eight_clients_at_once_never_overshoot(transactional_db: None) -> None:
    world = running()
    link = distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")
    set_up(world, QuotaPlan("any", "全部", "{satisfied} >= 1", PLACES), CONTENT, QuotaPlan(
        "fans", "推荐者", "{recommend} = 9", 100))  # fmt: skip
    Quota.objects.filter(code="content").update(limit=PLACES + 5)
    told: list[str] = []

    def client() -> None:
        try:
            with clock.at(START):
                for _ in range(TRIES):
                    try:
                        told.append(handed_in(link).state)
                    except OverQuota:
                        told.append("over")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    assert told.count("submitted") == PLACES
    assert told.count("over") == CLIENTS * TRIES - PLACES
    assert filled(world) == [PLACES] * 3
    states = list(Response.objects.values_list("state", flat=True))
    assert (states.count("submitted"), states.count("screened_out")) == (PLACES, CLIENTS * TRIES - PLACES)


@pytest.mark.django_db(transaction=True)
def test_a_quota_that_is_added_while_people_submit_counts_every_sheet_once() -> None:
    world = running()
    with clock.at(START):
        link = distribution.create_open_link(
            actor=world.manager, round=world.round, unit=world.shop, label="前台"
        )
    begun = threading.Barrier(CLIENTS + 1)

    def client() -> None:
        with clock.at(START):
            sheets = [actions.begin(open_link=OpenLink.objects.get(pk=link.pk)) for _ in range(TRIES)]
            connections.close_all()  # who waits holds none of the few connections
            begun.wait(60)
            for sheet in sheets:
                with contextlib.suppress(OverQuota):
                    actions.submit(response=sheet, answers=GOOD_ANSWERS, seconds=60)
        connections.close_all()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    begun.wait(60)
    with clock.at(START):
        plan = replace(CONTENT, limit=1000)
        quota_actions.add_quotas(actor=None, round=world.round, plans=[plan])
    for thread in threads:
        thread.join()
    assert Response.objects.filter(state="submitted").count() == CLIENTS * TRIES
    assert filled(world) == [CLIENTS * TRIES]
    connection.close()
