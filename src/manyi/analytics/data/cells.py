"""Joint cells from an engine: values of some variables with n, Σw and Σw², and histograms made of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlglot import expressions as exp

from manyi.analytics.data import engine_statements as statements
from manyi.analytics.data.arrays import ArrayTable
from manyi.analytics.data.bundles import bundled
from manyi.analytics.data.engines import Array, Engine
from manyi.analytics.data.stored import Stored
from manyi.analytics.data.table import Floats, Groups, Histogram, Level, Places

Set = tuple[str, ...]
#: A bundle has fewer cells than rows by this many bits, so that counting rows stays the work.
SPARE_BITS = 4
#: The bits of a variable whose range no statement told.
UNKNOWN_BITS = 64.0


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells by the stored values of some variables; equal cells may come several times, and are added."""

    values: Mapping[str, Array]
    n: Floats
    w: Floats
    w2: Floats


class CountedCells:
    """Counts the cells of sets of variables with an engine."""

    def __init__(
        self,
        engine: Engine,
        source: exp.Expr,
        condition: exp.Expr,
        stored: Mapping[str, Stored],
        weight: exp.Expr | None,
    ) -> None:
        self._engine, self._source, self._condition, self._weight = engine, source, condition, weight
        self._keys = {name: f"k{place}" for place, name in enumerate(stored)}
        self._trees = {name: each.key() for name, each in stored.items()}
        self._whole = [name for name, each in stored.items() if each.whole]

    def of(self, sets: Sequence[Set]) -> list[Cells]:
        """Cells such that the variables of every set are together in one of them."""
        different = list(dict.fromkeys(tuple(sorted(set(each))) for each in sets))
        if not self._engine.dense_bits or not self._keys:
            return list(self._in_one_pass(different))
        if len(different) == 1:
            return [self._bundle(different[0])]
        bits, rows = self._bits()
        most = max(8, min(self._engine.dense_bits, math.log2(rows + 1) - SPARE_BITS))
        return [self._bundle(each) for each in bundled(different, bits, most)]

    def _bits(self) -> tuple[dict[str, float], int]:
        """How many bits the values of each variable take, and how many rows there are."""
        bits = dict.fromkeys(self._keys, UNKNOWN_BITS)
        trees = {name: self._trees[name] for name in self._whole}
        rows, *ends = self._engine.rows(statements.ranges(self._source, self._condition, trees))[0]
        for place, name in enumerate(self._whole):
            least, most = ends[2 * place], ends[2 * place + 1]
            bits[name] = 1.0 if least is None else math.log2(int(most) - int(least) + 2)
        return bits, rows

    def _bundle(self, names: Set) -> Cells:
        keys = {self._keys[name]: self._trees[name] for name in names}
        query = statements.cells(self._source, self._condition, keys, self._weight)
        return self._read(self._engine.columns(query), names)

    def _in_one_pass(self, sets: Sequence[Set]) -> Iterator[Cells]:
        trees = {key: self._trees[name] for name, key in self._keys.items()}
        grouped = [[self._keys[name] for name in each] for each in sets]
        query = statements.grouping_sets(self._source, self._condition, trees, grouped, self._weight)
        found = self._engine.columns(query)
        for each in sets:
            here = np.ones(len(found["n"]), dtype=bool)
            for name, key in self._keys.items():
                here &= (found[f"g_{key}"] == 0) == (name in each)
            yield self._read({name: values[here] for name, values in found.items()}, each)

    def _read(self, found: Mapping[str, Array], names: Set) -> Cells:
        values = {name: found[self._keys[name]] for name in names}
        n = found["n"]
        w, w2 = (np.nan_to_num(found.get(name, n)) for name in ("sw", "sw2"))
        return Cells(values, n, w, w2)


def joint_histograms(
    cells: Sequence[Cells],
    sets: Sequence[Sequence[str]],
    stored: Mapping[str, Stored],
    missing: Sequence[str],
) -> list[Histogram]:
    """The histogram of every set, summed over the cells that hold its variables."""
    known: dict[str, _Known] = {}
    grouped = [
        {name: _groups(values, stored[name], missing, known) for name, values in each.values.items()}
        for each in cells
    ]
    made = []
    for names in sets:
        at = next(place for place, each in enumerate(cells) if set(names) <= each.values.keys())
        made.append(_histogram(cells[at], [grouped[at][name] for name in names]))
    return made


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The levels of a variable, and the place of each of its ``different`` stored values."""

    different: Array
    places: Places
    levels: tuple[Level, ...]


def _groups(values: Array, stored: Stored, missing: Sequence[str], known: dict[str, _Known]) -> Groups:
    name = stored.variable.name
    written = values if values.dtype.kind == "f" else np.array(["" if v is None else v for v in values], str)
    if name not in known:
        different = np.unique(written)
        found = ArrayTable([stored.column_of(different)], missing=missing).groups(name)
        known[name] = _Known(different, found.places, found.levels)
    held = known[name]
    return Groups(held.places[np.searchsorted(held.different, written)], held.levels)


def _histogram(cells: Cells, groups: Sequence[Groups]) -> Histogram:
    """The cells of every row are there, also of those in which a variable is missing."""
    shape = tuple(len(each.levels) for each in groups)
    index, given = np.zeros(len(cells.n), dtype=np.int64), np.ones(len(cells.n), dtype=bool)
    for each, size in zip(groups, shape, strict=True):
        index = index * size + each.places
        given &= each.places >= 0
    size = int(np.prod(shape))
    sums = (np.bincount(index[given], each[given], size) for each in (cells.n, cells.w, cells.w2))
    n, w, w2 = (each.astype(np.float64).reshape(shape) for each in sums)
    return Histogram(tuple(each.levels for each in groups), n.astype(np.int64), w, w2, int(cells.n.sum()))
