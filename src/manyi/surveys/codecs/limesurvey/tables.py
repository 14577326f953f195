"""The tables of a LimeSurvey file, alike for both generations.

Up to DBVersion 350 or so texts stand in the rows, one row for each language with the same id; later they
stand in tables of their own (``question_l10ns`` …). Here every row holds its texts by language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from manyi.kernel.labels import Label
from manyi.surveys.codecs.document import Unreadable
from manyi.surveys.codecs.xml import parse_xml

KINDS = ("Survey", "Group", "Question")
#: Table, the table of its texts, what names a row there, and its texts.
_LOCALISED = (
    ("questions", "question_l10ns", "qid", ("question", "help")),
    ("subquestions", "question_l10ns", "qid", ("question", "help")),
    ("answers", "answer_l10ns", "aid", ("answer",)),
    ("groups", "group_l10ns", "gid", ("group_name", "description")),
    ("defaultvalues", "defaultvalue_l10ns", "dvid", ("defaultvalue",)),
)


@dataclass(slots=True)
class Row:
    """One row: its plain columns, and its texts by name and language."""

    values: dict[str, str]
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(slots=True)
class Tables:
    """A whole file."""

    kind: str
    version: int
    rows: dict[str, list[Row]]
    languages: list[str]

    def __getitem__(self, name: str) -> list[Row]:
        return self.rows.get(name, [])

    def of(self, name: str, **wanted: str) -> list[Row]:
        """The rows of a table with these values."""
        return [row for row in self[name] if all(row[key] == value for key, value in wanted.items())]


def read_tables(data: bytes) -> Tables:
    """The tables of a .lss, .lsq or .lsg; raises Unreadable for other XML."""
    root = parse_xml(data)
    kind = (root.findtext("LimeSurveyDocType") or "").strip()
    if root.tag != "document" or kind not in KINDS:
        words = "这不是 LimeSurvey 问卷文件。", "This is no LimeSurvey file of a survey, group or question."
        raise Unreadable(Label(*words))
    version = (root.findtext("DBVersion") or "0").strip()
    raw = {table.tag: plain_rows(table) for table in root if table.find("rows") is not None}
    settings = raw.get("surveys_languagesettings", [])
    first = raw.get("surveys", [{}])[0].get("language", "") if raw.get("surveys") else ""
    named = [row.get("surveyls_language", "") for row in settings]
    named += [(each.text or "").strip() for each in root.iterfind("languages/language")]
    languages = list(dict.fromkeys(filter(None, [first, *named]))) or ["en"]
    rows = {name: _localised(name, found, raw, languages[0]) for name, found in raw.items()}
    return Tables(kind, int(version) if version.isdigit() else 0, rows, languages)


def plain_rows(table: Element) -> list[dict[str, str]]:
    """The rows of a table as the file holds them."""
    return [{cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")]


def _localised(
    name: str, found: list[dict[str, str]], raw: Mapping[str, list[dict[str, str]]], language: str
) -> list[Row]:
    """Rows with their texts by language, whichever way the file holds them."""
    shape = next((each for each in _LOCALISED if each[0] == name), None)
    if shape is None:
        return [Row(row) for row in found]
    _, table, key, texts = shape
    beside = raw.get(table)
    source: Iterable[dict[str, Any]] = found if beside is None else beside
    merged: dict[tuple[str, ...], Row] = {}
    for plain in found:
        merged.setdefault(_identity(name, plain, key), Row(plain))
    by_key: dict[str, list[Row]] = {}
    for identity, row in merged.items():
        by_key.setdefault(row[key] if beside is not None else "|".join(identity), []).append(row)
    for text in source:
        there = text.get(key, "") if beside is not None else "|".join(_identity(name, text, key))
        for row in by_key.get(there, ()):
            for column in texts:
                if text.get(column):
                    row.texts.setdefault(column, {})[text.get("language") or language] = text[column]
    return list(merged.values())


def _identity(name: str, row: Mapping[str, str], key: str) -> tuple[str, ...]:
    """What makes a row the same in another language; answers of old files have no id of their own."""
    if name == "answers" and not row.get("aid"):
        return (row.get("qid", ""), row.get("scale_id", ""), row.get("code", ""))
    if name == "defaultvalues" and not row.get("dvid"):
        return (row.get("qid", ""), row.get("sqid", ""), row.get("scale_id", ""), row.get("specialtype", ""))
    return (row.get(key, ""),)
