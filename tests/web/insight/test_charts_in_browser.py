"""In a real browser the charts are drawn, quietly and readably, in light and dark."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def answered(transactional_db: None, open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    first, second = open_round(), open_round()
    for round in (first, second):
        for number in range(12):
            answer(round, east, sheet(5, 5, 4, 5, 10), segments=["new"] if number % 2 else ["fleet"])
            answer(round, west, sheet(2, 4, 4, 3, 6), channel="qr")
    return second


@pytest.fixture
def reader(answered: Round, person_at: Callable[[Role, Unit], Person]) -> Client:
    client = Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(person_at(Role.SURVEY_MANAGER, answered.unit), backend=backend)
    return client


def open_page(browser: Browser, server: LiveServer, reader: Client, address: str, scheme: str) -> Page:
    """The page in a logged-in context; a message on the console fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    key = reader.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.url}])
    page = context.new_page()
    page.on("console", lambda message: pytest.fail(message.text) if message.type == "error" else None)
    page.goto(f"{server.url}{address}")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", "crosstab/?row=unit&column=wait"])
def test_every_chart_is_drawn_and_the_page_is_readable(
    browser: Browser, live_server: LiveServer, reader: Client, answered: Round, address: str, scheme: str
) -> None:
    page = open_page(browser, live_server, reader, f"/insight/rounds/{answered.pk}/{address}", scheme)
    boxes = page.locator("[data-chart]")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-chart]')].every((box) => box.querySelector('svg path'))"
    )
    assert boxes.count() == page.locator("table.data").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    page.context.close()


def test_a_chart_is_saved_as_a_picture_and_as_a_drawing(
    browser: Browser, live_server: LiveServer, reader: Client, answered: Round, tmp_path: Path
) -> None:
    page = open_page(browser, live_server, reader, f"/insight/rounds/{answered.pk}/", "light")
    page.wait_for_selector("#items [data-chart] svg path", state="attached")
    box = page.locator("#items .chart").bounding_box()
    assert box
    saved = {}
    for form in ("png", "svg"):
        page.click("#items .panel-head summary")
        with page.expect_download() as download:
            page.click(f"#items [data-form={form}]")
        saved[form] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[form])
    png = saved["png"].read_bytes()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (int(box["width"]) * 2, int(box["height"]) * 2)
    with Image.open(saved["png"]) as picture:
        colours = picture.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 20, "an empty picture"
    assert saved["svg"].read_text(encoding="utf-8").startswith("<svg")
    page.context.close()
