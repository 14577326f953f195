"""The respondent's pages in a real browser: with script, without it, and for people who cannot see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from manyi.organisation import clock
from manyi.responses.models import Response
from tests.survey_world import World, build, invite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: Any = {"width": 390, "height": 844}


@pytest.fixture
def world() -> World:
    """The round is open now, because the browser's server tells the time by itself."""
    made = build()
    made.round.opens_at, made.round.closes_at = clock.now(), clock.now() + timedelta(days=1)
    made.round.save()
    return made


@pytest.fixture
def phone(browser: Browser, world: World) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    yield context
    context.close()


def faults(page: Page) -> list[str]:
    """The serious faults that axe finds on a page."""
    found = Axe().run(page).response["violations"]
    return [f"{f['id']}: {f['nodes'][0]['html']}" for f in found if f["impact"] in {"serious", "critical"}]


def test_a_page_is_whole_for_assistive_technology_and_fits_the_phone(
    live_server: Any, phone: BrowserContext, world: World
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/s/{invite(world)[0].token}/")
    wide = "document.documentElement.scrollWidth > innerWidth"
    small = """[...document.querySelectorAll('button, .step, .pick, a.lang')]
        .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
    for _ in range(3):  # welcome, the first section, the same with what is to be mended
        assert faults(page) == []
        assert not page.evaluate(wide)
        assert page.evaluate(small) == []
        page.click("button.main")
    assert page.locator(".summary a").first.get_attribute("href") == "#q-reception"


def test_a_question_comes_up_as_soon_as_its_condition_holds_and_typed_text_stays(
    live_server: Any, phone: BrowserContext, world: World
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/s/{invite(world)[0].token}/")
    page.click("button.main")
    page.goto(page.url.replace("/service/", "/overall/"))
    page.check("[name='a.recommend'][value='3']")
    page.wait_for_selector("textarea")
    page.fill("textarea", "等太久")
    page.check("[name='a.recommend'][value='9']")
    page.wait_for_selector("textarea", state="detached")
    page.check("[name='a.recommend'][value='4']")
    page.wait_for_selector("textarea")
    assert page.input_value("textarea") == "等太久"


def test_without_script_the_whole_way_is_open(live_server: Any, browser: Browser, world: World) -> None:
    context = browser.new_context(viewport=PHONE, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/s/{invite(world)[0].token}/")
    page.click("button.main")
    for row, step in (("greeting", "5"), ("waiting", "4"), ("price", "na")):
        page.check(f"[name='a.reception.{row}'][value='{step}']")
    page.click("button.main")
    page.check("[name='a.satisfied'][value='4']")
    page.check("[name='a.recommend'][value='3']")
    page.click("button.main")
    page.fill("textarea", "I waited too long")
    page.click("button.main")
    shown = page.inner_text(".receipt strong")
    context.close()
    stored = Response.objects.get(receipt=shown)
    assert stored.answers["why"] == "I waited too long"
