"""A browser without script: reads a page's form, fills it as a person would, sends it, follows on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

RECEIPT = re.compile(r"/receipt/([^/]+)/")


@dataclass
class Form:
    """One form of a page: where it goes, and its fields with what a person may choose from."""

    action: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, wanted: dict[str, str]) -> dict[str, list[str]]:
        """What is sent by the first button: the wanted value of each field, else the last choice offered."""
        data: dict[str, list[str]] = {}
        for name, value in (*self.hidden, *self.buttons[:1]):
            data.setdefault(name, []).append(value)
        data |= {name: [wanted.get(name, values[-1])] for name, values in self.choices.items()}
        data |= {name: [wanted.get(name, "")] for name in self.boxes}
        return data


class FormReader(HTMLParser):
    """Collects the forms of a page that are sent with POST."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = Form(action=given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._field(tag, given, self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    @staticmethod
    def _field(tag: str, given: dict[str, str], form: Form) -> None:
        name, kind = given["name"], given.get("type", "text")
        if tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and kind == "hidden":
            form.hidden.append((name, given.get("value", "")))
        elif tag == "input" and kind == "radio":
            form.choices.setdefault(name, []).append(given.get("value", ""))
        elif tag in {"textarea", "select"} or (tag == "input" and kind not in {"checkbox", "submit"}):
            form.boxes[name] = kind


class Respondent:
    """One person with a telephone: opens a link and answers page by page until the receipt."""

    def __init__(self, base: str) -> None:
        self.client = httpx.Client(base_url=base, follow_redirects=True, timeout=30)
        self.page: httpx.Response | None = None

    def open(self, path: str) -> httpx.Response:
        """Open a link."""
        self.page = self.client.get(path)
        return self.page

    def send(self, **wanted: str) -> httpx.Response:
        """Fill in and send the questionnaire's form of the page."""
        assert self.page is not None, "open a page first"
        reader = FormReader()
        reader.feed(self.page.text)
        assert reader.forms, f"no form on {self.page.url}: {self.page.text[:2000]}"
        form = max(reader.forms, key=lambda form: len(form.choices) + len(form.boxes))
        target = urljoin(str(self.page.url), form.action) if form.action else str(self.page.url)
        self.page = self.client.post(target, data=form.filled(wanted))
        return self.page

    def answer_all(self, path: str, pages: int = 12, **wanted: str) -> str:
        """Walk from the link to the end; returns the receipt. Raises httpx.HTTPError when nobody answers."""
        self.open(path)
        for _ in range(pages):
            receipt = self.receipt()
            if receipt:
                return receipt
            self.send(**wanted).raise_for_status()
        raise AssertionError(f"no receipt after {pages} pages")

    def receipt(self) -> str:
        """The receipt number on the page at hand, or nothing."""
        found = RECEIPT.search(self.page.url.path) if self.page is not None else None
        return found[1] if found else ""
