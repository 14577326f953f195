"""Files of rows as people have them: CSV in UTF-8 or GB18030, XLSX, gzipped or not, read row by row."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused

ENCODINGS = ("utf-8-sig", "gb18030")
MAX_UNPACKED = 2 * 1024**3
_SNIFF = 256 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (the header is row 1), and text by column name.

    ``beyond`` is the first text behind the last column: a cell more than there are names.
    """

    number: int
    values: dict[str, str]
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one row could not be taken: its number, the column, and what to do."""

    row: int
    field: str
    message: Label

    def as_json(self) -> dict[str, Any]:
        """The form that import records store."""
        return {"row": self.row, "field": self.field, "zh": self.message.zh, "en": self.message.en}


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file: column names in order, the rows (an iterator that can be walked once).

    The file is closed behind the last row; who stops before that calls ``close``.
    """

    columns: list[str]
    rows: Iterator[Row]
    close: Callable[[], object]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def columns(path: Path, name: str = "") -> list[str]:
    """The column names of a file; raises Refused like ``read``."""
    table = read(path, name)
    table.close()
    return table.columns


def read(path: Path, name: str = "") -> Table:
    """Open a file of rows; the kind is told by its content, so a wrong ending does no harm.

    Raises Refused for an empty, cut off, encrypted or unreadable file, a missing or repeated column name.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
        if head[:2] == b"\x1f\x8b":
            return _opened(gzip.open(path, "rb"))
        if head == b"PK\x03\x04":
            return _read_xlsx(path)
        if head == b"\xd0\xcf\x11\xe0":
            raise _unreadable(
                "这是旧版 Excel(.xls)或加密的文件,请另存为 .xlsx 再上传。",
                "This is an old .xls or an encrypted workbook; please save it as .xlsx.",
            )
        return _opened(path.open("rb"))
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, KeyError, IndexError) as error:
        raise _unreadable(
            f"无法读取文件 {name or path.name}:文件不完整或已损坏。",
            f"Cannot read {name or path.name}: the file is incomplete or damaged.",
        ) from error


def _unreadable(zh: str, en: str) -> Refused:
    return Refused(Label(zh, en), field="file")


def _opened(binary: Any) -> Table:
    try:
        return _read_text(binary)
    except BaseException:
        binary.close()
        raise


def _read_text(binary: Any) -> Table:
    sample = binary.read(_SNIFF)
    encoding = _encoding_of(sample)
    binary.seek(0)
    text = io.TextIOWrapper(binary, encoding=encoding, newline="")
    first = sample.decode(encoding, errors="ignore").split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count) if any(d in first for d in ",;\t|") else ","
    csv.field_size_limit(1024 * 1024)
    reader = csv.reader(text, delimiter=delimiter)
    header = next(reader, [])
    return Table(_columns(header), _rows(header, reader, text.close), text.close)


def _encoding_of(sample: bytes) -> str:
    """The first encoding that the beginning of the file fits; a cut last character does not count."""
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding in ENCODINGS:
        try:
            sample.decode(encoding)
            return encoding
        except UnicodeDecodeError as error:
            if error.start >= len(sample) - 4 and len(sample) == _SNIFF:
                return encoding
    raise _unreadable(
        "文件的文字编码无法识别,请另存为 UTF-8 的 CSV 或 .xlsx。",
        "The text encoding is not known; please save as UTF-8 CSV or .xlsx.",
    )


def _columns(header: list[str]) -> list[str]:
    names = [name.strip() for name in header]
    if not any(names):
        raise _unreadable("文件第一行应是列名。", "The first row should name the columns; it is empty.")
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        raise _unreadable(
            f"列名重复:{'、'.join(repeated)}。请改名后再上传。",
            f"Column names are repeated: {', '.join(repeated)}. Please rename them.",
        )
    return [name for name in names if name]


def _rows(header: list[str], reader: Any, close: Callable[[], object]) -> Iterator[Row]:
    names = [name.strip() for name in header]
    try:
        for number, cells in enumerate(reader, start=2):
            values = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
            if any(values.values()):
                beyond = (cell.strip() for cell in cells[len(names) :])
                yield Row(number, values, next(filter(None, beyond), ""))
    except (UnicodeDecodeError, csv.Error, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise _unreadable(
            "文件读到一半出错:文件可能不完整。已读的行没有丢失,请检查后重新上传整个文件。",
            "Reading stopped half-way: the file may be incomplete. Please check it and upload it again.",
        ) from error
    finally:
        close()


def _read_xlsx(path: Path) -> Table:
    import openpyxl

    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
            raise _unreadable("文件解压后过大。", "The file is too large when unpacked.")
    # Opened here, because openpyxl judges a path by its ending and kept files have none.
    file = path.open("rb")
    try:
        sheet = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0]
        rows = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
        header = next(rows, [])
        return Table(_columns(header), _rows(header, rows, file.close), file.close)
    except BaseException:
        file.close()
        raise


def _cell(value: Any) -> str:
    """A cell as a person reads it: whole numbers without ``.0``, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


_DATE_MARKS = str.maketrans({"年": "-", "月": "-", "日": " ", "/": "-", "T": " "})


def parse_moment(text: str) -> datetime | None:
    """A date or time as files hold it (2026-1-5, 2026/01/05 9:30, 2026年1月5日): naive, or None."""
    tidy = text.strip().translate(_DATE_MARKS)
    day, _, clock_part = tidy.strip().partition(" ")
    try:
        year, month, number = (int(part) for part in day.strip("-").split("-"))
        parts = [int(float(part)) for part in clock_part.strip().split(":")] if clock_part.strip() else []
        hour, minute, second = (*parts, 0, 0, 0)[:3]
        return datetime(year, month, number, hour, minute, second)  # noqa: DTZ001 - the caller knows the zone
    except (ValueError, TypeError):
        return None
