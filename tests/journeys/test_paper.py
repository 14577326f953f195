"""Paper: printed, entered by two people by keyboard alone, compared and decided, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.responses.models import PaperCopy, Response
from manyi.surveys import actions as surveys
from tests import survey_world
from tests.journeys.visitors import Gallery, Visitor, said
from tests.personas import PASSWORD
from tests.survey_world import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Arrive = Callable[[str], Visitor]


@pytest.fixture
def world(live_server: LiveServer, settings: Settings) -> World:
    """A round that is open now."""
    settings.BASE_URL = live_server.url
    made = survey_world.build(customers_count=0, opens_at=datetime.now(UTC) - timedelta(days=1))
    surveys.advance_round(actor=made.manager, round=made.round, name="open")
    return made


@pytest.fixture
def arrive(world: World, live_server: LiveServer, browser: Browser, gallery: Gallery) -> Iterator[Arrive]:
    """People log in, each in a browser of their own."""
    there: list[Visitor] = []

    def log_in(name: str) -> Visitor:
        there.append(Visitor(browser, live_server.url, gallery).log_in(name, PASSWORD))
        return there[-1]

    yield log_in
    for visitor in there:
        visitor.context.close()
        assert visitor.faults == []
    assert gallery.faults == []


def enter(page: Page, *values: str) -> None:
    """Type every field and leave it by Enter; the last Enter keeps the copy."""
    for value in values:
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_two_clerks_enter_by_keyboard_and_the_manager_decides(arrive: Arrive, world: World) -> None:
    li, sun = arrive("li"), arrive("sun")
    li.go(f"/field/rounds/{world.round.pk}/paper/")
    li.look("paper-runs")
    li.page.fill("#copies", "2")
    li.page.fill("#percent_twice", "100")
    li.page.get_by_role("button", name=said("Make the copies")).click()
    copy = PaperCopy.objects.get(number=1)

    sun.go("/field/paper/")
    sun.look("paper-desk")
    sun.page.keyboard.type(copy.serial.lower())
    with sun.page.expect_navigation():
        sun.page.keyboard.press("Enter")
    sun.look("paper-entry")
    # 8 is not on the form: the first Enter marks it, the second keeps it as written.
    enter(sun.page, "5", "4", "na", "2 1", "8", "", "3", "等候太久")

    li.go(f"/field/paper/{copy.serial}/")
    expect(li.page.locator("body")).not_to_contain_text("等候太久")
    enter(li.page, "5", "4", "na", "1,2", "4", "3", "等候太久")
    li.go(f"/field/paper/{copy.serial}/decide/")
    li.look("paper-decide")
    li.page.locator("input[value=second]").check()
    li.page.get_by_role("button", name=said("Decide")).click()
    li.look("paper-run")
    response = Response.objects.get()
    assert (response.receipt, response.channel) == (copy.serial, "paper")
    assert response.answers["satisfied"] == 4
