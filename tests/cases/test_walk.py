"""Whatever people try in whatever order: what must never be is never so."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from manyi.cases.actions import advance, describe, register
from manyi.cases.choices import KINDS, OUTCOMES
from manyi.cases.models import Case
from manyi.cases.workflow import MACHINE, Call, call_back_settles
from manyi.organisation import clock
from manyi.organisation.errors import Refused
from tests.cases.house import USUAL_WAY, at, facts_for, fresh
from tests.personas import House

PEOPLE = ("wang", "second", "zhou", "zhao", "sun", "wu")
STEPS = tuple(step.name for step in MACHINE.transitions)


class Walk(RuleBasedStateMachine):
    """One case, many people, any step with any facts; time goes on."""

    house: House
    reached: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.now = at("2026-03-02T09:30")
        with clock.at(self.now):
            self.case = register(
                actor=None,
                unit=self.house.tree.east_service,
                kind="complaint",
                channel="phone",
                subject="",
                body="修不好",
            )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)

    def attempt(self, name: str, who: str, facts: dict[str, Any]) -> None:
        if name == "pause":
            facts = {**facts, "expected": date(2027, 1, 4)}
        with suppress(Refused), clock.at(self.now):
            self.case = advance(case=self.case, name=name, actor=fresh(who), facts=facts)
            self.reached.add(self.case.state)
        self.case.refresh_from_db()

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(kind=st.sampled_from([kind for kind, _ in KINDS]))
    def it_was_another_kind_from_the_start(self, kind: str) -> None:
        if self.case.state == "registered":
            Case.objects.filter(pk=self.case.pk).update(kind=kind)

    @rule(who=st.sampled_from(PEOPLE), accused=st.sampled_from(PEOPLE))
    def somebody_is_complained_of(self, who: str, accused: str) -> None:
        with suppress(Refused):
            self.case = describe(actor=fresh(who), case=self.case, about_person=fresh(accused))

    @rule(data=st.data())
    def somebody_goes_on(self, data: st.DataObject) -> None:
        usual = [
            (name, who) for name, who in USUAL_WAY if self.case.state in MACHINE.transition(name).sources
        ]
        if usual:
            name, who = data.draw(st.sampled_from(usual))
            self.attempt(name, who, facts_for(name, self.house))

    @rule(
        name=st.sampled_from(STEPS),
        who=st.sampled_from(PEOPLE),
        owner=st.sampled_from(PEOPLE),
        outcome=st.sampled_from([outcome for outcome, _ in OUTCOMES]),
        answers=st.tuples(st.sampled_from([None, True, False]), st.sampled_from([None, True, False])),
    )
    def somebody_tries(
        self, name: str, who: str, owner: str, outcome: str, answers: tuple[bool | None, bool | None]
    ) -> None:
        facts = facts_for(name, self.house, outcome=outcome, resolved=answers[0], satisfied=answers[1])
        if "owner" in facts:
            facts["owner"] = fresh(owner).pk
        self.attempt(name, who, facts)

    @invariant()
    def a_closed_case_has_a_call_back_result_or_a_waiver(self) -> None:
        if self.case.state == "closed":
            calls = self.case.call_backs.filter(cycle=self.case.reopened)
            seen = tuple(Call(call.at.date(), call.outcome, call.resolved, call.satisfied) for call in calls)
            assert self.case.waiver or call_back_settles(seen)

    @invariant()
    def nobody_decided_their_own_solution(self) -> None:
        for solution in self.case.solutions.all():
            assert solution.decided_by_id is None or solution.decided_by_id != solution.proposed_by_id

    @invariant()
    def past_the_approval_there_is_an_approved_solution(self) -> None:
        if self.case.state in {"approved", "executing", "executed"}:
            assert self.case.solutions.order_by("-id")[0].decision == "approved"

    @invariant()
    def the_person_complained_of_does_not_handle_it(self) -> None:
        assert self.case.owner_id is None or self.case.owner_id != self.case.about_person_id

    @invariant()
    def the_handler_called_nobody_back(self) -> None:
        handlers = set(self.case.assignments.values_list("person_id", flat=True))
        assert not handlers & set(self.case.call_backs.values_list("by_id", flat=True))

    @invariant()
    def clocks_stand_in_a_case_that_has_ended(self) -> None:
        if not MACHINE.state(self.case.state).open:
            assert (self.case.due_at, self.case.due_clock) == (None, "")

    @invariant()
    def waiting_and_pauses_agree(self) -> None:
        assert self.case.pauses.filter(until_at=None).exists() == (self.case.state == "waiting")


def test_no_order_of_steps_breaks_the_rules(house: House) -> None:
    Walk.house, Walk.reached = house, set()
    run_state_machine_as_test(Walk, settings=settings(max_examples=25, stateful_step_count=40))
    assert {"waiting", "proposed", "approved", "call_back", "closed"} <= Walk.reached
    assert house.tree.east_service.cases.count() == 0, "every walk was rolled back"
