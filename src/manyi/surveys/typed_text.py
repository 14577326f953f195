"""What somebody typed, or a machine sent, as text that can be stored and quoted."""

from __future__ import annotations

import unicodedata
from typing import Any

from manyi.measures.answers import code_of

#: How much of a wrong answer is quoted back, and what no number needs.
_QUOTED, _MOST_BITS = 40, 64


def as_text(value: Any) -> str:
    """A text or number as clean text: no NUL, no half of a surrogate pair, one kind of line end; else ""."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return ""
    text = code_of(value) if isinstance(value, float) else str(value)
    text = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    return text.replace("\r\n", "\n").strip()


def as_code(value: Any) -> str:
    """The code that an answer names: 5, 5.0, "5" and full-width "５" are the same."""
    return unicodedata.normalize("NFKC", as_text(value)) if isinstance(value, str) else as_text(value)


def said(value: Any) -> str:
    """A wrong answer as a message quotes it: short, and only what a person can have typed."""
    text = as_text(value).replace("\n", " ")
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
