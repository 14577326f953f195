"""Rules of routing and absences in the browser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from manyi.cases.actions import advance, register
from manyi.cases.models import Absence, Case, Category, RoutingRule
from manyi.cases.routing_actions import RuleFacts, save_rule
from tests.cases.house import fresh
from tests.personas import House, browser_of


@pytest.fixture
def case(house: House, monday: datetime) -> Case:
    made = register(
        actor=house.wu, unit=house.tree.east_service, kind="complaint", channel="phone", subject="空调不凉",
        body="要求修好", category=Category.objects.get(code="service.quality"),
    )  # fmt: skip
    return advance(case=made, name="acknowledge", actor=house.zhou)


def page(person: Any, address: str) -> str:
    response = browser_of(person).get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def test_a_rule_is_made_tried_moved_changed_and_deleted(case: Case, house: House) -> None:
    zhou = browser_of(house.zhou)
    given = {
        "name": "空调",
        "unit": house.tree.east_service.pk,
        f"person-{house.wang.pk}": "yes",
        "active": "yes",
    }
    nobody = zhou.post("/cases/routing/new/", {"name": "空调", "unit": house.tree.east_service.pk})
    assert "请选择承办部门,或勾选承办人。" in nobody.content.decode()
    zhou.post("/cases/routing/new/", given)
    rule = RoutingRule.objects.get()
    assert "王强" in page(house.zhou, "/cases/routing/")
    tried = page(house.zhou, f"/cases/routing/?number={case.number}")
    assert "承办中 0 件" in tried
    described = page(house.zhou, f"/cases/routing/?unit={house.tree.east_service.pk}&kind=help&severity=low")
    assert "承办中 0 件" in described
    assert "没有这个编号的诉求" in page(house.zhou, "/cases/routing/?number=1999-1")
    zhou.post(f"/cases/routing/{rule.pk}/move/", {"way": "up"})
    zhou.post(f"/cases/routing/{rule.pk}/", given | {"name": "空调和暖风", "assigns": "yes"})
    rule.refresh_from_db()
    assert (rule.name, rule.assigns, rule.order) == ("空调和暖风", True, 1)
    zhou.post(f"/cases/routing/{rule.pk}/delete/")
    assert not RoutingRule.objects.exists()


def test_the_form_of_assigning_has_the_suggested_handler_with_the_reason(case: Case, house: House) -> None:
    save_rule(actor=house.zhou, facts=RuleFacts("空调", house.tree.east_service, people=(fresh("second"),)))
    shown = page(house.zhou, f"/cases/{case.pk}/")
    assert f'<option value="{fresh("second").pk}" selected>' in shown
    assert "推荐 冯磊:承办中 0 件(规则“空调”)。" in shown


def test_everybody_notes_their_own_days_and_the_head_those_of_the_unit(
    house: House, monday: datetime
) -> None:
    days = {"from_on": "2026-03-02", "until_on": "2026-03-04"}
    wu, zhou = browser_of(house.wu), browser_of(house.zhou)
    assert wu.post("/me/absences/", days | {"person": str(house.wang.pk)}).status_code == 422
    wrong = wu.post("/me/absences/", days | {"until_on": "2026-03-01"})
    assert "结束日期不能早于开始日期" in wrong.content.decode()
    wu.post("/me/absences/", days)
    zhou.post("/me/absences/", days | {"person": str(house.wu.pk), "note": "年假"})
    assert Absence.objects.filter(person=house.wu).count() == 2
    assert "年假" in page(house.wu, "/me/absences/")
    assert "今天外出" in page(house.zhou, "/me/absences/")
    first = Absence.objects.filter(by=house.wu).get()
    assert browser_of(house.wang).post(f"/me/absences/{first.pk}/end/").status_code == 404
    zhou.post(f"/me/absences/{first.pk}/end/")
    assert Absence.objects.count() == 1
