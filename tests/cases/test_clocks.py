"""Deadlines of cases over China's working year: golden dates, pauses, frozen results, a changed calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manyi.cases import extension_actions
from manyi.cases.actions import advance
from manyi.cases.clocks import readings, refresh
from manyi.cases.models import Case
from manyi.cases.policy_actions import recompute_clocks, save_policy
from manyi.cases.tasks import hand_over_answered, resume_waiting
from manyi.organisation import clock, events
from manyi.organisation.actions import grant_role
from manyi.organisation.calendar_actions import load_china_year, set_day
from manyi.organisation.errors import Invalid, NotPermitted
from manyi.organisation.roles import Role
from tests.cases.house import Register, at, facts_for, fresh, walk
from tests.personas import House


def resolve_due(case: Case) -> datetime | None:
    return next(reading.due.at for reading in readings(case) if reading.name == "resolve")


@pytest.mark.parametrize(
    ("received", "answer_by"),
    [
        ("2025-12-25", "2026-01-09"),
        ("2026-01-02", "2026-01-15"),
        ("2026-02-10", "2026-03-02"),
        ("2026-04-28", "2026-05-14"),
        ("2026-09-18", "2026-10-09"),
        ("2026-09-28", "2026-10-16"),
    ],
)
def test_ten_working_days_for_the_answer(received: str, answer_by: str, new_case: Register) -> None:
    with clock.at(at(f"{received}T10:00")):
        assert resolve_due(new_case()) == at(f"{answer_by}T18:00")


def test_a_deadline_that_reaches_an_unknown_year_is_provisional(new_case: Register) -> None:
    with clock.at(at("2026-12-25T10:00")):
        case = new_case()
    assert case.provisional
    with clock.at(at("2026-03-02T10:00")):
        assert not new_case().provisional


def test_waiting_for_the_customer_moves_the_answer_but_not_the_acceptance(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "start")
    assert resolve_due(case) == at("2026-03-16T18:00")
    with clock.at(at("2026-03-03T08:00")):
        case = advance(case=case, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
        assert (case.due_at, case.due_clock) == (None, "resolve")
    with clock.at(at("2026-03-05T08:00")):
        case = advance(case=case, name="resume", actor=fresh("wang"))
    assert case.due_at == at("2026-03-18T18:00")


def test_a_pause_over_a_weekend_adds_nothing(new_case: Register, house: House) -> None:
    with clock.at(at("2026-03-13T17:50")):  # a Friday
        case = walk(new_case(), house, "start")
        due = case.due_at
        waits = facts_for("pause", house, expected=date(2026, 3, 16))
    with clock.at(at("2026-03-13T18:30")):
        case = advance(case=case, name="pause", actor=fresh("wang"), facts=waits)
    with clock.at(at("2026-03-16T08:30")):
        assert advance(case=case, name="resume", actor=fresh("wang")).due_at == due


def test_waiting_ends_by_itself_when_the_expected_day_is_over(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "start")
    case = advance(case=case, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
    with clock.at(at("2026-03-06T23:00")):
        assert resume_waiting() == 0
    with clock.at(at("2026-03-07T00:10")):
        assert resume_waiting() == 1
    case.refresh_from_db()
    assert (case.state, case.pauses.get().until_at) == ("investigating", at("2026-03-07T00:10"))


def test_an_answered_case_goes_to_the_call_back_on_the_next_working_day(
    new_case: Register, house: House
) -> None:
    with clock.at(at("2026-03-06T16:00")):  # a Friday
        case = walk(new_case(), house, "answer")
    with clock.at(at("2026-03-08T12:00")):
        assert hand_over_answered() == 0
    with clock.at(at("2026-03-09T00:05")):
        assert hand_over_answered() == 1
    case.refresh_from_db()
    assert (case.state, case.due_clock, case.due_at) == ("call_back", "call_back", at("2026-03-09T18:00"))


def test_a_late_answer_is_frozen_as_late_and_stays_so(new_case: Register, house: House) -> None:
    with clock.at(at("2026-03-02T10:00")):
        case = walk(new_case(), house, "finish")
    with clock.at(at("2026-03-20T10:00")):
        case = advance(case=case, name="answer", actor=fresh("wang"), facts=facts_for("answer", house))
    result = case.clock_results.get(name="resolve")
    assert not result.met
    assert (int(result.used), result.amount, result.due_at) == (14, 10, at("2026-03-16T18:00"))


def test_the_arrival_of_the_official_year_moves_open_deadlines(new_case: Register, house: House) -> None:
    with clock.at(at("2026-03-02T10:00")):
        case = new_case()
        before = case.due_at
        set_day(
            actor=house.chen,
            calendar=house.tree.group.calendar,
            date=date(2026, 3, 3),
            working=False,
            reason="停电",
        )
        events.dispatch_pending()
    case.refresh_from_db()
    assert (before, case.due_at) == (at("2026-03-03T18:00"), at("2026-03-04T18:00"))


def test_recomputing_tells_how_many_moved(new_case: Register, house: House, monday: datetime) -> None:
    new_case()
    assert recompute_clocks(actor=None, unit=house.tree.group) == 0
    house.tree.group.calendar.days.create(date=date(2026, 3, 3), working=False)
    assert recompute_clocks(actor=None, unit=house.tree.group) == 1
    load_china_year(actor=None, calendar=house.tree.group.calendar, year=2026)
    assert recompute_clocks(actor=None, unit=house.tree.group) == 1


def test_recomputing_many_reads_what_each_case_hangs_on(
    new_case: Register, house: House, monday: datetime, django_assert_num_queries: Any
) -> None:
    """Pauses, granted extensions, outside bodies, reviews, stopped clocks: as the case itself has them."""
    waits = walk(new_case(), house, "start")
    advance(case=waits, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
    resumed = walk(new_case(), house, "start")
    advance(case=resumed, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
    with clock.at(at("2026-03-05T08:00")):
        advance(case=Case.objects.get(pk=resumed.pk), name="resume", actor=fresh("wang"))
    extended = walk(new_case(), house, "start")
    asked = extension_actions.ask(actor=fresh("wang"), case=extended, amount=5, reason="等配件")
    extension_actions.decide(actor=fresh("zhao"), extension=asked, granted=True)
    outside = walk(new_case(), house, "start")
    outside.externals.create(
        body="12315", opened_on=monday.date(), due_at=at("2026-03-04T12:00"), by=house.zhao, at=monday
    )
    reviewed = walk(new_case(), house, "close")
    advance(case=reviewed, name="ask_review", actor=fresh("sun"), facts=facts_for("ask_review", house))
    new_case()
    recompute_clocks(actor=None, unit=house.tree.group)  # the outside body was entered behind its back
    wanted = {case.pk: (case.due_at, case.due_clock) for case in Case.objects.all()}
    assert len(set(wanted.values())) == 6
    Case.objects.update(due_at=None, due_clock="")
    with CaptureQueriesContext(connection) as statements:
        assert recompute_clocks(actor=None, unit=house.tree.group) == 6
    assert {case.pk: (case.due_at, case.due_clock) for case in Case.objects.all()} == wanted
    assert not any(refresh(case) for case in Case.objects.all())
    for _ in range(4):
        new_case()
    Case.objects.update(due_at=None)
    with django_assert_num_queries(len(statements)):
        recompute_clocks(actor=None, unit=house.tree.group)


def test_new_deadlines_hold_for_new_cases_only(new_case: Register, house: House, monday: datetime) -> None:
    old = new_case()
    targets = {"resolve": {"amount": 5, "unit": "calendar_days"}}
    save_policy(actor=house.chen, code="standard", name="新时限", unit=house.tree.group, targets=targets)
    case = new_case()
    assert case.due_at == at("2026-03-07T23:59:59.999999")
    recompute_clocks(actor=None, unit=house.tree.group)
    old.refresh_from_db()
    assert (old.due_clock, old.policy.number, case.policy.number) == ("acknowledge", 1, 2)


def test_a_solution_may_have_a_deadline_of_its_own(
    house: House, new_case: Register, monday: datetime
) -> None:
    """It waits with the answer, is met by the first proposal, and does not begin anew when sent back."""
    targets = {
        "propose": {"amount": 5, "unit": "working_days"},
        "resolve": {"amount": 10, "unit": "working_days"},
    }
    save_policy(actor=house.chen, code="standard", name="方案 5 日", unit=house.tree.group, targets=targets)
    case = walk(new_case(), house, "start")
    assert (case.due_at, case.due_clock) == (at("2026-03-09T18:00"), "propose")
    with clock.at(at("2026-03-03T08:00")):
        case = advance(case=case, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
    with clock.at(at("2026-03-05T08:00")):
        case = advance(case=case, name="resume", actor=fresh("wang"))
    assert (case.due_at, case.due_clock) == (at("2026-03-11T18:00"), "propose")
    with clock.at(at("2026-03-06T10:00")):
        case = advance(case=case, name="propose", actor=fresh("wang"), facts=facts_for("propose", house))
        assert case.due_clock == "resolve"
        case = advance(case=case, name="send_back", actor=fresh("zhao"), facts=facts_for("send_back", house))
        assert case.due_clock == "resolve"
    result = case.clock_results.get(name="propose")
    assert result.met
    assert float(result.used) == 2


def test_a_shop_may_have_deadlines_of_its_own(new_case: Register, house: House, monday: datetime) -> None:
    targets = {"acknowledge": {"amount": 120, "unit": "minutes"}}
    save_policy(actor=house.chen, code="east", name="城东", unit=house.tree.east_service, targets=targets)
    assert new_case().due_at == at("2026-03-02T11:30")
    assert new_case(actor=None, unit=house.tree.west).due_at == at("2026-03-03T18:00")


def test_the_same_name_at_one_shop_leaves_the_deadlines_of_another_alone(
    new_case: Register, house: House, monday: datetime
) -> None:
    hours = {"acknowledge": {"amount": 120, "unit": "minutes"}}
    days = {"acknowledge": {"amount": 3, "unit": "working_days"}}
    save_policy(actor=house.chen, code="own", name="城东", unit=house.tree.east, targets=hours)
    save_policy(actor=house.chen, code="own", name="城西", unit=house.tree.west, targets=days)
    assert new_case().due_at == at("2026-03-02T11:30")
    assert new_case(actor=None, unit=house.tree.west).due_at == at("2026-03-05T18:00")


def test_deadlines_are_set_by_administrators_and_make_sense(house: House, monday: datetime) -> None:
    with pytest.raises(NotPermitted):
        save_policy(actor=house.zhao, code="x", name="x", unit=house.tree.group, targets={})
    wrong = {"resolve": {"amount": 0, "unit": "working_days"}, "respond": {"amount": 1, "unit": "moons"}}
    with pytest.raises(Invalid) as caught:
        save_policy(actor=house.chen, code="x", name="x", unit=house.tree.group, targets=wrong)
    assert [field for field, _ in caught.value.problems] == ["resolve", "respond"]


def test_a_role_granted_above_counts_below(house: House, new_case: Register, monday: datetime) -> None:
    grant_role(actor=None, person=house.wu, role=Role.CASE_HANDLER, unit=house.tree.group)
    case = advance(case=new_case(), name="acknowledge", actor=fresh("zhou"))
    facts = facts_for("assign", house, owner=house.wu.pk)
    case = advance(case=case, name="assign", actor=fresh("zhou"), facts=facts)
    assert case.owner == house.wu
    assert case.due_at == monday.replace(hour=18, minute=0) + timedelta(days=1)
