"""Every question type in a real browser: readable, reachable by touch and keyboard, easier with script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from manyi.organisation import clock
from manyi.organisation.models import Attachment
from manyi.responses.models import Response
from tests.all_types import PAGES, PIXEL, open_door

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS: Any = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
SMALL = """[...document.querySelectorAll('button, .step, .pick, .place, select, input')]
    .filter(e => e.offsetParent && !e.closest('.pick, .step, .unseen') || e.matches('.pick, .step'))
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def door(live_server: Any) -> str:
    """The address of the questionnaire with all types; the browser's server tells the time by itself."""
    return f"{live_server.url}{open_door(clock.now())}"


@pytest.fixture(params=WIDTHS)
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=WIDTHS[request.param], locale="zh-CN")
    made.set_default_timeout(10_000)
    yield made
    made.close()


def begin(page: Page, door: str) -> str:
    """Begin and return the address of the pages without the last part."""
    page.goto(f"{door}?store=E12")
    page.click("button.main")
    return page.url.split("/p/")[0]


def faults(page: Page) -> list[str]:
    """The serious faults that axe finds on a page."""
    found = Axe().run(page).response["violations"]
    return [f"{f['id']}: {f['nodes'][0]['html']}" for f in found if f["impact"] in {"serious", "critical"}]


def test_every_type_fits_every_screen_and_is_whole_for_assistive_technology(
    door: str, context: BrowserContext, tmp_path: Path
) -> None:
    page = context.new_page()
    base = begin(page, door)
    folder = Path(os.environ.get("MANYI_SCREENSHOTS", tmp_path))
    width = (page.viewport_size or {"width": 0})["width"]
    for language in ("zh", "en"):
        for section in PAGES:
            page.goto(f"{base}/p/{section}/?lang={language}")
            page.screenshot(path=folder / f"types-{section}-{language}-{width}.png", full_page=True)
            assert faults(page) == []
            assert not page.evaluate(WIDE)
            assert page.evaluate(SMALL) == []


def test_script_ranks_by_tapping_slides_and_draws(door: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    base = begin(page, door)
    page.goto(f"{base}/p/grids/")
    for words in ("质量", "价格", "服务"):
        page.locator(".rankable", has_text=words).click()
    page.locator(".rankable", has_text="质量").click()
    page.locator(".rankable", has_text="质量").click()
    page.click("button.main")
    page.wait_for_url("**/p/entries/")
    page.goto(f"{base}/p/scales/")
    page.locator("input[type=range]").fill("60")
    page.goto(f"{base}/p/others/")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60)
    page.mouse.up()
    page.set_input_files("input[name='a.damage']", {"name": "车.png", "mimeType": "x/y", "buffer": PIXEL})
    page.click("button[value=back]")
    stored = Response.objects.get()
    context.close()
    assert stored.answers["priorities"] == ["price", "service", "quality"]
    assert stored.answers["store"] == "E12"
    assert [each["name"] for each in stored.answers["damage"]] == ["车.png"]
    assert [each["name"] for each in stored.answers["sign"]] == ["signature.png"]
    assert Attachment.objects.filter(subject_type="responses.response").count() == 2


def test_without_script_every_special_type_is_a_plain_field(door: str, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    base = begin(page, door)
    page.goto(f"{base}/p/grids/")
    for option, place in (("price", "2"), ("quality", "1"), ("service", "3")):
        page.fill(f"[name='a.priorities.{option}']", place)
    page.click("button.main")
    page.goto(f"{base}/p/scales/")
    page.fill("[name='a.comfort']", "60")
    page.click("button[value=back]")
    page.goto(f"{base}/p/others/")
    page.fill("[name='a.sign']", "Wang Fang")
    page.fill("[name='a.where.place']", "East shop")
    page.click("button[value=back]")
    stored = Response.objects.get().answers
    context.close()
    assert stored["priorities"] == ["quality", "price", "service"]
    assert stored["comfort"] == 60
    assert stored["sign"] == "Wang Fang"
    assert stored["where"] == {"place": "East shop"}
