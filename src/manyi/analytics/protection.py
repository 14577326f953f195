"""Groups that are too small are left out before an analysis sees them, whichever method it is.

The rule of comparisons (``rules.hidden_groups``) on the variables that a specification groups by. It acts on
the table of a round and not on a page, so that a page, a report and the command line hide the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from manyi.analytics.data.table import Table
from manyi.analytics.rules import hidden_groups, separable
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused

#: Settings that tell people apart, and variables that do so wherever they are named.
GROUPING = frozenset({"by", "column", "row", "period", "strata", "clusters"})
DIMENSIONS = frozenset({"unit", "channel", "source", "product", "month", "round"})
TOO_FEW = Label("样本不足,为保护答题人不显示。", "Too few answers to be shown: their givers are protected.")


def require_shown(whole: Table, chosen: Table) -> None:
    """Raise Refused where conditions chose, or left out, too few of the rows to be shown."""
    if whole.minimum and not separable(chosen.rows, whole.rows - chosen.rows, whole.minimum):
        raise Refused(TOO_FEW, field="data")


def protected(table: Table, config: Any) -> Table:
    """The table in which the groups that must not be shown are missing; the table notes what it lacks.

    A group counts by its least answered item, so that no figure of it rests on fewer than the minimum.
    Raises Refused for an item that fewer answered.
    """
    if not table.minimum:
        return table
    named = _named(table, config)
    grouping = {name for setting, names in named.items() if setting in GROUPING for name in names}
    every = {name for names in named.values() for name in names}
    grouping |= {name for name in every if name in DIMENSIONS or name.startswith("segment:")}
    items = sorted(every - grouping)
    for name in items:
        if 0 < table.answered(name) < table.minimum:
            raise Refused(TOO_FEW, field=name)
    for name in sorted(grouping):
        table = _without_small(table, name, items)
    return table


def _without_small(table: Table, name: str, items: Sequence[str]) -> Table:
    bases = table.bases(name, items)
    least = np.where(bases.counts > 0, bases.counts, table.rows).min(axis=0)
    filled = zip(bases.levels, least, bases.counts[0], strict=True)
    sizes = {level.code: int(size) for level, size, rows in filled if rows}
    hidden = hidden_groups(sizes, table.minimum)
    if not hidden:
        return table
    if len(hidden) == len(sizes):
        raise Refused(TOO_FEW, field=name)
    title = table.title(name)
    words = Label(
        f"“{title.zh}”中有 {len(hidden)} 组样本不足,不显示。",
        f"{len(hidden)} groups of “{title.en}” have too few answers and are not shown.",
    )
    return table.without(name, hidden, words)


def _named(table: Table, config: Any) -> Mapping[str, list[str]]:
    """The variables that each setting names."""
    known = {variable.name for variable in table.variables}
    found = {each.name: list(_words(getattr(config, each.name))) for each in fields(config)}
    return {setting: [word for word in words if word in known] for setting, words in found.items()}


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            yield from (name, *_words(inside))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _words(each)
