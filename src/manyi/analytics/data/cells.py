"""Joint cells from an engine: values of some variables with n, Σw and Σw², and histograms made of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sqlglot import expressions as exp

from manyi.analytics.data import engine_statements as statements
from manyi.analytics.data.arrays import ArrayTable
from manyi.analytics.data.bundles import bundled
from manyi.analytics.data.engines import Array, Engine
from manyi.analytics.data.handed import coded, counted
from manyi.analytics.data.stored import Stored
from manyi.analytics.data.table import Floats, Groups, Histogram, Level, Places

Set = tuple[str, ...]
#: A bundle has fewer cells than rows by this many bits, so that counting rows stays the work.
SPARE_BITS = 4
#: The bits of a variable whose range no statement told.
UNKNOWN_BITS = 64.0
#: The values of codes below need not be looked for: they take few bits.
SMALL = 64
#: So few rows are here sooner than they are counted.
FEW = 20_000
#: Of so many they are sooner counted where they were handed over than by one statement a bundle.
MANY = 300_000
#: So many places are sooner marked than sorted.
MOST_PLACES = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells by the stored values of some variables; equal cells may come several times, and are added."""

    values: Mapping[str, Array]
    n: Floats
    w: Floats
    w2: Floats

    @classmethod
    def of_columns(cls, names: Set, columns: Sequence[Sequence[float]]) -> Cells:
        """Kept cells, as ``columns`` gave them."""
        values, sums = columns[: len(names)], columns[len(names) :]
        arrays = [np.array(each, dtype=np.float64) for each in sums]
        n, w, w2 = arrays if len(arrays) == 3 else arrays * 3
        return cls({name: np.array(v, np.float64) for name, v in zip(names, values, strict=True)}, n, w, w2)

    def columns(self) -> list[list[float]]:
        """The values of each variable, then n and, where these differ, Σw and Σw²."""
        sums = [self.n] if self.w is self.n else [self.n, self.w, self.w2]
        return [each.tolist() for each in (*self.values.values(), *sums)]

    def of(self, sets: Iterable[Set], stored: Mapping[str, Stored]) -> dict[Set, Cells]:
        """The cells of some sets of variables, which are numbers here, each cell once."""
        known: dict[str, tuple[Array, Array]] = {}
        for name in {name for names in sets for name in names}:
            alike, values = stored[name].alike, self.values[name]
            known[name] = np.unique(alike(values) if alike else values, return_inverse=True)
        return {names: self._summed(names, known) for names in sets}

    def _summed(self, names: Set, known: Mapping[str, tuple[Array, Array]]) -> Cells:
        """The cells of one set; ``known`` are the different values of each variable, and where they are."""
        shape, place = [len(known[name][0]) for name in names], np.zeros(len(self.n), dtype=np.int64)
        for name, size in zip(names, shape, strict=True):
            place = place * size + known[name][1]
        filled, at = _filled(place, math.prod(shape))
        places = np.unravel_index(filled, shape) if names else ()
        values = {name: known[name][0][each] for name, each in zip(names, places, strict=True)}
        sums = (np.bincount(at, each, len(filled)) for each in (self.n, self.w, self.w2))
        n, w, w2 = (each.astype(np.float64) for each in sums)
        return Cells(values, n, *((n, n) if self.w is self.n else (w, w2)))


