"""Interviewers at work: a telephone interview by keyboard alone, and sheets without a connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.distribution.models import Call
from manyi.organisation.actions import set_setting
from manyi.responses.models import Response, Sheet
from tests import personas, survey_world
from tests.journeys.visitors import PHONE, Gallery, Visitor, said
from tests.personas import PASSWORD
from tests.survey_world import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def world(live_server: LiveServer, settings: Settings) -> World:
    """A round that is open now, with three people to call at any hour."""
    settings.BASE_URL = live_server.url
    made = survey_world.build(customers_count=0, opens_at=datetime.now(UTC) - timedelta(days=1))
    for number in range(1, 4):
        personas.customer(made.shop, f"P{number}", f"何芳{number}", phone=f"1380000000{number}")
    for name, value in (("when", "daily"), ("from_hour", 0), ("until_hour", 24)):
        set_setting(actor=None, key=f"phone.{name}", value=value)
    survey_world.invite(made, channel="phone")
    return made


@pytest.fixture
def sun(world: World, live_server: LiveServer, browser: Browser, gallery: Gallery) -> Iterator[Visitor]:
    """孙悦 at her tablet."""
    visitor = Visitor(browser, live_server.url, gallery).log_in("sun", PASSWORD)
    yield visitor
    visitor.context.close()
    assert visitor.faults == []
    assert gallery.faults == []


def press(page: Page, *keys: str) -> None:
    """Keys that lead to another page with the last one."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def test_an_interview_by_keyboard_alone_with_a_call_back(sun: Visitor, world: World) -> None:
    page = sun.page
    sun.go("/field/")
    sun.look("field-desk")
    press(page, "Enter")
    expect(page.locator("#number")).to_have_text("138****0001")
    page.keyboard.down("v")
    expect(page.locator("#number")).to_have_text("13800000001")
    page.keyboard.up("v")
    expect(page.locator("#number")).to_have_text("138****0001")
    sun.look("field-call")
    press(page, "Enter")
    sun.look("field-table")
    press(page, "5", "4", "5", "Enter")
    sun.look("field-choices")
    press(page, "1", "2", "Enter")
    press(page, "4", "Enter")
    press(page, "b")
    expect(page.locator("input[value='4']")).to_be_checked()
    press(page, "Enter")
    press(page, "3", "Enter")
    page.keyboard.type("等候太久")
    press(page, "Control+Enter")
    expect(page.locator(".note-success")).to_contain_text(Response.objects.get().receipt or "–")
    answers = Response.objects.get().answers
    assert answers["reception"] == {"greeting": 5, "waiting": 4, "price": 5}
    assert (answers["channels"], answers["recommend"], answers["why"]) == (["friend", "web"], 3, "等候太久")

    press(page, "Enter")
    press(page, "e")
    page.keyboard.press("4")
    sun.look("field-result")
    page.keyboard.press("4")
    later = datetime.now() + timedelta(hours=30)  # noqa: DTZ005 - what a clock on the wall says
    page.fill("#call_back_at", later.strftime("%Y-%m-%dT%H:%M"))
    page.locator("button[data-hotkey=Enter]").click()
    expect(page.locator("#desk")).to_contain_text(later.strftime("%m-%d"))
    assert set(Call.objects.values_list("disposition", flat=True)) == {"complete", "call_back"}


def test_the_supervisor_watches(
    sun: Visitor, world: World, live_server: LiveServer, browser: Browser
) -> None:
    sun.go("/field/")
    press(sun.page, "Enter")
    li = Visitor(browser, live_server.url, sun.gallery).log_in("li", PASSWORD)
    li.go(f"/field/rounds/{world.round.pk}/")
    li.see("孙悦")
    li.look("field-supervision")
    li.go(f"/field/programmes/{world.programme.pk}/script/")
    li.look("field-script")
    assert li.faults == []
    li.context.close()


def fill_in(page: Page, recommend: str) -> None:
    """One sheet, as far as the interviewer got."""
    page.click("#new")
    for row, value in (("greeting", "5"), ("waiting", "4"), ("price", "5")):
        page.check(f"[name='a.reception.{row}'][value='{value}']", force=True)
    page.check("[name='a.satisfied'][value='4']", force=True)
    page.check(f"[name='a.recommend'][value='{recommend}']", force=True)


def queue(page: Page, state: str) -> int:
    return page.locator(f"#queue li[data-state={state}]").count()


def opened_sheets(sun: Visitor, address: str) -> Page:
    """The interviewer's page on a phone, kept on the device for the time without a connection."""
    page = sun.page
    page.set_viewport_size({"width": PHONE, "height": 844})
    sun.go(address)
    expect(page.locator("body[data-kept=yes]")).to_be_attached()
    sun.look("field-f2f")
    expect(page.locator("body[data-kept=yes]")).to_be_attached()
    return page


