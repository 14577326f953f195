"""Files of rows as people have them, and what they are told when one cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from pathlib import Path

import openpyxl
import pytest

from manyi.organisation import tables
from manyi.organisation.errors import Refused

TEXT = "编号,姓名,备注\nK1,何芳,“满意”\n\nK2,马超,两行\n"
ROWS = [
    (2, {"编号": "K1", "姓名": "何芳", "备注": "“满意”"}),
    (4, {"编号": "K2", "姓名": "马超", "备注": "两行"}),
]


def write(folder: Path, content: bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows_of(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, row.values) for row in tables.read(path).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encodings_of_chinese_offices(encoding: str, tmp_path: Path) -> None:
    assert rows_of(write(tmp_path, TEXT.encode(encoding))) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_heading(delimiter: str, tmp_path: Path) -> None:
    assert rows_of(write(tmp_path, TEXT.replace(",", delimiter).encode())) == ROWS


def test_gzip_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    assert rows_of(write(tmp_path, gzip.compress(TEXT.encode()), "rows.csv")) == ROWS


def test_a_quoted_cell_may_hold_delimiters_and_lines(tmp_path: Path) -> None:
    text = '编号,备注\nK1,"一,二\n三"\n'
    assert rows_of(write(tmp_path, text.encode())) == [(2, {"编号": "K1", "备注": "一,二\n三"})]


def test_a_character_cut_by_the_sample_does_not_change_the_encoding(tmp_path: Path) -> None:
    text = "编号,备注\n" + "".join(f"K{number},很满意{'啊' * (number % 7)}\n" for number in range(30_000))
    for encoding in ("utf-8", "gb18030"):
        rows = rows_of(write(tmp_path, text.encode(encoding)))
        assert len(rows) == 30_000
        assert rows[-1][1]["备注"].startswith("很满意")


def workbook(folder: Path, *lines: list[object]) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)  # type: ignore[union-attr]
    path = folder / "rows.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["编号", "日期", "时间", "数", "是", "空"],
        [1001.0, dt.date(2026, 3, 2), dt.datetime(2026, 3, 2, 9, 30), 1.5, True, None],
    )
    [(number, values)] = rows_of(path)
    assert number == 2
    assert list(values.values()) == ["1001", "2026-03-02", "2026-03-02 09:30:00", "1.5", "1", ""]


def words(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        list(tables.read(path).rows)
    assert refused.value.field == "file"
    return refused.value.message.zh


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "第一行应是列名"),
        (b"\n\n", "第一行应是列名"),
        ("编号,姓名,编号\n1,2,3\n".encode(), "列名重复:编号"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "另存为 .xlsx"),
        (b"PK\x03\x04" + b"\0" * 100, "已损坏"),
        (gzip.compress(TEXT.encode() * 1000)[:-20], "不完整"),
        (b"a,b\n\xff\xff\xff\x80,1\n" * 3, "文字编码无法识别"),
    ],
    ids=["empty", "blank", "repeated", "old-excel", "broken-workbook", "cut-gzip", "no-encoding"],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, told: str, tmp_path: Path) -> None:
    assert told in words(write(tmp_path, content))


def test_a_file_cut_off_in_the_middle_is_noticed_while_reading(tmp_path: Path) -> None:
    numbers = "".join(f"K{number},{number * 7919 % 100_003}\n" for number in range(200_000))
    whole = gzip.compress(f"编号,数\n{numbers}".encode())
    assert "重新上传" in words(write(tmp_path, whole[: len(whole) // 2]))


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path, ["编号"], ["K1"])
    monkeypatch.setattr(tables, "MAX_UNPACKED", 100)
    assert "过大" in words(path)


def test_columns_without_a_name_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, "编号,,姓名\nK1,x,何芳\n".encode())
    assert tables.columns(path) == ["编号", "姓名"]
    assert rows_of(path) == [(2, {"编号": "K1", "姓名": "何芳"})]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-1-5", dt.datetime(2026, 1, 5)),
        ("2026/01/05 9:30", dt.datetime(2026, 1, 5, 9, 30)),
        ("2026年1月5日", dt.datetime(2026, 1, 5)),
        ("2026-01-05T09:30:15", dt.datetime(2026, 1, 5, 9, 30, 15)),
        ("2026-02-30", None),
        ("5.1.2026", None),
        ("", None),
        ("昨天", None),
    ],
)
def test_dates_are_read_as_files_write_them(text: str, moment: dt.datetime | None) -> None:
    assert tables.parse_moment(text) == moment


def test_an_export_with_formulas_comes_back_as_text(tmp_path: Path) -> None:
    """A cell that begins with = is only text to us."""
    out = io.StringIO()
    csv.writer(out).writerows([["编号", "备注"], ["K1", "=1+1"]])
    assert rows_of(write(tmp_path, out.getvalue().encode()))[0][1]["备注"] == "=1+1"
