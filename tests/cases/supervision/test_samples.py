"""A supervision sample in the register: who is drawn, who assesses, what the handler says, what is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from manyi.cases.errors import NotNow
from manyi.cases.models import Assessment, AssessmentChange, Case, Checklist, SupervisionSample
from manyi.cases.supervision import assessment_actions, checklist_actions, sample_actions
from manyi.cases.supervision.assessment_actions import advance_assessment
from manyi.cases.supervision.rules import Criterion, Frame, criteria_of
from manyi.cases.supervision.sample_actions import Population, advance_sample, draw_sample, prove
from manyi.organisation import clock
from manyi.organisation.actions import grant_role
from manyi.organisation.errors import Invalid, NotPermitted
from manyi.organisation.models import Event, Person
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import Register, at, fresh, walk
from tests.personas import House

LIST = (Criterion("facts", "事实查清", must=True), Criterion("told", "告知及时"))
GOOD = {"facts": {"answer": "yes"}, "told": {"answer": "yes"}}
BAD = {"facts": {"answer": "no", "remark": "没有检测记录"}, "told": {"answer": "na"}}


@pytest.fixture
def closed(house: House, monday: datetime, new_case: Register) -> list[Case]:
    """Six complaints of one handler that are closed."""
    return [close(new_case(subject=f"第 {n} 件"), house) for n in range(6)]


def close(case: Case, house: House) -> Case:
    """As the usual way leaves a case: handled by 王强, approved by 赵静, called by 孙悦."""
    now = clock.now()
    Case.objects.filter(pk=case.pk).update(state="closed", owner=house.wang, closed_at=now)
    case.assignments.create(unit=case.unit, person=house.wang, from_at=now)
    case.solutions.create(
        remedy="repair", text="返修", proposed_by=house.wang, proposed_at=now, decided_by=house.zhao,
        decided_at=now, decision="approved",
    )  # fmt: skip
    case.call_backs.create(at=now, by=house.sun, outcome="reached", resolved=True, satisfied=True)
    case.refresh_from_db()
    return case


def checklist(criteria: tuple[Criterion, ...] = LIST) -> Checklist:
    return checklist_actions.save_checklist(actor=None, code="mine", name="我的标准", criteria=criteria)


def population(house: House, **changes: Any) -> Population:
    today = at("2026-03-02T12:00").date()
    usual: dict[str, Any] = {"unit": house.tree.east, "since": today - timedelta(days=30), "until": today}
    return Population(**{**usual, **changes})


def drawn(house: House, size: int = 3, **changes: Any) -> SupervisionSample:
    usual: dict[str, Any] = {
        "actor": fresh("zhao"), "population": population(house), "method": "simple", "size": size,
        "checklist": checklist(), "seed": "spring",
    }  # fmt: skip
    return draw_sample(**{**usual, **changes})


def auditor(house: House) -> Person:
    return personas.staff("auditor2", "钱二", Role.AUDITOR, house.tree.east)


def assess(row: Assessment, who: str, results: dict[str, Any] = GOOD) -> Assessment:
    return advance_assessment(actor=fresh(who), assessment=row, name="assess", facts={"results": results})


def first(sample: SupervisionSample) -> Assessment:
    return sample.assessments.order_by("case__number")[0]


def test_only_closed_cases_of_the_unit_period_and_kind_with_a_handler_are_drawn(
    house: House, closed: list[Case], new_case: Register
) -> None:
    walk(new_case(subject="还在办"), house, "answer")
    Case.objects.filter(pk=close(new_case(subject="销售部"), house).pk).update(unit=house.tree.east_sales)
    Case.objects.filter(pk=closed[0].pk).update(channel="import")
    Case.objects.filter(pk=closed[1].pk).update(owner=None)
    frame = population(house, unit=house.tree.east_service).frame()
    assert frame.cases == [case.pk for case in closed[2:]]
    assert frame.handlers == [house.wang.pk] * 4
    assert population(house, kind="help").frame().cases == []
    assert population(house, until=date(2026, 3, 1)).frame().cases == []
    assert len(population(house, since=date(2026, 3, 2), until=date(2026, 3, 2)).frame().cases) == 5
    assert population(house, unit=house.tree.west).frame().cases == []


def test_a_case_that_went_the_whole_way_can_be_drawn(
    house: House, monday: datetime, new_case: Register
) -> None:
    case = walk(new_case(), house, "close")
    sample = drawn(house, size=1)
    assert [row.case for row in sample.assessments.all()] == [case]
    for who in ("wang", "zhao", "sun"):
        with pytest.raises((NotNow, NotPermitted)):
            assess(first(sample), who)


def test_the_draw_is_kept_so_that_it_can_be_drawn_again(house: House, closed: list[Case]) -> None:
    one, two = drawn(house), drawn(house)
    assert one.sample_hash == two.sample_hash
    assert one.number != two.number
    assert Frame.unpacked(bytes(one.frame)).cases == sorted(case.pk for case in closed)
    assert prove(actor=fresh("zhao"), sample=one)
    row = first(one)
    other = next(case for case in closed if not one.assessments.filter(case=case).exists())
    row.case = other
    row.save()
    assert not prove(actor=fresh("zhao"), sample=one), "a case was put in place of another"
    told = (
        Event.objects.filter(kind="supervision.proved").order_by("seq").values_list("data__same", flat=True)
    )
    assert list(told) == [True, False]


def test_a_case_that_was_reopened_since_does_not_change_the_draw(house: House, closed: list[Case]) -> None:
    sample = drawn(house)
    Case.objects.update(state="investigating", closed_at=None)
    assert prove(actor=fresh("zhao"), sample=sample)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"size": 0}, "size"), ({"size": 7}, "size"), ({"method": "best"}, "method")],
)
def test_a_draw_that_cannot_be_names_its_field(
    house: House, closed: list[Case], changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        drawn(house, **changes)
    assert [name for name, _ in caught.value.problems] == [field]


def test_nothing_to_draw_from_says_what_to_do(house: House, monday: datetime) -> None:
    with pytest.raises(Invalid, match="widen"):
        drawn(house)
    with pytest.raises(Invalid, match="before"):
        drawn(house, population=population(house, until=date(2020, 1, 1)))


def test_only_who_leads_supervision_there_draws(house: House, closed: list[Case]) -> None:
    for who in ("wang", "sun", "qian", "li", "chen", "zheng", "zhou"):
        with pytest.raises(NotPermitted):
            drawn(house, actor=fresh(who))
    own = population(house, unit=house.tree.east_service)
    assert drawn(house, actor=fresh("zhou"), population=own).population == 6


@pytest.mark.parametrize("who", ["wang", "zhao", "zhou"])
def test_who_had_a_part_does_not_assess(house: House, closed: list[Case], who: str) -> None:
    """王强 handled the cases, 赵静 approved the solutions, 周涛 gave them on but decided nothing."""
    row = first(drawn(house, population=population(house, unit=house.tree.east_service)))
    if who == "zhou":
        assert assess(row, "zhou").state == "assessed"
        return
    with pytest.raises(NotNow):
        assess(row, who)
    assert Assessment.objects.get(pk=row.pk).state == "waiting"


def test_a_caller_who_audits_does_not_assess_what_they_called(house: House, closed: list[Case]) -> None:
    grant_role(actor=None, person=house.sun, role=Role.AUDITOR, unit=house.tree.east)
    with pytest.raises(NotNow, match="called"):
        assess(first(drawn(house)), "sun")


def test_the_person_complained_of_does_not_assess(house: House, closed: list[Case]) -> None:
    row = first(drawn(house))
    Case.objects.filter(pk=row.case_id).update(about_person=house.qian)
    with pytest.raises(NotNow, match="complained"):
        assess(row, "qian")


def test_answers_are_kept_as_the_checklist_asks(house: House, closed: list[Case]) -> None:
    row = first(drawn(house))
    with pytest.raises(Invalid) as caught:
        assess(row, "qian", {"facts": {"answer": "no"}})
    assert [name for name, _ in caught.value.problems] == ["facts", "told"]
    done = assess(row, "qian", {**BAD, "invented": {"answer": "yes"}})
    assert done.results == {
        "facts": {"answer": "no", "remark": "没有检测记录"}, "told": {"answer": "na", "remark": ""}
    }  # fmt: skip
    assert (done.assessor, done.assessed_at) == (house.qian, clock.now())


def test_the_handler_sees_it_and_answers_once(house: House, closed: list[Case]) -> None:
    row = first(drawn(house))
    assert not assessment_actions.of_handler(house.wang).exists(), "nothing is seen before there is a result"
    row = assess(row, "qian", BAD)
    assert [each.pk for each in assessment_actions.to_answer(fresh("wang"))] == [row.pk]
    with pytest.raises(NotNow, match="Grounds"):
        advance_assessment(actor=fresh("wang"), assessment=row, name="object", facts={})
    said = {"comment": "检测记录在附件里"}
    row = advance_assessment(actor=fresh("wang"), assessment=row, name="object", facts=said)
    assert row.comment == "检测记录在附件里"
    assert not assessment_actions.to_answer(fresh("wang")).exists()
    with pytest.raises(NotNow):
        advance_assessment(actor=fresh("wang"), assessment=row, name="accept", facts={})


def test_who_decides_on_an_objection(house: House, closed: list[Case]) -> None:
    """The assessor, or who leads and had no part: 赵静 approved, and a second auditor is neither."""
    second = auditor(house)
    row = assess(first(drawn(house)), "qian", BAD)
    row = advance_assessment(actor=fresh("wang"), assessment=row, name="object", facts={"comment": "有记录"})
    assert list(assessment_actions.to_decide(fresh("qian"))) == [row]
    assert not assessment_actions.to_decide(fresh(second.username)).exists()
    for who in ("zhao", second.username, "wang"):
        with pytest.raises(NotNow):
            advance_assessment(actor=fresh(who), assessment=row, name="keep", facts={"decision": "维持"})
    facts = {"decision": "记录属实", "results": GOOD}
    done = advance_assessment(actor=fresh("qian"), assessment=row, name="change", facts=facts)
    assert (done.state, done.results["facts"]["answer"], done.decision) == ("settled", "yes", "记录属实")
    kept = AssessmentChange.objects.get()
    assert kept.before["results"]["facts"]["remark"] == "没有检测记录"
    assert kept.before["comment"] == "有记录"


def test_results_are_corrected_with_their_history(house: House, closed: list[Case]) -> None:
    row = assess(first(drawn(house)), "qian", BAD)
    row = advance_assessment(actor=fresh("wang"), assessment=row, name="accept", facts={"comment": "已改"})
    with pytest.raises(NotNow, match="Reason"):
        advance_assessment(actor=fresh("qian"), assessment=row, name="correct", facts={"results": GOOD})
    facts = {"results": GOOD, "reason": "看错了附件"}
    row = advance_assessment(actor=fresh("qian"), assessment=row, name="correct", facts=facts)
    assert (row.state, row.comment, row.results["facts"]["answer"]) == ("assessed", "", "yes")
    kept = AssessmentChange.objects.get()
    assert (kept.reason, kept.before["comment"], kept.by) == ("看错了附件", "已改", house.qian)
    again = advance_assessment(actor=fresh("wang"), assessment=row, name="accept", facts={})
    assert again.state == "accepted", "to a new result the handler may answer anew"


def test_a_sample_is_withdrawn_before_results_and_never_after(house: House, closed: list[Case]) -> None:
    sample, other = drawn(house), drawn(house)
    with pytest.raises(NotNow, match="Reason"):
        advance_sample(actor=fresh("zhao"), sample=sample, name="withdraw")
    gone = advance_sample(actor=fresh("zhao"), sample=sample, name="withdraw", facts={"reason": "范围选错"})
    assert (gone.state, gone.reason) == ("withdrawn", "范围选错")
    with pytest.raises(NotNow, match="withdrawn"):
        assess(first(gone), "qian")
    assert not assessment_actions.to_assess(fresh("qian")).filter(sample=gone).exists()
    assess(first(other), "qian")
    with pytest.raises(NotNow, match="results"):
        advance_sample(actor=fresh("zhao"), sample=other, name="withdraw", facts={"reason": "不满意"})


def test_a_sample_is_finished_when_all_is_done_and_can_be_taken_up_again(
    house: House, closed: list[Case]
) -> None:
    sample = drawn(house, size=2)
    one, two = sample.assessments.order_by("pk")
    assess(one, "qian")
    with pytest.raises(NotNow, match="not assessed"):
        advance_sample(actor=fresh("zhao"), sample=sample, name="finish")
    assess(two, "qian", BAD)
    done = advance_sample(actor=fresh("zhao"), sample=sample, name="finish")
    assert (done.state, done.ended_at) == ("finished", clock.now())
    facts = {"results": GOOD, "reason": "误判"}
    with pytest.raises(NotNow, match="finished"):
        advance_assessment(actor=fresh("qian"), assessment=two, name="correct", facts=facts)
    row = advance_assessment(actor=fresh("wang"), assessment=two, name="accept", facts={})
    assert row.state == "accepted", "the handler may still say that they have seen it"
    advance_sample(actor=fresh("zhao"), sample=sample, name="take_up", facts={"reason": "有误判"})
    row = advance_assessment(actor=fresh("qian"), assessment=two, name="correct", facts=facts)
    assert row.state == "assessed"


def test_a_sample_keeps_the_checklist_with_which_it_was_drawn(house: House, closed: list[Case]) -> None:
    sample = drawn(house)
    newer = checklist((*LIST, Criterion("more", "新的一条")))
    assert newer.number == sample.checklist.number + 1
    held = SupervisionSample.objects.get(pk=sample.pk).checklist
    assert [each.code for each in criteria_of(held.criteria)] == ["facts", "told"]
    assert assess(first(sample), "qian").state == "assessed"
    with pytest.raises(Invalid) as caught:
        drawn(house, checklist=held)
    assert caught.value.problems[0][0] == "checklist", "an earlier version is not drawn with any more"


def test_the_ready_checklist_is_there_from_the_beginning(db: None) -> None:
    (row,) = checklist_actions.offered()
    assert sum(each.must for each in criteria_of(row.criteria)) == 4
    assert checklist_actions.offered() == [row]


def test_every_step_is_booked_without_words_of_the_case(house: House, closed: list[Case]) -> None:
    sample = drawn(house)
    assess(first(sample), "qian", BAD)
    event = Event.objects.get(kind="assessment.assess")
    assert event.data == {
        "assessment": first(sample).pk,
        "sample": sample.number,
        "case": first(sample).case_id,
    }
    rule = Event.objects.get(kind="supervision.drawn").data
    assert (rule["seed"], rule["population"], rule["method"], rule["size"]) == ("spring", 6, "simple", 3)


def test_without_a_seed_one_is_made_and_kept(house: House, closed: list[Case]) -> None:
    one, two = drawn(house, seed=""), drawn(house, seed=" ")
    assert len(one.seed) == 16
    assert one.seed != two.seed


def test_the_unit_above_can_draw_for_all_below(house: House, closed: list[Case]) -> None:
    whole = drawn(house, population=population(house, unit=house.tree.group), size=6)
    assert whole.population == 6
    assert not sample_actions.size_problems(population(house).frame(), "equal", 1)
