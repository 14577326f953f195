"""Files as tables to analyse: CSV, XLSX and SPSS in memory with their labels, Parquet on the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from manyi.analytics.data.arrays import ArrayTable, Column, as_array
from manyi.analytics.data.table import BadData, Table, Variable, plain
from manyi.kernel.labels import Label
from manyi.organisation import tables

_ENDINGS = ("csv", "tsv", "txt", "xlsx", "parquet", "sav", "zsav")


def read_file(path: Path, *, weight: str = "", missing: Sequence[str] = (), cluster: str = "") -> Table:
    """The table in a file: Parquet on the engine, any other in memory.

    The engine is DuckDB in this process, or the Spark cluster at ``cluster``. Raises Refused where the file
    is broken, cut off or of another kind, and where the cluster cannot be used.
    """
    ending = path.suffix.lower().removeprefix(".")
    if path.name.lower().endswith(".csv.gz"):
        ending = "csv"
    if not path.is_file():
        raise BadData(Label(f"找不到文件 {path}。", f"There is no file {path}."), field="data")
    if ending not in _ENDINGS:
        known = ", ".join(f".{each}" for each in _ENDINGS)
        raise BadData(Label(f"可分析的文件:{known}。", f"Files that can be analysed: {known}."), field="data")
    if ending == "parquet":
        open_table = _on_cluster(cluster) if cluster else _parquet
        return _with_rows(open_table(path, weight, missing))
    columns, lines = (_sav(path), None) if ending in ("sav", "zsav") else _rows(path)
    return _with_rows(ArrayTable(columns, weight=weight, missing=missing, lines=lines))


def _with_rows(table: Table) -> Table:
    if not table.rows:
        raise BadData(Label("文件中没有数据行。", "There are no rows of data in the file."), field="data")
    return table


def _parquet(path: Path, weight: str, missing: Sequence[str]) -> Table:
    """Rows stay in the file: sums are made where they lie."""
    import duckdb

    from manyi.analytics.data.parquet import parquet_table

    try:
        return parquet_table([path], weight=weight, missing=missing)
    except duckdb.Error as error:
        raise _broken("Parquet") from error


def _on_cluster(cluster: str) -> Callable[[Path, str, Sequence[str]], Table]:
    from manyi.analytics.data.spark import spark_table

    return lambda path, weight, missing: spark_table([path], cluster, weight=weight, missing=missing)


def _rows(path: Path) -> tuple[list[Column], npt.NDArray[np.int64]]:
    """The columns of a file of rows, and the row of the file that each row stands in."""
    table = tables.read(path)
    held: list[list[str]] = [[] for _ in table.columns]
    lines = []
    for row in table.rows:
        if row.beyond:
            raise _beyond(row)
        lines.append(row.number)
        for values, name in zip(held, table.columns, strict=True):
            values.append(row.values.get(name, ""))
    columns = [
        Column(Variable(name, Label(name, name)), np.array(values, dtype=object))
        for name, values in zip(table.columns, held, strict=True)
    ]
    return columns, np.array(lines, dtype=np.int64)


def _beyond(row: tables.Row) -> BadData:
    zh = f"第 {row.number} 行的格数多于列名(多出“{row.beyond}”);含逗号的值请加引号,或补上列名。"
    en = (
        f"Row {row.number} has more cells than there are column names (“{row.beyond}” is one too many): put "
        "values with commas in quotes, or name the column."
    )
    return BadData(Label(zh, en), field="data")


def _sav(path: Path) -> list[Column]:
    import pyreadstat

    try:
        columns, told = pyreadstat.read_sav(str(path), output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError) as error:
        raise _broken("SPSS") from error
    titles = dict(zip(told.column_names, told.column_labels, strict=True))
    return [
        Column(
            Variable(name, Label(titles[name] or name, titles[name] or name)),
            as_array(list(values)),
            {
                plain(code): Label(words, words)
                for code, words in told.variable_value_labels.get(name, {}).items()
            },
        )
        for name, values in columns.items()
    ]


def _broken(kind: str) -> BadData:
    zh, en = f"{kind} 文件已损坏或不完整。", f"The {kind} file is broken or cut off."
    return BadData(Label(zh, en), field="data")
