"""Whatever people try in whatever order: no finding is closed without a proven effect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from manyi.improvement import effect as effects
from manyi.improvement.actions import (
    add_cause,
    advance,
    check_effect,
    complete_action,
    detect,
    plan_action,
    prove_cause,
)
from manyi.improvement.models import Cause, CorrectiveAction, Finding
from manyi.improvement.workflow import MACHINE
from manyi.measures.effects import Rule, share_effect
from manyi.measures.indicators import ShareSums
from manyi.organisation import clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests import personas
from tests.survey_world import START, World

STEPS = tuple(step.name for step in MACHINE.transitions)
PEOPLE = ("li", "zhao", "head", "director2")
BEFORE = ShareSums(100, 100, 40)
AFTERS = {"better": ShareSums(100, 100, 80), "same": ShareSums(100, 100, 42), "few": ShareSums(9, 9, 9)}
USUAL = {
    "detected": "confirm",
    "confirmed": "analyse",
    "containment": "analyse",
    "cause": "plan",
    "plan": "approve",
    "approved": "implement",
    "implementing": "verify",
    "verifying": "close",
}


class Walk(RuleBasedStateMachine):
    """One finding, many people, any step."""

    world: World
    after: Round
    reached: set[str]
    outcome = "few"

    def __init__(self) -> None:
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.now = START + timedelta(days=1)
        with self.trying():
            self.finding = detect(
                actor=None,
                unit=self.world.shop,
                source="item_below_target",
                title="等待时间",
                metric={"id": "csat"},
                round=self.world.round,
            )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)

    @contextmanager
    def trying(self) -> Iterator[None]:
        with suppress(Refused), clock.at(self.now):
            yield

    def step(self, name: str, who: str) -> None:
        owner = person(who).pk
        facts = {"owner": owner, "reason": "理由", "containment": "加人", "systemic": "新检查表"}
        with self.trying():
            self.finding = advance(finding=self.finding, name=name, actor=person(who), facts=facts)
            self.reached.add(self.finding.state)
        self.finding = Finding.objects.get(pk=self.finding.pk)

    @rule(order=st.permutations(PEOPLE), diligent=st.booleans())
    def the_usual_next_step(self, order: list[str], diligent: bool) -> None:
        here = self.finding.state
        if diligent and here in {"cause", "plan", "implementing", "verifying"}:
            self.prepare(here, order)
        for who in order:
            if here == self.finding.state and here in USUAL:
                self.step(USUAL[here], who)

    def prepare(self, here: str, order: list[str]) -> None:
        """What has to be done in a state before it can be left."""
        if here == "cause":
            self.a_cause_is_found(who="li", proof="记录")
        elif here == "plan":
            self.an_action_is_planned(who="li", owner="head")
        elif here == "implementing":
            self.the_owners_do_their_work()
        else:
            self.the_effect_is_checked(order=order, outcome="better")

    @rule(name=st.sampled_from(STEPS), who=st.sampled_from(PEOPLE))
    def somebody_tries(self, name: str, who: str) -> None:
        self.step(name, who)

    @rule(who=st.sampled_from(PEOPLE), proof=st.sampled_from(["", "记录"]))
    def a_cause_is_found(self, who: str, proof: str) -> None:
        with self.trying():
            add_cause(actor=person(who), finding=self.finding, text="原因", fishbone="method", proof=proof)

    @rule(who=st.sampled_from(PEOPLE))
    def a_cause_is_proven(self, who: str) -> None:
        for cause in Cause.objects.filter(finding=self.finding, proven=False)[:1]:
            with self.trying():
                prove_cause(actor=person(who), cause=cause, proof="试验")

    @rule(who=st.sampled_from(PEOPLE), owner=st.sampled_from(PEOPLE))
    def an_action_is_planned(self, who: str, owner: str) -> None:
        for cause in Cause.objects.filter(
            finding=self.finding, iteration=self.finding.iteration, proven=True
        ):
            with self.trying():
                due = (self.now + timedelta(days=9)).date()
                plan_action(actor=person(who), cause=cause, text="措施", owner=person(owner), due_on=due)

    @rule()
    def the_owners_do_their_work(self) -> None:
        for action in CorrectiveAction.objects.filter(cause__finding=self.finding, done_at=None):
            with self.trying():
                complete_action(actor=action.owner, action=action, evidence="照片")

    @rule(order=st.permutations(PEOPLE), outcome=st.sampled_from(sorted(AFTERS)))
    def the_effect_is_checked(self, order: list[str], outcome: str) -> None:
        Walk.outcome = outcome
        before, after = self.world.round, self.after
        for who in order:
            with self.trying():
                check_effect(actor=person(who), finding=self.finding, before_round=before, after_round=after)

    @invariant()
    def a_closed_finding_was_effective_in_its_last_check(self) -> None:
        if self.finding.state == "closed":
            last = self.finding.checks.filter(iteration=self.finding.iteration).order_by("-id")[0]
            assert last.verdict == "effective"
            assert self.finding.systemic

    @invariant()
    def nobody_who_owns_an_action_judged_it(self) -> None:
        for check in self.finding.checks.all():
            owned = CorrectiveAction.objects.filter(
                cause__finding=self.finding, cause__iteration=check.iteration
            )
            assert check.by_id not in owned.values_list("owner_id", flat=True)

    @invariant()
    def every_action_stands_against_a_proven_cause(self) -> None:
        assert not CorrectiveAction.objects.filter(cause__finding=self.finding, cause__proven=False).exists()

    @invariant()
    def past_the_plan_every_proven_cause_has_an_action(self) -> None:
        if self.finding.state in {"approved", "implementing", "verifying", "closed"}:
            proven = self.finding.causes.filter(iteration=self.finding.iteration, proven=True)
            assert proven.exists()
            assert not proven.filter(actions=None).exists()


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def measured(finding: Finding, before: Round, after: Round) -> Any:
    """The effect that the walk drew, so that no walk needs a hundred answers."""
    return share_effect(BEFORE, AFTERS[Walk.outcome], Rule(), definition="csat")


def test_no_order_of_steps_breaks_the_rules(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    personas.staff("head", "韩冰", Role.DEPARTMENT_HEAD, world.shop)
    personas.staff("director2", "高远", Role.QUALITY_DIRECTOR, world.shop)
    later = Round.objects.get(pk=world.round.pk)
    later.pk, later.number, later.opens_at = None, 2, START + timedelta(days=60)
    later.save()
    monkeypatch.setattr(effects, "measure", measured)
    Walk.world, Walk.after, Walk.reached = world, later, set()
    run_state_machine_as_test(Walk, settings=settings(max_examples=25, stateful_step_count=50))
    assert {"dismissed", "verifying", "closed"} <= Walk.reached
    assert Finding.objects.count() == 0, "every walk was rolled back"
