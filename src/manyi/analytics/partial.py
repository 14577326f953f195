"""Sums of the large parts of a snapshot, kept beside them: a part never changes, so it is counted once.

After new answers came in, only what is new is counted. A kept file is named by its part and by the statement,
appears whole or not at all, and is removed with its part.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
from sqlglot import expressions as exp

from manyi.analytics import snapshot
from manyi.analytics.codebook import Codebook
from manyi.analytics.snapshot import Parts

#: So many statements are kept for a part; people narrow a round in more ways than are worth a file.
MOST = 300

SumRow = tuple[int | None, ...]


def summed(
    connection: duckdb.DuckDBPyConnection, book: Codebook, parts: Parts, query: exp.Select
) -> Iterator[SumRow]:
    """The rows of an aggregate statement over ``answers``, part by part; the sums of equal keys add up."""
    large = parts.large()
    text = query.sql(dialect="duckdb")
    for name in large:
        path = parts.folder / f"{name}.{hashlib.sha256(text.encode()).hexdigest()[:32]}{snapshot.SUMS}json"
        kept = _read(path)
        if kept is None:
            kept = _counted(connection, book, parts.folder, [name], query)
            _keep(path, name, kept)
        yield from kept
    rest = [name for name in parts.names if name not in large]
    if rest and large:
        yield from _counted(connection, book, parts.folder, rest, query)
    elif not large:
        yield from _run(connection, query)


def _counted(
    connection: duckdb.DuckDBPyConnection,
    book: Codebook,
    folder: Path,
    names: Sequence[str],
    query: exp.Select,
) -> list[SumRow]:
    view = snapshot.view_of_parts(connection, folder, names, book)
    here = query.transform(
        lambda node: (
            exp.to_table(view) if isinstance(node, exp.Table) and node.name == snapshot.ANSWERS else node
        )
    )
    return _run(connection, here)


def _run(connection: duckdb.DuckDBPyConnection, query: exp.Expr) -> list[SumRow]:
    found = connection.execute(query.sql(dialect="duckdb")).fetchall()
    return [tuple(None if value is None else int(value) for value in row) for row in found]


def _read(path: Path) -> list[SumRow] | None:
    try:
        return [tuple(row) for row in json.loads(path.read_bytes())]
    except (OSError, ValueError):  # not kept yet, or a disk that was full
        return None


def _keep(path: Path, part: str, rows: Sequence[SumRow]) -> None:
    """Keep sums where there is room; they can always be counted again."""
    if len(list(path.parent.glob(f"{part}.*{snapshot.SUMS}json"))) >= MOST:
        return
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        temporary.write_text(json.dumps(rows, separators=(",", ":")))
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
