"""Text that the software itself owns, kept in both languages side by side."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A short text in Chinese and English; the interface asks for one of them."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The wording for a language code such as ``zh-hans`` or ``en-gb``; Chinese is the default."""
        return self.en if language.lower().startswith("en") else self.zh

    def __str__(self) -> str:
        return self.zh
