"""Take the pictures of the guide from the demo: ``python -m tools.pictures`` while ``make demo`` runs.

One picture of every page in each language, so that the guide shows what the software looks like today.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tools import system_packages

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
#: The button that makes a draft of a published questionnaire, and what is opened of that draft.
NEW_VERSION = "form[action$='/version/'] button"
OF_DRAFT = {"editor": "?at=recommend", "pretest": "pre-test/", "translate": "translate/"}
BASE = os.environ.get("MANYI_URL", "http://127.0.0.1:8000")
PASSWORD = "manyi-demo-2026"
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
#: Name of the picture, who looks, the address, and how wide the screen is.
PICTURES: tuple[tuple[str, str, str, int], ...] = (
    ("library", "limin", "/surveys/library/", 1200),
    ("editor", "limin", "/surveys/questionnaires/1/", 1400),
    ("pretest", "limin", "/surveys/questionnaires/1/", 1200),
    ("translate", "limin", "/surveys/questionnaires/1/", 1200),
    ("sample", "limin", "/surveys/rounds/5/sample/", 1200),
    ("wave", "limin", "/surveys/rounds/5/wave/", 1200),
    ("calls", "sunyue", "/field/", 1200),
    ("export", "limin", "/surveys/rounds/4/export/", 1200),
    ("paper", "limin", "/field/rounds/5/paper/", 1200),
    ("embed", "limin", "/surveys/rounds/5/places/", 1200),
    ("kiosk", "limin", "/surveys/rounds/5/places/", 1200),
    ("f2f", "sunyue", "/field/f2f/5/", 420),
    ("box", "zhaojing", "/cases/boxes/", 1200),
    ("pushes", "limin", "/surveys/rounds/5/pushes/", 1200),
    ("fieldwork", "limin", "/surveys/rounds/4/fieldwork/", 1200),
    ("quality", "limin", "/surveys/rounds/4/quality/", 1200),
    ("overview", "zhaojing", "/insight/overview/", 1200),
    ("drivers", "zhaojing", "/insight/drivers/", 1200),
    ("texts", "zhaojing", "/insight/rounds/4/texts/", 1200),
    ("teach", "zhaojing", "/insight/rounds/4/texts/teach/", 1200),
)


def main(wanted: list[str]) -> int:
    """Take all pictures, or those that are named; 1 when a page does not answer as it should."""
    from playwright.sync_api import sync_playwright

    chosen = [each for each in PICTURES if not wanted or each[0] in wanted]
    failed = []
    with sync_playwright() as playwright:
        path = system_packages.find_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for language, locale in LANGUAGES.items():
            people: dict[tuple[str, int], Page] = {}
            for name, user, address, width in chosen:
                page = people.get((user, width))
                if page is None:
                    size = {"width": width, "height": 800 if width > 500 else 780}
                    page = browser.new_context(viewport=size, locale=locale).new_page()  # type: ignore[arg-type]
                    people[user, width] = page
                    _log_in(page, user, language)
                answer = page.goto(BASE + address)
                if name in OF_DRAFT:
                    page.locator(NEW_VERSION).first.click()
                    page.wait_for_load_state()
                    answer = page.goto(page.url.partition("?")[0] + OF_DRAFT[name])
                if name in MADE_FIRST:
                    answer = MADE_FIRST[name](page, language)
                page.wait_for_timeout(700)
                if answer is None or not answer.ok:
                    failed.append(f"{name}: {address}")
                    continue
                page.screenshot(path=IMAGES / f"{name}-{language}.png")
        browser.close()
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


def _link(page: Page, language: str, kind: str, label: str, **fields: str) -> Response | None:
    """How an open link of a kind is used; made first."""
    form = page.locator("form:has(#o-kind)")
    form.locator("#o-kind").select_option(kind)
    for name, words in {"label": label, **fields}.items():
        form.locator(f"[name={name}]").fill(words)
    form.locator("button").click()
    page.wait_for_load_state()
    return page.reload()


def _embed(page: Page, language: str) -> Response | None:
    return _link(page, language, "embed", {"zh": "官网首页", "en": "Home page"}[language])


def _kiosk(page: Page, language: str) -> Response | None:
    """What stands on the tablet."""
    _link(page, language, "kiosk", {"zh": "交车区平板", "en": "Tablet at delivery"}[language], pin="4711")
    address = page.locator("main a[href*='/k/']").first.get_attribute("href") or ""
    return page.goto(BASE + "/k/" + address.partition("/k/")[2])


def _box(page: Page, language: str) -> Response | None:
    """The sheet that hangs beside a suggestion box."""
    form = page.locator("form[action$='/boxes/new/']")
    form.locator("[name=label]").fill({"zh": "售后休息区", "en": "Service lounge"}[language])
    form.locator("button").last.click()
    page.wait_for_load_state()
    return page.reload()


#: Pictures of what the demo does not hold: it is made by its own form before.
MADE_FIRST: dict[str, Callable[[Page, str], Response | None]] = {
    "embed": _embed,
    "kiosk": _kiosk,
    "box": _box,
}


def _log_in(page: Page, user: str, language: str) -> None:
    """As the demo's person; nobody where no name is given."""
    if not user:
        return
    page.goto(f"{BASE}/account/login/")
    page.fill("#id_login", user)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_load_state()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
