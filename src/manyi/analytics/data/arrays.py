"""A table held in memory: columns of numbers or of text, as a file gave them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from manyi.analytics.data.number_text import (
    LARGEST,
    RUN_TOGETHER,
    as_number,
    digits_lost,
    is_grouped,
)
from manyi.analytics.data.ordering import order_of
from manyi.analytics.data.refusals import run_together, too_many, without_digits
from manyi.analytics.data.table import (
    MOST_LEVELS,
    BadData,
    Bases,
    Floats,
    Groups,
    Level,
    Table,
    Variable,
    plain,
    unknown,
)
from manyi.kernel.labels import Label

if TYPE_CHECKING:
    from manyi.analytics.data.narrowing import Where

#: What files write where nothing is known. Among numbers they count as missing, and the reader is told.
MISSING_MARKS = frozenset({"NA", "N/A", "NaN", "nan", "#N/A", "NULL", "null", ".", "缺失"})
#: The first data row of a file, as a spreadsheet counts.
FIRST_ROW = 2


@dataclass(slots=True)
class Column:
    """One column: ``values`` are float64 (NaN missing) or str (empty missing); ``labels`` by code.

    ``numeric`` are its values as numbers once somebody asked, ``grouped`` likewise.
    """

    variable: Variable
    values: npt.NDArray[Any]
    labels: Mapping[str, Label] = field(default_factory=dict)
    numeric: Floats | None = None
    grouped: Groups | None = None


class ArrayTable(Table):
    """Columns of equal length; ``weight`` names the column whose values are the weights.

    ``missing`` are values that mean no answer, in every column. ``minimum``, where it is not nought, is the
    least number of people that may be told apart. ``lines`` are the rows of the file in which they stand,
    where these do not follow one another. Raises BadData for weights that are negative, missing or all 0.
    """

    def __init__(
        self,
        columns: Iterable[Column],
        *,
        weight: str = "",
        missing: Sequence[str] = (),
        rows: int | None = None,
        minimum: int = 0,
        lines: npt.NDArray[np.int64] | None = None,
    ) -> None:
        self._columns = {column.variable.name: column for column in columns}
        sizes = {len(column.values) for column in self._columns.values()}
        if len(sizes) > 1:
            raise ValueError("columns of different length")
        self.rows = sizes.pop() if sizes else rows or 0
        self.weighted = bool(weight)
        self.minimum = minimum
        self._lines = np.arange(FIRST_ROW, FIRST_ROW + self.rows) if lines is None else lines
        self._missing = frozenset(missing)
        self._noted: dict[str, Label] = {}
        self._weights = self._checked(weight) if weight else np.ones(self.rows)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Every column in the order of the source."""
        return tuple(column.variable for column in self._columns.values())

    @property
    def warnings(self) -> tuple[Label, ...]:
        """Texts that were taken as missing among numbers."""
        return tuple(self._noted.values())

    def numbers(self, name: str) -> Floats:
        """The values as float64, NaN where missing."""
        column = self._column(name)
        if column.numeric is None:
            column.numeric = self._numbers(column)
            if digits_lost(column.numeric):
                raise without_digits(name)
        return column.numeric

    def groups(self, name: str) -> Groups:
        """The values as groups, in the order of their numbers or of their letters."""
        column = self._column(name)
        if column.grouped is None:
            column.grouped = self._groups(column)
        return column.grouped

    def texts(self, name: str) -> list[str]:
        """The values as they are written."""
        column = self._column(name)
        if column.values.dtype.kind == "f":
            if (np.abs(column.values) >= RUN_TOGETHER).any():
                raise run_together(name)
            return ["" if np.isnan(value) else plain(float(value)) for value in column.values]
        return [str(value) for value in column.values]

    def weights(self) -> Floats:
        """The weight of every row."""
        return self._weights

    def data_row(self, row: int) -> int:
        """Which row of the file, without its head, a row is."""
        return int(self._lines[row]) - FIRST_ROW

    def where(self, conditions: Sequence[Where]) -> ArrayTable:
        """The rows in which every condition holds."""
        held = np.ones(self.rows, dtype=bool)
        for each in conditions:
            held &= each.holds(self)
        return self if held.all() else self.keep(held)

    def keep(self, rows: npt.NDArray[np.bool_]) -> ArrayTable:
        """The table with only these rows."""
        kept = ArrayTable(
            [Column(c.variable, c.values[rows], c.labels) for c in self._columns.values()],
            missing=tuple(self._missing),
            rows=int(rows.sum()),
            minimum=self.minimum,
            lines=self._lines[rows],
        )
        kept.weighted, kept._weights, kept._noted = self.weighted, self._weights[rows], self._noted
        return kept

    def answered(self, name: str) -> int:
        """How many rows have a value of a variable, one that means no answer not counted."""
        return int(self._given(name).sum())

    def different(self, names: Sequence[str]) -> list[int]:
        """How many different values each variable has: 0, 1, or 2 for more."""
        found = []
        for name in names:
            values = self._column(name).values[self._given(name)]
            found.append(1 + bool((values != values[0]).any()) if len(values) else 0)
        return found

    def bases(self, name: str, items: Sequence[str]) -> Bases:
        """The rows of every group of a variable, and how many of them have a value of each item."""
        groups = self.groups(name)
        known = groups.places >= 0
        rows = [known, *(self._given(item) & known for item in items)]
        counts = [np.bincount(groups.places[each], minlength=len(groups.levels)) for each in rows]
        return Bases(groups.levels, np.array(counts, dtype=np.int64))

    def without(self, name: str, codes: Collection[str], why: Label) -> ArrayTable:
        """The table in which a variable is missing for these levels; ``why`` goes to its warnings."""
        less = self.keep(np.ones(self.rows, dtype=bool))
        column, groups = self._column(name), self.groups(name)
        hidden = [place for place, level in enumerate(groups.levels) if level.code in codes]
        values, rows = column.values.copy(), np.isin(groups.places, hidden)
        values[rows] = np.nan if values.dtype.kind == "f" else ""
        less._columns[name] = Column(column.variable, values, column.labels)
        less._noted = {**self._noted, f"{name}:": why}
        return less

    def _given(self, name: str) -> npt.NDArray[np.bool_]:
        """For every row whether a variable has a value."""
        values = self._column(name).values
        if values.dtype.kind == "f":
            marks = [as_number(mark) for mark in self._missing]
            return np.asarray(~np.isnan(values) & ~np.isin(values, marks))
        return np.asarray(~np.isin(values.astype(str), ["", *self._missing]))

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            raise unknown(name, self.variables)
        return self._columns[name]

    def _numbers(self, column: Column) -> Floats:
        if column.values.dtype.kind == "f":
            values = column.values.astype(np.float64)
            for mark in self._missing:
                values[values == as_number(mark)] = np.nan
            wild = np.flatnonzero(np.abs(values) > LARGEST)
            if len(wild):
                raise self._too_large(column, int(wild[0]))
            return values
        return self._parsed(column)

    def _parsed(self, column: Column) -> Floats:
        """Text as numbers. Raises BadData with the first row that holds none."""
        different, back = np.unique(column.values.astype(str), return_inverse=True)
        parsed, marks, name = np.full(len(different), np.nan), 0, column.variable.name
        for place, text in enumerate(different):
            if not text or text in self._missing:
                continue
            parsed[place] = as_number(text)
            if np.isnan(parsed[place]) and text not in MISSING_MARKS:
                raise self._no_number(column, str(text))
            marks += int((back == place).sum()) if np.isnan(parsed[place]) else 0
        if grouped := [str(text) for text in different if is_grouped(text) and text not in self._missing]:
            zh = f"“{name}”列的逗号按千分位读:“{grouped[0]}”即 {as_number(grouped[0]):.15g}。"
            en = f"Commas in “{name}” set thousands apart: “{grouped[0]}” is {as_number(grouped[0]):.15g}."
            self._noted[f"{name},"] = Label(zh, en)
        if marks:
            zh = f"“{name}”列有 {marks} 个“NA”之类的值,按缺失处理。"
            en = f"{marks} values like “NA” in “{name}” count as missing."
            self._noted[name] = Label(zh, en)
        return parsed[back]

    def _no_number(self, column: Column, text: str) -> BadData:
        row = int(self._lines[np.flatnonzero(column.values.astype(str) == text)[0]])
        name = column.variable.name
        zh = f"“{name}”列第 {row} 行的“{text}”不是数字;请改正,或把它列入 missing。"
        en = f"“{text}” in column “{name}”, row {row}, is no number; correct it or list it under missing."
        return BadData(Label(zh, en), field=name)

    def _too_large(self, column: Column, place: int) -> BadData:
        row, name, value = int(self._lines[place]), column.variable.name, column.values[place]
        zh = f"“{name}”列第 {row} 行的 {value:g} 无穷大或太大,无法计算;请改正,或用 where 排除。"
        en = f"{value:g} in column “{name}”, row {row}, is infinite or too large to compute with; correct it."
        return BadData(Label(zh, en), field=name)

    def _groups(self, column: Column) -> Groups:
        texts = np.array(self.texts(column.variable.name), dtype=object).astype(str)
        different, back = np.unique(texts, return_inverse=True)
        levels = [text for text in different if text and text not in self._missing]
        if len(levels) > MOST_LEVELS:
            raise too_many(column.variable.name, len(levels))
        levels.sort(key=order_of(levels, column.labels))
        place = {text: n for n, text in enumerate(levels)}
        places = np.array([place.get(text, -1) for text in different], dtype=np.int64)[back]
        named = tuple(Level(text, column.labels.get(text, Label(text, text))) for text in levels)
        return Groups(places, named)

    def _checked(self, name: str) -> Floats:
        weights = self.numbers(name)
        bad = np.flatnonzero(~np.isfinite(weights) | (weights < 0))
        if len(bad):
            row = int(self._lines[bad[0]])
            zh = f"权重列“{name}”第 {row} 行缺失或为负;每行都要有不小于 0 的权重。"
            en = f"The weight in column “{name}”, row {row}, is missing or negative."
            raise BadData(Label(zh, en), field=name)
        if not weights.sum() > 0:
            raise BadData(
                Label(f"权重列“{name}”之和为 0。", f"The weights in “{name}” sum to nought."), field=name
            )
        return weights


def table_of(
    columns: Mapping[str, Sequence[Any]], *, weight: str = "", missing: Sequence[str] = ()
) -> ArrayTable:
    """A table of plain sequences by name; None and empty text are missing."""
    return ArrayTable(
        [Column(Variable(name, Label(name, name)), as_array(values)) for name, values in columns.items()],
        weight=weight,
        missing=missing,
    )


def as_array(values: Sequence[Any]) -> npt.NDArray[Any]:
    """Numbers with None as float64; anything else as text."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiub":
        return values.astype(np.float64)
    if all(value is None or isinstance(value, int | float) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return np.array(["" if value is None else plain(value).strip() for value in values], dtype=object)
