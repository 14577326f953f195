"""What to notice about the columns that a specification names: values that they lack, none at all, or one.

Nothing is said where small groups are hidden: it would tell which of them hold somebody and what they said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from manyi.analytics.data.table import Table
from manyi.analytics.specification import Specification
from manyi.kernel.labels import Label

#: Settings that name columns of counts and weights, which may well be the same in every row.
_COUNTS = frozenset({"populations", "size", "columns"})


def absent_values(specification: Specification, table: Table) -> list[Label]:
    """What the conditions and the domain name and the data do not have: mostly a slip of the pen."""
    if table.minimum:
        return []
    named = [(each.column, (*each.among, *each.without)) for each in specification.choice.where]
    named += list(getattr(specification.config, "domain", {}).items())
    told = []
    for column, values in named:
        known = {level.code for level in table.bases(column, ()).levels} if values else set()
        if lacking := [value for value in values if value not in known]:
            zh = f"“{column}”没有这样的取值:{'、'.join(lacking)}。"
            en = f"“{column}” has no value {', '.join(lacking)}."
            told.append(Label(zh, en))
    return told


def columns_without_spread(config: Any, table: Table, *, most: int | None = None) -> list[Label]:
    """The columns of a configuration that have no value at all, or one only.

    Beyond ``most`` values nothing is looked at: it takes a pass over all of them.
    """
    if table.minimum or not is_dataclass(config) or isinstance(config, type):
        return []
    settings = {name: value for name, value in asdict(config).items() if name not in _COUNTS}
    named = set(_words(settings))
    columns = [each.name for each in table.variables if each.name in named]
    if most is not None and table.rows * len(columns) > most:
        return []
    told = []
    for name, different in zip(columns, table.different(columns) if columns else [], strict=True):
        if different == 0:
            told.append(Label(f"“{name}”没有任何可用的值。", f"“{name}” has no usable value at all."))
        elif different == 1:
            told.append(Label(f"“{name}”的值全部相同。", f"All values of “{name}” are the same."))
    return told


def _words(value: Any) -> Iterator[str]:
    """Every text in a configuration."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield name
            yield from _words(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)
