"""From the running round to the closed one: watched, doubted, completed by telephone, and ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.distribution.models import Invitation
from manyi.responses import actions
from manyi.responses.models import Response, Revision
from tests import survey_world
from tests.journeys.visitors import PHONE, Gallery, Visitor
from tests.personas import PASSWORD
from tests.survey_world import GOOD_ANSWERS, World

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def world(live_server: LiveServer, settings: Settings) -> World:
    """An open round: twelve customers answered in their own time, one in four seconds, one not at all."""
    settings.BASE_URL = live_server.url
    made = survey_world.build(customers_count=14, opens_at=datetime.now(UTC) - timedelta(days=1))
    invitations = survey_world.invite(made, channel="link")
    for number, invitation in enumerate(invitations[:13]):
        sheet = actions.begin(invitation=Invitation.objects.get(pk=invitation.pk))
        seconds = 4 if number == 12 else 60 + number
        actions.submit(response=sheet, answers=GOOD_ANSWERS, seconds=seconds)
    return made


@pytest.fixture
def li(world: World, live_server: LiveServer, browser: Browser, gallery: Gallery) -> Iterator[Visitor]:
    """李敏, who runs the round."""
    visitor = Visitor(browser, live_server.url, gallery).log_in("li", PASSWORD)
    yield visitor
    visitor.context.close()
    assert visitor.faults == []
    assert gallery.faults == []


def test_an_invalid_form_is_completed_and_the_round_closes(li: Visitor, world: World) -> None:
    page, here = li.page, f"/surveys/rounds/{world.round.pk}/"
    li.go(f"{here}fieldwork/")
    li.see("13")
    li.look("fieldwork")

    li.go(f"{here}quality/")
    li.send("Check all answers now")
    expect(page.locator("tbody tr")).to_have_count(1)
    li.see("作答过快")
    li.look("quality")
    page.locator("input[name=doubt]").check()
    page.fill("#why", "四秒答完")
    page.locator("button[value=confirm]").click()
    li.see("已处理 1 条")
    assert Response.objects.filter(valid=False).count() == 1

    li.go(f"{here}completion/")
    li.send("List invalid and unfinished answers")
    li.look("completion")
    page.fill("input[name=note]", "3 月 5 日 10:00 接通,同意补填")
    page.locator("button[value=note]").click()
    li.see("同意补填")
    li.follow("补填答卷")
    page.check('input[name="a.satisfied"][value="2"]', force=True)
    page.fill("#why", "电话补填")
    page.locator("button.main").click()
    li.see("已补填")
    sheet = Revision.objects.get().response
    assert sheet.valid
    assert sheet.answers["satisfied"] == 2

    li.go(here)
    li.act("close")
    world.round.refresh_from_db()
    assert world.round.state == "closed"
    li.go(f"{here}fieldwork/")
    li.see("13")


def test_the_form_to_complete_stands_on_a_phone(
    world: World, live_server: LiveServer, browser: Browser, gallery: Gallery
) -> None:
    sheet = Response.objects.filter(state="submitted").first()
    assert sheet is not None
    visitor = Visitor(browser, live_server.url, gallery, viewport={"width": PHONE, "height": 800})
    visitor.log_in("li", PASSWORD)
    visitor.go(f"/surveys/responses/{sheet.pk}/complete/")
    visitor.look("complete")
    visitor.context.close()
    assert visitor.faults == []
    assert gallery.faults == []
