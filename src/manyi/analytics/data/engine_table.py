"""A table whose rows lie on an engine: sums are answered by one statement, values are fetched when asked for.

What a value means (its number, its level, whether it is missing) is decided by ``ArrayTable`` over the few
different values, so that both tables mean the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sqlglot import expressions as exp

from manyi.analytics.data import engine_statements as statements
from manyi.analytics.data.arrays import ArrayTable, Column
from manyi.analytics.data.cells import CountedCells, joint_histograms
from manyi.analytics.data.engines import Engine
from manyi.analytics.data.narrowing import Where
from manyi.analytics.data.number_text import as_number
from manyi.analytics.data.products import Number, Numbers, SummedProducts
from manyi.analytics.data.stored import Stored
from manyi.analytics.data.table import (
    MOST_LEVELS,
    BadData,
    Bases,
    Floats,
    Groups,
    Histogram,
    Level,
    Moments,
    Table,
    Variable,
    unknown,
)
from manyi.kernel.labels import Label

#: Texts with more different values than this become numbers in memory rather than in a statement.
MOST_MAPPED = 200


class EngineTable(Table):
    """The rows of ``source`` that meet ``condition``; ``weight`` names the variable of the weights.

    ``order`` is the column in whose order values are fetched, that of the source without it; ``notes`` are
    warnings about it. Weights are taken as they are: see ``require_weights``.
    """

    def __init__(
        self,
        engine: Engine,
        stored: Iterable[Stored],
        *,
        source: exp.Expr,
        weight: str = "",
        missing: Sequence[str] = (),
        condition: exp.Expr | None = None,
        order: str = "",
        minimum: int = 0,
        notes: Sequence[Label] = (),
    ) -> None:
        self._engine, self._source = engine, source
        self._stored = {each.variable.name: each for each in stored}
        self._condition = condition if condition is not None else exp.true()
        self._order, self._missing, self._weight = order, tuple(missing), weight
        self.weighted, self.minimum, self._notes = bool(weight), minimum, tuple(notes)
        self._held: dict[str, ArrayTable] = {}

    @cached_property
    def rows(self) -> int:
        """How many rows there are, counted when somebody asks."""
        return int(self._engine.sums(statements.count(self._source, self._condition))[0][0])

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Every variable in the order of the source."""
        return tuple(each.variable for each in self._stored.values())

    @property
    def warnings(self) -> tuple[Label, ...]:
        """What was noticed among the values that came into memory."""
        return (*self._notes, *(each for table in self._held.values() for each in table.warnings))

    def numbers(self, name: str) -> Floats:
        """The values as float64, NaN where missing."""
        return self._in_memory([name])[name].numbers(name)

    def groups(self, name: str) -> Groups:
        """The values as groups."""
        return self._in_memory([name])[name].groups(name)

    def texts(self, name: str) -> list[str]:
        """The values as they are written."""
        return self._in_memory([name])[name].texts(name)

    def weights(self) -> Floats:
        """The weight of every row."""
        return self.numbers(self._weight) if self._weight else np.ones(self.rows)

    def matrix(self, names: Sequence[str]) -> Floats:
        """Several variables as the columns of one array, fetched at once."""
        self._in_memory(names)
        return Table.matrix(self, names)

    def where(self, conditions: Sequence[Where]) -> Table:
        """The rows in which every condition holds."""
        if not conditions:
            return self
        trees = [self._narrowing(each) for each in conditions]
        if None in trees:  # text that is compared as a number
            return self._array_table().where(conditions)
        return self._like(self._stored.values(), exp.and_(self._condition, *trees), self._notes)

    def answered(self, name: str) -> int:
        """How many rows have a value of a variable, one that means no answer not counted."""
        given = self._of(name).given(self._missing)
        query = statements.bases(self._source, self._condition, statements.literal(1), [given])
        return sum(int(row[2]) for row in self._engine.sums(query))

    def different(self, names: Sequence[str]) -> list[int]:
        """How many different values each variable has: 0, 1, or 2 for more."""
        stored = {name: self._of(name) for name in names}
        values = {
            name: statements.where_given(each.tree(), each.given(self._missing))
            for name, each in stored.items()
            if each.kind != "other"
        }
        _, *ends = self._engine.rows(statements.ranges(self._source, self._condition, values))[0]
        pairs = dict(zip(values, zip(ends[::2], ends[1::2], strict=True), strict=True))
        found = {name: 0 if least is None else 1 + (least != most) for name, (least, most) in pairs.items()}
        return [
            found[name] if name in found else self._in_memory([name])[name].different([name])[0]
            for name in names
        ]

    def bases(self, name: str, items: Sequence[str]) -> Bases:
        """The rows of every group of a variable, and how many of them have a value of each item."""
        key, given = self._of(name).tree(), [self._of(item).given(self._missing) for item in items]
        found = self._engine.sums(statements.bases(self._source, self._condition, key, given))
        levels, places = self._levels_among(name, [row[0] for row in found])
        counts = np.zeros((1 + len(items), len(levels)), dtype=np.int64)
        for value, *sizes in found:
            if value in places:
                counts[:, places[value]] += sizes
        return Bases(levels, counts)

    def without(self, name: str, codes: Collection[str], why: Label) -> EngineTable:
        """The table in which a variable is missing for these levels; ``why`` goes to its warnings."""
        less = {**self._stored, name: self._of(name).without(codes)}
        return self._like(less.values(), self._condition, (*self._notes, why))

    def _like(self, stored: Iterable[Stored], condition: exp.Expr, notes: Sequence[Label]) -> EngineTable:
        return EngineTable(
            self._engine,
            stored,
            source=self._source,
            weight=self._weight,
            missing=self._missing,
            condition=condition,
            order=self._order,
            minimum=self.minimum,
            notes=notes,
        )

    def histograms(self, sets: Sequence[Sequence[str]]) -> list[Histogram]:
        """The joint histogram of each set of variables, in as few passes as there are bundles of them."""
        names = list(dict.fromkeys(name for each in sets for name in each))
        if any(self._of(name).kind == "other" for name in names):
            return Table.histograms(self, sets)
        stored = {name: self._of(name) for name in names}
        weight = self._weight_tree() if self._weight else None
        if self._weight and weight is None:
            return Table.histograms(self, sets)
        counted = CountedCells(self._engine, self._source, self._condition, stored, weight)
        cells = counted.of([tuple(each) for each in sets])
        return joint_histograms(cells, sets, stored, self._missing)

    def moments(self, names: Sequence[str]) -> Moments:
        """The weighted sums and products of complete rows."""
        each = [self._handed(name) for name in names]
        weight = self._weight_tree() if self._weight else None
        if None in each or (self._weight and weight is None):
            return Table.moments(self, names)
        width = sum(self._of(name).width for name in (*names, *([self._weight] if self._weight else ())))
        numbers = Numbers([number for number in each if number], weight, width)
        with np.errstate(invalid="ignore"):  # the infinite is refused below
            found = SummedProducts(self._engine, self._source, self._condition, numbers).moments()
        if not np.isfinite(found.products).all():
            return Table.moments(self, names)  # which names what is infinite, and its row
        return found

    def columns(self) -> list[Column]:
        """Every variable, in memory."""
        return self._fetched(self._stored)

    def _of(self, name: str) -> Stored:
        if name not in self._stored:
            raise unknown(name, self.variables)
        return self._stored[name]

    def _in_memory(self, names: Sequence[str]) -> Mapping[str, ArrayTable]:
        """One table in memory for each variable; what is not there is fetched at once."""
        lacking = {name: self._of(name) for name in dict.fromkeys(names) if name not in self._held}
        if lacking:
            for column in self._fetched(lacking):
                self._held[column.variable.name] = ArrayTable([column], missing=self._missing)
        return self._held

    def _fetched(self, wanted: Mapping[str, Stored]) -> list[Column]:
        """Whole variables, all by one statement."""
        places = {f"v{place}": each.tree() for place, each in enumerate(wanted.values())}
        found = self._engine.columns(statements.values(self._source, self._condition, places, self._order))
        return [each.column_of(found[place]) for place, each in zip(places, wanted.values(), strict=True)]

    def _array_table(self) -> ArrayTable:
        """All of it in memory."""
        return ArrayTable(
            self.columns(), weight=self._weight, missing=self._missing, rows=self.rows, minimum=self.minimum
        )

    def _weight_tree(self) -> exp.Expr | None:
        """Weights were looked at once, so a stored number is one."""
        each = self._stored.get(self._weight)
        return each.tree() if each is not None and each.kind == "number" else self._number(self._weight)

    def require_weights(self) -> EngineTable:
        """The table. Raises BadData for unfit weights like a table in memory, which can name the row."""
        weight = self._number(self._weight) if self._weight else None
        if weight is not None:
            bad, total = self._engine.sums(statements.unfit(self._source, self._condition, weight))[0]
            if bad or total is None or not total > 0:
                self._array_table()
        elif self._weight:
            self._array_table()
        return self

    def _number(self, name: str) -> exp.Expr | None:
        """A variable as a number in a statement; None where only memory can tell."""
        each = self._of(name)
        if each.kind == "number":
            marks = [value for mark in self._missing if not np.isnan(value := as_number(mark))]
            return statements.number(each.tree(), floating=each.floating, missing=marks)
        meant = self._meant(each)
        return None if meant is None else statements.mapped(each.tree(), meant)

    def _handed(self, name: str) -> Number | None:
        """A variable as a number and as it lies in the source; None where only memory can tell."""
        each, tree = self._of(name), self._number(name)
        if tree is None:
            return None
        if each.codes is not None and max(each.codes, default=0) < MOST_LEVELS:
            return Number(tree, each.key(), self._meant(each))
        plain = each.kind == "number" and each.whole and each.scale == 1
        return Number(tree, each.key() if plain and not (self._missing or each.gone) else tree)

    def _meant(self, each: Stored) -> Mapping[Any, float] | None:
        """The numbers that stored values stand for; None where one stands for none.

        By all its codes, if they are numbers: such a statement is the same when other answers come in.
        """
        if each.kind == "other":
            return None
        known = self._numbers_of(each, list(each.codes)) if each.codes else None
        return known if known is not None else self._numbers_of(each, self._different(each))

    def _numbers_of(self, each: Stored, different: Sequence[Any]) -> Mapping[Any, float] | None:
        if len(different) > MOST_MAPPED:
            return None
        known = ArrayTable([each.column_of(np.array(different, dtype=object))], missing=self._missing)
        try:
            numbers = known.numbers(each.variable.name)
        except BadData:
            return None
        if known.warnings:
            return None
        return {v: n for v, n in zip(different, numbers.tolist(), strict=True) if not np.isnan(n)}

    def _different(self, each: Stored) -> list[Any]:
        query = statements.distinct(self._source, self._condition, each.tree())
        return [row[0] for row in self._engine.sums(query)]

    def _levels_among(
        self, name: str, different: Sequence[Any]
    ) -> tuple[tuple[Level, ...], Mapping[Any, int]]:
        """The levels of a variable and the place of each stored value that has one."""
        each = self._of(name)
        kind = np.float64 if each.kind == "number" else object
        values = np.array([np.nan if v is None and kind is np.float64 else v for v in different], dtype=kind)
        groups = ArrayTable([each.column_of(values)], missing=self._missing).groups(name)
        places = zip(different, groups.places.tolist(), strict=True)
        return groups.levels, {value: place for value, place in places if place >= 0}

    def _narrowing(self, condition: Where) -> exp.Expr | None:
        """A condition as a tree; None where only memory can tell."""
        each, wanted = self._of(condition.column), []
        if condition.among or condition.without:
            if each.kind == "other":
                return None
            wanted.append(statements.among(each.tree(), self._chosen(each, condition)))
        for limit, compare in ((condition.at_least, exp.GTE), (condition.at_most, exp.LTE)):
            if limit is not None:
                value = self._number(condition.column)
                if value is None:
                    return None
                wanted.append(compare(this=value, expression=statements.literal(limit)))
        return exp.and_(*wanted) if wanted else exp.true()

    def _chosen(self, each: Stored, condition: Where) -> list[Any]:
        """The stored values that a condition chooses, in order: of codes without a look at the rows."""
        if each.codes is not None:
            gone = {"", *self._missing}
            return [n for n, code in each.codes.items() if code not in gone and condition.chooses(code)]
        levels, places = self._levels_among(each.variable.name, self._different(each))
        return sorted(v for v, place in places.items() if condition.chooses(levels[place].code))
