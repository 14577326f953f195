"""People at a browser: what they click and type, said in the words of the page, and what no page may do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.utils.translation import gettext, override
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Download, Locator, Page, Response

PHONE, DESK = 390, 1440
HEIGHTS = {PHONE: 844, DESK: 1000}
TALLEST = 2400
#: A page that was asked for on purpose although it is not there is no fault of the page.
EXPECTED_NOISE = "Failed to load resource"


def said(msgid: str, language: str = "zh") -> str:
    """A text of the templates as the page shows it in a language."""
    with override("en" if language == "en" else "zh-hans"):
        return gettext(msgid)


def speak(page: Page, language: str) -> None:
    """From now on the browser asks for this language, as the language switch makes it do."""
    address = urlsplit(page.url)
    value = "en" if language == "en" else "zh-hans"
    page.context.add_cookies(
        [{"name": "django_language", "value": value, "url": f"{address.scheme}://{address.netloc}"}]
    )


def serious_faults(page: Page) -> list[str]:
    """What axe finds on a page that keeps somebody from using it."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {fault['id']} at {node['target'][0]}: {node['failureSummary'].splitlines()[1].strip()}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"][:3]
    ]


def too_wide(page: Page) -> list[str]:
    """The page, when it has to be pushed sideways, and the elements that stick out furthest."""
    script = """() => {
        const room = window.innerWidth;
        if (document.documentElement.scrollWidth <= room) return [];
        const sticksOut = e => e.getBoundingClientRect().right > room + 1;
        const out = [...document.querySelectorAll("body *")].filter(sticksOut);
        return [`${document.documentElement.scrollWidth} px`].concat(out.slice(-4).map(
            e => `${e.tagName.toLowerCase()}.${e.className} ${(e.textContent || "").trim().slice(0, 30)}`));
    }"""
    found: list[str] = page.evaluate(script)
    return [f"{page.url} is too wide: {', '.join(found)}"] if found else []


