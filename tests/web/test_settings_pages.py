"""The pages on which an organisation looks after itself."""

from __future__ import annotations

import pytest
from django.test import Client

from manyi.organisation import access
from manyi.organisation.models import CalendarDay, Event, Job, Person, RoleGrant, Setting, Unit, WorkCalendar
from manyi.organisation.roles import Role
from tests import personas
from tests.personas import PASSWORD, House, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return personas.house()


@pytest.fixture
def chen(house: House) -> Client:
    return browser_of(house.chen)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_each_person_sees_the_cards_that_they_may_use(house: House) -> None:
    expected = {
        house.chen: {"/settings/units/", "/settings/staff/", "/settings/values/", "/settings/events/"},
        house.li: {"/customers/", "/settings/lists/"},
        house.qian: {"/customers/", "/settings/events/"},
    }
    every = set().union(*expected.values())
    for person, mine in expected.items():
        page = text_of(browser_of(person), "/settings/")
        assert {path for path in every if f'href="{path}"' in page} == mine


def test_a_unit_is_added_renamed_and_taken_out_of_use(house: House, chen: Client) -> None:
    given = {"unit": house.tree.east.pk, "kind": "department", "code": "HC-E-B", "name": "二手车部"}
    assert chen.post("/settings/units/new/", given).status_code == 302
    unit = Unit.objects.get(code="HC-E-B")
    assert unit.parent == house.tree.east
    chen.post(f"/settings/units/{unit.pk}/", {"name": "二手车中心", "name_en": "", "why": "改名"})
    unit.refresh_from_db()
    assert (unit.name, unit.active) == ("二手车中心", False)
    assert "二手车中心" in text_of(chen, "/settings/units/")
    assert "Huacheng Motors" in text_of(browser_of(house.chen, language="en"), "/settings/units/")


def test_a_refused_form_keeps_what_was_typed_and_shows_the_fault_at_its_field(
    house: House, chen: Client
) -> None:
    given = {"unit": house.tree.east.pk, "kind": "department", "code": "HC-W", "name": "重号的部门"}
    response = chen.post("/settings/units/new/", given)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="重号的部门"' in page
    assert 'id="f-code-fault">部门编号“HC-W”已被使用' in page
    assert not Unit.objects.filter(name="重号的部门").exists()


def test_an_account_is_made_with_its_first_role_and_can_log_in(house: House, chen: Client) -> None:
    given = {
        "display_name": "新人", "username": "xin", "email": "", "password": PASSWORD,
        "unit": house.tree.west.pk, "role": "auditor",
    }  # fmt: skip
    chen.post("/settings/staff/new/", given)
    person = Person.objects.get(username="xin")
    assert access.may(person, "events.view", house.tree.west)
    login = Client().post("/account/login/", {"login": "xin", "password": PASSWORD})
    assert (login.status_code, login["location"]) == (302, "/")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"password": "123"}, "password"), ({"role": "king"}, "role"), ({"unit": ""}, "unit")],
)
def test_an_account_that_is_refused_leaves_nothing_behind(
    change: dict[str, str], field: str, house: House, chen: Client
) -> None:
    given = {"display_name": "新人", "username": "xin", "password": PASSWORD, "unit": "1", "role": "auditor"}
    given["unit"] = str(house.tree.west.pk)
    response = chen.post("/settings/staff/new/", given | change)
    assert response.status_code == 422
    assert f'id="f-{field}-fault"' in response.content.decode()
    assert PASSWORD not in response.content.decode()
    assert not Person.objects.filter(username="xin").exists()


def test_roles_are_granted_and_taken_back_on_the_record(house: House, chen: Client) -> None:
    path = f"/settings/staff/{house.wu.pk}/"
    chen.post(path, {"act": "grant", "role": "case_handler", "unit": house.tree.east.pk})
    grant = RoleGrant.objects.get(person=house.wu, role="case_handler")
    assert "诉求专员" in text_of(chen, path)
    chen.post(path, {"act": "revoke", "grant": grant.pk})
    assert not RoleGrant.objects.filter(pk=grant.pk).exists()
    chen.post(path, {"act": "password", "password": "rain-on-new-tiles-8"})
    assert Person.objects.get(pk=house.wu.pk).check_password("rain-on-new-tiles-8")
    chen.post(path, {"act": "close", "why": "离职"})
    assert not Person.objects.get(pk=house.wu.pk).is_active
    assert Event.objects.latest("seq").why == "离职"


def test_an_administrator_of_one_store_meets_only_its_people_and_units(house: House) -> None:
    client = browser_of(personas.staff("branch", "店管", Role.SYSTEM_ADMINISTRATOR, house.tree.west))
    page = text_of(client, "/settings/staff/")
    assert "郑凯" in page
    assert "李敏" not in page
    text_of(client, f"/settings/staff/{house.li.pk}/", 404)
    text_of(client, f"/settings/units/{house.tree.east.pk}/", 404)
    response = client.post(
        "/settings/units/new/", {"unit": house.tree.east.pk, "kind": "department", "code": "X", "name": "X"}
    )
    assert response.status_code == 422
    grant = RoleGrant.objects.get(person=house.li)
    zheng = f"/settings/staff/{house.zheng.pk}/"
    assert client.post(zheng, {"act": "revoke", "grant": grant.pk}).status_code == 404
    client.post("/settings/values/", {"organisation.name": "我的店"})
    assert not Setting.objects.exists()


