"""Tables opened: column names, and rows of text that are read one by one."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from manyi.kernel.labels import Label
from manyi.organisation import tables
from manyi.organisation.errors import Refused
from manyi.surveys.codecs.document import Source, Unreadable

MOST_ROWS = 5_000_000
_PART = 2000


def rows_of(source: Source) -> Generator[list[str]]:
    """The column names, then every row in their order; raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="manyi-") as folder:
        path = Path(folder) / f"data.{source.suffix}"
        path.write_bytes(source.data)
        walk = _parquet(path) if source.suffix == "parquet" else _text(path, source.name)
        for number, row in enumerate(walk):
            if number > MOST_ROWS:
                words = f"超过 {MOST_ROWS} 行。", f"More than {MOST_ROWS} rows."
                raise Unreadable(Label(*words))
            yield row


def _text(path: Path, name: str) -> Iterator[list[str]]:
    try:
        table = tables.read(path, name)
        try:
            yield table.columns
            for row in table.rows:
                yield [row.values.get(column, "") for column in table.columns]
        finally:
            table.close()
    except Unreadable:
        raise
    except Refused as refused:
        raise Unreadable(refused.message) from refused


def _parquet(path: Path) -> Iterator[list[str]]:
    import duckdb

    try:
        with duckdb.connect() as connection:
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            yield [column[0] for column in found.description or ()]
            while part := found.fetchmany(_PART):
                yield from ([_said(value) for value in row] for row in part)
    except duckdb.Error as error:
        words = "Parquet 文件已损坏或不完整。", "The Parquet file is broken or cut off."
        raise Unreadable(Label(*words)) from error


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
