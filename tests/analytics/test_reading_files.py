"""Files as people have them are read as they are meant, or refused with the column and the row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from manyi.analytics.data.arrays import ArrayTable, Column, as_array, table_of
from manyi.analytics.data.files import read_file
from manyi.analytics.data.number_text import as_number
from manyi.analytics.data.table import Variable
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.specification import specification
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused


def described(path: Path, method: str = "descriptives", **data: Any) -> Result:
    """The column ``a`` of a file."""
    chosen = specification({"method": method, "config": {"items": ["a"]}, "data": data})
    return run(chosen, read_file(path))


def written(folder: Path, text: str) -> Path:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    return path


def parquet(folder: Path, rows: str) -> Path:
    path = folder / "data.parquet"
    return parquet_of(path, f"select * from (values {rows}) t(a)")


def parquet_of(path: Path, query: str) -> Path:
    duckdb.execute(f"copy ({query}) to '{path}' (format parquet)")
    return path


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        ("-1.5", -1.5),
        ("+.5", 0.5),
        ("1e3", 1000.0),
        ("１２", 12.0),
        ("1,234", 1234.0),
        ("-1,234,567.25", -1234567.25),
        ("1，234", 1234.0),
    ],
)
def test_numbers_as_people_write_them(text: str, number: float) -> None:
    assert as_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["1,5", "1,23,456", "1,5.2", "12,34.5", "1_000", "12%", "¥3", "inf", "nan", "1e400", "1e101", "", "."],
)
def test_nothing_is_guessed(text: str) -> None:
    assert as_number(text) != as_number(text)


def test_thousands_are_read_and_told_of(tmp_path: Path) -> None:
    result = described(written(tmp_path, 'a\n"1,234"\n"12,345,678.5"\n3\n'))
    assert result.tables[0].rows[0]["most"] == 12345678.5
    assert (
        "“1,234” is 1234" in result.warnings[0].en or "“12,345,678.5” is 12345678.5" in result.warnings[0].en
    )
    assert "千分位" in result.warnings[0].zh


def test_a_cell_too_many_is_no_silent_shift(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"Row 3 has more cells .*“5”"):
        described(written(tmp_path, "a,b\n1,2\n1,234,5\n"))
    described(written(tmp_path, "a,b\n1,2,\n2,3,,\n4,5\n"))  # empty cells behind the last are none


def test_rows_are_those_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,x\n\n\n2,y\nbad,y\n")
    with pytest.raises(Refused, match="row 6"):
        described(path)
    with pytest.raises(Refused, match="row 6"):
        described(path, where=[{"column": "b", "in": ["y"]}])


@pytest.mark.parametrize("method", ["descriptives", "reliability", "bootstrap"])
def test_the_infinite_is_named_also_on_the_engine(tmp_path: Path, method: str) -> None:
    rows = "select * from (values (1::double, 1), (2, 2), ('inf', 2), (4, 5)) t(a, b)"
    path = parquet_of(tmp_path / "data.parquet", rows)
    chosen = specification({"method": method, "config": {"items": ["a", "b"]}})
    with pytest.raises(Refused, match="inf in column “a”, row 4"):
        run(chosen, read_file(path))


def test_whole_numbers_that_doubles_confuse_are_no_groups(tmp_path: Path) -> None:
    path = parquet(tmp_path, "(9007199254740993::bigint), (9007199254740992), (1)")
    with pytest.raises(Refused, match="run together"):
        described(path, "frequencies")
    text = written(tmp_path, "a\n9007199254740993\n9007199254740992\n1\n")
    assert [row["n"] for row in described(text, "frequencies").tables[0].rows] == [1, 1, 1]


def test_spread_that_doubles_cannot_hold_is_refused(tmp_path: Path) -> None:
    far = "\n".join(str(10**13 + value) for value in (1, 2, 3, 5, 4))
    with pytest.raises(Refused, match="hardly differ"):
        described(written(tmp_path, f"a\n{far}\n"), "bootstrap")
    near = "\n".join(str(10**9 + value) for value in (1, 2, 3, 5, 4))
    row = described(written(tmp_path, f"a\n{near}\n")).tables[0].rows[0]
    assert row["sd"] == pytest.approx(2.5**0.5, rel=1e-9)


@pytest.mark.parametrize("far", [0.0, 1e9])
def test_sums_of_far_values_keep_their_spread(far: float) -> None:
    values = [far + value for value in (1.0, 2, 3, 5, 4, 2, 1, 5, 4, 3)]
    data: dict[str, Any] = {"a": values, "wave": ["1", "2"] * 5}
    result = run(
        specification({"method": "waves", "config": {"item": "a", "period": "wave", "measure": "mean"}}),
        table_of(data),
    )
    # R 4.2.2: t.test(c(2, 5, 2, 5, 3), c(1, 3, 4, 1, 4)), whatever is added to all.
    last = result.tables[0].rows[1]
    assert (last["statistic"], last["p"]) == pytest.approx((0.8340576562, 0.4284484172), rel=1e-6)


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        ({"1": "很不满", "5": "很满意"}, ["1", "2", "3", "4", "5"]),  # SPSS files often name the ends only
        ({"5": "很满意", "4": "满意", "3": "一般", "2": "不满", "1": "很不满"}, ["5", "4", "3", "2", "1"]),
    ],
)
def test_a_scale_with_labelled_ends_stays_in_order(labels: dict[str, str], order: list[str]) -> None:
    named = {code: Label(words, words) for code, words in labels.items()}
    column = Column(Variable("a", Label("满意度", "Satisfaction")), as_array([4, 1, 5, 3, 2, 5]), named)
    asked = specification({"method": "frequencies", "config": {"items": ["a"]}})
    rows = run(asked, ArrayTable([column])).tables[0].rows
    assert [row["code"] for row in rows] == order
    assert rows[order.index("5")]["title"] == Label("很满意", "很满意")


@pytest.mark.parametrize(
    "periods",
    [
        [f"{month}月" for month in range(1, 13)],
        ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
        ["第一季度", "第二季度", "第三季度", "第四季度"],
        ["W2", "W10", "W11"],
        ["2025-9", "2025-10", "2026-1"],
        ["2025年9月", "2025年10月", "2026年1月"],
        ["January", "February", "March", "May", "October"],
        ["2026 Feb", "2026 Sept", "2026 Oct"],
        ["always", "maybe", "never"],
        ["北京", "上海"][::-1],
        ["9", "10", "其他"],
    ],
)
def test_periods_stand_in_the_order_of_their_numbers(periods: list[str]) -> None:
    """A trend over months must not put the tenth before the second."""
    column = table_of({"period": periods[::-1] * 2})
    assert [level.code for level in column.groups("period").levels] == periods


def test_a_run_of_digits_without_end_is_a_name() -> None:
    names = ["x" + "1" * 5000, "x2"]
    assert {level.code for level in table_of({"name": names}).groups("name").levels} == set(names)
