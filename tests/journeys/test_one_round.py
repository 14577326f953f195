"""One questionnaire and one round, from the first question to the end, by every way to a customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.distribution.models import Call, Invitation, Message
from manyi.organisation import clock, events
from manyi.organisation.actions import set_setting
from manyi.organisation.models import Event
from manyi.responses.models import PaperCopy, Response, Revision
from manyi.surveys.models import PreTest, Round
from tests import personas
from tests.distribution.gateways import Gateways, gateways, settings_of
from tests.journeys.survey_chapters import choose, press
from tests.journeys.town import Town
from tests.journeys.visitors import Gallery, Visitor, said

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PEOPLE: dict[str, Any] = {
    # name: how they can be reached
    "何芳": {"email": "he@example.com", "phone": "13800000001"},
    "马骏": {"phone": "13800000002"},
    "田静": {"phone": "13800000003"},
    "罗兵": {"wecom": "luobing"},
}
WAYS = ("email", "sms_http", "wecom")
TITLE = "保养后回访"
TOWN_TIME = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def gateway() -> Iterator[Gateways]:
    """The providers of SMS and WeCom, on loopback."""
    with gateways() as running:
        yield running


@pytest.fixture
def town(
    browser: Browser,
    live_server: LiveServer,
    gallery: Gallery,
    gateway: Gateways,
    settings: Settings,
    tmp_path: Path,
) -> Iterator[Town]:
    """The house with its staff, four customers and the providers' settings; no survey yet."""
    settings.BASE_URL = live_server.url
    settings.MEDIA_ROOT, settings.SNAPSHOTS = tmp_path / "files", tmp_path / "snapshots"
    house = personas.house()
    for number, (name, contacts) in enumerate(PEOPLE.items(), 1):
        personas.customer(house.tree.east, f"K{number}", name, **contacts)
    told = settings_of(gateway.url)
    wanted = {f"{way}.{name}": text for way in WAYS[1:] for name, text in told[way].items()}
    hours: dict[str, object] = {"phone.when": "daily", "phone.from_hour": 0, "phone.until_hour": 24}
    hours |= {"sending.sms_from_hour": 0, "sending.sms_until_hour": 24}
    for key, value in (wanted | hours).items():
        set_setting(actor=None, key=key, value=value)
    made = Town(browser, live_server.url, gallery)
    yield made
    made.close()


def test_one_round_by_every_way(town: Town, gateway: Gateways, monkeypatch: pytest.MonkeyPatch) -> None:
    a_questionnaire_is_designed(town)
    a_colleague_tries_it_on_a_phone(town)
    it_is_published_and_a_round_is_planned(town)
    everybody_is_drawn_and_invited_by_three_channels(town, gateway)
    he_fang_answers_on_a_phone_without_script(town)
    ma_jun_is_called_again_at_the_time_that_he_named(town, monkeypatch)
    a_paper_sheet_is_entered_by_two_people(town)
    an_invalid_form_is_completed(town)
    the_round_ends_with_everybody_in_it(town)
    assert events.verify() == Event.objects.count()
    assert town.faults() == []


def a_questionnaire_is_designed(town: Town) -> None:
    """A new questionnaire with its first question; two more come in, one of them only for the unhappy."""
    li = town.staff("li")
    page = li.page
    li.go("/surveys/questionnaires/new/")
    li.save(unit=the_store(li), code="visit", title=TITLE, title_en="After the service")
    for number, kind, title, title_en in (
        (2, "nps", "您会推荐我们吗?", "Would you recommend us?"),
        (3, "text_long", "请告诉我们原因", "Please tell us why"),
    ):
        page.locator("[data-picker] > summary").click()
        page.locator(f"[data-picker] button[value={kind}]").click()
        expect(page.locator(".outline ol ol a.node")).to_have_count(number)
        for field, words in (("title", title), ("title_en", title_en)):
            revision = page.locator("[data-revision]").input_value()
            page.locator(f".bench [name={field}]").fill(words)
            page.locator(f".bench [name={field}]").press("Tab")
            expect(page.locator("[data-revision]")).not_to_have_value(revision)  # saved before the next
        expect(page.locator(".outline")).to_contain_text(title)
    revision = page.locator("[data-revision]").input_value()
    page.locator("#e-visible_if").fill("{q2} <= 6")
    page.locator("#e-visible_if").press("Tab")
    expect(page.locator("[data-revision]")).not_to_have_value(revision)
    li.check()


