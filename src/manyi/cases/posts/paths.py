"""Simple paths into JSON: ``data.sender.name``, ``articles[0].body``, ``attachments[*].url``. Pure."""

from __future__ import annotations

import re
from typing import Any

from manyi.kernel.labels import Label

_STEP = re.compile(r"([^.\[\]\s]+)|\[(\d{1,4}|\*)\]")
_PATH = re.compile(r"(?:[^.\[\]\s]+|\[(?:\d{1,4}|\*)\])(?:\.[^.\[\]\s]+|\[(?:\d{1,4}|\*)\])*")
MOST_STEPS = 12


def problem(path: str) -> Label | None:
    """What is wrong with the writing of a path; None when it can be followed."""
    if _PATH.fullmatch(path) and len(_STEP.findall(path)) <= MOST_STEPS:
        return None
    return Label(
        f"“{path}”不是有效的路径,请写成 data.sender.name 或 files[*].url。",
        f"“{path}” is no path; write data.sender.name or files[*].url.",
    )


def follow(body: Any, path: str) -> list[Any]:
    """What stands at a path, in order: nothing when it leads nowhere, several values after ``[*]``."""
    found = [body]
    for name, place in _STEP.findall(path):
        found = [inner for outer in found for inner in _below(outer, name, place)]
    return [each for each in found if each is not None]


def _below(outer: Any, name: str, place: str) -> list[Any]:
    if name:
        return [outer[name]] if isinstance(outer, dict) and name in outer else []
    if not isinstance(outer, list):
        return []
    return outer if place == "*" else outer[int(place) : int(place) + 1]
