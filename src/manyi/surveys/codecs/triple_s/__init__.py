"""Triple-S: the survey interchange standard, versions 1.2 to 3.0, in and out; XML and its file of data."""

from __future__ import annotations

from pathlib import Path

from manyi.kernel.labels import Label
from manyi.surveys.codecs import CODECS, Codec, Document, Loss, Source
from manyi.surveys.codecs.triple_s.reading import read_sss
from manyi.surveys.codecs.triple_s.writing import write_sss


@CODECS.register
class TripleS(Codec):
    """The description (.sss) with the data (.asc, .csv) beside it."""

    id = "triple_s"
    label = Label("Triple-S(.sss 加数据文件)", "Triple-S (.sss with its data)")
    extensions = ("sss",)
    holds_data = True

    def read(self, source: Source) -> Document:
        """Variables, and cases where the data are there; raises Unreadable for broken or hostile files."""
        return read_sss(source)

    def write(self, document: Document, path: Path) -> list[Loss]:
        """Version 3.0 with its data as CSV of the same name; every code gets a number."""
        return write_sss(document, path)
