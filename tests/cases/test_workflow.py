"""The table of the case machine, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from manyi.cases.guards import Call, CaseFile, call_back_settles
from manyi.cases.step_effects import EFFECTS
from manyi.cases.workflow import MACHINE, OPEN_STATES
from manyi.kernel.workflow import WorkflowError
from manyi.organisation.roles import VERBS

TODAY = date(2026, 3, 2)
COMPLAINT = CaseFile(kind="complaint", today=TODAY, owner=7, founded="founded", proposer=7, has_solution=True)


def refusal(state: str, name: str, file: CaseFile, actor: int, **facts: object) -> str:
    with pytest.raises(WorkflowError) as caught:
        MACHINE.check(file, state, name, verbs=VERBS, actor=actor, facts=facts)
    return caught.value.message.zh


def test_every_state_can_be_reached_and_every_open_state_can_be_left() -> None:
    reached, grown = {"registered"}, True
    while grown:
        found = {t.target for t in MACHINE.transitions if set(t.sources) & reached}
        grown, reached = not found <= reached, reached | found
    assert reached == {state.id for state in MACHINE.states}
    assert [state for state in OPEN_STATES if not MACHINE.leaving(state)] == []


def test_every_step_names_known_verbs_states_and_effects() -> None:
    states = {state.id for state in MACHINE.states}
    for step in MACHINE.transitions:
        assert set(step.who) <= set(VERBS)
        assert {*step.sources, step.target} <= states
        assert set(step.effects) <= set(EFFECTS)


def test_a_solution_is_not_approved_by_its_proposer_nor_by_the_handler() -> None:
    assert "不能由提出人" in refusal("proposed", "approve", COMPLAINT, actor=7)
    other_owner = replace(COMPLAINT, owner=8)
    assert "不能由提出人" in refusal("proposed", "approve", other_owner, actor=7)
    assert (
        MACHINE.check(other_owner, "proposed", "approve", verbs=VERBS, actor=9, facts={}).target == "approved"
    )


def test_a_solution_is_not_approved_by_the_software() -> None:
    with pytest.raises(WorkflowError):
        MACHINE.check(COMPLAINT, "proposed", "approve", verbs=VERBS, actor=None, facts={})


def test_nothing_is_approved_without_a_solution_or_without_a_finding_of_fact() -> None:
    assert "还没有处理方案" in refusal("proposed", "approve", replace(COMPLAINT, has_solution=False), 9)
    assert "是否属实" in refusal("proposed", "approve", replace(COMPLAINT, founded=""), 9)


def test_the_person_complained_of_does_not_handle_the_case() -> None:
    accused = replace(COMPLAINT, owner=None, about_person=7)
    told = refusal("acknowledged", "assign", accused, 1, owner=7, category="1", severity="normal")
    assert "回避" in told


def test_only_the_handler_investigates() -> None:
    assert "只有承办人" in refusal("assigned", "start", COMPLAINT, 8, note="去电")


def test_the_third_return_is_for_the_dispatcher_to_settle() -> None:
    assert "已退单 2 次" in refusal("assigned", "return", replace(COMPLAINT, returned=2), 7, reason="不归我")


def test_the_handler_neither_calls_back_nor_closes() -> None:
    content = replace(COMPLAINT, calls=(Call(TODAY, "reached", True, True),))
    assert "不能由承办人" in refusal("call_back", "close", content, 7)
    assert "不能由承办人" in refusal("call_back", "call", content, 7, outcome="no_answer")


@pytest.mark.parametrize("facts", [{}, {"resolved": True}, {"satisfied": False}])
def test_a_call_that_reached_the_customer_says_both_things(facts: dict[str, object]) -> None:
    assert "请填写" in refusal("call_back", "call", COMPLAINT, 9, outcome="reached", **facts)


@pytest.mark.parametrize(
    ("calls", "settled"),
    [
        ([], False),
        ([Call(TODAY, "reached", True, True)], True),
        ([Call(TODAY, "reached", True, False)], False),
        ([Call(TODAY, "reached", False, False)], False),
        ([Call(TODAY, "reached", True, True), Call(TODAY, "reached", False, False)], False),
        ([Call(TODAY, "no_answer")] * 3, False),
        ([Call(TODAY, "no_answer")] * 2 + [Call(date(2026, 3, 3), "refused")], True),
        ([Call(TODAY, "no_answer"), Call(date(2026, 3, 3), "no_answer")], False),
    ],
)
def test_what_settles_a_case(calls: list[Call], settled: bool) -> None:
    assert call_back_settles(tuple(calls)) is settled


def test_a_complaint_is_not_answered_without_an_approved_solution() -> None:
    assert "须先有批准的方案" in refusal("investigating", "answer_directly", COMPLAINT, 7, message="好")


def test_a_closed_case_is_not_reopened_after_the_time_for_it() -> None:
    old = replace(COMPLAINT, days_closed=31)
    assert "已超过 30 天" in refusal("closed", "reopen", old, 9, reason="又坏了")


@pytest.mark.parametrize(
    ("state", "step", "kind"),
    [
        ("acknowledged", "thank", "complaint"),
        ("answered", "close_short", "complaint"),
        ("answered", "hand_over", "enquiry"),
        ("investigating", "propose", "suggestion"),
    ],
)
def test_short_ways_are_only_for_their_kinds(state: str, step: str, kind: str) -> None:
    facts = {
        need.name: (need.choices[0][0] if need.choices else "1") for need in MACHINE.transition(step).needs
    }
    assert refusal(state, step, replace(COMPLAINT, kind=kind), 7, **facts)
