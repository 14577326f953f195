"""The snapshot's files: parts of Parquet, written under another name first and then renamed.

A part is never changed. Which parts count is said by the snapshot's row, so a file that a crash left
behind is never read.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from manyi.analytics.codebook import MISSING, Codebook
from manyi.analytics.data.engines import CONFIG, own_connection
from manyi.analytics.encoding import NO_TOTAL, Array, Batch, encode

ANSWERS, TEXTS = "answers", "texts"
#: How the folder ends that holds sums of a part; see ``kept_sums``.
SUMS = ".sums"
_TEMPORARY = ".writing"
#: How the engine calls the types of the arrays of a batch.
_TYPES = {"i1": "TINYINT", "i2": "SMALLINT", "i4": "INTEGER", "i8": "BIGINT", "f8": "DOUBLE", "O": "VARCHAR"}
#: Smaller files are counted anew, all together: it takes no longer than opening what was kept.
LARGE = 1 << 20
#: So many parts of about one size become one.
MANY = 16


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a snapshot that count, by name, and where they lie."""

    folder: Path
    names: tuple[str, ...]

    def large(self) -> list[str]:
        """Those that are worth keeping sums of."""
        return [name for name in self.names if _size(self.folder, name) >= LARGE]


def write_part(folder: Path, generation: int, batches: Iterable[Batch]) -> tuple[str, int]:
    """Write the batches as one part; returns its name and how many responses it holds.

    The name is ``{generation}-{random}``; the part's files add ``.answers.parquet`` and ``.texts.parquet``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = _new_name(generation)
    rows = count = 0
    with duckdb.connect(":memory:", config=CONFIG) as connection:
        for batch in batches:
            _add(connection, f"{ANSWERS}{count}", batch.coded)
            _add(connection, f"{TEXTS}{count}", batch.texts)
            rows, count = rows + len(batch.coded["response"]), count + 1
        for table in (ANSWERS, TEXTS):
            # Later batches can know segments that earlier ones did not.
            every = " UNION ALL BY NAME ".join(f"SELECT * FROM {table}{n}" for n in range(count))
            if every:
                _copy(connection, every, folder / f"{name}.{table}.parquet")
    return name, rows


def tidied(folder: Path, generation: int, parts: Sequence[str]) -> list[str]:
    """Parts that hold the same answers: where there are MANY of about one size, they become one.

    A round that is answered all day gets a small part every minute; each costs a reader a file.
    """
    made = list(parts)
    for least, most in ((0, LARGE), (LARGE, MANY * LARGE)):
        sizes = {name: _size(folder, name) for name in made}
        alike = [name for name in made if least <= sizes[name] < most]
        if len(alike) >= MANY:
            made = [*(name for name in made if name not in alike), _merged(folder, generation, alike)]
    return made


def _merged(folder: Path, generation: int, parts: Sequence[str]) -> str:
    """Write some parts as one; returns its name."""
    name = _new_name(generation)
    with duckdb.connect(":memory:", config=CONFIG) as connection:
        for table in (ANSWERS, TEXTS):
            rows = f"SELECT * FROM {_read(folder, parts, table)}"
            _copy(connection, rows, folder / f"{name}.{table}.parquet")
    return name


def _new_name(generation: int) -> str:
    return f"{generation:06d}-{secrets.token_hex(4)}"


def _size(folder: Path, name: str) -> int:
    return (folder / f"{name}.{ANSWERS}.parquet").stat().st_size


def _read(folder: Path, parts: Sequence[str], table: str) -> str:
    """The rows of some parts, of which later ones can have columns that earlier ones lack."""
    files = ", ".join(f"'{_quoted(folder / f'{part}.{table}.parquet')}'" for part in parts)
    return f"read_parquet([{files}], union_by_name=true)"


def _add(connection: duckdb.DuckDBPyConnection, table: str, arrays: dict[str, Array]) -> None:
    """Keep one batch; MISSING, NaN and NO_TOTAL become NULL."""
    connection.register("batch", arrays)
    columns = ", ".join(f"{_null(name, array)} AS {name}" for name, array in arrays.items())
    connection.execute(f"CREATE TABLE {table} AS SELECT {columns} FROM batch")
    connection.unregister("batch")


def _null(name: str, array: Array) -> str:
    if name == "total":
        return f"nullif({name}, {NO_TOTAL})"
    if array.dtype.kind == "f":
        return f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
    if array.dtype.kind == "O":  # an empty batch of texts has no type of its own
        return f"CAST({name} AS VARCHAR)"
    return f"nullif({name}, {MISSING})"


def _copy(connection: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    """Write the rows of a statement to a file that appears whole or not at all."""
    temporary = path.with_suffix(_TEMPORARY)
    connection.execute(f"COPY ({rows}) TO '{_quoted(temporary)}' (FORMAT parquet)")
    temporary.rename(path)


def remove_parts(folder: Path, *, keep: Sequence[str], upto: int) -> None:
    """Delete parts up to a generation that nobody names any more. ``keep`` holds the parts that count and
    those that counted before: somebody may be reading them."""
    for path in (*folder.glob("*-*.*.parquet"), *folder.glob(f"*-*{SUMS}*")):
        name = path.name.split(".")[0]
        if name in keep or int(name.split("-")[0]) > upto:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def opened(folder: Path, parts: Sequence[str], book: Codebook) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory with the views ``answers`` and ``texts`` over the parts."""
    with connected(folder, parts, book) as connection:
        yield connection


def connected(folder: Path, parts: Sequence[str], book: Codebook) -> duckdb.DuckDBPyConnection:
    """The same for a caller that keeps it as long as its table."""
    connection = own_connection()
    for table in (ANSWERS, TEXTS):
        # Columns that these parts do not know yet are there, as NULL.
        known = f"SELECT * FROM {_read(folder, parts, table)} UNION ALL BY NAME" if parts else ""
        source = f"({known} ({_empty(table, book)}))"
        connection.execute(f"CREATE TEMP VIEW {table} AS SELECT {_columns(table, book)} FROM {source}")
    return connection


def _columns(table: str, book: Codebook) -> str:
    """Everything; a part that was written before a segment was known had none of its members."""
    known = [f"coalesce(s{n}, 0) AS s{n}" for n in range(len(book.segments))] if table == ANSWERS else []
    return f"* REPLACE ({', '.join(known)})" if known else "*"


def _empty(table: str, book: Codebook) -> str:
    """A table without rows, with the columns that the encoder would write now."""
    batch = encode([], book)
    arrays = batch.coded if table == ANSWERS else batch.texts
    columns = [f"CAST(NULL AS {_TYPES[array.dtype.str[1:]]}) AS {name}" for name, array in arrays.items()]
    return f"SELECT {', '.join(columns)} WHERE false"


def _quoted(path: Path) -> str:
    """A path inside a quoted string of SQL; folders are ours, but a home may hold an apostrophe."""
    return str(path).replace("'", "''")
