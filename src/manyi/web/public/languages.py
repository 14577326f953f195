"""The language of a respondent's page: any that the questionnaire is written in; our own words fall back."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.utils import translation

#: The languages of the interface by what stands in addresses.
OURS = {"zh": "zh-hans", "en": "en"}


def ours(language: str) -> str:
    """The language of our own words beside texts in another one."""
    return OURS["zh"] if language.startswith("zh") else OURS["en"]


def asked_language(request: HttpRequest, offered: Iterable[str] = OURS) -> str:
    """The language that the address asks for, if it is offered; else nothing."""
    asked = request.GET.get("lang", "")
    return OURS.get(asked, asked) if asked in offered else ""


def spoken(request: HttpRequest, offered: Iterable[str], begun: str = "") -> str:
    """The language in which to show a questionnaire: asked for, else begun in, else the browser's."""
    asked = asked_language(request, offered)
    if asked or begun:
        return asked or begun
    return _preferred(request, offered)


def _preferred(request: HttpRequest, offered: Iterable[str]) -> str:
    """The first language of the browser in which there is something to read."""
    known = set(offered)
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().lower()
        for each in (code, code.partition("-")[0]):
            if each in known:
                return OURS.get(each, each)
    return translation.get_language() or OURS["zh"]


def of_staff(request: HttpRequest, offered: Iterable[str]) -> str:
    """The language in which staff look at a questionnaire: asked for, else that of their own pages."""
    return spoken(request, offered, "zh" if (translation.get_language() or "zh").startswith("zh") else "en")


def menu(offered: Iterable[str], language: str) -> list[tuple[str, str]]:
    """The other languages with their own names, for the head of the page."""
    here = next((code for code, whole in OURS.items() if whole == language), language)
    return [(code, name_of(code)) for code in offered if code != here]


def name_of(code: str) -> str:
    """What a language is called in itself."""
    if code in OURS:
        return {"zh": "中文", "en": "English"}[code]
    info = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0], {})
    return str(info.get("name_local", code)).capitalize()
