"""From an item below target to the proof that the correction helped."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from manyi.improvement.actions import (
    add_cause,
    advance,
    check_effect,
    complete_action,
    detect,
    plan_action,
    prove_cause,
    set_metric,
)
from manyi.improvement.effect import from_json, sentence
from manyi.improvement.errors import NotNow
from manyi.improvement.models import CorrectiveAction, Finding
from manyi.improvement.queries import my_actions, rounds_after, to_approve, to_verify
from manyi.organisation import clock, events
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event, Person
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests import personas
from tests.improvement.conftest import Play
from tests.survey_world import START, World

LATER = START + timedelta(days=60)
SLOW, FAST = [1, 2, 2, 3] * 8, [4, 5, 5, 4] * 8


@pytest.fixture
def head(world: World) -> Person:
    """周涛 leads the whole dealership here."""
    return personas.staff("head", "韩冰", Role.DEPARTMENT_HEAD, world.shop)


@pytest.fixture
def before(play: Play) -> Round:
    return play("一季度", SLOW)


@pytest.fixture
def finding(before: Round) -> Finding:
    events.dispatch_pending()
    return Finding.objects.get(metric__item="reception.waiting")


def planned(finding: Finding, world: World, head: Person) -> Finding:
    """李敏 finds the cause and plans, 韩冰 shall do it."""
    li = world.manager
    finding = advance(finding=finding, name="confirm", actor=li, facts={"owner": li.pk})
    finding = advance(finding=finding, name="analyse", actor=li)
    return replanned(finding, world, head)


def replanned(finding: Finding, world: World, head: Person) -> Finding:
    li = world.manager
    cause = add_cause(
        actor=li, finding=finding, text="预约不分时段", fishbone="method", whys=["同时到店", "没有时段"]
    )
    prove_cause(actor=li, cause=cause, proof="80% 的车在 9 点前到店")
    finding = advance(finding=finding, name="plan", actor=li)
    due = clock.now().date() + timedelta(days=14)
    plan_action(actor=li, cause=cause, text="按半小时分时段预约", owner=head, due_on=due)
    return finding


def verifying(finding: Finding, world: World, head: Person) -> Finding:
    finding = advance(finding=finding, name="approve", actor=world.director)
    finding = advance(finding=finding, name="implement", actor=head)
    action = CorrectiveAction.objects.get(cause__finding=finding, cause__iteration=finding.iteration)
    complete_action(actor=head, action=action, evidence="预约表 3 月 10 日起启用")
    return advance(finding=finding, name="verify", actor=head)


def test_each_item_below_target_becomes_one_finding(before: Round) -> None:
    events.dispatch_pending()
    events.dispatch_pending()
    finding = Finding.objects.get()
    assert finding.metric == {"id": "item_mean", "item": "reception.waiting"}
    assert (finding.value["value"], finding.value["valid_n"]) == (40.0, 32)
    assert finding.target == Decimal(70)
    assert (finding.state, finding.round, finding.number) == ("detected", before, "F2026-0001")


def test_the_whole_circle_ends_closed_with_a_proven_effect(
    finding: Finding, before: Round, play: Play, world: World, head: Person
) -> None:
    finding = planned(finding, world, head)
    assert list(to_approve(world.director)) == [finding]
    with pytest.raises(NotNow, match="not permitted"):
        advance(finding=finding, name="approve", actor=world.manager)
    finding = verifying(finding, world, head)
    assert list(to_verify(world.director)) == [finding]
    after = play("二季度", FAST, at=LATER)
    assert list(rounds_after(finding)) == [after]
    with clock.at(LATER + timedelta(days=5)):
        check = check_effect(actor=world.director, finding=finding, before_round=before, after_round=after)
        effect = from_json(check.effect)
        closed = advance(
            finding=finding, name="close", actor=world.director, facts={"systemic": "预约制度第 3 版"}
        )
    assert check.verdict == "effective"
    assert (effect.before.value, effect.after.value, effect.difference) == (40.0, 90.0, 50.0)
    assert effect.low is not None
    assert effect.low > 0
    assert "+50.0 分" in sentence(effect).zh
    assert (closed.state, closed.systemic) == ("closed", "预约制度第 3 版")
    assert events.verify() == Event.objects.count()


def test_no_effect_leads_back_to_the_causes_in_a_new_iteration(
    finding: Finding, before: Round, play: Play, world: World, head: Person
) -> None:
    finding = verifying(planned(finding, world, head), world, head)
    after = play("二季度", SLOW, at=LATER)
    with clock.at(LATER + timedelta(days=5)):
        check = check_effect(actor=world.director, finding=finding, before_round=before, after_round=after)
        assert check.verdict == "not_effective"
        with pytest.raises(NotNow, match="verdict “effective”"):
            advance(finding=finding, name="close", actor=world.director, facts={"systemic": "无"})
        finding = advance(finding=finding, name="again", actor=world.director, facts={"reason": "没有改善"})
        assert (finding.state, finding.iteration) == ("cause", 2)
        with pytest.raises(NotNow, match="prove at least one cause"):
            advance(finding=finding, name="plan", actor=world.manager)
        finding = verifying(replanned(finding, world, head), world, head)
        with pytest.raises(NotNow, match="of this iteration"):
            advance(finding=finding, name="close", actor=world.director, facts={"systemic": "无"})


def test_too_few_answers_leave_the_verdict_open(
    finding: Finding, before: Round, play: Play, world: World, head: Person
) -> None:
    finding = verifying(planned(finding, world, head), world, head)
    after = play("二季度", FAST[:8], at=LATER)
    with clock.at(LATER + timedelta(days=5)):
        check = check_effect(actor=world.director, finding=finding, before_round=before, after_round=after)
        assert check.verdict == "too_few"
        with pytest.raises(NotNow, match="too few answers"):
            advance(finding=finding, name="close", actor=world.director, facts={"systemic": "无"})
        with pytest.raises(NotNow, match="not effective"):
            advance(finding=finding, name="again", actor=world.director, facts={"reason": "再来"})


def test_a_round_that_began_before_the_correction_proves_nothing(
    finding: Finding, before: Round, play: Play, world: World, head: Person
) -> None:
    early = play("中期", FAST, at=START + timedelta(days=10))
    with clock.at(START + timedelta(days=20)):
        finding = verifying(planned(finding, world, head), world, head)
    with clock.at(LATER), pytest.raises(Refused, match="before the last action"):
        check_effect(actor=world.director, finding=finding, before_round=before, after_round=early)
    with clock.at(LATER), pytest.raises(Refused, match="began after the correction"):
        check_effect(actor=world.director, finding=finding, before_round=before, after_round=before)


def test_the_owner_of_an_action_cannot_judge_its_effect(
    finding: Finding, before: Round, play: Play, world: World
) -> None:
    finding = planned(finding, world, world.director)
    second = personas.staff("second", "高远", Role.QUALITY_DIRECTOR, world.shop)
    finding = advance(finding=finding, name="approve", actor=second)
    finding = advance(finding=finding, name="implement", actor=second)
    action = my_actions(world.director).get()
    complete_action(actor=world.director, action=action, evidence="已启用")
    finding = advance(finding=finding, name="verify", actor=second)
    after = play("二季度", FAST, at=LATER)
    with clock.at(LATER + timedelta(days=5)):
        with pytest.raises(NotNow, match="somebody else"):
            check_effect(actor=world.director, finding=finding, before_round=before, after_round=after)
        check = check_effect(actor=second, finding=finding, before_round=before, after_round=after)
    assert check.by == second


def test_a_plan_needs_proof_a_future_date_and_an_owner_who_can_see_it(
    finding: Finding, world: World, head: Person
) -> None:
    li = world.manager
    finding = advance(finding=finding, name="confirm", actor=li, facts={"owner": li.pk})
    with pytest.raises(NotNow, match="Finding causes"):
        add_cause(actor=li, finding=finding, text="人手不够", fishbone="people")
    finding = advance(finding=finding, name="analyse", actor=li)
    guess = add_cause(actor=li, finding=finding, text="人手不够", fishbone="people")
    sure = add_cause(actor=li, finding=finding, text="不分时段", fishbone="method", proof="到店记录")
    finding = advance(finding=finding, name="plan", actor=li)
    good = date(2026, 4, 1)
    with pytest.raises(Refused, match="not proven"):
        plan_action(actor=li, cause=guess, text="招人", owner=head, due_on=good)
    with pytest.raises(Refused, match="in the past"):
        plan_action(actor=li, cause=sure, text="分时段", owner=head, due_on=date(2026, 3, 1))
    with pytest.raises(Refused, match="choose another"):
        plan_action(actor=li, cause=sure, text="分时段", owner=world.outsider, due_on=good)
    with pytest.raises(NotPermitted):
        plan_action(actor=world.outsider, cause=sure, text="分时段", owner=head, due_on=good)


def test_the_metric_that_opened_a_finding_cannot_be_exchanged(finding: Finding, world: World) -> None:
    metric = {"id": "item_mean", "item": "satisfied"}
    with pytest.raises(Refused, match="metric that opened"):
        set_metric(actor=world.manager, finding=finding, round=world.round, metric=metric)


def test_a_finding_by_hand_gets_a_metric_later(world: World) -> None:
    made = detect(actor=world.manager, unit=world.shop, source="manual", title="休息区太吵")
    set_metric(actor=world.manager, finding=made, round=world.round, metric={"id": "csat"})
    made.refresh_from_db()
    assert (made.metric, made.round) == ({"id": "csat"}, world.round)
    with pytest.raises(Refused, match="has to be improved"):
        detect(actor=world.manager, unit=world.shop, source="manual", title=" ")
