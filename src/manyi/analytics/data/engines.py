"""Engines that run a statement tree: DuckDB in this process; a cluster (``spark``) has the same doors."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import duckdb
    from sqlglot import expressions as exp

#: No extension is ever fetched or loaded: what we need is linked in.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
#: So many bits of joint cells DuckDB aggregates in a dense array. Its own count rounds the bits of every
#: column up, so that it is allowed some more.
DENSE_BITS = 15
_ALLOWED_BITS = 7
Array = npt.NDArray[Any]


Row = tuple[Any, ...]


class Engine(ABC):
    """Where rows lie, and who runs statements over them.

    ``dense_bits``: so many bits of joint cells fit its dense array; 0 where it prefers one pass for all.
    ``hands_over``: so many bytes of columns are here sooner than the engine multiplies them; 0 for none.
    ``keeps``: whether sums of its rows can be kept, since these never change.
    """

    dense_bits = 0
    hands_over = 0
    keeps = False

    @abstractmethod
    def rows(self, query: exp.Query) -> list[Row]:
        """The rows of an aggregate statement: few."""

    @abstractmethod
    def columns(self, query: exp.Query) -> dict[str, Array]:
        """The columns of a statement over many rows, NULL as NaN among numbers and None among the rest."""

    def narrow(self, query: exp.Query) -> list[Array]:
        """The columns of a statement over many rows without NULL, as narrow as they lie there."""
        return list(self.columns(query).values())

    def given(self, query: exp.Query) -> list[tuple[Array, Array]]:
        """The columns of a statement as narrow as they lie there, each with where it is NULL."""
        found = self.columns(query).values()
        return [(each, each != each) for each in found]

    @property
    def pieces(self) -> Sequence[Engine]:
        """Engines that hold all its rows among them, always in the same order."""
        return (self,)

    def sums(self, query: exp.Select) -> list[Row]:
        """The rows of a statement whose columns are keys, then counts, sums, least and greatest values."""
        return self.rows(query)

    def kept(self, question: str) -> Any | None:
        """What was kept under a question; None where nothing is."""
        return None

    def keep(self, sums: Mapping[str, Any]) -> None:  # noqa: B027 - most engines forget
        """Keep sums, as JSON can hold them, by their questions."""


def own_connection() -> duckdb.DuckDBPyConnection:
    """A connection to the DuckDB of this process; nobody else sees its temporary views and its settings."""
    return _database(os.getpid()).cursor()


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory, opened once: that takes longer than most statements. A fork opens its own."""
    import duckdb

    return duckdb.connect(
        ":memory:", config={**CONFIG, "perfect_ht_threshold": str(DENSE_BITS + _ALLOWED_BITS)}
    )


class DuckEngine(Engine):
    """A DuckDB connection with the views that the statements name."""

    #: Its dense aggregation is several times faster than hashing while the cells fit the cache.
    dense_bits = DENSE_BITS
    hands_over = 256 * 2**20

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def rows(self, query: exp.Query) -> list[Row]:
        """The rows of an aggregate statement."""
        return self.connection.execute(_text(query)).fetchall()

    def columns(self, query: exp.Query) -> dict[str, Array]:
        """The columns of a statement over many rows, in their order."""
        found = self.connection.execute(_text(query)).fetchnumpy()
        return filled(found)

    def given(self, query: exp.Query) -> list[tuple[Array, Array]]:
        """The columns of a statement as narrow as they lie there, each with where it is NULL."""
        found = self.connection.execute(_text(query)).fetchnumpy().values()
        return [(np.ma.getdata(each), np.ma.getmaskarray(each)) for each in found]

    def narrow(self, query: exp.Query) -> list[Array]:
        """The columns of a statement over many rows without NULL, as narrow as they lie there."""
        return [np.ma.getdata(each) for each in self.connection.execute(_text(query)).fetchnumpy().values()]


def _text(query: exp.Query) -> str:
    """A statement in words. Each is made to be run once, so its tree need not be kept as it was."""
    return query.sql(dialect="duckdb", copy=False)


def filled(columns: Mapping[str, Any]) -> dict[str, Array]:
    """Masked arrays as an engine hands columns over."""
    return {name: _filled(values) for name, values in columns.items()}


def _filled(values: Any) -> Array:
    gone, inside = np.ma.getmaskarray(values), np.ma.getdata(values)
    if inside.dtype.kind in "iufb":
        return np.where(gone, np.nan, inside.astype(np.float64)) if gone.any() else inside.astype(np.float64)
    held = inside.astype(object)
    held[gone] = None
    return held