def a_colleague_tries_it_on_a_phone(town: Town) -> None:
    """The draft is answered as a test; what was unclear is settled before anybody is asked."""
    li = town.staff("li")
    li.go(re.sub(r"\?.*", "", li.page.url) + "pre-test/")
    li.send("Open a link", label="门店同事")
    tester = town.guest(script=False)
    tester.go(f"/t/{PreTest.objects.get().token}/")
    tester.page.locator("main form button").click()
    tester.page.locator("summary", has_text="满意").click()
    tester.page.locator("#c-q1").fill("是指这一次吗?")
    tester.page.locator("details:has(#c-q1) button").click()
    choose(tester, "a.q1", "4")
    choose(tester, "a.q2", "9")
    press(tester)
    expect(tester.page).to_have_url(re.compile("/done/"))
    li.page.reload()
    li.see("是指这一次吗?")
    li.send("Mark as done")
    assert not Response.objects.exists(), "a trial is no answer"


def it_is_published_and_a_round_is_planned(town: Town) -> None:
    """Published, put into a programme, planned, opened."""
    li = town.staff("li")
    li.go(li.page.url.partition("pre-test/")[0] + "publish/")
    if li.page.locator("main input[name=read]").count():
        li.page.locator("main input[name=read]").check()
    li.send("Publish")
    li.go("/surveys/programmes/new/")
    li.save(unit=the_store(li), code="visits", title=TITLE, title_en="After the service", frequency="monthly")
    li.follow(said("New round"))
    li.save(title=f"{TITLE} 三月", title_en="March")
    li.act("open")


def everybody_is_drawn_and_invited_by_three_channels(town: Town, gateway: Gateways) -> None:
    """One wave: mail, SMS for whoever has none, WeCom for whoever has neither."""
    li = town.staff("li")
    here = f"/surveys/rounds/{Round.objects.get().pk}/"
    li.follow(said("Draw a sample"))
    li.send("Draw", method="census")
    li.go(f"{here}wave/")
    page = li.page
    page.select_option("#w-first", WAYS[0])
    page.select_option("#w-then", WAYS[1])
    page.select_option("#w-last", WAYS[2])
    li.check()
    li.send("Invite")
    town.meanwhile()
    used = Message.objects.filter(state="sent").order_by("invitation__member__customer__code")
    assert list(used.values_list("channel", flat=True)) == ["email", "sms_http", "sms_http", "wecom"]
    assert [to for to, _, _ in gateway.sent] == ["13800000002", "13800000003", "luobing"]
    assert all("/s/" in text for _, text, _ in gateway.sent), "every message carries a personal link"


def he_fang_answers_on_a_phone_without_script(town: Town) -> None:
    """Low marks bring up the reason; the receipt ends it."""
    guest = town.guest(script=False)
    guest.go(f"/s/{Invitation.objects.get(customer__name='何芳').token}/")
    press(guest)
    choose(guest, "a.q1", "2")
    choose(guest, "a.q2", "3")
    press(guest)
    guest.page.locator("textarea[name='a.q3']").fill("等候太久")
    press(guest)
    expect(guest.page.locator(".receipt strong")).to_be_visible()
    assert Response.objects.get(state="submitted").answers == {"q1": 2, "q2": 3, "q3": "等候太久"}


