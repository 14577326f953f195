"""Work around a case: demands, tasks of departments, extensions, approval by amount, reviews, escalation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from manyi.cases import closing, demand_actions, escalations, extension_actions, task_actions
from manyi.cases.actions import advance
from manyi.cases.errors import NotNow
from manyi.cases.models import Case, Escalation
from manyi.distribution.models import Message
from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Person
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import USUAL_WAY, Register, at, facts_for, fresh, walk
from tests.personas import House

pytestmark = pytest.mark.usefixtures("monday")


def step(case: Case, house: House, who: str, name: str, **changes: object) -> Case:
    return advance(case=case, name=name, actor=fresh(who), facts=facts_for(name, house, **changes))


def test_each_demand_is_answered_by_itself_before_a_solution(new_case: Register, house: House) -> None:
    case = walk(new_case(), house, "start")
    one, two = demand_actions.list_demands(
        actor=fresh("wang"), case=case, text="免费修好空调\n\n赔偿误工费\n免费修好空调"
    )
    with pytest.raises(NotNow, match="demands"):
        step(case, house, "wang", "propose")
    demand_actions.answer_demand(actor=fresh("wang"), demand=one, outcome="granted", answer="免费更换")
    with pytest.raises(Refused):
        demand_actions.answer_demand(actor=fresh("wang"), demand=two, outcome="refused", answer=" ")
    with pytest.raises(Refused):
        demand_actions.answer_demand(actor=fresh("wang"), demand=two, outcome="perhaps", answer="?")
    demand_actions.answer_demand(actor=fresh("wang"), demand=two, outcome="refused", answer="无依据")
    listed = demand_actions.list_demands(actor=fresh("wang"), case=case, text="免费修好空调\n道歉")
    assert [row.text for row in listed] == ["免费修好空调", "赔偿误工费", "道歉"], "what was answered stays"
    demand_actions.list_demands(actor=fresh("wang"), case=case, text="免费修好空调")
    assert step(case, house, "wang", "propose").state == "proposed"
    with pytest.raises(Refused):
        demand_actions.list_demands(actor=fresh("wang"), case=Case.objects.get(), text="更多")


def test_a_department_answers_by_its_own_clock(new_case: Register, house: House) -> None:
    case = walk(new_case(), house, "start")
    asked = task_actions.ask(
        actor=fresh("wang"),
        case=case,
        unit=house.tree.east,
        text="请提供检测记录",
        amount=2,
        amount_unit="working_days",
    )
    assert asked.due_at == at("2026-03-04T18:00")
    with pytest.raises(NotNow, match="department"):
        step(case, house, "wang", "propose")
    with pytest.raises(NotPermitted):
        task_actions.answer(actor=fresh("sun"), task=asked, text="好")
    with pytest.raises(Refused):
        task_actions.answer(actor=fresh("zhao"), task=asked, text="")
    with clock.at(at("2026-03-05T10:00")):
        done = task_actions.answer(actor=fresh("zhao"), task=asked, text="低压侧泄漏")
        with pytest.raises(Refused):
            task_actions.withdraw(actor=fresh("wang"), task=asked, reason="不需要了")
    assert (done.state, done.used, done.met) == ("answered", Decimal(3), False)
    assert step(case, house, "wang", "propose").state == "proposed"


def test_the_person_complained_of_is_asked_for_nothing(new_case: Register, house: House) -> None:
    case = walk(new_case(about_person=fresh("second")), house, "start")
    with pytest.raises(Refused) as refused:
        task_actions.ask(
            actor=fresh("wang"),
            case=case,
            unit=house.tree.east,
            person=fresh("second"),
            text="说明",
            amount=1,
            amount_unit="working_days",
        )
    assert refused.value.field == "person"
    asked = task_actions.ask(
        actor=fresh("wang"), case=case, unit=house.tree.east, text="说明", amount=30, amount_unit="minutes"
    )
    assert not task_actions.may_answer(fresh("second"), asked)


def test_an_extension_moves_the_deadline_only_when_granted_in_time(new_case: Register, house: House) -> None:
    case = walk(new_case(), house, "start")
    before = case.due_at
    with pytest.raises(Refused):
        extension_actions.ask(actor=fresh("second"), case=case, amount=5, reason="等配件")
    with pytest.raises(Refused):
        extension_actions.ask(actor=fresh("wang"), case=case, amount=11, reason="等配件")
    with pytest.raises(Refused):
        extension_actions.ask(actor=fresh("wang"), case=case, amount=5, reason=" ")
    asked = extension_actions.ask(actor=fresh("wang"), case=case, amount=5, reason="等配件")
    with pytest.raises(Refused):
        extension_actions.ask(actor=fresh("wang"), case=case, amount=1, reason="再多一天")
    case.refresh_from_db()
    assert case.due_at == before == at("2026-03-16T18:00")
    for who in ("wang", "sun"):
        with pytest.raises((Refused, NotPermitted)):
            extension_actions.decide(actor=fresh(who), extension=asked, granted=True)
    with pytest.raises(Refused):
        extension_actions.decide(actor=fresh("zhao"), extension=asked, granted=False)
    extension_actions.decide(actor=fresh("zhao"), extension=asked, granted=True)
    case.refresh_from_db()
    assert case.due_at == at("2026-03-23T18:00")
    result = walk_on(case, house, "answer").clock_results.get(name="resolve")
    assert (result.amount, result.due_at) == (15, at("2026-03-23T18:00"))


def walk_on(case: Case, house: House, until: str) -> Case:
    names = [name for name, _ in USUAL_WAY]
    for name, who in USUAL_WAY[names.index("propose") : names.index(until) + 1]:
        case = step(case, house, who, name)
    return case


def test_after_the_deadline_nothing_is_extended(new_case: Register, house: House) -> None:
    case = walk(new_case(), house, "start")
    with clock.at(at("2026-03-17T09:00")), pytest.raises(Refused) as refused:
        extension_actions.ask(actor=fresh("wang"), case=case, amount=5, reason="等配件")
    assert "已超过时限" in refused.value.message.zh


def test_a_large_or_grave_solution_goes_to_the_higher_approver(new_case: Register, house: House) -> None:
    large = step(walk(new_case(), house, "start"), house, "wang", "propose", cost="5001")
    grave = walk(new_case(safety=True), house, "start")
    assert grave.risk == "grave"
    grave = step(grave, house, "wang", "propose", cost="0")
    director = personas.staff("director", "陈总", Role.QUALITY_DIRECTOR, house.tree.group)
    for case in (large, grave):
        with pytest.raises(NotNow, match="higher"):
            step(case, house, "zhao", "approve")
        done = advance(case=case, name="approve_large", actor=director, facts={})
        assert (done.state, done.solutions.get().decided_by) == ("approved", director)
    small = step(walk(new_case(), house, "start"), house, "wang", "propose", cost="5000")
    with pytest.raises(NotNow):
        advance(case=small, name="approve_large", actor=director, facts={})


def test_risk_is_severity_times_urgency(new_case: Register, house: House) -> None:
    case = step(new_case(), house, "zhou", "acknowledge")
    case = step(case, house, "zhou", "assign", severity="high", urgency="urgent", safety=False)
    assert case.risk == "grave"


def test_a_grave_or_repeated_complaint_closes_with_a_finding_or_a_waiver(
    new_case: Register, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = walk(new_case(), house, "call")
    Case.objects.filter(pk=case.pk).update(risk="high")
    with pytest.raises(Refused) as refused:
        step(case, house, "sun", "close")
    assert refused.value.field == "finding_waiver"
    assert step(case, house, "sun", "close", finding_waiver="已有同类改进项").finding_waiver
    other = walk(new_case(), house, "call")
    Case.objects.filter(pk=other.pk).update(risk="high")
    monkeypatch.setattr(closing, "IMPROVED", [lambda cases: set(cases.values_list("pk", flat=True))])
    assert step(other, house, "sun", "close").finding_waiver == ""
    monkeypatch.setattr(closing, "IMPROVED", [])
    third = walk(new_case(), house, "call")
    with pytest.raises(Refused, match="third"):
        step(third, house, "sun", "close")


def closed(new_case: Register, house: House) -> Case:
    return walk(new_case(), house, "close")


def test_a_review_is_decided_by_somebody_new_and_once(new_case: Register, house: House) -> None:
    case = step(closed(new_case, house), house, "sun", "ask_review")
    assert (case.state, case.due_clock, case.due_at) == ("review", "review", at("2026-03-16T18:00"))
    with pytest.raises(NotNow, match="no part"):
        step(case, house, "zhao", "confirm")  # approved the solution
    director = personas.staff("director", "陈总", Role.QUALITY_DIRECTOR, house.tree.group)
    frozen = {row.pk: row.due_at for row in case.clock_results.all()}
    case = advance(case=case, name="confirm", actor=director, facts=facts_for("confirm", house))
    assert (case.state, case.reviews.get().outcome) == ("closed", "confirmed")
    assert {row.pk: row.due_at for row in case.clock_results.exclude(name="review")} == frozen
    with pytest.raises(NotNow, match="reviewed"):
        step(case, house, "sun", "ask_review")


def test_a_review_that_is_upheld_gives_the_case_to_somebody_new(new_case: Register, house: House) -> None:
    case = step(closed(new_case, house), house, "sun", "ask_review")
    director = personas.staff("director", "陈总", Role.QUALITY_DIRECTOR, house.tree.group)
    with pytest.raises(NotNow, match="no part"):
        advance(case=case, name="uphold", actor=director, facts={"owner": house.wang.pk, "reason": "不充分"})
    case = advance(case=case, name="uphold", actor=director, facts=facts_for("uphold", house))
    assert (case.state, case.owner, case.reopened) == ("assigned", fresh("second"), 1)
    assert case.assignments.filter(until_at=None).count() == 1


def test_an_outside_body_sets_a_clock_of_its_own(new_case: Register, house: House) -> None:
    case = walk(new_case(), house, "start")
    with pytest.raises(Refused):
        demand_actions.open_external(actor=fresh("zhou"), case=case, body="12315", opened_on=date(2026, 3, 3))
    row = demand_actions.open_external(
        actor=fresh("zhou"),
        case=case,
        body="12315",
        reference="A-77",
        opened_on=date(2026, 3, 2),
        due_on=date(2026, 3, 6),
    )
    case.refresh_from_db()
    assert (case.due_clock, case.due_at) == ("external", at("2026-03-06T23:59:59"))
    demand_actions.close_external(actor=fresh("zhou"), external=row, outcome="调解成功")
    case.refresh_from_db()
    assert case.due_clock == "resolve"
    with pytest.raises(Refused):
        demand_actions.close_external(actor=fresh("zhou"), external=row, outcome="再次")


def watched(moment: str) -> int:
    with clock.at(at(moment)):
        given = escalations.watch()
    assert isinstance(given, int)
    return given


@pytest.fixture
def addressed(house: House) -> House:
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(email=f"{person.username}@shop.example")
    return house


def test_warnings_come_in_working_time_each_once(new_case: Register, addressed: House) -> None:
    case = walk(new_case(), addressed, "start")  # due Monday 16 March, 18:00
    assert watched("2026-03-12T17:00") == 0
    assert watched("2026-03-13T03:00") == 0, "not in the night"
    assert watched("2026-03-13T09:30") == 1, "one working day before, the Friday"
    assert watched("2026-03-13T10:00") == 0
    assert [message.recipient for message in Message.objects.all()] == ["wang@shop.example"]
    assert watched("2026-03-16T19:00") == 0, "late, but nobody works now"
    assert watched("2026-03-17T09:01") == 1
    case.refresh_from_db()
    assert case.escalation == 1
    assert watched("2026-03-25T09:30") == 1, "a missed hour loses no warning"
    case.refresh_from_db()
    assert case.escalation == 2
    assert Escalation.objects.filter(case=case, ended_at=None).count() == 2


def test_a_deadline_that_moves_lowers_what_was_overdue(new_case: Register, addressed: House) -> None:
    case = walk(new_case(), addressed, "start")
    watched("2026-03-17T09:01")
    Case.objects.filter(pk=case.pk).update(due_at=at("2026-04-01T18:00"))
    watched("2026-03-17T09:10")
    case.refresh_from_db()
    assert case.escalation == 0


def test_a_case_is_raised_and_lowered_by_hand(new_case: Register, house: House) -> None:
    case = walk(new_case(), house, "start")
    with pytest.raises(NotPermitted):
        escalations.escalate(actor=fresh("sun"), case=case, level=2, reason="media")
    with pytest.raises(Refused):
        escalations.escalate(actor=fresh("zhou"), case=case, level=7, reason="media")
    escalations.escalate(actor=fresh("zhou"), case=case, level=2, reason="media", note="都市报来电")
    case.refresh_from_db()
    assert case.escalation == 2
    with pytest.raises(Refused):
        escalations.lower(actor=fresh("zhao"), case=case, reason="")
    assert escalations.lower(actor=fresh("zhao"), case=case, reason="已澄清").escalation == 0
