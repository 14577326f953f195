"""Weights of a round: made from what is known, refused when they cannot be, chosen, dropped, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from manyi.organisation import clock
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.responses import actions, weight_actions
from manyi.responses.models import WeightSet
from manyi.responses.queries import active_weights
from manyi.surveys.models import SampleMember
from tests.survey_world import GOOD_ANSWERS, START, World, build, customer, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """东城店 4 and its service 6 customers; 2 and 4 of them answered, one did not say how they came."""
    with clock.at(START):
        world = build()
        service = world.house.tree.east_service
        world.customers += [customer(service, number) for number in range(10, 16)]
        invitations = invite(world)
        for number in (0, 1, 4, 5, 6, 7):
            satisfied = "5" if number % 2 else "3"
            draft = actions.begin(invitation=invitations[number])
            answers = {**GOOD_ANSWERS, "satisfied": satisfied}
            actions.submit(response=draft, answers=answers, seconds=60)
    return world


def made(world: World, **steps: Any) -> WeightSet:
    return weight_actions.make_weights(actor=world.manager, round=world.round, **steps)


def sums(weights: WeightSet, by: str) -> dict[str, float]:
    """The sum of weights by unit of the answers, or by their satisfaction."""
    found: dict[str, float] = {}
    for response in weights.round.responses.select_related("unit"):
        name = response.unit.code if by == "unit" else str(response.answers[by])
        found[name] = found.get(name, 0) + weights.weights[response.pk]
    return found


def test_classes_give_the_silent_a_voice_and_the_design_counts_the_frame(world: World) -> None:
    weights = made(world, design=True, classes="unit")
    assert sums(weights, "unit") == pytest.approx({"HC-E": 4, "HC-E-A": 6})
    assert sorted(weights.weights.values()) == pytest.approx([1.5] * 4 + [2, 2])
    assert weights.report["design_effect"] == pytest.approx(6 * 17 / 100)
    SampleMember.objects.filter(unit__code="HC-E").update(weight=3)
    assert sums(made(world, design=True, classes="unit"), "unit") == pytest.approx({"HC-E": 12, "HC-E-A": 6})


def test_raking_meets_shares_and_counts(world: World) -> None:
    shares = {"satisfied": {"3": 0.4, "5": 0.6}, "unit": {"HC-E": 0.25, "HC-E-A": 0.75}}
    weights = made(world, rake=shares, population=2000)
    assert sums(weights, "unit") == pytest.approx({"HC-E": 500, "HC-E-A": 1500})
    assert sums(weights, "satisfied") == pytest.approx({"3": 800, "5": 1200})
    assert weights.report["converged"] is True
    assert sum(made(world, rake=shares).weights.values()) == pytest.approx(6)


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ({}, "steps"),
        ({"rake": {"colour": {"red": 1}}}, "colour"),
        ({"rake": {"satisfied": {"3": 0.4, "5": 0.7}}}, "satisfied"),
        ({"classes": "age"}, "classes"),
        ({"classes": "unit", "limits": (1.5, 3)}, "limits"),
    ],
)
def test_wrong_steps_are_named(world: World, steps: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        made(world, **steps)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ({"rake": {"satisfied": {"1": 0.2, "3": 0.4, "5": 0.4}}}, "no answers with satisfied = 1"),
        ({"rake": {"satisfied": {"3": 1}}}, "satisfied = 5, but its share is empty"),
        ({"rake": {"satisfied": {"3": 0.9, "5": 0.1}}, "limits": (0.5, 1.5)}, "within the limits"),
    ],
)
def test_what_no_weights_can_reach_is_refused_in_words(
    world: World, steps: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        made(world, **steps)


def test_answers_that_lead_to_nobody_have_no_design_weight(world: World) -> None:
    world.round.responses.update(invitation=None)
    with pytest.raises(Refused, match="6 answer sheets lead to nobody") as caught:
        made(world, design=True)
    assert caught.value.field == "design"


def test_one_set_is_in_use_and_can_be_dropped_and_taken_back(world: World) -> None:
    first, second = made(world, classes="unit"), made(world, rake={"satisfied": {"3": 0.5, "5": 0.5}})
    assert active_weights(world.round) == {}
    for chosen in (first, second):
        weight_actions.use_weights(actor=world.manager, round=world.round, chosen=chosen)
        assert active_weights(world.round) == pytest.approx(
            {int(pk): weight for pk, weight in chosen.weights.items()}
        )
    weight_actions.drop_weights(actor=world.manager, weights=second, why="目标有误")
    assert active_weights(world.round) == {}
    with pytest.raises(Refused, match="dropped"):
        weight_actions.use_weights(actor=world.manager, round=world.round, chosen=second)
    weight_actions.restore_weights(actor=world.manager, weights=second)
    weight_actions.use_weights(actor=world.manager, round=world.round, chosen=second)
    assert len(active_weights(world.round)) == 6
    assert Event.objects.latest("seq").after == {"weights": second.pk}
    with pytest.raises(NotPermitted):
        weight_actions.drop_weights(actor=world.outsider, weights=second)