def ma_jun_is_called_again_at_the_time_that_he_named(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not answered is called; one names another time, is called then, and interviewed by keys."""
    li, sun = town.staff("li"), town.staff("sun")
    li.go(f"/field/rounds/{Round.objects.get().pk}/")
    li.send("Add who has not answered")
    page = sun.page
    sun.go("/field/")
    keys(sun, "Enter")
    expect(page.locator("#number")).to_have_text("138****0002")
    keys(sun, "e")
    page.keyboard.press("4")
    later = clock.now() + timedelta(hours=3)
    in_town = later.astimezone(TOWN_TIME)
    page.fill("#call_back_at", in_town.strftime("%Y-%m-%dT%H:%M"))
    with page.expect_navigation():
        page.locator("button[data-hotkey=Enter]").click()
    expect(page.locator("#desk")).to_contain_text(in_town.strftime("%m-%d %H:%M"))

    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=3, minutes=1))
    page.reload()
    keys(sun, "Enter")
    expect(page.locator("#number")).to_have_text("138****0002")
    keys(sun, "Enter")
    keys(sun, "4", "Enter")
    keys(sun, "9", "Enter")
    receipt = Response.objects.get(channel="phone").receipt or "–"
    expect(page.locator(".note-success")).to_contain_text(receipt)
    sun.check()
    assert list(Call.objects.order_by("pk").values_list("disposition", flat=True)) == [
        "call_back",
        "complete",
    ]


def a_paper_sheet_is_entered_by_two_people(town: Town) -> None:
    """Two clerks type one copy; where they differ a third look decides."""
    li, sun = town.staff("li"), town.staff("sun")
    li.go(f"/field/rounds/{Round.objects.get().pk}/paper/")
    li.page.fill("#copies", "1")
    li.page.fill("#percent_twice", "100")
    li.page.get_by_role("button", name=said("Make the copies")).click()
    expect(li.page.locator("main h1")).to_be_visible()
    copy = PaperCopy.objects.get()
    for clerk, overall in ((sun, "5"), (li, "4")):
        clerk.go(f"/field/paper/{copy.serial}/")
        for value in (overall, "10", ""):
            clerk.page.keyboard.type(value)
            clerk.page.keyboard.press("Enter")
        with clerk.page.expect_navigation():
            clerk.page.keyboard.press("Enter")
    li.go(f"/field/paper/{copy.serial}/decide/")
    li.page.locator("input[value=second]").check()
    li.check()
    li.page.get_by_role("button", name=said("Decide")).click()
    expect(li.page.locator("main")).to_contain_text(copy.serial)
    sheet = Response.objects.get(channel="paper")
    assert (sheet.receipt, sheet.answers) == (copy.serial, {"q1": 4, "q2": 10})


def an_invalid_form_is_completed(town: Town) -> None:
    """罗兵 answered in a hurry and says so: his sheet is set aside, he is contacted, old and new are kept."""
    receipt = town.answer(
        f"/s/{Invitation.objects.get(customer__name='罗兵').token}/", **{"a.q1": "1", "a.q2": "9"}
    )
    sheet = Response.objects.get(receipt=receipt)
    li = town.staff("li")
    li.go(f"/surveys/responses/{sheet.pk}/")
    li.page.locator("details.act > summary").click()
    li.send("Note down", why="来电说点错了")
    li.go(f"/surveys/rounds/{sheet.round_id}/completion/")
    li.send("List invalid and unfinished answers")
    li.page.fill("input[name=note]", "已接通,同意补填")
    li.page.locator("button[value=note]").click()
    li.see("同意补填")
    li.follow(said("Complete the answers"))
    li.page.check('input[name="a.q1"][value="5"]', force=True)
    li.page.fill("#why", "电话补填")
    li.check()
    li.page.locator("button.main").click()
    li.see(receipt)
    sheet.refresh_from_db()
    assert (sheet.valid, sheet.answers["q1"]) == (True, 5)
    assert Revision.objects.get(response=sheet).before["answers"]["q1"] == 1


def the_round_ends_with_everybody_in_it(town: Town) -> None:
    """Four sheets by four ways stand in the monitor; after the end a link takes nothing more."""
    li = town.staff("li")
    row = Round.objects.get()
    li.go(f"/surveys/rounds/{row.pk}/")
    li.act("close")
    li.go(f"/surveys/rounds/{row.pk}/fieldwork/")
    li.look("one-round-fieldwork")
    ways = Response.objects.filter(state="submitted", valid=True).values_list("channel", flat=True)
    assert sorted(ways) == ["email", "paper", "phone", "wecom"]
    late = town.guest(script=False)
    late.go(f"/s/{Invitation.objects.get(customer__name='田静').token}/")
    late.see("调查已经结束", within="body")


def the_store(visitor: Visitor) -> str:
    """What the form's field of units calls 东城店."""
    option = visitor.page.locator("select[name=unit] option", has_text=re.compile(r"^\s*东城店\s*$"))
    return option.first.get_attribute("value") or ""


def keys(visitor: Visitor, *pressed: str) -> None:
    """Keys that lead to another page with the last one."""
    for key in pressed[:-1]:
        visitor.page.keyboard.press(key)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(pressed[-1])
