"""The sheets of an XLSForm workbook, old Excel or new: rows by column, texts by language."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.codecs.document import MEGABYTE, Source, Unreadable

MOST_ROWS, MOST_UNPACKED = 20_000, 300 * MEGABYTE
SHEETS = ("survey", "choices", "settings")
_WORDS = {
    "english": "en",
    "chinese": "zh",
    "中文": "zh",
    "简体中文": "zh",
    "français": "fr",
    "french": "fr",
    "german": "de",
    "deutsch": "de",
    "spanish": "es",
    "español": "es",
    "japanese": "ja",
    "日本語": "ja",
    "korean": "ko",
    "russian": "ru",
    "arabic": "ar",
    "portuguese": "pt",
    "italian": "it",
    "vietnamese": "vi",
    "thai": "th",
    "hindi": "hi",
    "swahili": "sw",
    "nepali": "ne",
}
_CODED = re.compile(r".*\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)")
_OLDER = {
    "list_name": "list_name",
    "caption": "label",
    "value": "name",
    "readonly": "read_only",
    "constraint-msg": "constraint_message",
    "constraint_msg": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "relevance": "relevant",
    "calculate": "calculation",
}


@dataclass(slots=True)
class Line:
    """One row: its number, its plain cells, its texts by column and language ("" where none is named)."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def our_language(name: str) -> str:
    """The code of a language as the header names it: ``English (en)``, ``chinese``, ``fr``."""
    coded = _CODED.fullmatch(name.strip())
    word = (coded.group(1) if coded else name).strip().lower()
    known = _WORDS.get(word, word)
    if known in {"zh-cn", "zh-hans", "cmn"}:
        return "zh"
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", known):
        return known
    return f"und-{re.sub(r'[^a-z0-9]', '', known)[:8] or 'xx'}"


def read_workbook(source: Source) -> dict[str, list[Line]]:
    """The lines of each known sheet; raises Unreadable for what is no workbook."""
    sheets = _sheets(source)
    found = {name.strip().lower(): rows for name, rows in sheets.items()}
    if "survey" not in found:
        raise Unreadable(Label("工作簿里没有 survey 工作表。", "The workbook has no sheet “survey”."))
    return {name: list(lines_of(found.get(name, []))) for name in SHEETS}


def looks_like_form(source: Source) -> bool:
    """Whether a workbook has a sheet ``survey`` with a column ``type``."""
    try:
        found = {name.strip().lower(): rows for name, rows in _sheets(source).items()}
    except Unreadable:
        return False
    header = [str(cell).strip().lower() for cell in next(iter(found.get("survey", [])), [])]
    return "type" in header


def _sheets(source: Source) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    _guard(source)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        words = "Excel 文件已损坏或不完整。", "The workbook is broken or cut off."
        raise Unreadable(Label(*words)) from error


def _guard(source: Source) -> None:
    """Refuse what would unpack into more memory than any form needs."""
    if len(source.data) > 50 * MEGABYTE:
        raise Unreadable(Label("Excel 文件过大。", "The workbook is too large."))
    if source.data[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable(Label("Excel 文件解压后过大。", "The workbook is too large when unpacked."))
    except zipfile.BadZipFile as error:
        words = "Excel 文件已损坏或不完整。", "The workbook is broken or cut off."
        raise Unreadable(Label(*words)) from error


def lines_of(rows: list[list[Any]]) -> Iterator[Line]:
    """The lines of a sheet whose first row names the columns; raises Unreadable for too many."""
    if len(rows) > MOST_ROWS:
        words = f"工作表超过 {MOST_ROWS} 行。", f"A sheet has more than {MOST_ROWS} rows."
        raise Unreadable(Label(*words))
    header = [_column(str(cell)) for cell in rows[0]] if rows else []
    for number, row in enumerate(rows[1:], 2):
        line = Line(number)
        for (name, language), cell in zip(header, row, strict=False):
            text = _text(cell)
            if not name or not text:
                continue
            if language is None:
                line.cells.setdefault(name, text)
            line.texts.setdefault(name, {}).setdefault(language or "", text)
        if line.cells or line.texts:
            yield line


def _column(header: str) -> tuple[str, str | None]:
    """A header as (name, language); ``bind:`` and ``media:`` are taken off, one colon is as good as two."""
    parts = [part.strip() for part in re.split(r"::?", header) if part.strip()]
    if len(parts) > 2 and parts[0].lower() == "bind" and parts[1].lower() == "jr":
        parts = ["bind", f"jr:{parts[2]}", *parts[3:]]
    if len(parts) > 1 and parts[0].lower() in {"bind", "media", "control"}:
        parts = parts[1:]
    if not parts:
        return "", None
    name = parts[0].lower().replace(" ", "_")
    name = _OLDER.get(name, name)
    return name, our_language(parts[1]) if len(parts) > 1 else None


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell).strip()
