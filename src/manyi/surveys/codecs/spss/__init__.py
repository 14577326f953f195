"""SPSS: system files (.sav) in and out, with user-missing values, multiple-response sets and the weight."""

from __future__ import annotations

from pathlib import Path

from manyi.kernel.labels import Label
from manyi.surveys.codecs import CODECS, Codec, Document, Loss, Source
from manyi.surveys.codecs.spss.reading import read_sav
from manyi.surveys.codecs.spss.syntax import write_syntax
from manyi.surveys.codecs.spss.writing import write_sav


@CODECS.register
class Spss(Codec):
    """A system file; written with a syntax file of the same name beside it."""

    id = "spss"
    label = Label("SPSS 数据(.sav)", "SPSS data (.sav)")
    extensions = ("sav", "zsav")
    holds_data = True

    def read(self, source: Source) -> Document:
        """Variables and cases; raises Unreadable for a file that is none, is cut off or too large."""
        return read_sav(source)

    def write(self, document: Document, path: Path) -> list[Loss]:
        """Labels, missing values, sets and weight; a label that is too long is cut and named."""
        losses, sets, weight = write_sav(document, path)
        write_syntax(path, document.questionnaire, sets, weight)
        return losses
