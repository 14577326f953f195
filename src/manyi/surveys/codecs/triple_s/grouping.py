"""Our variables as those of Triple-S: the choices of several are one variable there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from manyi.surveys.codecs.codebook import Variable

_STRANGE = re.compile(r"[^\w.]")


def spelt(name: str) -> str:
    """A name of letters, digits, ``_`` and ``.``."""
    return _STRANGE.sub("_", name)


def grouped(variables: Sequence[Variable]) -> list[tuple[str, list[Variable]]]:
    """Name and variables of each of theirs, in order: flags of one answer together, all others alone."""
    found = []
    for (path, _), members in groupby(enumerate(variables), key=lambda pair: _key(*pair)):
        each = [variable for _, variable in members]
        found.append((spelt(path) if _is_flag(each[0]) else each[0].name, each))
    return found


def _key(place: int, variable: Variable) -> tuple[str, int]:
    return (variable.column.path, -1) if _is_flag(variable) else (variable.name, place)


def _is_flag(variable: Variable) -> bool:
    return variable.kind == "flag" and not variable.beside