def test_the_year_shows_its_days_and_how_sure_it_is(house: House, chen: Client) -> None:
    calendar = personas.china_calendar(house.tree.group)
    path = f"/settings/calendars/{calendar.pk}/"
    assert "暂定" in text_of(chen, f"{path}?year=2026")
    chen.post(f"{path}?year=2026", {"act": "load"})
    page = text_of(chen, f"{path}?year=2026")
    assert "248 个工作日" in page
    assert "官方数据" in page
    chen.post(f"{path}?year=2026", {"act": "set", "date": "2026-06-08", "working": "rest", "reason": "店庆"})
    assert CalendarDay.objects.get(date="2026-06-08").working is False
    assert "247 个工作日" in text_of(chen, f"{path}?year=2026")
    chen.post(f"{path}?year=2026", {"act": "set", "date": "2026-06-08", "working": "plain"})
    assert not CalendarDay.objects.filter(date="2026-06-08").exists()


def test_the_week_is_written_in_hours(house: House, chen: Client) -> None:
    days = {f"day{number}": "9:00-12:00，13:00–18：00" for number in range(6)} | {"day6": ""}
    chen.post("/settings/calendars/new/", {"unit": house.tree.east.pk, "name": "六天", **days})
    calendar = WorkCalendar.objects.get()
    assert calendar.weekly == [[[540, 720], [780, 1080]]] * 6 + [[]]
    path = f"/settings/calendars/{calendar.pk}/week/"
    assert 'value="09:00-12:00, 13:00-18:00"' in text_of(chen, path)
    response = chen.post(path, {"name": "六天", **days, "day2": "nine to five"})
    assert response.status_code == 422
    assert 'id="f-day2-fault"' in response.content.decode()


def test_settings_are_saved_together_or_not_at_all(house: House, chen: Client) -> None:
    given = {"organisation.name": "华诚汽车", "privacy.minimum_group": "0"}
    response = chen.post("/settings/values/", given)
    assert response.status_code == 422
    assert not Setting.objects.exists()
    chen.post("/settings/values/", given | {"privacy.minimum_group": "8"})
    assert dict(Setting.objects.values_list("key", "value")) == {
        "organisation.name": "华诚汽车",
        "privacy.minimum_group": 8,
    }
    assert "华诚汽车" in text_of(chen, "/settings/")


def test_segments_and_products_are_added(house: House) -> None:
    boss = browser_of(personas.staff("boss", "总调", Role.SURVEY_MANAGER, house.tree.group))
    boss.post("/settings/lists/", {"list": "segment", "code": "vip", "name": "贵宾", "name_en": "VIP"})
    boss.post("/settings/lists/", {"list": "product", "code": "ev5", "name": "电动五号"})
    page = text_of(boss, "/settings/lists/")
    assert "贵宾" in page
    assert "电动五号" in page
    branch = browser_of(house.li)
    assert 'name="code"' not in text_of(branch, "/settings/lists/")
    assert branch.post("/settings/lists/", {"list": "segment", "code": "x", "name": "X"}).status_code == 403


def test_the_log_is_read_filtered_and_proved(house: House) -> None:
    qian = browser_of(house.qian)
    page = text_of(qian, "/settings/events/?kind=role.granted&who=")
    assert "授予角色" in page
    assert "新建部门</td>" not in page
    assert "都完整" in text_of(qian, "/settings/events/?verify=1")
    Event.objects.filter(seq=3).update(why="改过")
    assert "第 3 条" in text_of(qian, "/settings/events/?verify=1")
    assert "没有找到" in text_of(qian, "/settings/events/?since=2001-01-01&until=2001-01-02")
    text_of(qian, "/settings/events/?unit=abc&since=x&page=999")


def test_a_job_is_watched_and_stopped_by_whoever_started_it(house: House) -> None:
    job = Job.objects.create(
        kind="customers.import", state="running", done=3, total=9, unit=house.tree.east,
        created_by=house.li, created_at=house.li.date_joined,
    )  # fmt: skip
    li = browser_of(house.li)
    assert "3 / 9" in text_of(li, f"/settings/jobs/{job.pk}/")
    fragment = li.get(f"/settings/jobs/{job.pk}/", headers={"hx-request": "true"}).content.decode()
    assert fragment.strip().startswith('<div id="job"')
    text_of(browser_of(house.zheng), f"/settings/jobs/{job.pk}/", 404)
    assert "customers.import" in text_of(browser_of(house.chen), "/settings/jobs/")
    li.post(f"/settings/jobs/{job.pk}/")
    assert Job.objects.get().stop_asked


def test_an_unknown_act_is_told_not_crashed(house: House, chen: Client) -> None:
    calendar = personas.china_calendar(house.tree.group)
    for path in (
        f"/settings/staff/{house.wu.pk}/",
        f"/settings/calendars/{calendar.pk}/",
        "/settings/lists/",
    ):
        assert chen.post(path, {"act": "explode", "list": "x"}).status_code in (302, 403)
    assert Event.objects.filter(kind="role.revoked").count() == 0
