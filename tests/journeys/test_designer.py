"""李敏 designs a questionnaire without a mouse: bulk options, a condition, undo, pre-test, a new version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from manyi.surveys import actions
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Questionnaire
from manyi.surveys.models import PreTest, QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from tests import personas
from tests.journeys.visitors import Gallery, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "Only-for-the-designer-7"
BEGINNING = """
code = "lounge"
title = "休息区"
title_en = "The lounge"
[[sections]]
code = "s1"
title = "休息区"
title_en = "The lounge"
[[sections.questions]]
code = "tidy"
type = "yes_no"
title = "休息区是否整洁?"
title_en = "Is the lounge tidy?"
"""


class Keys:
    """The editor by keyboard alone."""

    def __init__(self, page: Page, version: QuestionnaireVersion) -> None:
        self.page, self.version = page, version

    @property
    def tree(self) -> Questionnaire:
        self.version.refresh_from_db()
        return questionnaire_of(self.version)

    def saved(self, revision: int) -> None:
        """The page shows this revision."""
        shown = self.page.locator("[data-revision]")
        expect(shown).to_have_value(str(revision))

    def type_into(self, selector: str, words: str) -> None:
        """Go to a field, write, and leave it by Tab: it saves itself."""
        revision = int(self.page.locator("[data-revision]").input_value())
        self.page.focus(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Tab")
        self.saved(revision + 1)

    def press(self, selector: str) -> None:
        """Go to a button or link and press Enter."""
        self.page.focus(selector)
        self.page.keyboard.press("Enter")


@pytest.fixture
def editor(live_server: LiveServer, browser: Browser, gallery: Gallery) -> tuple[Visitor, Keys]:
    house = personas.house()
    house.li.set_password(PASSWORD)
    house.li.save()
    version = actions.create_questionnaire(
        actor=house.li, unit=house.tree.east, definition=questionnaire_from_toml(BEGINNING)
    )
    visitor = Visitor(browser, live_server.url, gallery).log_in(house.li.username, PASSWORD)
    visitor.go(reverse("manage:editor", args=[version.pk]) + "?at=tidy")
    return visitor, Keys(visitor.page, version)


def test_a_questionnaire_is_designed_tried_published_and_compared(
    editor: tuple[Visitor, Keys], browser: Browser, live_server: LiveServer, gallery: Gallery
) -> None:
    visitor, keys = editor
    built_by_keys(visitor, keys)
    shown_if(visitor, keys)
    tried(visitor, keys, browser, live_server, gallery)
    published_and_compared(visitor, keys)
    assert not visitor.faults
    assert not gallery.faults, "\n".join(gallery.faults)


def built_by_keys(visitor: Visitor, keys: Keys) -> None:
    """A question by its type's name, options pasted, moved up and back, a mistake undone and redone."""
    page = visitor.page
    page.focus("#n-tidy")
    page.keyboard.press("Alt+n")
    page.keyboard.type("multiple")
    page.keyboard.press("Enter")
    keys.saved(1)
    keys.type_into("#e-title", "缺少什么?")
    keys.type_into("#e-title_en", "What was missing?")
    page.focus("details:has(#e-option-lines) > summary")
    page.keyboard.press("Enter")
    page.focus("#e-option-lines")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("tea | 茶水 | Tea\nwifi | 无线网络 | Wi-Fi\n!none | 什么都不缺 | Nothing")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    keys.saved(4)
    assert [option.code for option in keys.tree.questions["q1"].options] == ["tea", "wifi", "none"]
    page.focus("#n-q1")
    page.keyboard.press("Alt+ArrowUp")
    keys.saved(5)
    assert list(keys.tree.questions) == ["q1", "tidy"]
    page.focus("#n-q1")
    page.keyboard.press("Control+z")
    keys.saved(6)
    assert list(keys.tree.questions) == ["tidy", "q1"]
    page.keyboard.press("Control+Shift+z")
    keys.saved(7)
    page.keyboard.press("Control+z")
    keys.saved(8)
    expect(page.frame_locator("iframe").locator("#q-q1")).to_be_visible()
    visitor.look("designer")


def shown_if(visitor: Visitor, keys: Keys) -> None:
    """The second question only for those who said no; the preview asks it then."""
    page = visitor.page
    visitor.go(reverse("manage:condition", args=[keys.version.pk, "q1.visible_if"]))
    page.focus("#c-g0\\.0-path")
    page.keyboard.type("tidy")
    expect(page.locator("#c-g0\\.0-op")).to_be_visible()
    page.focus("#c-g0\\.0 input[value=no]")
    page.keyboard.press("Space")
    expect(page.locator("#condition .said")).to_contain_text("否")
    visitor.look("designer-condition")
    page.focus("#c-g0\\.0-path")
    page.keyboard.type("tidy")
    page.focus("#c-g0\\.0 input[value=no]")
    page.keyboard.press("Space")
    expect(page.locator("#c-text")).to_have_value("{tidy} anyof ['no']")
    with page.expect_navigation():
        keys.press("button[name=do][value=save]")
    assert keys.tree.questions["q1"].visible_if == "{tidy} anyof ['no']"
    frame = page.frame_locator("iframe")
    expect(frame.locator("#q-tidy")).to_be_visible()
    expect(frame.locator("#q-q1")).to_have_count(0)
    frame.locator("input[value=no]").focus()
    page.keyboard.press("Space")
    expect(frame.locator("#q-q1")).to_be_visible()


def tried(visitor: Visitor, keys: Keys, browser: Browser, live_server: LiveServer, gallery: Gallery) -> None:
    """A colleague tries the draft on a phone without script and says what is unclear."""
    visitor.go(reverse("manage:pretest", args=[keys.version.pk]))
    visitor.send("Open a link", label="门店同事")
    link = PreTest.objects.get()
    phone = {"width": 390, "height": 844}
    tester = Visitor(browser, live_server.url, gallery, viewport=phone, java_script_enabled=False)
    tester.go(reverse("public:trial", args=[link.token]))
    tester.page.locator("main form button").click()
    tester.page.locator("summary", has_text="整洁").click()
    tester.page.locator("#c-tidy").fill("是指地面还是桌面?")
    tester.page.locator("details:has(#c-tidy) button").click()
    tester.look("designer-trial")
    tester.page.locator("input[value=yes]").check(force=True)
    tester.page.locator("button.main").click()
    expect(tester.page).to_have_url(re.compile("/done/"))
    visitor.go(reverse("manage:pretest", args=[keys.version.pk]))
    visitor.see("是指地面还是桌面?")
    visitor.send("Mark as done")
    visitor.look("designer-pretest")
    assert not tester.faults
    tester.context.close()


def published_and_compared(visitor: Visitor, keys: Keys) -> None:
    """Published, then a new version in which a question gets another code; the page says so."""
    page = visitor.page
    visitor.go(reverse("manage:publish", args=[keys.version.pk]))
    visitor.look("designer-publish")
    visitor.send("Publish")
    keys.version.refresh_from_db()
    assert keys.version.published_at is not None
    visitor.send("New version")
    draft = keys.version.questionnaire.versions.get(published_at=None)
    again = Keys(page, draft)
    visitor.go(reverse("manage:editor", args=[draft.pk]) + "?at=q1")
    again.type_into("#e-code", "missing")
    visitor.go(reverse("manage:changes", args=[draft.pk]))
    page.select_option("#v-new-q1", "missing")
    visitor.send("Save")
    visitor.see("题目 q1 改名为 missing")
    visitor.look("designer-changes")
