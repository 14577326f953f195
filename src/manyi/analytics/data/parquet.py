"""Parquet files as a table on the engine: rows stay where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlglot import expressions as exp

from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.engines import DuckEngine, own_connection
from manyi.analytics.data.stored import stored_as

VIEW = "rows"
_TEMPORARY = exp.Properties(expressions=[exp.TemporaryProperty()])


def parquet_table(files: Sequence[Path], *, weight: str = "", missing: Sequence[str] = ()) -> EngineTable:
    """A table over files of the same columns; raises duckdb.Error where one is broken."""
    connection = own_connection()
    paths = exp.Array(expressions=[exp.Literal.string(str(path)) for path in files])
    query = exp.select("*").from_(exp.Table(this=exp.func("READ_PARQUET", paths)))
    view = exp.Create(this=exp.to_table(VIEW), kind="VIEW", expression=query, properties=_TEMPORARY)
    connection.execute(view.sql(dialect="duckdb"))
    described = connection.execute(exp.select("*").from_(VIEW).limit(0).sql(dialect="duckdb")).description
    stored = [stored_as(name, str(kind)) for name, kind, *_ in described or ()]
    return EngineTable(DuckEngine(connection), stored, source=VIEW, weight=weight, missing=missing)
