"""Tables: CSV (gzipped or not), XLSX and Parquet, one row for each record, in and out."""

from __future__ import annotations

from pathlib import Path

from manyi.kernel.labels import Label
from manyi.surveys.codecs import CODECS, Codec, Document, Loss, Source
from manyi.surveys.codecs.table.reading import read_table
from manyi.surveys.codecs.table.writing import write_table


@CODECS.register
class Table(Codec):
    """A table of answers; the questionnaire stands beside it as TOML of the same name."""

    id = "table"
    label = Label("数据表(CSV、XLSX、Parquet)", "Table (CSV, XLSX, Parquet)")
    extensions = ("csv", "xlsx", "parquet", "gz", "tsv")
    holds_data = True

    def claims(self, source: Source) -> bool:
        """What no other format claims: a workbook with a sheet of questions is an XLSForm."""
        others = (codec for codec in CODECS if codec.id != self.id and codec.reads)
        return source.suffix in self.extensions and not any(codec.claims(source) for codec in others)

    def read(self, source: Source) -> Document:
        """Columns as questions, rows as records; raises Unreadable for what is no table."""
        return read_table(source)

    def write(self, document: Document, path: Path) -> list[Loss]:
        """The records as rows, codes or labels; the questionnaire beside them."""
        return write_table(document, path)
