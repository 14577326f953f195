"""Supervision in the browser: counting, drawing, assessing, answering, deciding, the file, the checklists."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.contrib.messages import get_messages

from manyi.cases.models import Assessment, Case, Checklist, SupervisionSample
from manyi.cases.supervision import checklist_actions
from manyi.cases.supervision.rules import criteria_of
from manyi.improvement.models import Finding
from tests.cases.house import fresh
from tests.personas import House, browser_of
from tests.web.desk.due import case_at

DRAW = {
    "since": "2026-03-01",
    "until": "2026-03-02",
    "method": "simple",
    "size": "1",
    "seed": "spring",
}


@pytest.fixture
def case(house: House, monday: datetime) -> Case:
    """A complaint that went the whole way."""
    return case_at(house, "close")


@pytest.fixture
def drawn(house: House, case: Case) -> Assessment:
    """It is drawn."""
    chosen = checklist_actions.offered()[0].pk
    post("zhao", "/cases/samples/new/", **DRAW, unit=house.tree.east.pk, checklist=chosen, act="draw")
    return Assessment.objects.get()


def shown(username: str, address: str, status: int = 200, language: str = "zh-hans") -> str:
    response = browser_of(fresh(username), language=language).get(address)
    assert response.status_code == status, response
    return re.sub(r"\s+", " ", response.content.decode())


def post(username: str, address: str, **given: Any) -> Any:
    return browser_of(fresh(username)).post(
        address, given, headers={"referer": f"http://testserver{address}"}
    )


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def answers(row: Assessment, **changed: str) -> dict[str, str]:
    """Yes to everything but what is changed; a "no" gets a remark."""
    given: dict[str, str] = {}
    for each in criteria_of(row.sample.checklist.criteria):
        answer = changed.get(each.code, "yes")
        given |= {f"answer-{each.code}": answer, f"remark-{each.code}": "没有记录" if answer == "no" else ""}
    return given


def act(username: str, row: Assessment, name: str, **given: str) -> Any:
    return post(username, f"/cases/samples/cases/{row.pk}/act/", act=name, **given)


def test_before_drawing_one_sees_how_many_there_are_and_how_sure_it_will_be(house: House, case: Case) -> None:
    chosen = checklist_actions.offered()[0].pk
    given = {**DRAW, "unit": house.tree.east.pk, "checklist": chosen, "act": "count"}
    page = post("zhao", "/cases/samples/new/", **given)
    text = re.sub(r"\s+", " ", page.content.decode())
    assert "符合条件的办结诉求有 1 件" in text
    assert "100.0% 至 100.0%" in text
    assert 'value="spring"' in text, "what was filled in stays"
    assert not SupervisionSample.objects.exists()
    too_many = post("zhao", "/cases/samples/new/", **{**given, "size": "5"}).content.decode()
    assert "数量请填写 1 到 1" in too_many


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"size": "x"}, "数量请填写"),
        ({"since": "soon"}, "请填写日期"),
        ({"until": "2026-02-01"}, "结束日期早于"),
        ({"since": "2020-01-01", "until": "2020-01-02"}, "没有办结的诉求"),
        ({"checklist": "0"}, "请选择评查标准"),
        ({"unit": "0"}, "请选择部门"),
    ],
)
def test_what_cannot_be_drawn_comes_back_with_its_reason(
    house: House, case: Case, wrong: dict[str, str], words: str
) -> None:
    chosen = checklist_actions.offered()[0].pk
    given = {**DRAW, "unit": house.tree.east.pk, "checklist": chosen, "act": "draw", **wrong}
    page = post("zhao", "/cases/samples/new/", **given)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'value="spring"' in page.content.decode()


def test_the_record_says_how_it_was_drawn_and_proves_it(drawn: Assessment) -> None:
    page = shown("qian", f"/cases/samples/{drawn.sample_id}/")
    for words in ("spring", drawn.sample.frame_hash, "简单随机", "从 1 件中抽取 1 件", "还没有评查结果"):
        assert words in page
    assert "结果一致" in told(post("qian", f"/cases/samples/{drawn.sample_id}/prove/"))


def test_from_the_draw_to_the_decision(house: House, drawn: Assessment) -> None:
    assert "待评查" in shown("qian", "/")
    assert "请由其他人评查" in shown("zhao", f"/cases/samples/cases/{drawn.pk}/")
    follow = browser_of(fresh("qian")).get("/cases/samples/next/")
    assert follow["Location"] == f"/cases/samples/cases/{drawn.pk}/"
    missing = act("qian", drawn, "assess", **{"answer-facts": "no", "remark": "先看这里"})
    assert missing.status_code == 422
    text = missing.content.decode()
    assert "第 1 条请选择" in text
    assert "先看这里" in text, "what was filled in stays"
    assert Assessment.objects.get().state == "waiting"
    act("qian", drawn, "assess", **answers(drawn, call="no", told="na"))
    assert "督查结果待反馈" in shown("wang", "/")
    mine = shown("wang", "/cases/samples/mine/")
    assert "不合格" in mine
    page = shown("wang", f"/cases/samples/cases/{drawn.pk}/")
    assert "没有记录" in page
    without = act("wang", drawn, "object", comment=" ")
    assert without.status_code == 422
    act("wang", drawn, "object", comment="有录音,编号 8812")
    assert "督查异议待裁定" in shown("qian", "/")
    changed = {**answers(drawn), "decision": "录音属实"}
    act("qian", drawn, "change", **changed)
    row = Assessment.objects.get()
    assert (row.state, row.results["call"]["answer"]) == ("settled", "yes")
    page = shown("wang", f"/cases/samples/cases/{drawn.pk}/", language="en")
    assert "录音属实" in page
    assert "Objection decided" in page
    record = shown("zhao", f"/cases/samples/{drawn.sample_id}/")
    assert "100.0%" in record
    post("zhao", f"/cases/samples/{drawn.sample_id}/act/", act="finish")
    assert SupervisionSample.objects.get().state == "finished"


def test_a_handler_sees_nothing_of_others_and_nothing_before_the_result(
    house: House, drawn: Assessment
) -> None:
    address = f"/cases/samples/cases/{drawn.pk}/"
    shown("wang", address, 404)
    act("qian", drawn, "assess", **answers(drawn))
    shown("wang", address)
    shown("second", address, 404)
    shown("zheng", address, 404)
    assert "还没有被抽查" in shown("second", "/cases/samples/mine/")


def test_the_door_below_the_screen_is_shut_too(drawn: Assessment) -> None:
    """Whoever approved the case posts the form all the same."""
    refused = act("zhao", drawn, "assess", **answers(drawn))
    assert refused.status_code == 422
    assert "回避" in refused.content.decode()
    assert Assessment.objects.get().state == "waiting"


def test_a_required_criterion_that_failed_becomes_a_finding_once(drawn: Assessment) -> None:
    act("qian", drawn, "assess", **answers(drawn, facts="no", told="no"))
    address = f"/cases/samples/cases/{drawn.pk}/finding/"
    page = shown("zhao", f"/cases/samples/cases/{drawn.pk}/")
    assert page.count("列为改进项") == 1, "only for what must be fulfilled"
    for _ in range(2):
        post("zhao", address, criterion="facts")
    finding = Finding.objects.get()
    assert (finding.source, list(finding.cases.all())) == ("audit", [drawn.case])
    assert finding.number in shown("zhao", f"/cases/samples/cases/{drawn.pk}/")
    assert "请选择一条" in told(post("zhao", address, criterion="told"))


def test_a_correction_keeps_what_was_there(drawn: Assessment) -> None:
    act("qian", drawn, "assess", **answers(drawn, facts="no"))
    act("qian", drawn, "correct", **answers(drawn), reason="看错了附件")
    page = shown("qian", f"/cases/samples/cases/{drawn.pk}/")
    assert "看错了附件" in page
    assert "不符合" in page


def test_the_file_holds_figures_cases_and_the_rule_without_a_contact(drawn: Assessment) -> None:
    act("qian", drawn, "assess", **answers(drawn, call="no"))
    answer = browser_of(fresh("zhao")).get(f"/cases/samples/{drawn.sample_id}/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    figures, cases, rule = (list(sheet.values) for sheet in book.worksheets)
    assert figures[1][:9] == ("合格", None, "全部", 0, 0, 0, 1, 1, "hypergeometric 95 %")
    assert cases[1][0] == drawn.case.number
    assert ("种子", "spring") in rule
    text = str([figures, cases, rule])
    assert "王女士" not in text
    assert "13800000000" not in text


def test_a_checklist_is_changed_into_a_new_version(house: House, drawn: Assessment) -> None:
    first = Checklist.objects.get()
    assert 'value="事实查清,证据附齐"' in shown("chen", f"/settings/cases/checklists/{first.pk}/")
    kept = {"name": "新标准", "code_0": "told", "text_0": "受理告知", "weight_0": "3", "must_0": "yes",
            "code_1": "", "text_1": "录音完整", "weight_1": ""}  # fmt: skip
    address = f"/settings/cases/checklists/{first.pk}/"
    post("chen", address, **kept)
    second = Checklist.objects.get(number=2)
    assert [(each.code, each.weight, each.must) for each in criteria_of(second.criteria)] == [
        ("told", 3.0, True),
        ("c1", 1.0, False),
    ]
    assert SupervisionSample.objects.get().checklist == first
    assert "v2" in shown("chen", "/settings/cases/checklists/")
    wrong = post("chen", address, name="", text_0="甲", weight_0="many", text_1="甲")
    assert wrong.status_code == 422
    for words in ("请填写名称", "权重请填写", "与前面重复"):
        assert words in wrong.content.decode()
    assert Checklist.objects.count() == 2


def test_a_checklist_is_put_out_of_use_and_back(house: House, monday: datetime) -> None:
    row = checklist_actions.offered()[0]
    for active in (False, True):
        post("chen", f"/settings/cases/checklists/{row.pk}/switch/")
        assert Checklist.objects.get().active is active
    post("chen", "/settings/cases/checklists/new/", code="phone", name="电话标准", text_0="礼貌用语")
    assert {each.code for each in checklist_actions.offered()} == {"handling", "phone"}
