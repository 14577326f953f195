"""Parquet files as a table on the engine: rows stay where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlglot import expressions as exp

from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.engines import DuckEngine, own_connection
from manyi.analytics.data.stored import stored_as


def parquet_table(files: Sequence[Path], *, weight: str = "", missing: Sequence[str] = ()) -> EngineTable:
    """A table over files of the same columns; raises duckdb.Error where one is broken."""
    connection = own_connection()
    paths = exp.Array(expressions=[exp.Literal.string(str(path)) for path in files])
    source = exp.Table(this=exp.Anonymous(this="READ_PARQUET", expressions=[paths]))
    nothing = exp.select(exp.Star()).from_(source).limit(exp.Literal.number(0)).sql(dialect="duckdb")
    described = connection.execute(nothing).description
    stored = [stored_as(name, str(kind)) for name, kind, *_ in described or ()]
    table = EngineTable(DuckEngine(connection), stored, source=source, weight=weight, missing=missing)
    return table.require_weights()
