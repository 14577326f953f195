"""A case walks from the telephone to its closing, and the ways on which it may turn."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from manyi.cases.actions import advance
from manyi.cases.errors import NotNow
from manyi.cases.models import Case
from manyi.organisation import clock
from manyi.organisation.models import Event
from tests.cases.house import USUAL_WAY, Register, at, facts_for, fresh, walk
from tests.personas import House


def step(case: Case, house: House, who: str, name: str, **changes: object) -> Case:
    facts = facts_for(name, house, **changes)
    return advance(case=case, name=name, actor=fresh(who), facts=facts)


def test_the_usual_way_ends_closed_with_every_clock_stopped(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "close")
    assert (case.state, case.closed_at, case.due_at, case.due_clock) == ("closed", monday, None, "")
    results = dict(case.clock_results.values_list("name", "met"))
    assert results == {"acknowledge": True, "respond": True, "resolve": True, "call_back": True}
    solution = case.solutions.get()
    assert (solution.decision, solution.decided_by) == ("approved", house.zhao)
    steps = Event.objects.filter(subject_type="cases.case").order_by("seq").values_list("kind", flat=True)
    assert list(steps) == ["case.registered", *(f"case.{name}" for name, _ in USUAL_WAY)]


def test_the_head_who_may_approve_still_cannot_approve_their_own_proposal(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = step(new_case(), house, "zhou", "acknowledge")
    case = step(case, house, "zhao", "assign", owner=house.zhou.pk)
    case = step(step(case, house, "zhou", "start"), house, "zhou", "propose")
    with pytest.raises(NotNow, match="another approver"):
        step(case, house, "zhou", "approve")
    assert step(case, house, "zhao", "approve").state == "approved"


def test_a_solution_that_is_sent_back_is_proposed_again(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "propose")
    case = step(case, house, "zhao", "send_back")
    case = step(case, house, "wang", "propose", solution="更换压缩机并赠送一次保养")
    case = step(case, house, "zhao", "approve")
    assert list(case.solutions.values_list("decision", flat=True)) == ["sent_back", "approved"]


def test_an_unhappy_call_reopens_with_a_new_clock_and_keeps_the_old_result(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "hand_over")
    case = step(case, house, "sun", "call", satisfied=False)
    with pytest.raises(NotNow, match="customer is content"):
        step(case, house, "sun", "close")
    with clock.at(monday + timedelta(days=1)):
        case = step(case, house, "sun", "reopen")
    assert (case.state, case.reopened, case.due_clock) == ("investigating", 1, "resolve")
    assert case.due_at == at("2026-03-17T18:00")
    assert case.clock_results.get(name="resolve").cycle == 0


def test_three_failed_calls_on_two_days_end_a_case(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "hand_over")
    for hours in (0, 1, 30):
        with clock.at(monday + timedelta(hours=hours)):
            case = step(case, house, "sun", "call", outcome="no_answer")
            if hours == 1:
                with pytest.raises(NotNow):
                    step(case, house, "sun", "close")
    assert step(case, house, "sun", "close").state == "closed"
    assert set(case.call_backs.values_list("resolved", flat=True)) == {None}


def test_a_lead_can_close_with_a_note_that_stays(new_case: Register, house: House, monday: datetime) -> None:
    case = step(walk(new_case(), house, "hand_over"), house, "zhao", "waive")
    assert (case.state, case.waiver) == ("closed", "顾客书面要求不再联系")


def test_a_handler_returns_a_case_twice_and_no_more(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = step(new_case(), house, "zhou", "acknowledge")
    for _ in range(2):
        case = step(step(case, house, "zhou", "assign"), house, "wang", "return")
        assert (case.state, case.owner) == ("acknowledged", None)
    case = step(case, house, "zhou", "assign")
    with pytest.raises(NotNow, match="returned 2 times"):
        step(case, house, "wang", "return")
    assert case.assignments.filter(until_at=None).count() == 1


def test_a_new_handler_takes_over(new_case: Register, house: House, monday: datetime) -> None:
    case = step(walk(new_case(), house, "start"), house, "zhou", "reassign")
    assert (case.state, case.owner) == ("assigned", fresh("second"))
    assert list(case.assignments.values_list("person__username", "until_at")) == [
        ("wang", monday),
        ("second", None),
    ]


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        ("praise", ("acknowledge", "thank")),
        ("enquiry", ("acknowledge", "assign", "start", "answer_directly", "close_short")),
        ("suggestion", ("acknowledge", "assign", "start", "answer_directly", "close_short")),
        ("help", ("acknowledge", "assign", "start", "answer_directly", "hand_over", "call", "close")),
    ],
)
def test_other_kinds_have_shorter_ways(
    kind: str, steps: tuple[str, ...], new_case: Register, house: House, monday: datetime
) -> None:
    who = {**dict(USUAL_WAY), "thank": "zhou", "answer_directly": "wang", "close_short": "wang"}
    case = new_case(kind=kind)
    for name in steps:
        case = step(case, house, who[name], name)
    assert (case.state, case.due_at) == ("closed", None)
    assert bool(case.waiver) != case.call_backs.exists()


def test_a_rejected_matter_ends_and_the_customer_is_told(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = step(new_case(), house, "zhou", "reject")
    assert (case.state, case.due_at) == ("rejected", None)
    assert case.messages.filter(direction="out").get().body == "这件事不属于本店。"


def test_a_person_from_elsewhere_may_not_take_a_step(
    new_case: Register, house: House, monday: datetime
) -> None:
    elsewhere = new_case(actor=None, unit=house.tree.west)
    with pytest.raises(NotNow, match="not permitted"):
        step(elsewhere, house, "zhou", "acknowledge")
