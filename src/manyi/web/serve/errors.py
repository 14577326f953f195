"""Why Manyi cannot start here."""

from __future__ import annotations

from manyi.kernel.labels import Label


class CannotStart(Exception):
    """The start is refused: what is in the way and what to do, in one line of each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = Label(zh, en)
