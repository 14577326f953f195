"""Take the pictures of the guide from the demo: ``python -m tools.pictures`` while ``make demo`` runs.

One picture of every page in each language, so that the guide shows what the software looks like today.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tools import system_packages

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page, Response

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
#: The button that makes a draft of a published questionnaire, and what is opened of that draft.
NEW_VERSION = "form[action$='/version/'] button"
OF_DRAFT = {
    "editor": "?at=recommend",
    "pretest": "pre-test/",
    "publish": "publish/",
    "translate": "translate/",
}
BASE = os.environ.get("MANYI_URL", "http://127.0.0.1:8000")
PASSWORD = "manyi-demo-2026"
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
#: Name of the picture, who looks, the address, and how wide the screen is.
PICTURES: tuple[tuple[str, str, str, int], ...] = (
    ("library", "limin", "/surveys/library/", 1200),
    ("editor", "limin", "/surveys/questionnaires/1/", 1400),
    ("pretest", "limin", "/surveys/questionnaires/1/", 1200),
    ("publish", "limin", "/surveys/questionnaires/1/", 1200),
    ("translate", "limin", "/surveys/questionnaires/1/", 1200),
    ("bring", "limin", "/surveys/questionnaires/import/", 1200),
    ("options", "limin", "/surveys/questionnaires/import/", 1400),
    ("contradictions", "limin", "/surveys/questionnaires/import/", 1400),
    ("sample", "limin", "/surveys/rounds/9/sample/", 1200),
    ("quotas", "limin", "/surveys/rounds/9/quotas/", 1200),
    ("wave", "limin", "/surveys/rounds/9/wave/", 1200),
    ("calls", "sunyue", "/field/", 1200),
    ("plan", "limin", "/field/rounds/9/plan/", 1200),
    ("export", "limin", "/surveys/rounds/7/export/", 1200),
    ("paper", "limin", "/field/rounds/9/paper/", 1200),
    ("print", "limin", "/field/rounds/9/paper/", 1200),
    ("embed", "limin", "/surveys/rounds/9/places/", 1200),
    ("kiosk", "limin", "/surveys/rounds/9/places/", 1200),
    ("f2f", "sunyue", "/field/f2f/9/", 420),
    ("pin", "sunyue", "/field/f2f/9/", 420),
    ("box", "zhaojing", "/cases/boxes/", 1200),
    ("post-source", "chenning", "/settings/cases/sources/1/", 1200),
    ("category-versions", "chenning", "/settings/cases/categories/versions/", 1200),
    ("case", "zhaojing", "/cases/?tab=all&q=检测三次", 1400),
    ("undelivered", "zhaojing", "/cases/?tab=all&q=一个半小时", 1200),
    ("tracked", "zhaojing", "/voice/", 420),
    ("queues", "wangqiang", "/cases/?tab=all", 1200),
    ("mails", "wangqiang", "/cases/mail/?state=machine", 1200),
    ("group", "wangqiang", "/cases/groups/1/", 1200),
    ("figures", "zhaojing", "/cases/figures/", 1200),
    ("pareto", "zhaojing", "/cases/figures/pareto/", 1200),
    ("heat", "zhaojing", "/cases/figures/heat/", 1200),
    ("topics", "zhaojing", "/cases/figures/topics/", 1200),
    ("workload", "zhaojing", "/cases/figures/workload/", 1200),
    ("wall", "zhaojing", "/cases/board/?room=dark", 1200),
    ("due", "wangqiang", "/cases/calendar/?scope=department&span=week", 1200),
    ("supervision", "zhaojing", "/cases/samples/1/", 1200),
    ("deadlines", "chenning", "/settings/cases/", 1200),
    ("pushes", "limin", "/surveys/rounds/9/pushes/", 1200),
    ("fieldwork", "limin", "/surveys/rounds/4/fieldwork/", 1200),
    ("quality", "limin", "/surveys/rounds/4/quality/", 1200),
    ("completion", "limin", "/surveys/rounds/3/completion/", 1200),
    ("overview", "zhaojing", "/insight/overview/", 1200),
    ("drivers", "zhaojing", "/insight/drivers/", 1200),
    ("trend", "zhaojing", "/insight/trend/", 1400),
    ("gaps", "zhaojing", "/insight/gaps/?round=4", 1200),
    ("mirror", "zhaojing", "/insight/mirror/?round=7", 1400),
    ("features", "zhaojing", "/insight/explore/?round=5&method=kano", 1200),
    ("texts", "zhaojing", "/insight/rounds/9/texts/", 1200),
    ("teach", "zhaojing", "/insight/rounds/9/texts/teach/", 1200),
)
#: Pages of which a screen shows too little.
TALL = {"trend": 1000}


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
                    page = browser.new_context(locale=locale, reduced_motion="reduce").new_page()
                    people[user, width] = page
                    _log_in(page, user, language)
                page.set_viewport_size(
                    {"width": width, "height": TALL.get(name, 800 if width > 500 else 780)}
                )
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


def _tracked(page: Page, language: str) -> Response | None:
    """What somebody sees who told something a moment ago."""
    page.locator("select[name=unit]").select_option(index=1)
    words = {"zh": "等了三个小时才交车,没有人说明原因。", "en": "Three hours until I got the car back."}
    page.fill("[name=body]", words[language])
    page.locator("[name=consent]").check(force=True)
    page.locator("form.voice button.main").click()
    page.wait_for_load_state()
    return page.goto(BASE + "/track/case/?lang=" + language)


def _print(page: Page, language: str) -> Response | None:
    """A run that is being printed in the background."""
    page.fill("#copies", "1000")
    page.locator("form:has(#copies) button.btn-primary").click()
    page.locator("#job progress[value]").wait_for()
    return page.reload()


def _pin(page: Page, language: str) -> Response | None:
    """A device that was locked."""
    page.click("#pin-open")
    for field in ("#pin-new", "#pin-again"):
        page.fill(field, "4711")
    page.click("#pin-form button")
    page.click("#pin-lock")
    return page.reload()


#: A small questionnaire with a question of pictures and a contradiction.
_COLOURS = """
title = "新车外观"
title_en = "The look of a new car"
[[contradictions]]
expression = "{satisfied} >= 4 and {recommend} <= 3"
message = "很满意,却不愿推荐"
message_en = "Content, but would not recommend"
[[sections]]
code = "look"
title = "外观"
title_en = "Looks"
[[sections.questions]]
code = "colour"
type = "picture"
title = "您喜欢哪种车身颜色?"
title_en = "Which colour do you like?"
options = [
    { code = "white", title = "珍珠白", title_en = "Pearl white" },
    { code = "blue", title = "深海蓝", title_en = "Deep blue" },
    { code = "red", title = "熔岩红", title_en = "Lava red" },
]
[[sections.questions]]
code = "satisfied"
type = "rating"
title = "总体满意吗?"
title_en = "Are you satisfied overall?"
options = [
    { code = "1", title = "很不满意", title_en = "Not at all" },
    { code = "5", title = "很满意", title_en = "Very" },
]
[[sections.questions]]
code = "recommend"
type = "nps"
title = "您会推荐我们吗?"
title_en = "Would you recommend us?"
"""
_PAINTS = {"white": "#f2f0ea", "blue": "#1d3f72", "red": "#a8231c"}


def _bring(page: Page, language: str = "") -> Response | None:
    """What is in the file of the small questionnaire."""
    text = f'code = "look_{time.time_ns()}"\n{_COLOURS}'  # each time another one
    file: FilePayload = {"name": "look.toml", "mimeType": "text/plain", "buffer": text.encode()}
    page.set_input_files("[name=file]", file)
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    return page.reload()


def _colours(page: Page) -> None:
    """The draft of the small questionnaire, brought along as a file."""
    _bring(page)
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()


def _quotas(page: Page, language: str) -> Response | None:
    """A quota for two answers of one question; there is one for both languages."""
    if page.locator("main progress").count():
        return page.reload()
    name = page.locator("#x-first option").first.get_attribute("value") or ""
    page.goto(f"{page.url.partition('?')[0]}?first={name}&second=")
    for line, limit in enumerate(("120", "60")):
        page.fill(f"[name='cell:{line}:0']", limit)
    page.locator("form:has([name='cell:0:0']) button").click()
    page.wait_for_load_state()
    return page.reload()


def _completion(page: Page, language: str) -> Response | None:
    """The work list of sheets to be completed."""
    page.locator("form[action$='/completion/plan/'] button").first.click()
    page.wait_for_load_state()
    return page.reload()


def _options(page: Page, language: str) -> Response | None:
    """A question of pictures, with its pictures."""
    _colours(page)
    editor = page.url.partition("?")[0]
    page.goto(f"{editor}?at=colour")
    page.locator("a[href$='/pictures/colour/']").click()
    for code, paint in _PAINTS.items():
        shown = io.BytesIO()
        Image.new("RGB", (400, 260), paint).save(shown, "PNG")
        page.set_input_files(
            f"#p-{code}", {"name": f"{code}.png", "mimeType": "image/png", "buffer": shown.getvalue()}
        )
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()
    answer = page.goto(f"{editor}?at=colour")
    page.locator("#e-pictures").scroll_into_view_if_needed()
    return answer


def _contradictions(page: Page, language: str) -> Response | None:
    """The contradictions of a questionnaire, below its titles."""
    _colours(page)
    answer = page.goto(page.url.partition("?")[0])
    page.locator("#e-contradictions").scroll_into_view_if_needed()
    return answer


def _case(page: Page, language: str) -> Response | None:
    """The case around which there is work of every kind."""
    page.locator("main tbody a").first.click()
    page.wait_for_load_state()
    return page.reload()


#: Pictures of what the demo does not hold, or of a record that is looked for before.
MADE_FIRST: dict[str, Callable[[Page, str], Response | None]] = {
    "embed": _embed,
    "kiosk": _kiosk,
    "box": _box,
    "case": _case,
    "undelivered": _case,
    "print": _print,
    "tracked": _tracked,
    "pin": _pin,
    "bring": _bring,
    "quotas": _quotas,
    "completion": _completion,
    "options": _options,
    "contradictions": _contradictions,
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
