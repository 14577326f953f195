"""LimeSurvey: surveys (.lss) in and out; groups (.lsg), questions (.lsq), archives with answers (.lsa) in."""

from __future__ import annotations

from pathlib import Path

from manyi.kernel.labels import Label
from manyi.surveys.codecs import CODECS, Codec, Document, Loss, Source
from manyi.surveys.codecs.limesurvey.archive import read_archive
from manyi.surveys.codecs.limesurvey.reading import Reader
from manyi.surveys.codecs.limesurvey.tables import read_tables
from manyi.surveys.codecs.limesurvey.writing import write_lss
from manyi.surveys.tree import Questionnaire, Text


def document_of(data: bytes) -> tuple[Document, Reader]:
    """The survey in a .lss, .lsg or .lsq, and the reader that knows its names; raises Unreadable."""
    document = Document(Questionnaire("survey", Text()))
    reader = Reader(read_tables(data), document)
    document.questionnaire = reader.questionnaire()
    return document, reader


@CODECS.register
class LimeSurvey(Codec):
    """A survey of LimeSurvey, of both generations of the format."""

    id = "limesurvey"
    label = Label("LimeSurvey 问卷(.lss)", "LimeSurvey survey (.lss)")
    extensions = ("lss", "lsg", "lsq")

    def read(self, source: Source) -> Document:
        """The survey; raises Unreadable for anything that is none."""
        return document_of(source.data)[0]

    def write(self, document: Document, path: Path) -> list[Loss]:
        """A survey of the newer generation; what it cannot say stands in an attribute of ours."""
        data, losses = write_lss(document.questionnaire)
        path.write_bytes(data)
        return losses


@CODECS.register
class LimeSurveyArchive(Codec):
    """A survey with its answers and participants."""

    id = "limesurvey_archive"
    label = Label("LimeSurvey 存档(.lsa)", "LimeSurvey archive (.lsa)")
    extensions = ("lsa",)
    writes = False
    holds_data = True

    def read(self, source: Source) -> Document:
        """Survey, answers and participants; raises Unreadable for a broken or overfull archive."""
        return read_archive(source.data, document_of)
