"""What belongs to one person: language, time zone, and what the search finds for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from manyi.organisation import clock
from manyi.organisation.models import Person
from tests import personas
from tests.personas import House, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return personas.house()


def test_the_language_switches_for_a_person_and_stays(house: House) -> None:
    client = browser_of(house.li)
    assert "我的偏好" in client.get("/me/").content.decode()
    response = client.post("/me/language/", {"language": "en", "next": "/me/"})
    assert (response.status_code, response["location"]) == (302, "/me/")
    assert "My preferences" in client.get("/me/").content.decode()
    assert Person.objects.get(pk=house.li.pk).language == "en"


def test_the_language_switches_before_logging_in(client: Client) -> None:
    assert "登录" in client.get("/account/login/", headers={"accept-language": "zh-CN"}).content.decode()
    client.post("/me/language/", {"language": "en", "next": "/account/login/"})
    assert "Log in" in client.get("/account/login/", headers={"accept-language": "zh-CN"}).content.decode()


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_switch_never_leads_to_another_site(goal: str, client: Client) -> None:
    assert client.post("/me/language/", {"language": "en", "next": goal})["location"] == "/"


def test_an_unknown_language_changes_nothing(house: House) -> None:
    client = browser_of(house.li)
    response = client.post("/me/language/", {"language": "xx", "next": "/me/"})
    assert response.status_code == 302
    assert "django_language" not in response.cookies
    assert Person.objects.get(pk=house.li.pk).language == ""


def test_times_are_shown_where_the_person_is(house: House) -> None:
    with clock.at(datetime(2026, 3, 2, 1, 30, tzinfo=UTC)):
        row = personas.customer(house.tree.east, "K1")
    client, path = browser_of(house.li), f"/customers/{row.pk}/"
    assert "2026-03-02 09:30" in client.get(path).content.decode()
    client.post("/me/", {"language": "", "time_zone": "America/New_York"})
    assert "2026-03-01 20:30" in client.get(path).content.decode()
    assert client.post("/me/", {"language": "", "time_zone": "Mars/Base"}).status_code == 422
    assert Person.objects.get(pk=house.li.pk).time_zone == "America/New_York"


def test_the_search_finds_only_what_the_person_may_see(house: House) -> None:
    here = personas.customer(house.tree.east, "K1", "何芳", phone="13800000001")
    there = personas.customer(house.tree.west, "K2", "何芳菲")
    page = browser_of(house.li).get("/search/", {"q": "何芳"}).content.decode()
    assert f"/customers/{here.pk}/" in page
    assert f"/customers/{there.pk}/" not in page
    assert "没有找到" in browser_of(house.wu).get("/search/", {"q": "何芳"}).content.decode()
    assert f"/settings/staff/{house.li.pk}/" in browser_of(house.chen).get("/search/?q=李敏").content.decode()
    assert browser_of(house.li).get("/search/?q=").status_code == 200
