"""Cases in the browser, as the people who work with them meet them."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django.fixtures import Settings

from manyi.cases.actions import add_message, advance, register
from manyi.cases.models import Case, Category
from manyi.organisation import clock
from manyi.organisation.models import Person
from tests import personas, survey_world
from tests.cases.house import facts_for, fresh, walk
from tests.cases.low_scores import answered, strict_round
from tests.personas import House, browser_of
from tests.survey_world import START


@pytest.fixture
def case(house: House, monday: datetime) -> Case:
    return register(
        actor=house.wu,
        unit=house.tree.east_service,
        kind="complaint",
        channel="phone",
        subject="空调修了两次还是不凉",
        body="要求免费修好",
        contact_name="王女士",
        contact_phone="13800000000",
    )


def shown(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def post(person: Person, address: str, **given: Any) -> Any:
    return browser_of(person).post(address, given, headers={"referer": f"http://testserver{address}"})


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_call_is_typed_in_for_a_customer_who_was_looked_up(house: House, monday: datetime) -> None:
    customer = personas.customer(house.tree.east, "K1", "何芳", phone="13800000001")
    sun = browser_of(house.sun)
    assert "何芳" in shown(sun, "/cases/new/?q=00000001")
    address = f"/cases/new/?customer={customer.pk}"
    assert 'value="13800000001"' in shown(sun, address)
    given = {
        "kind": "complaint",
        "channel": "phone",
        "unit": house.tree.east.pk,
        "body": "漏油",
        "severity": "high",
    }
    given |= {"confidentiality": "named", "contact_phone": "13800000001", "received_at": "2026-03-02T08:10"}
    response = sun.post(address, given)
    case = Case.objects.get()
    assert response["location"] == f"/cases/{case.pk}/"
    assert (case.customer, case.severity, case.received_at) == (
        customer,
        "high",
        monday - timedelta(minutes=80),
    )


def test_a_form_with_mistakes_comes_back_with_everything_that_was_typed(
    house: House, monday: datetime
) -> None:
    response = post(
        house.wu, "/cases/new/", kind="complaint", subject="漏油", body="", received_at="2026-03-03T08:00"
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="漏油"' in page
    assert "请选择部门" in page
    assert Case.objects.count() == 0


def test_the_page_of_a_case_shows_the_clock_and_the_next_act(case: Case, house: House) -> None:
    page = shown(browser_of(house.zhou), f"/cases/{case.pk}/")
    assert "受理:第 0/1 个工作日" in page
    assert 'name="act" value="acknowledge"' in page
    assert "13800000000" in page
    english = browser_of(house.zhou, language="en").get(f"/cases/{case.pk}/").content.decode()
    assert "Accept: working day 0 of 1" in english


def test_an_auditor_reads_the_case_but_not_the_person(case: Case, house: House) -> None:
    page = shown(browser_of(house.qian), f"/cases/{case.pk}/")
    assert "空调修了两次还是不凉" in page
    assert not [word for word in ("王女士", "13800000000", case.tracking_code) if word in page]
    assert 'name="act"' not in page


def test_the_other_shop_sees_nothing(case: Case, house: House) -> None:
    outsider = browser_of(house.zheng)
    assert outsider.get(f"/cases/{case.pk}/").status_code == 404
    assert case.number not in shown(outsider, "/cases/?tab=all")


def test_the_whole_way_in_the_browser(case: Case, house: House, monday: datetime) -> None:
    address = f"/cases/{case.pk}/act/"
    category = Category.objects.get(code="service.quality").pk
    steps: list[tuple[Person, dict[str, Any]]] = [
        (house.zhou, {"act": "acknowledge", "message": ""}),
        (house.zhou, {"act": "assign", "owner": house.wang.pk, "category": category, "severity": "normal"}),
        (house.wang, {"act": "start", "note": "已联系"}),
        (house.wang, {"act": "pause", "waiting_for": "parts", "expected": "2026-03-05"}),
        (house.wang, {"act": "resume"}),
        (house.wang, {"act": "propose", **facts_for("propose", house)}),
        (house.zhao, {"act": "approve", "note": "同意"}),
        (house.wang, {"act": "execute"}),
        (house.wang, {"act": "finish", "evidence": "工单 8812"}),
        (house.wang, {"act": "answer", "message": "已修好"}),
        (house.sun, {"act": "hand_over"}),
        (house.sun, {"act": "call", "outcome": "reached", "resolved": "yes", "satisfied": "yes"}),
        (house.sun, {"act": "close"}),
    ]
    for number, (who, given) in enumerate(steps):
        with clock.at(monday + timedelta(minutes=number)):
            response = post(fresh(who.username), address, **given)
            assert told(response) == "已完成。", (given, told(response))
    case.refresh_from_db()
    assert case.state == "closed"
    page = shown(browser_of(house.zhou), f"/cases/{case.pk}/")
    told_in_order = [
        "登记诉求",
        "受理",
        "派单",
        "暂停等待",
        "费用 1200",
        "免费更换压缩机",
        "同意",
        "工单 8812",
        "已修好",
        "记录回访",
        "办结",
    ]
    places = [page.index(words, page.index("办理经过")) for words in told_in_order]
    assert places == sorted(places)


def test_a_refused_step_says_why_and_brings_the_person_back(case: Case, house: House) -> None:
    response = post(house.wang, f"/cases/{case.pk}/act/", act="close")
    assert response.status_code == 302
    assert "当前状态是“已登记”" in told(response)
    assert "没有“fly”这一步" in told(post(house.wang, f"/cases/{case.pk}/act/", act="fly"))


def test_an_unreadable_date_is_told_by_its_field(case: Case, house: House) -> None:
    case = walk(case, house, "start")
    response = post(
        fresh("wang"), f"/cases/{case.pk}/act/", act="pause", waiting_for="parts", expected="soon"
    )
    assert "“预计到”填写有误" in told(response)


def test_the_proposer_is_not_offered_the_approval(case: Case, house: House) -> None:
    case = walk(case, house, "propose")
    assert 'value="approve"' in shown(browser_of(house.zhao), f"/cases/{case.pk}/")
    assert 'value="approve"' not in shown(browser_of(house.wang), f"/cases/{case.pk}/")


def test_lists_tabs_filters_and_search(case: Case, house: House, monday: datetime) -> None:
    zhou = browser_of(house.zhou)
    assert case.number in shown(zhou, "/cases/?tab=all&q=空调")
    assert case.number in shown(zhou, f"/cases/?tab=all&kind=complaint&state=registered&unit={case.unit_id}")
    for query in ("q=刹车", "kind=praise", "state=closed", "category=1", "unit=99999"):
        assert case.number not in shown(zhou, f"/cases/?tab=all&{query}")
    with clock.at(monday + timedelta(days=3)):
        assert case.number in shown(zhou, "/cases/?tab=overdue")
        assert "已超期" in shown(zhou, f"/cases/{case.pk}/")


def test_the_export_holds_what_the_list_shows_and_no_contact(case: Case, house: House) -> None:
    response = browser_of(house.zhou).get("/cases/export.xlsx?tab=all")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("编号", "类型")
    assert rows[1][:4] == (case.number, "投诉", "电话", case.subject)
    assert "13800000000" not in str(rows)


def test_whom_to_call_with_the_number_to_dial(case: Case, house: House) -> None:
    sun = browser_of(house.sun)
    assert "现在没有要回访的顾客" in shown(sun, "/cases/due/")
    walk(case, house, "hand_over")
    page = shown(sun, "/cases/due/")
    assert "tel:13800000000" in page


def test_a_note_stays_inside_and_a_message_goes_out(case: Case, house: House) -> None:
    post(house.zhou, f"/cases/{case.pk}/message/", body="供应商慢", direction="internal")
    post(house.zhou, f"/cases/{case.pk}/message/", body="正在订配件", direction="out")
    assert list(case.messages.values_list("direction", flat=True)) == ["in", "internal", "out"]


def test_a_case_becomes_a_finding_once(case: Case, house: House) -> None:
    first = post(house.zhou, f"/cases/{case.pk}/finding/")
    again = post(house.zhou, f"/cases/{case.pk}/finding/")
    assert first["location"] == again["location"]
    assert case.subject in shown(browser_of(house.zhou), first["location"])


def test_who_is_complained_of_is_named_and_kept_away(case: Case, house: House) -> None:
    given = {
        "subject": case.subject,
        "urgency": "normal",
        "severity": "high",
        "category": "",
        "about_person": house.wang.pk,
    }
    assert post(house.zhou, f"/cases/{case.pk}/describe/", **given).status_code == 302
    advance(case=case, name="acknowledge", actor=house.zhou)
    page = shown(browser_of(house.zhou), f"/cases/{case.pk}/")
    assert f'<option value="{house.wang.pk}">{house.wang}' not in page
    assert f'<option value="{fresh("second").pk}">冯磊' in page


def test_today_leads_each_person_to_their_work(case: Case, house: House, monday: datetime) -> None:
    assert f"/cases/{case.pk}/" in shown(browser_of(house.zhou), "/")
    assert "今天没有待办事项" in shown(browser_of(house.wu), "/")
    case = walk(case, house, "propose")
    assert "待我审批" in shown(browser_of(house.zhao), "/")
    assert "我承办的" in shown(browser_of(house.wang), "/")
    add_message(actor=None, case=case, direction="in", body="怎么样了?")
    with clock.at(monday + timedelta(minutes=5)):
        add_message(actor=None, case=case, direction="in", body="请尽快")
        assert "顾客来信" in shown(browser_of(house.wang), "/")
    with clock.at(monday + timedelta(days=30)):
        assert "已超期" in shown(browser_of(house.wang), "/")


def test_categories_and_deadlines_are_kept_by_the_administrator(house: House, monday: datetime) -> None:
    page = shown(browser_of(house.chen), "/settings/cases/")
    assert "售后服务 / 等待时间" in page
    assert "个工作日" in page
    post(
        house.chen, "/settings/cases/categories/new/", code="service.shuttle", name="接送", name_en="Shuttle"
    )
    row = Category.objects.get(code="service.shuttle")
    parent = Category.objects.get(code="service")
    post(
        house.chen,
        f"/settings/cases/categories/{row.pk}/",
        name="代步车",
        name_en="Shuttle",
        parent=parent.pk,
    )
    row.refresh_from_db()
    assert (row.name, row.parent) == ("代步车", parent)


def test_new_deadlines_are_a_new_version(case: Case, house: House) -> None:
    address = f"/settings/cases/deadlines/{case.policy_id}/"
    units = {f"{name}_unit": "working_days" for name in ("acknowledge", "respond", "resolve", "call_back")}
    bad = post(house.chen, address, name="新", resolve_amount="0", **units)
    assert bad.status_code == 422
    assert post(house.chen, address, name="新", resolve_amount="5", **units).status_code == 302
    assert "v2" in shown(browser_of(house.chen), "/settings/cases/")


def test_a_case_from_a_low_score_leads_to_the_answers_of_a_named_round_only(
    settings: Settings, tmp_path: Path, db: None
) -> None:
    settings.SNAPSHOTS = tmp_path / "snapshots"
    with clock.at(START):
        world = survey_world.build()
        sheet = answered(strict_round(world=world)[0], grade=2, recommend=1)
        page = shown(browser_of(world.director), f"/cases/{Case.objects.get().pk}/")
        assert f"/surveys/responses/{sheet.pk}/" in page
        assert "40 D" in page
        sheet.round.anonymous = True
        sheet.round.save()
        assert "/surveys/responses/" not in shown(
            browser_of(world.director), f"/cases/{Case.objects.get().pk}/"
        )


def test_who_may_not_see_contacts_cannot_search_them_either(case: Case, house: House) -> None:
    for words in ("13800000000", "王女士"):
        assert case.number in shown(browser_of(house.zhou), f"/cases/?tab=all&q={words}")
        assert case.number not in shown(browser_of(house.qian), f"/cases/?tab=all&q={words}")
