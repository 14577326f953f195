"""Open links in a website's frame and on a kiosk tablet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from manyi.distribution import actions
from manyi.distribution.models import OpenLink
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from manyi.responses.models import Response
from manyi.surveys import actions as surveys
from manyi.web.public import standing
from tests.survey_world import World, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db
SITE = "https://www.dealer.example"


def link_of(kind: str) -> OpenLink:
    world: World = build(opens_at=clock.now())
    surveys.advance_round(actor=None, round=world.round, name="open")
    return actions.create_open_link(
        actor=world.manager, round=world.round, unit=world.shop, label="大厅", kind=kind, pin="2468"
    )


def test_only_the_frames_addresses_may_be_framed_and_only_by_the_named_websites() -> None:
    link = link_of("embed")
    set_setting(actor=None, key="embed.origins", value=f"{SITE}/page, javascript:alert(1) nonsense")
    framed = Client().get(f"/e/{link.token}/")
    assert f"frame-ancestors 'self' {SITE};" in f"{framed['Content-Security-Policy']};"
    assert "X-Frame-Options" not in framed
    plain = Client().get(f"/o/{link.token}/")
    assert SITE not in plain["Content-Security-Policy"]
    assert plain["X-Frame-Options"] == django_settings.X_FRAME_OPTIONS


def test_who_answers_in_a_frame_stays_in_it_without_a_cookie() -> None:
    link, client = link_of("embed"), Client()
    begun = client.post(f"/e/{link.token}/")
    section = begun["Location"]
    assert section.startswith(f"/e/{link.token}/")
    assert client.get(section).status_code == 200
    first = {"a.reception.greeting": "5", "a.reception.waiting": "5", "a.reception.price": "5"}
    shown = {"shown": ["reception", "channels"]}
    following = client.post(section, {**first, **shown, "go": "next"})["Location"]
    last = {"a.satisfied": "5", "a.recommend": "10", "shown": ["satisfied", "recommend"], "last": "1"}
    goal = client.post(following, last)["Location"]
    assert goal.startswith(f"/e/{link.token}/thanks/")
    thanks = client.get(goal)
    assert str(Response.objects.get().receipt) in thanks.content.decode()
    assert "frame-ancestors" in thanks["Content-Security-Policy"]
    assert not client.cookies


def test_the_script_for_websites_is_small() -> None:
    path = finders.find("public/embed.js")
    assert isinstance(path, str)
    from pathlib import Path

    text = Path(path).read_text(encoding="utf-8")
    assert len(text.encode()) < 4096
    for forbidden in ("cookie", "localStorage", "eval(", "innerHTML"):
        assert forbidden not in text.split('"use strict"')[1]


def test_a_kiosk_opens_by_its_pin_after_few_tries_only() -> None:
    link, client = link_of("kiosk"), Client()
    assert client.post(f"/k/{link.token}/leave/", {"pin": "1111"}).json() == {"open": False}
    assert client.post(f"/k/{link.token}/leave/", {"pin": "2468"}).json() == {"open": True}
    for _ in range(standing.TRIES):
        refused = client.post(f"/k/{link.token}/leave/", {"pin": "2468"})
    assert refused.status_code == 429


def test_a_link_that_is_no_kiosk_makes_none() -> None:
    assert Client().get(f"/k/{link_of('embed').token}/").status_code == 404


def inside(page: Page) -> str:
    """The address that the kiosk's frame shows; nothing while it is being replaced."""
    element = page.wait_for_selector("#stage iframe")
    frame = element.content_frame() if element else None
    return frame.url if frame else ""


def until_at(page: Page, path: str) -> None:
    """Wait until the kiosk's frame shows an address."""
    for _ in range(100):
        if inside(page).endswith(path):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the kiosk stays at {inside(page)}")


def answer(page: Page) -> None:
    """One visitor answers everything."""
    frame = page.frame_locator("#stage iframe")
    frame.locator("form button").first.click()
    for name in ("greeting", "waiting", "price"):
        frame.locator(f"input[name='a.reception.{name}'][value='5']").check(force=True)
    frame.locator("button[value=next]").click()
    frame.locator("input[name='a.satisfied'][value='5']").check(force=True)
    frame.locator("input[name='a.recommend'][value='10']").check(force=True)
    frame.locator("button[value=next]").click()
    frame.locator(".receipt").wait_for()


@pytest.mark.django_db(transaction=True)
def test_a_kiosk_begins_anew_after_each_visitor_and_cannot_be_left(
    live_server: LiveServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "THANKS_SECONDS", 1)
    monkeypatch.setattr(standing, "IDLE_SECONDS", 2)
    link = link_of("kiosk")
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    page = context.new_page()
    start = f"/o/{link.token}/"
    page.goto(f"{live_server.url}/k/{link.token}/")
    answer(page)
    until_at(page, start)
    # the next visitor begins, types nothing and walks away: what they began is kept, the screen starts anew
    page.frame_locator("#stage iframe").locator("form button").first.click()
    page.frame_locator("#stage iframe").locator("input[name='a.reception.greeting'][value='2']").check(
        force=True
    )
    until_at(page, start)
    assert sorted(Response.objects.values_list("state", "channel")) == [
        ("draft", "kiosk"),
        ("submitted", "kiosk"),
    ]
    assert Response.objects.get(state="draft").answers["reception"]["greeting"] == 2
    # back leads nowhere but to the start
    page.go_back()
    page.wait_for_timeout(300)
    assert page.url == f"{live_server.url}/k/{link.token}/"
    assert inside(page).endswith(start)
    assert context.cookies() == []
    page.click("#staff")
    page.fill("#digits", "1111")
    page.click("button[value=leave]")
    page.wait_for_selector("#wrong:visible")
    page.fill("#digits", "2468")
    page.click("button[value=leave]")
    page.wait_for_selector("#left:visible")
    context.close()


@pytest.mark.django_db(transaction=True)
def test_a_website_shows_the_survey_behind_a_button(live_server: LiveServer, browser: Browser) -> None:
    link = link_of("embed")
    set_setting(actor=None, key="embed.origins", value=live_server.url)
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    script = f'<script src="{live_server.url}/static/public/embed.js" data-link="{link.token}"></script>'
    page.route(
        f"{live_server.url}/site/",
        lambda route: route.fulfill(
            body=f"<!doctype html><title>x</title><body>{script}", content_type="text/html"
        ),
    )
    page.goto(f"{live_server.url}/site/")
    page.click("button")
    page.frame_locator("iframe").locator("form button").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("iframe").count() == 0
    assert faults == []
    page.close()
