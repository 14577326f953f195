"""Tables written as a stream: however many records there are, a part of them is in memory."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tomli_w

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.codecs.codebook import Variable, variables_of
from manyi.surveys.codecs.document import Document, Loss
from manyi.surveys.codecs.rows import row_maker
from manyi.surveys.codecs.table.cells import beside_of, harmless, worded
from manyi.surveys.definition import to_dict

MOST_SHEET_ROWS = 1_048_575
_MARK = "\ufeff"


def write_table(document: Document, path: Path) -> list[Loss]:
    """Write the records as the ending of ``path`` says; raises Refused when a sheet has no room for them."""
    manner = document.manner
    ours = Document(document.questionnaire, meta=document.meta, weighted=document.weighted)
    variables = variables_of(ours)
    make = row_maker(variables, manner.language if manner.labels else "")
    rows = map(make, document.records or ())
    end = path.suffix.lower()
    if end == ".parquet":
        _write_parquet(variables, rows, path, manner.labels)
    elif end == ".xlsx":
        _write_xlsx(variables, rows, path)
    else:
        _write_csv(variables, harmless(rows, worded(variables)), path, mark=manner.mark)
    tree = tomli_w.dumps(to_dict(document.questionnaire))
    beside_of(path).write_text(tree, encoding="utf-8")
    return _losses(document)


def _losses(document: Document) -> list[Loss]:
    what = Label("缺失值的定义不在数据表中。", "Which values count as missing does not stand in a table.")
    return [Loss(name, what) for name in document.missing]


def _write_csv(variables: Sequence[Variable], rows: Iterator[list[Any]], path: Path, *, mark: bool) -> None:
    delimiter = "\t" if ".tsv" in path.suffixes else ","
    with (
        _opened(path) as binary,
        io.BufferedWriter(binary, 1 << 20) as held,
        io.TextIOWrapper(held, "utf-8", newline="") as file,
    ):
        file.write(_MARK if mark else "")  # the codec "utf-8-sig" would be asked again for every row
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([variable.name for variable in variables])
        writer.writerows(rows)


def _opened(path: Path) -> Any:
    """The file as a stream of bytes, packed where its name ends with ``.gz``."""
    return gzip.open(path, "wb", compresslevel=5) if path.suffix == ".gz" else path.open("wb")


def _write_xlsx(variables: Sequence[Variable], rows: Iterator[list[Any]], path: Path) -> None:
    from xlsxwriter import Workbook

    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), settings) as book:
        sheet = book.add_worksheet("answers")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [variable.name for variable in variables], book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            if number > MOST_SHEET_ROWS:
                words = "一张工作表最多 1048575 行,请改用 CSV。", "A sheet has 1,048,575 rows; take CSV."
                raise Refused(Label(*words))
            sheet.write_row(number, 0, row)


def _write_parquet(
    variables: Sequence[Variable], rows: Iterator[list[Any]], path: Path, labels: bool
) -> None:
    """Through DuckDB, which reads the rows from a file and knows how to pack columns."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="manyi-") as folder:
        staged = Path(folder) / "rows.csv"
        _write_csv(variables, rows, staged, mark=False)
        types = {each.name: _type(each, labels) for each in variables}
        with duckdb.connect() as connection:
            table = connection.read_csv(
                str(staged), header=True, dtype=types, quotechar='"', null_padding=False
            )
            table.write_parquet(str(path), compression="zstd")


def _type(variable: Variable, labels: bool) -> str:
    if variable.kind == "flag":
        return "TINYINT"
    if variable.kind == "number":
        return "DOUBLE"
    numbers = variable.values and all(each.code.lstrip("-").isdecimal() for each in variable.values)
    return "INTEGER" if numbers and not labels else "VARCHAR"
