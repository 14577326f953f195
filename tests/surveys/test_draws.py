"""Drawing by every method: the record proves the sample, the weights stand for the frame."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest

from manyi.customers import actions as customer_actions
from manyi.customers.models import Segment
from manyi.distribution.models import Invitation
from manyi.organisation import clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Event, Setting
from manyi.surveys import actions
from manyi.surveys.models import Draw, DrawRecord
from tests.survey_world import START, World, build, customer, invite

pytestmark = pytest.mark.django_db

PLANS: dict[str, tuple[int | None, dict[str, Any]]] = {
    "census": (None, {}),
    "simple": (5, {}),
    "systematic": (4, {"order": "unit"}),
    "stratified": (6, {"by": "unit", "allocation": "equal"}),
    "cluster": (None, {"clusters": 2, "per_cluster": 2}),
}


@pytest.fixture
def world() -> World:
    """Four customers of 东城店, six of its service, three of its sales; the first of them is a VIP."""
    with clock.at(START):
        world = build()
        tree = world.house.tree
        world.customers += [customer(tree.east_service, number) for number in range(10, 16)]
        world.customers += [customer(tree.east_sales, number) for number in range(20, 23)]
        customer_actions.save_segment(actor=None, code="vip", name="贵宾")
        world.customers[0].segments.set([Segment.objects.get(code="vip")])
    return world


def drawn(world: World, method: str, **changes: Any) -> Draw:
    size, plan = PLANS.get(method, (None, {}))
    given: dict[str, Any] = {"size": size, "plan": plan, "seed": "2026", "filters": {}, **changes}
    return actions.draw_sample(actor=world.manager, round=world.round, method=method, **given)


@pytest.mark.parametrize("method", PLANS)
def test_the_same_seed_draws_the_same_people_and_their_weights_stand_for_the_frame(
    world: World, method: str
) -> None:
    found = []
    for _ in range(2):
        draw = drawn(world, method)
        members = list(draw.members.order_by("customer_id"))
        found.append([(member.customer_id, member.stratum, member.weight) for member in members])
        assert math.fsum(member.weight for member in members) == pytest.approx(13)
        assert all(0 < member.probability <= 1 for member in members)
        actions.undo_draw(actor=world.manager, draw=draw)
    assert found[0] == found[1]


@pytest.mark.parametrize("method", PLANS)
def test_a_draw_is_proved_from_its_record_when_files_have_changed(world: World, method: str) -> None:
    draw = drawn(world, method)
    customer(world.shop, 99)
    customer_actions.opt_out(customer=world.customers[0], source="电话")
    proof = actions.redraw_check(actor=world.house.zhao, draw=draw)
    assert (proof.same, proof.size) == (True, draw.size)
    event = Event.objects.latest("seq")
    assert (event.kind, event.data["same"]) == ("sample.proved", True)


def test_a_record_that_was_tampered_with_proves_nothing(world: World) -> None:
    draw = drawn(world, "simple")
    Draw.objects.filter(pk=draw.pk).update(plan={"size": 5, "seed": "2027"})
    draw.refresh_from_db()
    assert actions.redraw_check(actor=world.manager, draw=draw).same is False
    DrawRecord.objects.all().delete()
    with pytest.raises(Refused, match="not kept"):
        actions.redraw_check(actor=world.manager, draw=draw)


def test_strata_get_their_numbers(world: World) -> None:
    draw = drawn(world, "stratified", size=None, plan={"allocation": "fixed", "by": "unit", "sizes": {
        "HC-E": "1", "HC-E-A": "3", "HC-E-S": "2"}})  # fmt: skip
    assert (draw.size, draw.plan["size"]) == (6, 6)
    by_unit = {m.stratum: m.weight for m in draw.members.all()}
    assert by_unit == {"HC-E": 4.0, "HC-E-A": 2.0, "HC-E-S": 1.5}
    actions.undo_draw(actor=world.manager, draw=draw)
    spread = {"HC-E": 5, "HC-E-A": 20, "HC-E-S": 0.5}
    draw = drawn(world, "stratified", plan={"allocation": "neyman", "deviations": spread})
    # By hand: 4·5 = 20, 6·20 = 120, 3·0.5 = 1.5; five for the service, and one each for the others is least.
    assert sorted(draw.members.values_list("stratum", flat=True)) == ["HC-E", *["HC-E-A"] * 4, "HC-E-S"]


@pytest.mark.parametrize(
    ("method", "changes", "field"),
    [
        ("stratified", {"size": 2}, "size"),
        ("stratified", {"plan": {"allocation": "neyman"}}, "deviations"),
        ("stratified", {"plan": {"allocation": "neyman", "deviations": {"HC-E": "many"}}}, "deviations"),
        ("stratified", {"plan": {"allocation": "fixed", "sizes": {"HC-E": 9}}}, "sizes"),
        ("stratified", {"plan": {"by": "colour"}}, "by"),
        ("cluster", {"plan": {"clusters": 4}}, "clusters"),
        ("cluster", {"plan": {"clusters": 1, "per_cluster": 0}}, "per_cluster"),
        ("systematic", {"size": "x"}, "size"),
        ("simple", {"filters": {"gap_days": "-1"}}, "gap_days"),
        ("quick", {}, "method"),
    ],
)
def test_a_plan_that_does_not_fit_is_named(
    world: World, method: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        drawn(world, method, **changes)
    assert caught.value.field == field


def test_who_was_asked_lately_is_left_out_and_named_in_the_record(world: World) -> None:
    with clock.at(START):
        asked = invite(world)
    recent = asked[0]
    Invitation.objects.filter(pk=recent.pk).update(sent_at=START)
    following = actions.create_round(
        actor=world.manager, programme=world.programme, questionnaire=world.questionnaire, scheme=None,
        title="", opens_at=START, closes_at=START + timedelta(days=90),
    )  # fmt: skip

    def left_out(days: int, filters: dict[str, Any]) -> dict[str, int]:
        with clock.at(START + timedelta(days=days)):
            draw = actions.draw_sample(actor=None, round=following, method="census", filters=filters)
            kept = DrawRecord.objects.get(draw=draw).left_out
            assert kept == [[recent.customer_id, reason] for reason in draw.excluded]
            actions.undo_draw(actor=None, draw=draw)
        return dict(draw.excluded)

    assert left_out(29, {}) == {"recently_contacted": 1}
    assert left_out(31, {}) == {}
    assert left_out(31, {"gap_days": 60}) == {"recently_contacted": 1}
    assert left_out(29, {"gap_days": 0}) == {}
    Setting.objects.create(key="surveys.contact_gap_days", value=0)
    assert left_out(29, {}) == {}
