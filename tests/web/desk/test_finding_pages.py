"""Findings in the browser: from the missed target to the proven effect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from pytest_django.fixtures import Settings

from manyi.improvement.models import Cause, CorrectiveAction, Finding
from manyi.organisation import clock, events
from manyi.organisation.models import Person
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import fresh
from tests.improvement import rounds
from tests.personas import browser_of
from tests.survey_world import START, World, build

LATER = START + timedelta(days=60)


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> Iterator[World]:
    settings.SNAPSHOTS = tmp_path / "snapshots"
    with clock.at(START):
        made = build(customers_count=0)
        personas.china_calendar(made.house.tree.group, 2026)
        personas.staff("head", "韩冰", Role.DEPARTMENT_HEAD, made.shop)
        yield made


def shown(person: Person, address: str, language: str = "") -> str:
    response = browser_of(person, language=language).get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def post(person: str, address: str, **given: Any) -> str:
    client = browser_of(fresh(person))
    response = client.post(address, given, headers={"referer": f"http://testserver{address}"})
    assert response.status_code == 302, response
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_the_circle_closes_in_the_browser(world: World) -> None:
    scheme = rounds.strict_scheme(world)
    rounds.play(world, scheme, "一季度", [1, 2, 2, 3] * 8)
    events.dispatch_pending()
    finding = Finding.objects.get()
    page, act = f"/improvement/{finding.pk}/", f"/improvement/{finding.pk}/act/"
    assert finding.number in shown(world.manager, "/improvement/")
    assert "等候" in shown(world.manager, page)
    assert post("li", act, act="confirm", owner=world.manager.pk) == "已完成。"
    assert post("li", act, act="analyse") == "已完成。"
    assert "请写下原因" in shown(world.manager, page)
    post("li", f"{page}causes/", text="不分时段", fishbone="method", whys="同时到店\n没有预约时段")
    cause = Cause.objects.get()
    assert cause.whys == ["同时到店", "没有预约时段"]
    post("li", f"/improvement/causes/{cause.pk}/prove/", proof="到店记录")
    post("li", act, act="plan")
    given = {"text": "按半小时预约", "owner": fresh("head").pk, "due_on": "2026-03-20"}
    assert post("li", f"/improvement/causes/{cause.pk}/actions/", **given) == "已完成。"
    assert "待我审批" in shown(world.director, "/")
    assert "不能由制定人" not in post("zhao", act, act="approve")
    post("head", act, act="implement")
    assert "我的整改措施" in shown(fresh("head"), "/")
    post("head", f"/improvement/actions/{CorrectiveAction.objects.get().pk}/done/", evidence="预约表")
    post("head", act, act="verify")
    assert "整改后还没有新的一轮调查" in shown(world.director, page)
    after = rounds.play(world, scheme, "二季度", [4, 5, 5, 4] * 8, at=LATER)
    with clock.at(LATER + timedelta(days=5)):
        assert "待验证的整改效果" in shown(world.director, "/")
        post("zhao", f"{page}check/", after=after.pk, note="")
        assert "改善超出偶然波动" in shown(world.director, page)
        assert "more than chance" in shown(world.director, page, "en")
        post("zhao", act, act="close", systemic="预约制度第 3 版")
    finding.refresh_from_db()
    assert finding.state == "closed"


def test_a_finding_by_hand_gets_its_metric_from_a_closed_round(world: World) -> None:
    scheme = rounds.strict_scheme(world)
    row = rounds.play(world, scheme, "一季度", [4] * 6)
    post("li", "/improvement/new/", title="休息区太吵", unit=world.shop.pk, source="manual")
    finding = Finding.objects.get(source="manual")
    assert f'value="{row.pk}:csat:"' in shown(world.manager, f"/improvement/{finding.pk}/")
    assert "请选择指标" in post("li", f"/improvement/{finding.pk}/metric/", metric="what")
    post("li", f"/improvement/{finding.pk}/metric/", metric=f"{row.pk}:item_mean:reception.waiting")
    finding.refresh_from_db()
    assert finding.metric == {"id": "item_mean", "item": "reception.waiting"}
    assert "等候" in shown(world.manager, f"/improvement/{finding.pk}/")


def test_the_lists_and_what_an_outsider_sees(world: World) -> None:
    post("li", "/improvement/new/", title="休息区太吵", unit=world.shop.pk, source="audit")
    finding = Finding.objects.get()
    for tab in ("board", "open", "all"):
        assert "休息区太吵" in shown(world.manager, f"/improvement/?tab={tab}")
        assert "休息区太吵" not in shown(world.outsider, f"/improvement/?tab={tab}")
    assert browser_of(world.outsider).get(f"/improvement/{finding.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "given", "words"),
    [
        ("causes/", {"text": "人少", "fishbone": ""}, "选择类别"),
        ("act/", {"act": "plan"}, "当前状态是“已发现”"),
        ("act/", {"act": "confirm", "owner": ""}, "请填写“负责人”"),
    ],
)
def test_what_is_missing_is_said(address: str, given: dict[str, str], words: str, world: World) -> None:
    post("li", "/improvement/new/", title="休息区太吵", unit=world.shop.pk, source="audit")
    assert words in post("li", f"/improvement/{Finding.objects.get().pk}/{address}", **given)
