"""The answers of a snapshot on the engine: what was counted of its large parts is kept beside them.

After new answers came in, only what is new is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import expressions as exp

from manyi.analytics import snapshot
from manyi.analytics.codebook import Codebook
from manyi.analytics.data.engines import DuckEngine, Engine, Row
from manyi.analytics.kept_sums import KeptSums
from manyi.analytics.snapshot import Parts

Merge = Callable[[Any, Any], Any]
#: How the values of equal keys become one; any other column is a key.
_MERGED: Mapping[type[exp.Expr], Merge] = {
    exp.Count: lambda one, other: one + other,
    exp.Sum: lambda one, other: one + other,
    exp.Min: min,
    exp.Max: max,
}


class SnapshotEngine(DuckEngine):
    """All parts that count, by a connection with their views."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, parts: Parts, book: Codebook) -> None:
        super().__init__(connection)
        self._parts, self._book = parts, book

    @property
    def pieces(self) -> Sequence[Engine]:
        """Every large part, then the others together; all at once where none is large."""
        return self._pieces or (self,)

    @cached_property
    def _pieces(self) -> tuple[_Piece, ...]:
        large = self._parts.large()
        if not large:
            return ()
        rest = [name for name in self._parts.names if name not in large]
        named = [([name], True) for name in large] + ([(rest, False)] if rest else [])
        return tuple(_Piece(self._parts.folder, names, self._book, keeps=keeps) for names, keeps in named)

    def sums(self, query: exp.Select) -> list[Row]:
        """The rows of a statement over ``answers`` whose columns are keys, then what can be merged."""
        if not self._pieces:
            return self.rows(query)
        question = query.sql(dialect="duckdb")
        merges = _merges(query)
        keys = len(query.selects) - len(merges)
        return merged((piece.counted(question) for piece in self._pieces), keys, merges)


class _Piece(DuckEngine):
    """Some parts of a snapshot, also named ``answers``; a large one alone keeps what was counted of it."""

    def __init__(self, folder: Path, names: Sequence[str], book: Codebook, *, keeps: bool) -> None:
        self._folder, self._names, self._book = folder, names, book
        self.keeps = keeps
        self._kept = KeptSums(folder, names[0]) if keeps else None

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:  # type: ignore[override]
        """Opened when something is to be counted."""
        return snapshot.connected(self._folder, self._names, self._book)

    def counted(self, question: str) -> list[Row]:
        """The rows of a statement, kept ones where there are."""
        rows = self.kept(question)
        if rows is None:
            found = self.connection.execute(question).fetchall()
            rows = [[int(value) if isinstance(value, Decimal) else value for value in row] for row in found]
            self.keep({question: rows})
        return [tuple(row) for row in rows]

    def kept(self, question: str) -> Any | None:
        """What was kept of this part under a question."""
        return self._kept.read(question) if self._kept else None

    def keep(self, sums: Mapping[str, Any]) -> None:
        """Keep sums of this part by their questions."""
        if self._kept:
            self._kept.keep(sums)


def _merges(query: exp.Select) -> list[Merge]:
    """How the columns behind the keys become one."""
    made: list[Merge] = []
    for each in query.selects:
        value = each.unalias()
        if type(value) in _MERGED:
            made.append(_MERGED[type(value)])
        elif made or value.find(exp.AggFunc):
            raise ValueError(f"{value.sql()} cannot be merged from parts")
    return made


def merged(pieces: Iterable[Iterable[Row]], keys: int, merges: Sequence[Merge]) -> list[Row]:
    """The rows of all pieces, those whose first ``keys`` values are equal as one."""
    found: dict[Row, Row] = {}
    for rows in pieces:
        for row in rows:
            key, values = row[:keys], row[keys:]
            held = found.get(key)
            found[key] = values if held is None else tuple(map(_together, merges, held, values))
    return [(*key, *values) for key, values in found.items()]


def _together(merge: Merge, one: Any, other: Any) -> Any:
    """Nothing adds nothing."""
    return other if one is None else one if other is None else merge(one, other)
