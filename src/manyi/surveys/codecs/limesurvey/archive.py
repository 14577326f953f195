"""A LimeSurvey archive: a ZIP of the survey, its responses and its participants."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT
from manyi.surveys.codecs.document import MEGABYTE, Document, Record, Unreadable
from manyi.surveys.codecs.limesurvey.tables import plain_rows
from manyi.surveys.codecs.limesurvey.variables import Variables
from manyi.surveys.codecs.xml import parse_xml
from manyi.surveys.tree import Question

if TYPE_CHECKING:
    from manyi.surveys.codecs.limesurvey.reading import Reader

MOST_MEMBERS, MOST_SIZE = 200, 500 * MEGABYTE


def read_archive(data: bytes, document_of: Callable[[bytes], tuple[Document, Reader]]) -> Document:
    """Survey, answers and participants of an archive; raises Unreadable."""
    members = _members(data)
    survey = next((content for name, content in members.items() if name.endswith(".lss")), None)
    if survey is None:
        raise Unreadable(Label("存档中没有 .lss 问卷。", "The archive holds no .lss survey."))
    document, reader = document_of(survey)
    found = [content for name, content in sorted(members.items()) if name.endswith(".lsr")]
    rows = [row for content in found for row in _rows(content, "responses")]
    document.records = [_Sheet(document, reader).record(row) for row in rows]
    people = (content for name, content in sorted(members.items()) if name.endswith(".lst"))
    document.people = [row for content in people for row in _rows(content, "tokens")]
    for name in sorted(members):
        if not name.endswith((".lss", ".lsr", ".lst")):
            document.lose(name, "存档中的此文件未导入。", "This member of the archive was not carried.")
    return document


def _members(data: bytes) -> dict[str, bytes]:
    """The members by name; nothing is unpacked before its size is known."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_SIZE:
                raise Unreadable(Label("存档解压后过大。", "The archive is too large when unpacked."))
            return {info.filename: archive.read(info) for info in infos if not info.is_dir()}
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        words = "存档已损坏或不完整。", "The archive is broken or cut off."
        raise Unreadable(Label(*words)) from error


def _rows(content: bytes, table: str) -> list[dict[str, str]]:
    root = parse_xml(content, 500 * MEGABYTE)
    found = root.find(table)
    return [] if found is None else plain_rows(found)


class _Sheet:
    """Turns one row of responses into a record."""

    def __init__(self, document: Document, reader: Reader) -> None:
        self.document, self.reader = document, reader
        questions = document.questionnaire.questions
        self.variables = Variables(questions, reader.titles, reader.parts, reader.values)

    def record(self, row: dict[str, str]) -> Record:
        answers: dict[str, Any] = {}
        meta: dict[str, str] = {}
        for name, value in row.items():
            found = self.variables(name.lstrip("_")) if "X" in name or name.startswith("_Q") else None
            if found is None:
                meta[name.lstrip("_")] = value
            elif value:
                self._take(answers, found.path, found.choice, value)
        return Record(dict(_settled(answers, self.variables)), meta)

    def _take(self, answers: dict[str, Any], path: str, choice: str, value: str) -> None:
        if choice:
            if value == "Y":
                answers.setdefault(path, []).append(choice)
            return
        code, _, rest = path.partition(".")
        known = self.reader.values.get(code, {})
        ours = known.get(value, value)
        row, _, column = rest.partition(".")
        if not rest:
            answers[path] = ours
        elif column:
            answers.setdefault(code, {}).setdefault(row, {})[column] = ours
        else:
            answers.setdefault(code, {})[row] = ours


def _settled(answers: dict[str, Any], variables: Variables) -> Iterator[tuple[str, Any]]:
    """Words beside a choice make the choice; dates lose their time."""
    for code, value in answers.items():
        question = variables.questions.get(code)
        yield code, value[:10] if _is_day(question) and isinstance(value, str) else value
    for code in [each.removesuffix(COMMENT) for each in answers if each.endswith(COMMENT)]:
        question = variables.questions.get(code)
        free = next((option.code for option in question.options if option.free), "") if question else ""
        if free and question is not None and question.type == "multiple":
            yield code, [*answers.get(code, []), free]
        elif free and not answers.get(code):
            yield code, free


def _is_day(question: Question | None) -> bool:
    return question is not None and question.type == "date"
