"""What was counted of a large part of a snapshot, kept beside it: it never changes, so it is counted once.

Kept sums lie in a folder of their part, one file for each question, named by the words of the question. A
file appears whole or not at all, what was read least recently makes room for others, and all are removed with
their part: other answers, other weights and people who were erased make other parts.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from manyi.analytics.snapshot import SUMS

#: Part of every name: what an older Manyi kept in another form is not found.
FORM = "2"
#: So many bytes are kept beside a part; people narrow a round in more ways than are worth a file.
ROOM = 4 << 20
#: What a file takes of a disk at least.
_BLOCK = 4096


class KeptSums:
    """The sums of one part by question. Whatever fails here is only counted again."""

    def __init__(self, folder: Path, part: str) -> None:
        self._folder = folder / f"{part}{SUMS}"

    def read(self, question: str) -> Any | None:
        """What was kept, as JSON gives it back; None where nothing was, or it cannot be read."""
        path = self._path(question)
        try:
            sums = json.loads(path.read_bytes())
        except (OSError, ValueError):  # not kept yet, or a disk that was full
            return None
        with suppress(OSError):
            os.utime(path)
        return sums

    def keep(self, sums: Mapping[str, Any]) -> None:
        """Keep sums by their questions where there is room for them; floats keep every digit."""
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            for question, each in sums.items():
                text = json.dumps(each, separators=(",", ":"))
                if len(text) <= ROOM // 8:
                    _write(self._path(question), text)
            self._make_room()

    def _path(self, question: str) -> Path:
        digest = hashlib.sha256(f"{FORM}\n{question}".encode()).hexdigest()
        return self._folder / f"{digest[:32]}.json"

    def _make_room(self) -> None:
        """Remove what was read least recently, and what a crash left half written in its turn."""
        found = [(path, path.stat()) for path in self._folder.iterdir()]
        taken = 0
        for path, told in sorted(found, key=lambda each: each[1].st_mtime_ns, reverse=True):
            taken += -(-told.st_size // _BLOCK) * _BLOCK
            if taken > ROOM:
                path.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        temporary.write_text(text)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
