"""Run the statements on a snapshot and hand back mergeable sums.

sqlglot is loaded when a statement is built: each of the three processes starts a quarter of a second sooner.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import duckdb

from manyi.analytics.codebook import Codebook, Field
from manyi.analytics.condition import Condition
from manyi.analytics.data.bundles import bundled
from manyi.analytics.data.engines import Engine
from manyi.analytics.encoding import TOTAL_SCALE
from manyi.measures.indicators import Distribution, MeanSums

#: So few answers are counted for all sets in one pass.
FEW = 20_000
#: So many bits of joint cells are counted at once; an array for more takes longer than few answers.
BITS = 12
#: The bits of a column whose values the code book does not list: departments.
UNKNOWN_BITS = 8.0
Set = tuple[str, ...]
Key = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a joint histogram: rows, rows with a total, exact sums of the totals. Cells add up."""

    n: int = 0
    totals: int = 0
    s1: Fraction = Fraction()
    s2: Fraction = Fraction()

    def __add__(self, other: Cell) -> Cell:
        """Both together."""
        return Cell(self.n + other.n, self.totals + other.totals, self.s1 + other.s1, self.s2 + other.s2)

    @property
    def total(self) -> MeanSums:
        """The totals as mergeable sums, in points."""
        return MeanSums(self.n, self.totals, self.s1, self.s2)


@dataclass(frozen=True, slots=True)
class Histograms:
    """The cells of several sets of columns; a key holds the stored integers in the order of its set."""

    book: Codebook
    cells: Mapping[Set, Mapping[Key, Cell]] = field(default_factory=dict)

    def cell(self, columns: Set = (), key: Key = ()) -> Cell:
        """One cell; an empty one where nobody is."""
        return self.cells.get(columns, {}).get(key, Cell())

    def sizes_only(self) -> Histograms:
        """How many there are and nothing of what they answered."""
        return Histograms(self.book, {(): {(): Cell(self.cell().n)}})

    def keys(self, column: str) -> list[int]:
        """The values of a column on which somebody is."""
        return sorted(key[0] for key in self.cells.get((column,), {}) if key[0] is not None)

    def distribution(self, each: Field, within: tuple[str, int] | None = None) -> Distribution:
        """How the answers to one field fall, among all rows or in the group where a column has a value."""
        group, value = within or ("", 0)
        columns = (group, each.column) if within else (each.column,)
        asked = self.cell((group,), (value,)).n if within else self.cell().n
        counts = {
            each.code(int(key[-1])): cell.n
            for key, cell in self.cells.get(columns, {}).items()
            if key[-1] is not None and (not within or key[0] == value)
        }
        return Distribution(asked, counts)


def histograms(store: Engine, book: Codebook, sets: Sequence[Set], condition: Condition) -> Histograms:
    """The cells of all sets. Every set's columns are coded; numbers have no histogram."""
    from manyi.analytics import statements

    cells: dict[Set, dict[Key, Cell]] = {each: {} for each in ((), *sets)}
    few = count(store, condition) <= FEW
    for columns, within in _passes(list(cells), book, few=few):
        by_set: dict[frozenset[str], list[Set]] = {}
        for each in within:
            by_set.setdefault(frozenset(each), []).append(each)
        for row in store.sums(statements.histograms(columns, within, condition)):
            rolled, values, sums = row[: len(columns)], row[len(columns) : -4], row[-4:]
            by_column = {c: v for c, mark, v in zip(columns, rolled, values, strict=True) if not mark}
            cell = _cell(*(int(each or 0) for each in sums))
            for each in by_set[frozenset(by_column)]:
                cells[each][tuple(by_column[column] for column in each)] = cell
    return Histograms(book, cells)


def _passes(sets: list[Set], book: Codebook, *, few: bool) -> list[tuple[Set, list[Set]]]:
    """Joint sets that are counted in a dense array each, and what is summed of them; one for few answers.

    Their sizes come from the code book, so that a statement stays the same when answers come in.
    """
    columns = tuple(dict.fromkeys(column for each in sets for column in each))
    if few:
        return [(columns, sets)]
    bits = dict.fromkeys(columns, UNKNOWN_BITS) | {f"s{n}": 1.0 for n in range(len(book.segments))}
    bits |= {each.column: math.log2(len(each.codes) + 1) for each in book.fields.values()}
    bits |= {name: math.log2(len(codes) + 1) for name, codes in book.values.items()}
    made, left = [], sets
    for bundle in bundled(sets, bits, BITS):
        within = [each for each in left if set(each) <= set(bundle)]
        left = [each for each in left if each not in within]
        made.append((bundle, within))
    return made


def _cell(n: int, totals: int, s1: int, s2: int) -> Cell:
    return Cell(n, totals, Fraction(s1, TOTAL_SCALE), Fraction(s2, TOTAL_SCALE**2))


def count(store: Engine, condition: Condition) -> int:
    """How many responses match."""
    from manyi.analytics import statements

    return int(store.sums(statements.count(condition))[0][0])


def responses(
    connection: duckdb.DuckDBPyConnection, condition: Condition, *, offset: int, limit: int
) -> list[int]:
    """The ids of matching responses, newest first."""
    from manyi.analytics import statements

    query = statements.rows(condition, offset=offset, limit=limit).sql(dialect="duckdb")
    return [int(row[0]) for row in connection.execute(query).fetchall()]


def text_rows(
    connection: duckdb.DuckDBPyConnection, book: Codebook, condition: Condition, *, limit: int
) -> list[tuple[int, str, str]]:
    """Open answers of matching responses, newest first: response, question name, text."""
    from manyi.analytics import statements

    query = statements.texts(condition, limit=limit).sql(dialect="duckdb")
    rows = connection.execute(query).fetchall()
    return [(int(row[2]), book.texts[int(row[0])].name, str(row[1])) for row in rows]


def texts(
    connection: duckdb.DuckDBPyConnection, book: Codebook, condition: Condition, *, limit: int
) -> list[tuple[str, str]]:
    """Open answers of matching responses, newest first: question name and text."""
    return [(question, text) for _, question, text in text_rows(connection, book, condition, limit=limit)]
