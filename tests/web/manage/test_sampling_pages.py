"""Sample, quotas and weights on their pages: 李敏 plans, proves, limits and weighs; 赵静 looks on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from manyi.distribution import actions as distribution
from manyi.distribution.models import OpenLink
from manyi.organisation import clock
from manyi.organisation.models import Person
from manyi.responses import actions as responses
from manyi.responses.models import Quota, WeightSet
from manyi.responses.queries import active_weights
from manyi.surveys import actions as surveys
from manyi.surveys.models import Draw
from tests.survey_world import GOOD_ANSWERS, START, World, build, customer, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with clock.at(START):
        world = build()
        world.customers.append(customer(world.house.tree.east_service, 10))
        customer(world.house.tree.east_service, 11, consent=False)
    return world


@pytest.fixture
def li(world: World) -> Client:
    return logged_in(world.manager)


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def at(world: World, name: str) -> str:
    return reverse(f"manage:{name}", args=[world.round.pk])


def test_the_calculator_shows_what_each_stratum_gets_and_asks_for_what_it_needs(
    world: World, li: Client
) -> None:
    given = {"method": "stratified", "size": "4", "rate": "50", "allocation": "proportional"}
    page = text(li.get(at(world, "round_size"), given))
    assert "可以抽取 5 位客户" in page
    assert "HC-E-A" in page
    asked = text(li.get(at(world, "round_size"), {**given, "allocation": "neyman"}))
    assert 'name="s:HC-E-A"' in asked
    assert li.get(at(world, "round_size"), {"margin": "wide"}).status_code == 422


def test_a_stratified_draw_is_recorded_proved_and_names_who_was_left_out(world: World, li: Client) -> None:
    form = {"method": "stratified", "allocation": "fixed", "by": "unit", "n:HC-E": "2", "n:HC-E-A": "1"}
    li.post(at(world, "draw"), form)
    draw = Draw.objects.get()
    assert (draw.size, draw.excluded) == (3, {"no_consent": 1})
    record = reverse("manage:draw_record", args=[draw.pk])
    assert "客户C11" in text(li.get(record))
    assert "客户C11" not in text(logged_in(world.house.zhou).get(record))
    proved = li.post(reverse("manage:prove_draw", args=[draw.pk]), follow=True)
    assert "同样的 3 位客户" in text(proved)
    assert record in text(li.get(at(world, "sample")))


def test_li_sets_quotas_one_by_one_and_crossed(world: World, li: Client) -> None:
    simple = {"code": "content", "title": "满意", "condition": "{satisfied} >= 4", "limit": "2"}
    li.post(at(world, "quota_new"), {**simple, "action": "stop"})
    table = text(li.get(at(world, "quotas"), {"first": "satisfied", "second": "recommend"}))
    assert 'name="cell:4:10"' in table
    crossed = {
        "from": "table",
        "first": "satisfied",
        "second": "recommend",
        "cell:4:10": "3",
        "action": "note",
    }
    li.post(at(world, "quota_new"), crossed)
    quota, cell = Quota.objects.order_by("pk")
    assert (cell.limit, cell.condition) == (3, "{satisfied} = '5' and {recommend} = '10'")
    change = reverse("manage:quota_change", args=[quota.pk])
    li.post(change, {"limit": "7"})
    li.post(reverse("manage:quota_change", args=[cell.pk]), {"act": "remove"})
    page = text(li.get(at(world, "quotas")))
    assert "0 / 7" in page
    assert "放回" in page
    li.post(reverse("manage:quota_change", args=[cell.pk]), {"act": "restore"})
    assert Quota.objects.filter(active=True).count() == 2
    wrong = li.post(change, {"limit": "many"}, headers={"referer": "http://testserver/"}, follow=True)
    assert "名额请填写整数" in text(wrong)


def test_one_question_gives_a_quota_for_each_answer_and_each_is_said_in_words(
    world: World, li: Client
) -> None:
    table = text(li.get(at(world, "quotas"), {"first": "satisfied", "second": ""}))
    assert 'name="cell:4:0"' in table
    limits = {"cell:0:0": "5", "cell:4:0": "30"}
    li.post(at(world, "quota_new"), {"from": "table", "first": "satisfied", "second": "", **limits})
    found = Quota.objects.order_by("pk").values_list("condition", "limit")
    assert list(found) == [("{satisfied} = '1'", 5), ("{satisfied} = '5'", 30)]
    unit = {"code": "east", "title": "东城", "condition": "{unit} = 'HC-E'", "limit": "9", "action": "stop"}
    li.post(at(world, "quota_new"), unit)
    page = text(li.get(at(world, "quotas")))
    assert "“总体满意吗?”等于“很满意”" in page
    assert "“部门编号”" in page


def test_a_respondent_over_quota_is_thanked_politely(world: World, li: Client) -> None:
    with clock.at(START):
        first = invite(world)[0]
        condition = "{channels} contains 'friend'"
        form = {"code": "f", "title": "朋友", "condition": condition, "limit": "0", "action": "stop"}
        li.post(at(world, "quota_new"), form)
        visitor = Client()
        visitor.post(f"/s/{first.token}/")
        posted = {"a.reception.greeting": "5", "a.reception.waiting": "4", "a.reception.price": "5"}
        answer = visitor.post(
            f"/s/{first.token}/p/service/",
            {**posted, "a.channels": "friend", "shown": ["reception", "channels"]},
        )
        assert "感谢您的参与" in text(answer)
        assert "感谢您的参与" in text(visitor.get(f"/s/{first.token}/"))
    assert "1 份答卷" in text(li.get(at(world, "quotas")))


def test_li_weights_a_round_to_known_shares_and_hands_the_weights_out(world: World, li: Client) -> None:
    with clock.at(START):
        link = opened(world)
        for place, satisfied in enumerate(["5", "5", "4"]):
            draft = responses.begin(open_link=link)
            responses.submit(
                response=draft, answers={**GOOD_ANSWERS, "satisfied": satisfied}, seconds=60 + place
            )
    assert 'name="m:satisfied:3"' in text(li.get(at(world, "weights"), {"rake": "satisfied"}))
    form = {"unit_of": "percent", "m:satisfied:3": "60", "m:satisfied:4": "50"}
    wrong = li.post(at(world, "weights_new"), form, headers={"referer": "http://testserver/"}, follow=True)
    assert "合计为 110.0 %" in text(wrong)
    li.post(at(world, "weights_new"), {"unit_of": "counts", "m:satisfied:3": "60", "m:satisfied:4": "60"})
    made = WeightSet.objects.get()
    assert sorted(made.weights.values()) == pytest.approx([30, 30, 60])
    act = reverse("manage:weights_act", args=[made.pk])
    li.post(act, {"act": "use"})
    assert sorted(active_weights(world.round).values()) == pytest.approx([30, 30, 60])
    table = text(li.get(reverse("manage:weights_file", args=[made.pk]))).splitlines()
    assert (table[0], len(table)) == ("response,weight", 4)
    li.post(act, {"act": "drop"})
    assert active_weights(world.round) == {}
    li.post(act, {"act": "restore"})
    assert WeightSet.objects.get().dropped_at is None


def opened(world: World) -> OpenLink:
    """The round takes answers, at the counter."""
    surveys.advance_round(actor=world.manager, round=world.round, name="open")
    return distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")


def test_a_place_that_is_taken_again_above_the_limit_is_said(world: World, li: Client) -> None:
    with clock.at(START):
        link = opened(world)
        form = {"code": "f", "title": "朋友", "condition": "{recommend} = 9", "limit": "1", "action": "stop"}
        li.post(at(world, "quota_new"), form)
        for _ in range(2):
            row = responses.submit(response=responses.begin(open_link=link), answers=GOOD_ANSWERS, seconds=60)
            judge = reverse("manage:judge", args=[row.pk])
            li.post(judge, {"valid": "no", "why": "代填"})
        li.post(judge, {"undo": "1"})
        first = reverse("manage:judge", args=[world.round.responses.order_by("pk")[0].pk])
        assert "现已超出名额:朋友" in text(li.post(first, {"undo": "1"}, follow=True))
