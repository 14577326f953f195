"""Things that are due at 东城店售后部 in the week of Monday 2026-03-02."""

from __future__ import annotations

from datetime import date

from manyi.cases import task_actions
from manyi.cases.actions import register
from manyi.cases.models import Case, SideTask
from manyi.improvement.actions import add_cause, advance, detect, plan_action
from manyi.improvement.models import CorrectiveAction
from tests.cases.house import fresh, walk
from tests.personas import House


def case_at(house: House, until: str, subject: str = "空调修了两次还是不凉") -> Case:
    """A complaint of 王女士 on the usual way."""
    case = register(
        actor=house.wu,
        unit=house.tree.east_service,
        kind="complaint",
        channel="phone",
        subject=subject,
        body="要求免费修好",
        contact_name="王女士",
        contact_phone="13800000000",
    )
    return walk(case, house, until)


def task_for(house: House, case: Case) -> SideTask:
    """Sales is asked for its part, within two working days."""
    return task_actions.ask(
        actor=fresh("wang"),
        case=case,
        unit=house.tree.east_sales,
        text="请提供购车合同",
        amount=2,
        amount_unit="working_days",
    )


def action_of(house: House, owner: str, due_on: date) -> CorrectiveAction:
    """A corrective action that is being carried out."""
    zhao, zhou = fresh("zhao"), fresh("zhou")
    unit = house.tree.east_service
    finding = detect(actor=zhao, unit=unit, source="manual", title="高峰排队")
    advance(finding=finding, name="confirm", actor=zhao, facts={"owner": zhou.pk})
    finding = advance(finding=finding, name="analyse", actor=zhao)
    cause = add_cause(actor=zhou, finding=finding, text="不分时段", fishbone="method", proof="到店记录")
    finding = advance(finding=finding, name="plan", actor=zhou)
    action = plan_action(actor=zhou, cause=cause, text="按时段预约", owner=fresh(owner), due_on=due_on)
    advance(finding=finding, name="approve", actor=zhao)
    advance(finding=finding, name="implement", actor=zhou)
    return action
