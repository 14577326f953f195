"""What of a question is filled in: the boxes, scales and lines that every form draws, on screen or on paper.

A question type says its parts once; the web page, the printed form and the interviewer's screen only differ
in how they draw them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from manyi.surveys.tree import Option, Text

#: ``one`` and ``many`` are choices, ``pick`` one from a folded list, ``scale`` steps from low to high,
#: ``rank`` a place for every option; the others are entries named after what is typed into
#: them; ``told`` is only read.
PartKind = Literal[
    "one", "many", "pick", "scale", "rank", "line", "lines", "number", "slider", "phone", "email", "date",
    "time", "datetime", "files", "signature", "place", "told",
]  # fmt: skip


NO_TEXT = Text()


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Which files a question takes: their content types, how many, and how large each may be."""

    types: frozenset[str]
    at_most: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to fill in; its field is the question's own, or ``question.path`` below it.

    ``options`` are its choices or steps; ``apart`` is a choice that stands beside the scale (“not
    applicable”); ``look`` how a scale or choice appears; ``settings`` what the entry needs: ``low``,
    ``high``, ``step``, ``unit``, ``most`` (characters or choices), ``accept``.
    """

    kind: PartKind
    path: str = ""
    title: Text = NO_TEXT
    options: tuple[Option, ...] = ()
    apart: Option | None = None
    look: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
