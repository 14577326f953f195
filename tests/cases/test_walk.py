"""Whatever people try in whatever order: what must never be is never so."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from manyi.cases import escalations, extension_actions, task_actions
from manyi.cases.actions import advance, describe, register
from manyi.cases.choices import ENDED_STATES, KINDS, OUTCOMES
from manyi.cases.guards import Call, call_back_settles
from manyi.cases.models import Case, ClockResult
from manyi.cases.policy_actions import recompute_clocks
from manyi.cases.queries import main_of
from manyi.cases.workflow import MACHINE
from manyi.organisation import clock
from manyi.organisation.calendar_actions import set_day
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, WorkCalendar
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import USUAL_WAY, at, facts_for, fresh
from tests.personas import House

PEOPLE = ("wang", "second", "zhou", "zhao", "sun", "wu")
#: What happens often beside the usual way.
ASIDE = (("pause", "wang"), ("resume", "wang"), ("send_back", "zhao"), ("ask_review", "sun"))
STEPS = tuple(step.name for step in MACHINE.transitions)


class Walk(RuleBasedStateMachine):
    """One case, many people, any step with any facts; time goes on."""

    house: House
    admin: Person
    reached: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.now = at("2026-03-02T09:30")
        self.results: dict[int, tuple[datetime, Decimal, bool]] = {}
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

    @rule(days=st.integers(1, 9), granted=st.booleans(), who=st.sampled_from(PEOPLE))
    def somebody_asks_for_more_time(self, days: int, granted: bool, who: str) -> None:
        with suppress(Refused), clock.at(self.now):
            asked = extension_actions.ask(actor=fresh("wang"), case=self.case, amount=days, reason="等待检测")
            extension_actions.decide(actor=fresh(who), extension=asked, granted=granted, note="按规定")
        self.case.refresh_from_db()

    @rule(who=st.sampled_from(PEOPLE), answered=st.booleans())
    def a_department_is_asked(self, who: str, answered: bool) -> None:
        with suppress(Refused), clock.at(self.now):
            task = task_actions.ask(
                actor=fresh(who),
                case=self.case,
                unit=self.house.tree.east,
                text="请提供检测记录",
                amount=2,
                amount_unit="working_days",
            )
            if answered:
                task_actions.answer(actor=fresh(who), task=task, text="见附件")

    @rule(who=st.sampled_from(PEOPLE), level=st.integers(0, 3))
    def it_is_raised(self, who: str, level: int) -> None:
        with suppress(Refused), clock.at(self.now):
            escalations.escalate(actor=fresh(who), case=self.case, level=level, reason="media")
        self.case.refresh_from_db()

    @rule(into_new=st.booleans(), who=st.sampled_from(PEOPLE))
    def it_is_merged(self, into_new: bool, who: str) -> None:
        """With a case that came later, in one direction or the other; the walk follows the main one."""
        with clock.at(self.now):
            other = register(
                actor=None,
                unit=self.house.tree.east_service,
                kind="complaint",
                channel="form",
                subject="",
                body="还是修不好",
            )
            source, target = (self.case, other) if into_new else (other, self.case)
            with suppress(Refused):
                advance(case=source, name="merge", actor=fresh(who), facts={"into": target.number})
                self.case = Case.objects.get(pk=target.pk)
        self.case.refresh_from_db()

    @rule(holiday=st.dates(date(2026, 3, 1), date(2026, 6, 30)), off=st.booleans())
    def the_calendar_changes(self, holiday: date, off: bool) -> None:
        calendar = WorkCalendar.objects.get(unit=self.house.tree.group)
        with clock.at(self.now):
            set_day(actor=self.admin, calendar=calendar, date=holiday, working=not off, reason="调整")
            recompute_clocks(actor=None, unit=self.house.tree.group)
        self.case.refresh_from_db()

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
            (name, who)
            for name, who in (*USUAL_WAY, *ASIDE)
            if self.case.state in MACHINE.transition(name).sources
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
    def nothing_of_a_case_goes_on_after_its_end(self) -> None:
        for case in Case.objects.filter(state__in=ENDED_STATES):
            assert (case.due_at, case.due_clock, case.escalation) == (None, "", 0)
            assert not case.side_tasks.filter(state="open").exists()
            assert not case.extensions.filter(decision="").exists()
            assert not case.escalations.filter(ended_at=None).exists()

    @invariant()
    def receipt_is_never_later_than_registration(self) -> None:
        assert not Case.objects.filter(received_at__gt=F("registered_at")).exists()

    @invariant()
    def a_case_has_one_open_handler_at_most(self) -> None:
        open_ones = self.case.assignments.filter(until_at=None)
        assert [row.person_id for row in open_ones] == ([self.case.owner_id] if self.case.owner_id else [])

    @invariant()
    def merged_cases_lead_to_one_main_case(self) -> None:
        for case in Case.objects.filter(state="duplicate"):
            assert main_of(case).state != "duplicate"

    @invariant()
    def numbers_have_no_gaps_and_no_repeats(self) -> None:
        numbers = sorted(int(number[-6:]) for number in Case.objects.values_list("number", flat=True))
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    @invariant()
    def nobody_grants_their_own_extension(self) -> None:
        for row in self.case.extensions.exclude(decided_by=None):
            assert row.decided_by_id != row.asked_by_id

    @invariant()
    def a_result_never_moves(self) -> None:
        results = {row.pk: (row.due_at, row.used, row.met) for row in ClockResult.objects.all()}
        assert {pk: results[pk] for pk in self.results} == self.results
        self.results = results

    @invariant()
    def waiting_and_pauses_agree(self) -> None:
        assert self.case.pauses.filter(until_at=None).exists() == (self.case.state == "waiting")


def test_no_order_of_steps_breaks_the_rules(house: House) -> None:
    Walk.house, Walk.reached = house, set()
    Walk.admin = personas.staff("admin", "管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group)
    run_state_machine_as_test(Walk, settings=settings(max_examples=30, stateful_step_count=60))
    assert {"waiting", "proposed", "approved", "call_back", "closed", "review"} <= Walk.reached
    assert house.tree.east_service.cases.count() == 0, "every walk was rolled back"
