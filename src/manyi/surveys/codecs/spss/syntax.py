"""The syntax file beside a system file: the sets, the weight and the missing values, to be run or read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from manyi.surveys.definition import Questionnaire


class ResponseSet(Protocol):
    """What is said of a multiple-response set."""

    @property
    def name(self) -> str:
        """Its name, with the dollar sign."""

    @property
    def label(self) -> str:
        """Its words."""

    @property
    def members(self) -> list[str]:
        """The names of its variables."""


def write_syntax(path: Path, tree: Questionnaire, sets: Sequence[ResponseSet], weight: str) -> None:
    """Write ``<name>.sps`` in UTF-8 with a mark, which tells SPSS the encoding."""
    lines = ["* Encoding: UTF-8.", f"* {_quoted(tree.title.text('zh'))}", f"GET FILE={_quoted(path.name)}."]
    for each in sets:
        lines += [
            "MRSETS",
            f"  /MDGROUP NAME={each.name} LABEL={_quoted(each.label)}",
            f"    CATEGORYLABELS=VARLABELS VARIABLES={' '.join(each.members)} VALUE=1",
            f"  /DISPLAY NAME=[{each.name}].",
        ]
    if weight:
        lines.append(f"WEIGHT BY {weight}.")
    path.with_suffix(".sps").write_text("\n".join([*lines, "EXECUTE.", ""]), encoding="utf-8-sig")


def _quoted(words: str) -> str:
    """Words in quotes on one line."""
    return "'" + " ".join(words.split()).replace("'", "''") + "'"
