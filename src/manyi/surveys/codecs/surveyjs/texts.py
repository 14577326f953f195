"""Texts of SurveyJS: a plain string in the survey's language, or a table by language."""

from __future__ import annotations

import re
from typing import Any

from manyi.surveys.tree import Text

_CHINESE = re.compile(r"[一-鿿]")
_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"[ \t]*\n\s*")


def our_language(code: str) -> str:
    """Our code of a language: simplified Chinese is ``zh``, whatever it is called there."""
    folded = code.lower().replace("_", "-")
    if folded in {"zh", "zh-cn", "zh-hans", "zh-sg", "chinese"}:
        return "zh"
    return "en" if folded in {"en", "en-us", "en-gb", "english"} else folded


def their_language(code: str) -> str:
    """SurveyJS's code of one of our languages."""
    return "zh-cn" if code == "zh" else code


def read_text(value: Any, default: str) -> Text:
    """A text; ``default`` is the language of strings and of the key ``default``."""
    if isinstance(value, dict):
        given = {
            our_language(default if key == "default" else str(key)): _plain(v) for key, v in value.items()
        }
    else:
        given = {our_language(default): _plain(value)}
    more = ((code, words) for code, words in given.items() if code not in {"zh", "en"} and words)
    return Text(given.get("zh", ""), given.get("en", ""), tuple(sorted(more)))


def _plain(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def write_text(text: Text, default: str) -> Any:
    """A plain string where only the default language is written, else a table by language."""
    words = {code: text.text(code) for code in text.languages}
    if set(words) <= {default}:
        return words.get(default, "")
    return {("default" if code == default else their_language(code)): said for code, said in words.items()}


def default_language(survey: dict[str, Any]) -> str:
    """The language of strings: as the survey says, else Chinese where its first strings are Chinese."""
    if isinstance(survey.get("locale"), str) and survey["locale"]:
        return our_language(survey["locale"])
    return "zh" if _CHINESE.search(repr(survey)[:20_000]) else "en"


def without_markup(html: str) -> str:
    """The words of a piece of HTML."""
    return _SPACE.sub("\n", _TAG.sub("", html)).strip()
