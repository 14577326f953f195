"""The API: the same access and the same actions as the pages, and every refusal told in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from manyi.cases.models import Case
from manyi.customers.models import Customer
from manyi.distribution import actions as distribution
from manyi.organisation import clock
from manyi.organisation.models import Event
from manyi.responses.models import Response
from manyi.surveys.round_actions import advance_round
from tests import personas, survey_world
from tests.personas import House, browser_of
from tests.survey_world import GOOD_ANSWERS, START

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def house() -> House:
    return personas.house()


def got(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(f"/api/{path}")
    assert response.status_code == status, response.content
    return response.json()


def sent(client: Client, path: str, data: Any, status: int = 201) -> Any:
    response = client.post(f"/api/{path}", data, content_type=JSON)
    assert response.status_code == status, response.content
    return response.json()


def test_nobody_comes_in_without_logging_in(client: Client) -> None:
    assert got(client, "units", 401)["error"]["en"] == "Please log in first."


def test_a_post_from_another_site_is_refused(house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.li, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/api/customers", {"unit": "HC-E", "code": "K1"}, content_type=JSON)
    assert response.status_code == 403
    assert not Customer.objects.exists()


def test_units_are_those_where_the_person_has_a_role(house: House) -> None:
    assert [row["code"] for row in got(browser_of(house.li), "units")["rows"]] == ["HC-E", "HC-E-S", "HC-E-A"]
    assert got(browser_of(house.chen), "units?limit=2&offset=1")["total"] == 7


def test_customers_are_added_read_and_masked(house: House) -> None:
    li = browser_of(house.li)
    data = {"unit": "HC-E-S", "code": "K1", "name": "何芳", "phone": "138 0000 0001"}
    made = sent(li, "customers", data)
    assert made["contacts"] == {"phone": "138 0000 0001"}
    assert got(li, "customers?text=何芳")["total"] == 1
    assert got(browser_of(house.wang), f"customers/{made['id']}")["contacts"] == {"phone": "138****0001"}
    assert "看不到的部门" in got(browser_of(house.zheng), f"customers/{made['id']}", 404)["error"]["zh"]
    assert got(browser_of(house.wu), "customers", 403)["error"]["en"].startswith("Your role does not permit")
    assert Event.objects.latest("seq").kind == "customer.created"


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"phone": "138"}, 422, "phone"),
        ({"code": ""}, 422, "code"),
        ({"code": "K" * 61}, 422, "code"),
        ({"segments": ["ghost"]}, 422, "segments"),
        ({"segments": "vip"}, 422, "segments"),
        ({"unit": "HC-W"}, 404, ""),
    ],
)
def test_what_is_wrong_is_told_by_field(
    change: dict[str, Any], status: int, field: str, house: House
) -> None:
    data = {"unit": "HC-E", "code": "K1"} | change
    error = sent(browser_of(house.li), "customers", data, status)["error"]
    assert error["field"] == field
    assert error["zh"]
    assert error["en"] != error["zh"]
    assert not Customer.objects.exists()


@pytest.mark.parametrize("part", ["limit=0", "limit=501", "offset=-1", "limit=x"])
def test_a_slice_has_bounds(part: str, house: House) -> None:
    error = got(browser_of(house.li), f"customers?{part}", 422)["error"]
    assert error["field"] == part.partition("=")[0]


def test_the_log_is_read_by_who_may(house: House) -> None:
    rows = got(browser_of(house.qian), "events?kind=role.granted&limit=3")
    assert rows["rows"][0]["words"] == {"zh": "授予角色", "en": "Role granted"}
    assert rows["total"] == 10
    got(browser_of(house.li), "events", 403)


def test_a_case_is_registered_and_taken_one_step_further(house: House) -> None:
    wang = browser_of(house.wang)
    data = {
        "unit": "HC-E-A",
        "kind": "complaint",
        "channel": "phone",
        "subject": "等候太久",
        "body": "等了三小时",
    }
    made = sent(wang, "cases", data | {"contact_name": "何芳", "contact_phone": "13800000001"})
    assert "acknowledge" in made["acts"]
    path = f"cases/{made['id']}"
    assert sent(wang, f"{path}/acts", {"name": "acknowledge"}, 200)["state"] != made["state"]
    assert got(wang, path)["contact"]["name"] == "何芳"
    assert got(browser_of(house.qian), path)["contact"] == {}
    assert got(wang, "cases?text=等候")["total"] == 1
    got(browser_of(house.zheng), path, 404)
    for name in ("explode", "close"):
        error = sent(wang, f"{path}/acts", {"name": name}, 422)["error"]
        assert error["zh"]
    assert sent(wang, "cases", data | {"kind": "poem"}, 422)["error"]["field"] == "kind"
    assert sent(wang, "cases", data | {"body": " "}, 422)["error"]["field"] == "body"
    assert Case.objects.count() == 1


def test_findings_are_listed(house: House) -> None:
    assert got(browser_of(house.zhao), "findings?state=detected") == {"total": 0, "rows": []}
    got(browser_of(house.wu), "findings", 403)


def test_answers_from_another_system_go_through_the_same_evaluator() -> None:
    world = survey_world.build()
    with clock.at(START):
        advance_round(actor=world.manager, round=world.round, name="open", facts={})
        link = distribution.create_open_link(
            actor=world.manager, round=world.round, unit=world.shop, label="前台"
        )
        manager = browser_of(world.manager)
        path = f"rounds/{world.round.pk}/responses"
        bad = GOOD_ANSWERS | {"recommend": "11"}
        problems = sent(manager, path, {"open_link": link.token, "answers": bad}, 422)["error"]["problems"]
        assert [problem["field"] for problem in problems] == ["recommend"]
        receipt = sent(manager, path, {"open_link": link.token, "answers": GOOD_ANSWERS})["receipt"]
        assert Response.objects.get(receipt=receipt).scores.count() == 1
        [row] = got(manager, f"responses?round={world.round.pk}")["rows"]
        assert (row["receipt"], row["answers"]["satisfied"]) == (receipt, 4)
        figures = got(manager, f"rounds/{world.round.pk}/figures")
        assert (figures["responses"], figures["headlines"]["csat"]["suppressed"]) == (1, True)
        sent(manager, path, {"open_link": "unknown", "answers": {}}, 404)
    outsider = browser_of(world.outsider)
    sent(outsider, path, {"open_link": link.token, "answers": GOOD_ANSWERS}, 404)
    got(outsider, f"rounds/{world.round.pk}/figures", 404)
    assert got(outsider, "rounds")["total"] == 0
    assert got(outsider, "responses")["total"] == 0


def test_many_sheets_come_in_one_request_each_with_its_result() -> None:
    world = survey_world.build()
    with clock.at(START):
        advance_round(actor=world.manager, round=world.round, name="open", facts={})
        link = distribution.create_open_link(
            actor=world.manager, round=world.round, unit=world.shop, label="前台"
        )
        good = {"open_link": link.token, "answers": GOOD_ANSWERS}
        bad = {**good, "answers": {**GOOD_ANSWERS, "recommend": "11"}}
        sheets = [good, bad, {**good, "open_link": "unknown"}, {"answers": {}}, good]
        path = f"rounds/{world.round.pk}/responses/batch"
        results = sent(browser_of(world.manager), path, {"sheets": sheets}, 200)["results"]
    receipts = [each["receipt"] for each in results]
    assert [bool(receipt) for receipt in receipts] == [True, False, False, False, True]
    assert results[1]["error"]["problems"][0]["field"] == "recommend"
    assert (results[2]["error"]["field"], results[3]["error"]["field"]) == ("invitation", "invitation")
    kept = Response.objects.filter(state="submitted").values_list("receipt", flat=True)
    assert set(kept) == {receipts[0], receipts[4]}
    event = Event.objects.get(kind="response.handed_in")
    assert event.actor == world.manager
    assert set(event.data["responses"]) == set(kept.values_list("pk", flat=True))


def test_answers_of_an_anonymous_round_are_shown_to_nobody() -> None:
    world = survey_world.build(anonymous=True)
    with clock.at(START):
        advance_round(actor=world.manager, round=world.round, name="open", facts={})
        link = distribution.create_open_link(
            actor=world.manager, round=world.round, unit=world.shop, label="前台"
        )
        manager = browser_of(world.manager)
        data = {"open_link": link.token, "answers": GOOD_ANSWERS}
        sent(manager, f"rounds/{world.round.pk}/responses", data)
    assert got(manager, "responses")["total"] == 0


def test_the_description_of_the_api_names_every_route(client: Client) -> None:
    paths = got(client, "openapi.json")["paths"]
    assert {"/api/units", "/api/customers/{pk}", "/api/cases/{pk}/tasks", "/api/findings"} <= set(paths)
