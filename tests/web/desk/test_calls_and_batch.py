"""The desk of the call-back and the acts on several cases, in the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from manyi.cases.actions import advance, register
from manyi.cases.models import Case
from tests.cases.house import walk
from tests.personas import House, browser_of


@pytest.fixture
def new(house: House, monday: datetime) -> Callable[[str], Case]:
    def make(subject: str) -> Case:
        return register(
            actor=house.wu, unit=house.tree.east_service, kind="complaint", channel="phone",
            subject=subject, body="要求免费修好", contact_name="王女士", contact_phone="13800000000",
        )  # fmt: skip

    return make


def test_one_customer_after_another(new: Callable[[str], Case], house: House, monday: datetime) -> None:
    first, second = (walk(new(subject), house, "hand_over") for subject in ("空调", "异响"))
    sun = browser_of(house.sun)
    assert sun.get("/cases/due/next/")["location"] == f"/cases/due/{first.pk}/"
    page = sun.get(f"/cases/due/{first.pk}/").content.decode()
    for words in ("要求免费修好", "已为您免费更换压缩机。", "请问您的问题解决了吗?", "tel:13800000000"):
        assert words in page
    assert sun.get(f"/cases/due/next/?after={first.pk}")["location"] == f"/cases/due/{second.pk}/"
    half = sun.post(f"/cases/due/{first.pk}/", {"outcome": "reached", "resolved": "yes"})
    assert half.status_code == 422
    assert "已接通时" in half.content.decode()
    noted = sun.post(f"/cases/due/{first.pk}/", {"outcome": "reached", "resolved": "yes", "satisfied": "yes"})
    assert noted["location"] == f"/cases/due/{first.pk}/"
    assert "办结" in sun.get(f"/cases/due/{first.pk}/").content.decode()
    sun.post(f"/cases/due/{first.pk}/end/", {"act": "close"})
    first.refresh_from_db()
    assert first.state == "closed"
    again = (monday + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sun.post(f"/cases/due/{second.pk}/", {"outcome": "later", "again_at": again})
    assert second.call_backs.get().again_at == monday + timedelta(days=1)
    assert "稍后再打" in sun.get("/cases/due/").content.decode()
    assert sun.get("/cases/due/next/")["location"] == "/cases/due/"


def test_nobody_calls_about_their_own_case(new: Callable[[str], Case], house: House) -> None:
    case = walk(new("空调"), house, "hand_over")
    Case.objects.filter(pk=case.pk).update(owner=house.sun)
    sun = browser_of(house.sun)
    assert sun.get(f"/cases/due/{case.pk}/").status_code == 422
    assert sun.get("/cases/due/next/")["location"] == "/cases/due/"


def test_ticked_cases_are_looked_at_and_then_done(new: Callable[[str], Case], house: House) -> None:
    cases = [new("空调"), new("异响")]
    advance(case=cases[1], name="acknowledge", actor=house.zhou)
    zhou, ticked = browser_of(house.zhou), [case.pk for case in cases]
    assert zhou.post("/cases/batch/", {"case": ticked}).status_code == 302
    looked = zhou.post("/cases/batch/", {"case": ticked, "do": "acknowledge"}).content.decode()
    assert "可以办理" in looked
    assert "当前状态是“已受理”" in looked
    assert Case.objects.filter(state="acknowledged").count() == 1
    done = zhou.post("/cases/batch/", {"case": ticked, "do": "acknowledge", "step": "go"}).content.decode()
    assert "已办 1 件。" in done
    assert Case.objects.filter(state="acknowledged").count() == 2
    asked = zhou.post("/cases/batch/", {"case": ticked, "do": "assign"}).content.decode()
    assert "按派单规则" in asked