def test_sheets_without_a_connection_arrive_once(sun: Visitor, world: World) -> None:
    address = f"/field/f2f/{world.round.pk}/"
    page = opened_sheets(sun, address)
    sun.context.set_offline(True)
    expect(page.locator("#state")).to_have_text(said("No connection: sheets wait on this device"))
    fill_in(page, "9")
    page.click("#form button[type=submit]")
    fill_in(page, "3")
    page.screenshot(path=sun.gallery.folder / "field-sheet.png", full_page=True)
    page.wait_for_timeout(400)
    page.close()  # the tab is gone in the middle of the second sheet

    page = sun.context.new_page()
    page.goto(address)
    expect(page.locator("#queue li")).to_have_count(2)
    assert (queue(page, "waiting"), queue(page, "draft"), Response.objects.count()) == (1, 1, 0)
    page.click("#queue li[data-state=draft] button >> nth=0")
    expect(page.locator("[name='a.recommend'][value='3']")).to_be_checked()
    page.click("#form button[type=submit]")
    expect(page.locator("#queue li[data-state=waiting]")).to_have_count(2)

    sun.context.set_offline(False)
    page.click("#sync")
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1)
    expect(page.locator("#queue li[data-state=problem]")).to_have_count(1)
    page.click("#queue li[data-state=problem] button")
    expect(page.locator("#problems")).to_contain_text("请告诉我们原因")
    page.fill("[name='a.why']", "等候太久")
    page.click("#form button[type=submit]")
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(2)
    for receipt in Response.objects.values_list("receipt", flat=True):
        expect(page.locator("#queue")).to_contain_text(receipt or "–")
    for _ in range(3):
        page.click("#sync")
    page.reload()
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(2)
    assert (Response.objects.count(), Sheet.objects.count()) == (2, 2)
    assert set(Response.objects.values_list("state", "channel")) == {("submitted", "f2f")}


def kept_pin(page: Page, **changes: int) -> None:
    """Change what the device keeps of its PIN: time is not waited for."""
    page.evaluate(
        """(changes) => {
            const kept = JSON.parse(localStorage.getItem("manyi-f2f-pin"));
            if (!kept || !kept.hash) throw new Error("no PIN is kept");
            localStorage.setItem("manyi-f2f-pin", JSON.stringify({ ...kept, ...changes }));
        }""",
        changes,
    )


def locked_sheet(sun: Visitor, world: World) -> Page:
    """A device with the PIN 4711 that nobody has touched for long, in the middle of a sheet."""
    page = opened_sheets(sun, f"/field/f2f/{world.round.pk}/")
    page.click("#pin-open")
    page.fill("#pin-new", "471")
    page.click("#pin-form button")
    expect(page.locator("#pin-said")).to_have_text(said("Please give 4 to 8 digits."))
    for field in ("#pin-new", "#pin-again"):
        page.fill(field, "4711")
    page.click("#pin-form button")
    expect(page.locator("#pin-form")).to_be_hidden()  # it is kept when its digest is made
    sun.look("field-pin-set")
    fill_in(page, "9")
    kept_pin(page, touched=0)
    expect(page.locator("#lock")).to_be_visible(timeout=10_000)
    return page


def test_a_shared_device_is_locked_and_opens_with_its_pin(sun: Visitor, world: World) -> None:
    page = locked_sheet(sun, world)
    expect(page.locator("#sheet")).to_be_hidden()
    sun.look("field-locked")
    page.reload()
    for tries in (1, 2, 3):
        page.fill("#lock-pin", "0000")
        page.click("#lock-form button")
        page.wait_for_function(
            "tries => JSON.parse(localStorage['manyi-f2f-pin']).wrong === tries", arg=tries
        )
        expect(page.locator("#lock-said")).to_contain_text(said("That is not the PIN."))
        expect(page.locator("#lock-pin")).to_have_value("")
    page.fill("#lock-pin", "4711")
    page.click("#lock-form button")
    expect(page.locator("#lock-said")).to_have_text(re.compile(r"^请等 \d+ 秒"))
    expect(page.locator("#lock-pin")).to_have_value("4711")
    expect(page.locator("#queue, #sheet").first).to_be_hidden()
    kept_pin(page, until=0)
    page.click("#lock-form button")
    expect(page.locator("#lock")).to_be_hidden()
    page.click("#queue li[data-state=draft] button >> nth=0")
    expect(page.locator("[name='a.recommend'][value='9']")).to_be_checked()


def test_a_forgotten_pin_costs_no_sheet(sun: Visitor, world: World) -> None:
    page = locked_sheet(sun, world)
    page.click("#lock details summary")
    page.fill("#lock-password", PASSWORD)
    page.click("#lock-forgotten button")
    expect(page.locator("[name='a.recommend'][value='9']")).to_be_checked()
    page.click("#form button[type=submit]")
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1)
    expect(page.locator("#pin-lock")).to_be_hidden()
