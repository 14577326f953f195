"""Which rows of a table an analysis is about: conditions on variables, all of which must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from manyi.analytics.data.arrays import ArrayTable
from manyi.analytics.data.table import plain
from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid


@dataclass(frozen=True, slots=True)
class Where:
    """One condition on a variable: among some values, not among some, at least or at most a number."""

    column: str
    among: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, table: ArrayTable) -> npt.NDArray[np.bool_]:
        """For every row whether the condition holds; a missing value meets none."""
        held = np.ones(table.rows, dtype=bool)
        if self.among or self.without:
            groups = table.groups(self.column)
            chosen = [n for n, level in enumerate(groups.levels) if self.chooses(level.code)]
            held &= np.isin(groups.places, chosen)
        if self.at_least is not None:
            held &= table.numbers(self.column) >= self.at_least
        if self.at_most is not None:
            held &= table.numbers(self.column) <= self.at_most
        return held

    def chooses(self, code: str) -> bool:
        """Whether a value with this code is wanted."""
        return (not self.among or code in self.among) and code not in self.without


def where_from(given: Mapping[str, Any], number: int) -> Where:
    """A condition from a specification; raises Invalid naming it and what it lacks."""
    place = f"data.where[{number}]"
    unexpected = given.keys() - {"column", "in", "not_in", "is", "at_least", "at_most"}
    if unexpected or not given.get("column"):
        zh = "条件要有 column,以及 is、in、not_in、at_least、at_most 之一。"
        en = "A condition has a column and one of is, in, not_in, at_least, at_most."
        raise Invalid([(place, Label(zh, en))])
    among = [*([given["is"]] if "is" in given else []), *_several(given.get("in", []))]
    without = tuple(map(plain, _several(given.get("not_in", []))))
    return Where(
        str(given["column"]),
        tuple(map(plain, among)),
        without,
        _limit(given, "at_least", place),
        _limit(given, "at_most", place),
    )


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _limit(given: Mapping[str, Any], name: str, place: str) -> float | None:
    value = given.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Invalid([(f"{place}.{name}", Label("这里应是数字。", "This is a number."))])
    return None if value is None else float(value)
