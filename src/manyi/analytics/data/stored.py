"""A variable as it lies in a source on an engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from sqlglot import expressions as exp

from manyi.analytics.data import engine_statements as statements
from manyi.analytics.data.arrays import Column
from manyi.analytics.data.engines import Array
from manyi.analytics.data.number_text import as_number
from manyi.analytics.data.table import Variable, plain
from manyi.kernel.labels import Label

Kind = Literal["number", "text", "day", "other"]
#: How engines call their types.
_WHOLE = frozenset({"TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "HUGEINT", "BOOLEAN"})
_WIDTHS = {"TINYINT": 1, "BOOLEAN": 1, "SMALLINT": 2, "INT": 4, "INTEGER": 4}
_FLOATING = ("FLOAT", "DOUBLE", "DECIMAL")
_OTHERS: Mapping[str, Kind] = {"VARCHAR": "text", "STRING": "text", "DATE": "day"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A variable as it lies in the source.

    ``kind``: "number" (``floating`` when it may hold NaN), "text", "day" (read as text like 2026-01-31), or
    "other": what only memory understands.
    ``width`` are the bytes of a stored number.
    ``codes`` are the texts that stored integers stand for, of others nothing is known; ``scale`` divides
    stored numbers; ``gone`` are numbers that are not to be seen.
    ``alike`` makes one of all stored integers that stand for the same, whatever the data hold.
    """

    variable: Variable
    column: str
    kind: Kind
    floating: bool = False
    labels: Mapping[str, Label] = field(default_factory=dict)
    codes: Mapping[int, str] | None = None
    scale: int = 1
    width: int = 8
    gone: tuple[float, ...] = ()
    alike: Callable[[Array], Array] | None = None

    @property
    def whole(self) -> bool:
        """Whether stored values are whole numbers, so that an engine can count them in a dense array."""
        return self.codes is not None or (self.kind == "number" and not self.floating)

    def key(self) -> exp.Expr:
        """The stored value to group by, as narrow as it lies there."""
        narrow = self.scale == 1 and self.kind != "day" and not self.gone
        return statements.column(self.column) if narrow else self.tree()

    def tree(self) -> exp.Expr:
        """The stored value in a statement."""
        value = statements.column(self.column)
        if self.kind == "day":
            return exp.cast(value, "TEXT")
        if self.kind != "number":
            return value
        wide = statements.double(value)
        scaled = wide if self.scale == 1 else exp.Div(this=wide, expression=statements.literal(self.scale))
        return statements.number(scaled, floating=False, missing=self.gone) if self.gone else scaled

    def given(self, missing: Sequence[str]) -> exp.Expr:
        """1 where there is a value, NULL where there is none or one of the marks that mean no answer."""
        value = self.tree()
        if self.kind == "number":
            marks = [number for mark in missing if not np.isnan(number := as_number(mark))]
            held = statements.number(value, floating=self.floating, missing=marks)
            return exp.Case().when(held.is_(exp.null()), exp.null()).else_(statements.literal(1))
        if self.codes is not None:
            known = statements.among(value, [n for n, code in self.codes.items() if code not in missing])
            return exp.Case().when(known, statements.literal(1))
        gone = exp.or_(value.is_(exp.null()), statements.among(value.copy(), ["", *missing]))
        return exp.Case().when(gone, exp.null()).else_(statements.literal(1))

    def without(self, codes: Collection[str]) -> Stored:
        """The variable without some of its levels."""
        if self.codes is not None:
            return replace(self, codes={n: code for n, code in self.codes.items() if code not in codes})
        if self.kind != "number":
            raise TypeError("texts of a file are nobody's secret")
        return replace(self, gone=(*self.gone, *map(as_number, codes)))

    def column_of(self, values: Array) -> Column:
        """Stored values as a column in memory."""
        if self.kind == "number":
            return Column(self.variable, values, self.labels)
        if self.codes is None:
            texts = ["" if v is None else plain(v) for v in values]
            return Column(self.variable, np.array(texts, dtype=object), self.labels)
        stored, back = np.unique(values.astype(np.float64), return_inverse=True)
        known = ["" if np.isnan(v) else self.codes.get(int(v), "") for v in stored]
        return Column(self.variable, np.array(known, dtype=object)[back], self.labels)


def stored_as(name: str, kind: str) -> Stored:
    """A column of a file, by what its engine calls its type."""
    variable, kind = Variable(name, Label(name, name)), kind.upper()
    floating = kind.startswith(_FLOATING)
    whole = kind.removeprefix("U")
    if floating or whole in _WHOLE:
        return Stored(variable, name, "number", floating=floating, width=_WIDTHS.get(whole, 8))
    return Stored(variable, name, _OTHERS.get(kind, "other"))
