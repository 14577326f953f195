"""Supervision samples by the API: the pages' own actions, access and refusals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from manyi.cases.models import Assessment, Case, SupervisionSample
from tests.cases.house import fresh
from tests.personas import House, browser_of
from tests.web.desk.due import case_at
from tests.web.test_api import got, sent


@pytest.fixture
def case(house: House, monday: datetime) -> Case:
    """A complaint that went the whole way."""
    return case_at(house, "close")


def by(username: str) -> Client:
    return browser_of(fresh(username))


def drawing(**changes: Any) -> dict[str, Any]:
    """A draw as a program asks for it."""
    chosen = got(by("zhao"), "checklists")[0]["id"]
    given = {"unit": "HC-E", "since": "2026-03-01", "until": "2026-03-02", "size": 1, "checklist": chosen}
    return {**given, "seed": "spring", **changes}


def answers(**changed: str) -> dict[str, dict[str, str]]:
    codes = [each["code"] for each in got(by("qian"), "checklists")[0]["criteria"]]
    given = {code: changed.get(code, "yes") for code in codes}
    return {
        code: {"answer": answer, "remark": "没有记录" if answer == "no" else ""}
        for code, answer in given.items()
    }


@pytest.fixture
def drawn(case: Case) -> dict[str, Any]:
    """Its sample, as the API gave it out."""
    made: dict[str, Any] = sent(by("zhao"), "samples", drawing())
    return made


def test_a_sample_is_drawn_listed_read_and_proved(drawn: dict[str, Any], case: Case) -> None:
    row = SupervisionSample.objects.get()
    assert (drawn["number"], drawn["seed"], drawn["population"], drawn["size"]) == (
        row.number,
        "spring",
        1,
        1,
    )
    assert (drawn["frame_hash"], drawn["sample_hash"]) == (row.frame_hash, row.sample_hash)
    assert drawn["acts"] == ["withdraw"]
    assert got(by("qian"), "samples")["rows"] == [{**drawn, "acts": []}]
    assert got(by("qian"), f"samples/{row.pk}")["checklist"] == row.checklist.code
    assert sent(by("qian"), f"samples/{row.pk}/proof", {}, 200) == {"same": True}
    (waiting,) = got(by("qian"), f"samples/{row.pk}/assessments?state=waiting")["rows"]
    assert (waiting["case"], waiting["points"], waiting["acts"]) == (case.number, None, ["assess"])
    assert got(by("zhao"), f"assessments/{waiting['id']}")["acts"] == [], "who approved it assesses nothing"


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"size": 5}, 422, "size"),
        ({"size": 0}, 422, "size"),
        ({"since": "soon"}, 422, "since"),
        ({"until": "2026-02-01"}, 422, "until"),
        ({"since": "2020-01-01", "until": "2020-01-02"}, 422, "since"),
        ({"kind": "poem"}, 422, "kind"),
        ({"method": "chance"}, 422, "method"),
        ({"checklist": 0}, 422, "checklist"),
        ({"unit": "HC-W"}, 422, "since"),
        ({"unit": "nowhere"}, 404, ""),
    ],
)
def test_what_cannot_be_drawn_names_its_field(
    case: Case, change: dict[str, Any], status: int, field: str
) -> None:
    assert sent(by("zhao"), "samples", drawing(**change), status)["error"]["field"] == field
    assert not SupervisionSample.objects.exists()


@pytest.mark.every_database
def test_from_the_draw_to_the_decision(drawn: dict[str, Any]) -> None:
    row = Assessment.objects.get()
    path = f"assessments/{row.pk}/acts"
    got(by("wang"), f"assessments/{row.pk}", 404)
    without = {**answers(), "facts": {"answer": "no", "remark": ""}}
    refused = sent(by("qian"), path, {"name": "assess", "results": without}, 422)
    assert refused["error"]["field"] == "facts"
    sent(by("qian"), path, {"name": "assess", "results": {"facts": {"answer": "yes"}}}, 422)
    sent(by("zhao"), path, {"name": "assess", "results": answers()}, 422)
    assert Assessment.objects.get().state == "waiting"
    found = sent(by("qian"), path, {"name": "assess", "results": answers(call="no"), "remark": "见录音"}, 200)
    assert (found["state"], found["passed"], found["results"]["call"]["remark"]) == (
        "assessed",
        False,
        "没有记录",
    )
    assert [each["case"] for each in got(by("wang"), "assessments?state=assessed")["rows"]] == [
        row.case.number
    ]
    assert sent(by("wang"), path, {"name": "object"}, 422)["error"]["zh"]
    sent(by("wang"), path, {"name": "object", "comment": "有录音", "results": answers()}, 422)
    assert sent(by("wang"), path, {"name": "object", "comment": "有录音"}, 200)["state"] == "objected"
    given = {"name": "change", "results": answers(), "decision": "录音属实"}
    settled = sent(by("qian"), path, given, 200)
    assert (settled["state"], settled["points"], settled["decision"]) == ("settled", 1.0, "录音属实")
    shares = {each["criterion"]: each for each in got(by("qian"), f"samples/{row.sample_id}/shares")}
    assert (shares[""]["whole"]["value"], shares["call"]["whole"]["n"]) == (1.0, 1)
    assert list(shares["call"]["units"]) == ["HC-E-A"]


def test_who_leads_finishes_withdraws_and_nobody_else(drawn: dict[str, Any]) -> None:
    path = f"samples/{drawn['id']}/acts"
    sent(by("qian"), path, {"name": "withdraw", "facts": {"reason": "x"}}, 403)
    sent(by("zhao"), path, {"name": "dance"}, 422)
    assert sent(by("zhao"), path, {"name": "finish"}, 422)["error"]["zh"]
    done = sent(by("zhao"), path, {"name": "withdraw", "facts": {"reason": "选错了部门"}}, 200)
    assert (done["state"], done["reason"], done["acts"]) == ("withdrawn", "选错了部门", [])
    got(by("zheng"), f"samples/{drawn['id']}", 404)
    got(by("wang"), "samples", 403)
