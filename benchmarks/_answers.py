"""What another process, mostly a peer that is no dependency, answers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import Any


def answered(words: Sequence[str]) -> dict[str, Any]:
    """The JSON that a command prints; empty where a library is not installed there. Ends where it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode and "ModuleNotFoundError" in done.stderr:
        return {}
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)  # type: ignore[no-any-return]