def _filled(place: Array, size: int) -> tuple[Array, Array]:
    """Which of ``size`` places occur, and for each given place which of these it is."""
    if size > MOST_PLACES:
        return np.unique(place, return_inverse=True)
    numbers = np.zeros(size, dtype=np.int64)
    numbers[place] = 1
    filled = np.flatnonzero(numbers)
    numbers[filled] = np.arange(len(filled))
    return filled, numbers[place]


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
        self._stored = stored

    def of(self, sets: Sequence[Set]) -> list[Cells]:
        """For each set cells that hold its variables."""
        sorted_sets = [tuple(sorted(set(each))) for each in sets]
        different = list(dict.fromkeys(sorted_sets))
        found = [self._of_piece(piece, different) for piece in self._engine.pieces]
        whole = {each: _together([piece[each] for piece in found], each) for each in different}
        return [whole[each] for each in sorted_sets]

    def _of_piece(self, piece: Engine, sets: Sequence[Set]) -> Mapping[Set, Cells]:
        """The cells of each set; of a piece that keeps them, the kept ones where there are."""
        if not piece.keeps:
            return self._counted(piece, sets)
        questions = {each: self._question(each) for each in sets}
        kept = {each: piece.kept(question) for each, question in questions.items()}
        known = {each: Cells.of_columns(each, columns) for each, columns in kept.items() if columns}
        lacking = [each for each in sets if each not in known]
        if lacking:
            counted = self._counted(piece, lacking)
            for cells in {id(each): each for each in counted.values()}.values():
                within = [each for each in lacking if counted[each] is cells]
                known |= cells.of(within, self._stored)
            piece.keep({questions[each]: known[each].columns() for each in lacking})
        return known

    def _question(self, names: Set) -> str:
        """What the cells of a set are, in the words of statements."""
        return "\n".join(["cells", *self._words, *(self._words_of[name] for name in names)])

    @cached_property
    def _words(self) -> list[str]:
        weight = self._weight.sql() if self._weight is not None else ""
        return [self._source.sql(), self._condition.sql(), weight]

    @cached_property
    def _words_of(self) -> Mapping[str, str]:
        alike = {name: each.alike.__name__ if each.alike else "" for name, each in self._stored.items()}
        return {name: f"{tree.sql()} {alike[name]}" for name, tree in self._trees.items()}

    def _counted(self, engine: Engine, sets: Sequence[Set]) -> Mapping[Set, Cells]:
        """For each set cells that hold its variables, in as few statements as there are bundles."""
        if not engine.dense_bits or not self._keys:
            return self._in_one_pass(engine, sets)
        if len(sets) == 1:
            return {sets[0]: self._bundle(engine, sets[0])}
        bits, rows = self._bits(engine)
        if rows <= FEW:
            return dict.fromkeys(sets, self._every_row(engine))
        found = self._handed(engine, sets) if rows <= MANY and engine.hands_over else None
        if found is not None:
            return found
        most = max(8, min(engine.dense_bits, math.log2(rows + 1) - SPARE_BITS))
        bundles = [self._bundle(engine, each) for each in bundled(sets, bits, most)]
        return {each: next(b for b in bundles if set(each) <= b.values.keys()) for each in sets}

    def _handed(self, engine: Engine, sets: Sequence[Set]) -> Mapping[Set, Cells] | None:
        """From the columns themselves; None where some are no whole numbers, or lie too far apart."""
        if not all(each.whole for each in self._stored.values()):
            return None
        wanted = {self._keys[name]: tree for name, tree in self._trees.items()}
        if self._weight is not None:
            wanted["w"] = self._weight
        columns = engine.given(statements.values(self._source, self._condition, wanted, ""))
        weights = None if self._weight is None else np.where(columns[-1][1], 0.0, columns[-1][0])
        known = {name: coded(*each) for name, each in zip(self._keys, columns, strict=False)}
        if None in known.values():
            return None
        bundles = counted({name: each for name, each in known.items() if each}, sets, weights)
        made = [Cells(*each) for each in bundles]
        return {each: next(cells for cells in made if set(each) <= cells.values.keys()) for each in sets}

    def _every_row(self, engine: Engine) -> Cells:
        """Few rows: each is a cell."""
        wanted = {self._keys[name]: tree for name, tree in self._trees.items()}
        if self._weight is not None:
            wanted["w"] = self._weight
        found = engine.columns(statements.values(self._source, self._condition, wanted, ""))
        n = np.ones(len(next(iter(found.values()))))
        w = np.nan_to_num(found.get("w", n))
        return Cells({name: found[key] for name, key in self._keys.items()}, n, w, w * w)

    def _bits(self, engine: Engine) -> tuple[dict[str, float], int]:
        """How many bits the values of each variable take, and how many rows there are."""
        coded = {name: each.codes for name, each in self._stored.items() if each.codes}
        ends: dict[str, tuple[Any, Any]] = {
            name: (min(codes), max(codes)) for name, codes in coded.items() if max(codes) < SMALL
        }
        asked = [name for name, each in self._stored.items() if each.whole and name not in ends]
        trees = {name: self._trees[name] for name in asked}
        rows, *found = engine.rows(statements.ranges(self._source, self._condition, trees))[0]
        ends |= dict(zip(asked, zip(found[::2], found[1::2], strict=True), strict=True))
        bits = dict.fromkeys(self._keys, UNKNOWN_BITS)
        for name, (least, most) in ends.items():
            bits[name] = 1.0 if least is None else math.log2(int(most) - int(least) + 2)
        return bits, rows

    def _bundle(self, engine: Engine, names: Set) -> Cells:
        keys = {self._keys[name]: self._trees[name] for name in names}
        query = statements.cells(self._source, self._condition, keys, self._weight)
        return self._read(engine.columns(query), names)

    def _in_one_pass(self, engine: Engine, sets: Sequence[Set]) -> Mapping[Set, Cells]:
        trees = {key: self._trees[name] for name, key in self._keys.items()}
        grouped = [[self._keys[name] for name in each] for each in sets]
        query = statements.grouping_sets(self._source, self._condition, trees, grouped, self._weight)
        found, made = engine.columns(query), {}
        for each in sets:
            here = np.ones(len(found["n"]), dtype=bool)
            for name, key in self._keys.items():
                here &= (found[f"g_{key}"] == 0) == (name in each)
            made[each] = self._read({name: values[here] for name, values in found.items()}, each)
        return made

    def _read(self, found: Mapping[str, Array], names: Set) -> Cells:
        values = {name: found[self._keys[name]] for name in names}
        n = found["n"]
        if self._weight is None:
            return Cells(values, n, n, n)
        return Cells(values, n, np.nan_to_num(found["sw"]), np.nan_to_num(found["sw2"]))


def _together(cells: Sequence[Cells], names: Set) -> Cells:
    """The cells of all pieces below each other."""
    if len(cells) == 1:
        return cells[0]
    values = {name: np.concatenate([each.values[name] for each in cells]) for name in names}
    n, w, w2 = (np.concatenate(sums) for sums in zip(*((c.n, c.w, c.w2) for c in cells), strict=True))
    return Cells(values, n, w, w2)


def joint_histograms(
    cells: Sequence[Cells],
    sets: Sequence[Sequence[str]],
    stored: Mapping[str, Stored],
    missing: Sequence[str],
) -> list[Histogram]:
    """The histogram of every set, summed over the cells that hold its variables."""
    known: dict[str, _Known] = {}
    grouped: dict[tuple[int, str], Groups] = {}
    made = []
    for each, names in zip(cells, sets, strict=True):
        for name in names:
            if (id(each), name) not in grouped:
                grouped[id(each), name] = _groups(each.values[name], stored[name], missing, known)
        made.append(_histogram(each, [grouped[id(each), name] for name in names]))
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