class Gallery:
    """Looks at pages in both languages and widths: keeps a picture of each, notes what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def look(self, page: Page, name: str, *, script: bool = True) -> None:
        """Reload the page in English and Chinese, narrow and wide; it ends in Chinese and as wide as it was.

        Axe is a script: in a browser without any it cannot look.
        """
        before = page.viewport_size or {"width": DESK, "height": HEIGHTS[DESK]}
        for language in ("en", "zh"):
            speak(page, language)
            page.reload()
            for width in (PHONE, DESK):
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                if width == PHONE:
                    self.faults += too_wide(page)
                self.picture(page, f"{name}-{language}-{width}.png")
        self.faults += serious_faults(page) if script else []
        page.set_viewport_size(before)

    def picture(self, page: Page, name: str) -> None:
        """The page from its top; a long list does not get longer by being shown to its end."""
        size = page.viewport_size or {"width": DESK}
        height: int = page.evaluate("document.documentElement.scrollHeight")
        page.screenshot(
            path=self.folder / name,
            full_page=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": min(height, TALLEST)},
        )


class Visitor:
    """One person with a browser of their own."""

    def __init__(
        self, browser: Browser, base: str, gallery: Gallery, *, language: str = "zh", **context: Any
    ) -> None:
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
        size = {"width": DESK, "height": HEIGHTS[DESK]}
        self.context = browser.new_context(base_url=base, **{"viewport": size, **options, **context})
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.gallery, self.script = gallery, context.get("java_script_enabled", True)
        self.language = language
        if language == "en":
            self.context.add_cookies([{"name": "django_language", "value": "en", "url": base}])
        self.faults: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._checked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and EXPECTED_NOISE not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _checked(self, response: Response) -> None:
        """Every page forbids scripts that are written into it."""
        if response.request.resource_type != "document" or response.status in range(300, 400):
            return
        if "text/html" not in response.headers.get("content-type", ""):
            return
        policy = response.headers.get("content-security-policy", "")
        scripts = next((part for part in policy.split(";") if "script-src" in part), "")
        if not scripts or "unsafe" in scripts:
            self.faults.append(f"{response.url} allows scripts in the page: {policy or 'no policy'}")

    def log_in(self, username: str, password: str) -> Visitor:
        """By the form, as everybody does."""
        self.go("/account/login/")
        self.page.fill("#id_login", username)
        self.page.fill("#id_password", password)
        self._press(self.page.locator("form button[type=submit]").first)
        expect(self.page.locator("main h1").first).to_be_visible()
        return self

    def go(self, path: str) -> int:
        """Open an address; returns the status."""
        answer = self.page.goto(path)
        return answer.status if answer else 0

    def follow(self, words: str, *, within: str = "main") -> None:
        """Click a link by its words."""
        self._press(self.page.locator(f"{within} a", has_text=words).first)

    def form(self, button: str) -> Locator:
        """The form that has a button with these words of the templates, unfolded when it was folded away."""
        words = re.compile(rf"^\s*{re.escape(said(button, self.language))}\s*$")
        form = self.page.locator("main form", has=self.page.locator("button", has_text=words)).first
        return self._unfolded(form)

    def send(self, button: str, **fields: str) -> None:
        """Fill in the form that has this button, and press it."""
        form = self.form(button)
        self._fill(form, fields)
        words = re.compile(rf"^\s*{re.escape(said(button, self.language))}\s*$")
        self._press(form.locator("button", has_text=words))

    def save(self, **fields: str) -> None:
        """Fill in and send the page that is one form."""
        form = self.page.locator("main form.form-page")
        self._fill(form, fields)
        self._press(form.locator("button[type=submit]"))

    def act(self, name: str, **facts: str) -> None:
        """Take a step of a workflow by its button, with what it needs."""
        form = self._unfolded(self.acts(name).first)
        self._fill(form, facts)
        self._press(form.locator("button[type=submit]"))
        expect(self.page.locator(".note-error")).to_have_count(0)

    def acts(self, name: str) -> Locator:
        """The button of a step, if it is offered."""
        return self.page.locator(f"main form:has(input[name=act][value={name}])")

    def see(self, words: str, *, within: str = "main") -> None:
        """The page shows these words."""
        expect(self.page.locator(within)).to_contain_text(words)

    def download(self, words: str) -> Path:
        """Click what gives a file, and keep the file."""
        with self.page.expect_download() as waiting:
            self.page.locator("main a, main button", has_text=words).first.click()
        kept: Download = waiting.value
        return Path(kept.path())

    def look(self, name: str) -> None:
        """Keep pictures of the page and note its faults."""
        self.gallery.look(self.page, name, script=self.script)

    def check(self) -> None:
        """Note the faults of this page alone."""
        self.gallery.faults += serious_faults(self.page)

    def glance(self, name: str) -> None:
        """Keep a picture of the page as it is, and note its faults."""
        self.gallery.faults += [*serious_faults(self.page), *too_wide(self.page)]
        width = (self.page.viewport_size or {"width": DESK})["width"]
        self.gallery.picture(self.page, f"{name}-{self.language}-{width}.png")

    def _unfolded(self, form: Locator) -> Locator:
        folds = form.locator("xpath=ancestor::details[not(@open)]")
        while folds.count():  # the outer one first; an open one is not among them any more
            folds.first.locator("> summary").click()
        return form

    @staticmethod
    def _fill(form: Locator, fields: dict[str, str]) -> None:
        for name, value in fields.items():
            field = form.locator(f'[name="{name}"]').first
            kind = field.evaluate("field => field.type")
            if kind == "select-one":
                field.select_option(value)
            elif kind == "file":
                field.set_input_files(value)
            elif kind in {"checkbox", "radio"}:
                form.locator(f'[name="{name}"][value="{value}"]').check(force=True)
            else:
                field.fill(value)

    def _press(self, button: Locator) -> None:
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            button.click()
