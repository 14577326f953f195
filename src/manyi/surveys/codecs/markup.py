"""Texts with HTML in them: the words stay, the markup goes."""

from __future__ import annotations

import html
import re

_BLOCK = re.compile(r"<\s*(?:br|/p|/div|/li|/h\d|/tr)\b[^>]*>", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[!/a-zA-Z][^>]*>")
_SPACE = re.compile(r"[ \t\xa0]+")
_LINES = re.compile(r"\s*\n\s*")


def has_markup(text: str) -> bool:
    """Whether a text has tags in it."""
    return bool(_TAG.search(text))


def words_of(text: str) -> str:
    """The words of a text with markup, paragraphs on lines of their own."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", _SCRIPT.sub("", text))))
    return _LINES.sub("\n", _SPACE.sub(" ", text.replace("\r", ""))).strip()
