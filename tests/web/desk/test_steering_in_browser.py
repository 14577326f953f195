"""In a real browser the board renews itself, and the map is read on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.cases.actions import register
from manyi.cases.models import Category
from manyi.cases.policy_actions import install_defaults
from manyi.organisation.models import Person, Unit
from tests import personas
from tests.personas import House, browser_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def house(transactional_db: None, settings: Settings, tmp_path: Path) -> House:
    settings.SNAPSHOTS = tmp_path / "snapshots"
    made = personas.house()
    install_defaults()
    return made


def came(unit: Unit, code: str = "service.quality") -> None:
    register(
        actor=None, unit=unit, kind="complaint", channel="phone", subject="空调不凉", body="修了两次",
        category=Category.objects.get(code=code),
    )  # fmt: skip


def opened(browser: Browser, server: LiveServer, person: Person, address: str, *, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
    key = browser_of(person).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.url}])
    page = context.new_page()
    page.clock.install()
    page.goto(f"{server.url}{address}")
    return page


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("room", ["light", "dark"])
def test_the_board_renews_itself_and_says_when_it_could_not(
    house: House, browser: Browser, live_server: LiveServer, room: str
) -> None:
    came(house.tree.east_service)
    page = opened(browser, live_server, house.zhao, f"/cases/board/?room={room}", width=1920)
    first = page.locator(".number p").first
    assert first.inner_text() == "1"
    assert serious(page) == []
    came(house.tree.west_service)
    page.clock.fast_forward(61_000)
    expect(first).to_have_text("2")
    page.context.set_offline(True)
    page.clock.fast_forward(61_000)
    expect(page.locator(".stale")).to_be_visible()
    assert first.inner_text() == "2", "the old figures stay"
    page.context.set_offline(False)
    page.clock.fast_forward(61_000)
    expect(page.locator(".stale")).to_be_hidden()
    letters = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.number h2')).fontSize)")
    assert letters >= 32, "2 cm high on a screen of 55 inches, which is read from five metres"


def test_on_a_phone_the_unit_stays_in_sight_while_the_map_moves(
    house: House, browser: Browser, live_server: LiveServer
) -> None:
    for code in ("service.quality", "service.price", "service.waiting", "parts.stock", "parts.quality"):
        came(house.tree.east_service, code)
        came(house.tree.west_service, code)
    page = opened(browser, live_server, house.zhao, "/cases/figures/heat/", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.evaluate("document.querySelector('.heat').parentElement.scrollLeft = 300")
    name, cell = page.locator(".heat tbody th").first, page.locator(".heat tbody td").first
    boxes = name.bounding_box(), cell.bounding_box()
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert 0 <= boxes[0]["x"] < 60
    assert boxes[1]["x"] < boxes[0]["x"], "the cells move below the name"
    assert serious(page) == []
