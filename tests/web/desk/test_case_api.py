"""Work around a case by the API: the same actions, access and refusals as the pages."""

from __future__ import annotations

from datetime import datetime

import pytest

from manyi.cases.actions import advance, register
from manyi.cases.models import Case
from tests.cases.house import USUAL_WAY, facts_for, fresh, walk
from tests.personas import House, browser_of
from tests.web.test_api import got, sent


@pytest.fixture
def investigated(house: House, monday: datetime) -> Case:
    """A case under investigation by 王强 on an ordinary Monday."""
    case = register(
        actor=house.wu, unit=house.tree.east_service, kind="complaint", channel="phone",
        subject="空调不凉", body="修了两次仍不制冷", contact_phone="13800000000",
    )  # fmt: skip
    return walk(case, house, "start")


def test_what_is_written_in_a_case_is_read_and_added(house: House, investigated: Case) -> None:
    wang, path = browser_of(fresh("wang")), f"cases/{investigated.pk}/messages"
    made = sent(wang, path, {"direction": "internal", "body": "已查工单"})
    assert (made["direction"], made["by"]) == ("internal", str(house.wang))
    assert sent(wang, path, {"direction": "out", "body": "请周三到店"})["direction"] == "out"
    assert [row["body"] for row in got(wang, path)["rows"]][-2:] == ["已查工单", "请周三到店"]
    assert sent(wang, path, {"direction": "in", "body": "冒充顾客"}, 422)["error"]["field"] == "direction"
    assert sent(wang, path, {"direction": "out", "body": " "}, 422)["error"]["field"] == "body"
    sent(browser_of(fresh("qian")), path, {"direction": "internal", "body": "x"}, 403)
    got(browser_of(fresh("zheng")), path, 404)


def test_a_department_is_asked_and_answers(house: House, investigated: Case) -> None:
    wang, zhou = browser_of(fresh("wang")), browser_of(fresh("zhou"))
    data = {"unit": "HC-E-A", "text": "请提供工单", "amount": 2}
    task = sent(wang, f"cases/{investigated.pk}/tasks", data)
    assert (task["state"], task["unit"], task["case"]) == ("open", "HC-E-A", investigated.number)
    assert [row["id"] for row in got(zhou, "tasks?state=open")["rows"]] == [task["id"]]
    assert sent(zhou, f"tasks/{task['id']}/answer", {"text": " "}, 422)["error"]["field"] == "text"
    done = sent(zhou, f"tasks/{task['id']}/answer", {"text": "工单 8790"}, 200)
    assert (done["state"], done["met"], done["answer"]) == ("answered", True, "工单 8790")
    sent(zhou, f"tasks/{task['id']}/answer", {"text": "再答"}, 422)
    other = sent(wang, f"cases/{investigated.pk}/tasks", data)
    assert sent(wang, f"tasks/{other['id']}/withdraw", {"text": "不需要了"}, 200)["state"] == "withdrawn"
    assert got(wang, f"cases/{investigated.pk}/tasks")["total"] == 2
    sent(wang, f"cases/{investigated.pk}/tasks", data | {"unit": "none"}, 404)


def test_demands_are_listed_and_answered_one_by_one(house: House, investigated: Case) -> None:
    wang, path = browser_of(fresh("wang")), f"cases/{investigated.pk}/demands"
    first, second = sent(wang, path, {"texts": ["免费修好", "说明\n原因"]}, 200)
    assert second["text"] == "说明 原因"
    given = {"outcome": "granted", "answer": "免费更换"}
    assert sent(wang, f"demands/{first['id']}/answer", given, 200)["outcome"] == "granted"
    assert sent(wang, f"demands/{second['id']}/answer", given | {"outcome": "?"}, 422)["error"]["field"]
    assert [row["outcome"] for row in got(wang, path)] == ["granted", ""]


def test_more_time_is_asked_for_and_decided_by_somebody_else(house: House, investigated: Case) -> None:
    wang, zhao = browser_of(fresh("wang")), browser_of(fresh("zhao"))
    path = f"cases/{investigated.pk}/extensions"
    asked = sent(wang, path, {"amount": 3, "reason": "等配件"})
    decision = f"extensions/{asked['id']}/decision"
    sent(wang, decision, {"granted": True}, 403)
    assert sent(zhao, decision, {"granted": False}, 422)["error"]["field"] == "note"
    assert sent(zhao, decision, {"granted": True}, 200)["decision"] == "granted"
    assert [row["decided_by"] for row in got(wang, path)] == [str(house.zhao)]


def test_a_call_back_is_recorded(house: House, investigated: Case) -> None:
    case = investigated
    for name, who in USUAL_WAY[3:9]:
        case = advance(case=case, name=name, actor=fresh(who), facts=facts_for(name, house))
    sun, path = browser_of(fresh("sun")), f"cases/{case.pk}/call-backs"
    assert sent(sun, path, {"outcome": "reached"}, 422)["error"]["zh"]
    made = sent(sun, path, {"outcome": "reached", "resolved": True, "satisfied": False, "comment": "等太久"})
    assert (made["outcome"], made["satisfied"], made["by"]) == ("reached", False, str(house.sun))
    assert got(sun, path) == [made]
    sent(browser_of(fresh("wang")), path, {"outcome": "no_answer"}, 403)
