"""What a person at a terminal is told: progress of long work, and lines in both languages."""

from __future__ import annotations

import sys
import time

from manyi.kernel.labels import Label

BAR = 24


def both(label: Label) -> str:
    """A text for a terminal, which has no language of its own: Chinese, then English."""
    return f"{label.zh} {label.en}"


class TerminalProgress:
    """Progress (see ``organisation.jobs``) as a line that fills on a terminal, as whole lines elsewhere."""

    def __init__(self, what: Label) -> None:
        self.what, self.drawn_at = what, 0.0

    def set(self, done: int, total: int = 0, message: Label | None = None) -> None:
        """So much is done of so much; ``total`` 0 means that the end is not known."""
        changed = message is not None and message != self.what
        self.what = message or self.what
        finished = 0 < total <= done
        if not sys.stderr.isatty():
            if changed or finished:
                sys.stderr.write(f"{'✓' if finished else '·'} {both(self.what)}\n")
            return
        if finished or changed or time.monotonic() - self.drawn_at > 0.1:
            self.drawn_at = time.monotonic()
            sys.stderr.write(f"\r\033[K{self._line(done, total)}" + ("\n" if finished else ""))
            sys.stderr.flush()

    def _line(self, done: int, total: int) -> str:
        if not total:
            return f"{done} {both(self.what)}"
        full = min(BAR * done // total, BAR)
        return f"{'█' * full}{'·' * (BAR - full)} {done}/{total} {both(self.what)}"
