"""The law of the engine: whatever is asked of a table on the engine, it answers like the table in memory."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data import cells
from manyi.analytics.data.arrays import ArrayTable, as_array, table_of
from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.engines import DuckEngine
from manyi.analytics.data.files import read_file
from manyi.analytics.data.narrowing import Where
from manyi.analytics.data.parquet import parquet_table
from manyi.analytics.data.table import BadData, Histogram, Moments, Table
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.organisation.errors import Refused

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
EVERY = pytest.mark.parametrize("analysis", list(ANALYSES), ids=lambda each: each.id)
#: Figures of iterations stop at a tolerance; sums in another order move where they stop.
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-9}


def written(path: Path, columns: dict[str, Any], types: dict[str, str] | None = None) -> Path:
    """A Parquet file of plain columns; floats with NaN keep it, None is NULL."""
    arrays = {name: as_array(values) for name, values in columns.items()}
    with duckdb.connect() as connection:
        connection.register("given", arrays)
        chosen = [
            f'CAST(nullif("{name}", {"chr(0)" if array.dtype.kind == "O" else "NULL"}) AS '
            f'{(types or {}).get(name, "VARCHAR" if array.dtype.kind == "O" else "DOUBLE")}) AS "{name}"'
            for name, array in arrays.items()
        ]
        connection.execute(f"COPY (SELECT {', '.join(chosen)} FROM given) TO '{path}' (FORMAT parquet)")
    return path


def both(
    folder: Path, columns: dict[str, Any], *, weight: str = "", missing: tuple[str, ...] = ()
) -> tuple[ArrayTable, Table]:
    path = written(folder / "data.parquet", columns)
    return table_of(columns, weight=weight, missing=missing), read_file(path, weight=weight, missing=missing)


def assert_same(one: Any, other: Any, place: str = "") -> None:
    """The same structure, words and whole numbers; floats to nine digits."""
    assert type(one) is type(other) or {type(one), type(other)} == {int, float}, place
    if isinstance(one, dict):
        assert one.keys() == other.keys(), place
        for name in one:
            assert_same(one[name], other[name], f"{place}.{name}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for number, pair in enumerate(zip(one, other, strict=True)):
            assert_same(*pair, f"{place}[{number}]")
    elif isinstance(one, float):
        np.testing.assert_allclose(other, one, err_msg=place, **CLOSE)
    else:
        assert one == other, place


@EVERY
def test_every_analysis_is_the_same_on_the_engine(analysis: Analysis, tmp_path: Path) -> None:
    made = specification_from_toml(analysis.example)
    if not analysis.example_data:
        assert not analysis.needs_data
        return
    options = {"weight": made.choice.weight, "missing": made.choice.missing}
    memory, engine = both(tmp_path, analysis.example_data, **options)  # type: ignore[arg-type]
    assert not isinstance(engine, ArrayTable)
    first, second = (json.loads(json.dumps(run(made, each).to_json())) for each in (memory, engine))
    assert_same(first, second)


CELL = st.one_of(st.none(), st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, -0.5, 99.0, 0.1]))
WORD = st.sampled_from(["", "东区", "west", "O'Neil", '"q"', "10", "9", "NA"])
ROWS = st.lists(
    st.tuples(CELL, CELL, WORD, st.sampled_from(["1", "2", "10", ""]), st.floats(0.01, 9.0)),
    min_size=1,
    max_size=60,
)


def columns_from(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    a, b, word, digit, weight = (list(each) for each in zip(*rows, strict=True))
    numbers = {
        name: np.array([np.nan if v is None else v for v in each]) for name, each in (("a", a), ("b", b))
    }
    return {**numbers, "name; --": word, "digit": digit, "w": weight}


def assert_histogram(one: Histogram, other: Histogram) -> None:
    assert one.levels == other.levels
    assert one.rows == other.rows
    np.testing.assert_array_equal(one.n, other.n)
    np.testing.assert_allclose(other.w, one.w, **CLOSE)
    np.testing.assert_allclose(other.w2, one.w2, **CLOSE)


def assert_moments(one: Moments, other: Moments) -> None:
    assert (one.n, one.rows) == (other.n, other.rows)
    for name in ("w", "w2", "means", "products"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), err_msg=name, **CLOSE)


@pytest.mark.parametrize("few", [0, 20_000], ids=["by bundles", "by rows"])
@FEW
@given(rows=ROWS, weighted=st.booleans(), missing=st.sampled_from([(), ("99",), ("99", "west", "2")]))
def test_sums_are_the_same(
    few: int,
    rows: list[Any],
    weighted: bool,
    missing: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cells, "FEW", few)
    memory, engine = both(tmp_path, columns_from(rows), weight="w" if weighted else "", missing=missing)
    sets = [("a",), ("a", "name; --"), ("name; --", "a"), ("digit", "b", "a"), (), ("a", "a")]
    for one, other in zip(memory.histograms(sets), engine.histograms(sets), strict=True):
        assert_histogram(one, other)
    for names in (["a"], ["a", "b"], ["digit", "a"], ["b", "digit", "a"]):
        assert_moments(memory.moments(names), engine.moments(names))
        assert memory.different(names) == engine.different(names)


CONDITION = st.sampled_from(
    [
        Where("a", among=("1", "5")),
        Where("a", without=("2",)),
        Where("name; --", among=("O'Neil", "10", "nobody")),
        Where("digit", at_least=2.0),
        Where("b", at_least=0.1, at_most=4.0),
        Where("b", among=("0.1", "-0.5", "99")),
    ]
)


@FEW
@given(rows=ROWS, conditions=st.lists(CONDITION, max_size=3), weighted=st.booleans())
def test_narrowed_tables_are_the_same(
    rows: list[Any], conditions: list[Where], weighted: bool, tmp_path: Path
) -> None:
    memory, engine = both(tmp_path, columns_from(rows), weight="w" if weighted else "", missing=("99",))
    one, other = memory.where(conditions), engine.where(conditions)
    assert one.rows == other.rows
    np.testing.assert_allclose(other.weights(), one.weights())
    for name in ("a", "digit"):
        np.testing.assert_array_equal(one.numbers(name), other.numbers(name))
        assert one.texts(name) == other.texts(name)
    np.testing.assert_array_equal(one.groups("name; --").places, other.groups("name; --").places)
    (first,), (second,) = one.histograms([("a", "name; --")]), other.histograms([("a", "name; --")])
    assert_histogram(first, second)
    assert_moments(one.moments(["a", "digit"]), other.moments(["a", "digit"]))


#: Sums of columns that are handed over, and sums that the engine makes.
WAYS = pytest.mark.parametrize("hands_over", [2**28, 0], ids=["by blocks", "by statement"])


@WAYS
def test_products_far_from_nought_keep_their_digits(
    hands_over: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DuckEngine, "hands_over", hands_over)
    dice = np.random.default_rng(5)
    far = 1e9 + dice.normal(size=2_000)
    memory, engine = both(tmp_path, {"far": far, "near": dice.normal(size=2_000)})
    one, other = memory.moments(["far", "near"]), engine.moments(["far", "near"])
    np.testing.assert_allclose(other.products, one.products, rtol=1e-9)


@WAYS
def test_rows_that_begin_far_from_the_others_cost_no_digits(
    hands_over: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rows say where the means lie about; when they mislead, there is a second pass."""
    monkeypatch.setattr(DuckEngine, "hands_over", hands_over)
    dice = np.random.default_rng(6)
    columns = {
        "x": np.append(np.full(1_200, 1e12), dice.normal(size=1_200_000)),
        "c": np.full(1_201_200, 0.1),
    }
    weights = np.append(np.full(1_200, 1e-12), np.ones(1_200_000))
    memory, engine = both(tmp_path, {**columns, "w": weights}, weight="w")
    one, other = memory.moments(["x", "c"]), engine.moments(["x", "c"])
    np.testing.assert_allclose(other.products[0, 0], one.products[0, 0], rtol=1e-9)
    np.testing.assert_allclose(other.means, one.means, rtol=1e-9)
    assert other.products[1, 1] == pytest.approx(0, abs=1e-9)


@WAYS
def test_small_integers_and_flags_do_not_overflow(
    hands_over: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DuckEngine, "hands_over", hands_over)
    columns = {"a": [100.0, 120.0, None, 127.0], "yes": [1.0, 0.0, 1.0, None]}
    path = written(tmp_path / "d.parquet", columns, {"a": "TINYINT", "yes": "BOOLEAN"})
    memory, engine = table_of(columns), read_file(path)
    assert_moments(memory.moments(["a", "yes"]), engine.moments(["a", "yes"]))
    assert_histogram(memory.histograms([("a", "yes")])[0], engine.histograms([("a", "yes")])[0])


@WAYS
def test_sums_of_whole_answers_are_exact(
    hands_over: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The covariance of answers 1 to 5 over several blocks, beside sums of Python's whole numbers."""
    monkeypatch.setattr(DuckEngine, "hands_over", hands_over)
    dice = np.random.default_rng(7)
    one, other = (dice.integers(1, 6, 40_000) for _ in range(2))
    path = written(tmp_path / "d.parquet", {"a": one, "b": other}, {"a": "TINYINT", "b": "TINYINT"})
    n, products = len(one), sum(x * y for x, y in zip(one.tolist(), other.tolist(), strict=True))
    wanted = Fraction(products * n - sum(one.tolist()) * sum(other.tolist()), n * (n - 1))
    found = read_file(path).moments(["a", "b"]).covariance[0, 1]
    assert found == pytest.approx(float(wanted), rel=1e-13)


def test_what_memory_refuses_the_engine_refuses_in_the_same_words(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"a": ["1", "2", "很好"], "w": [1.0, -1.0, 1.0], "n": [1.0, 2.0, 3.0]}
    memory, engine = both(tmp_path, columns)
    told = []
    for table in (memory, engine):
        with pytest.raises(BadData) as caught:
            table.moments(["a"])
        told.append(str(caught.value))
        with pytest.raises(BadData, match="nobody"):
            table.histograms([("nobody",)])
    assert told[0] == told[1]
    path = tmp_path / "data.parquet"
    for refused in ("w", "a"):
        with pytest.raises(Refused) as first:
            table_of(columns, weight=refused)
        with pytest.raises(Refused) as second:
            read_file(path, weight=refused)
        assert str(first.value) == str(second.value)


def test_too_many_values_are_no_groups(tmp_path: Path) -> None:
    _, engine = both(tmp_path, {"id": np.arange(3_000.0)})
    with pytest.raises(BadData, match="3000"):
        engine.histograms([("id",)])


def test_days_are_groups_too(tmp_path: Path) -> None:
    path = tmp_path / "days.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT DATE '2026-01-01' + CAST(i % 3 AS INTEGER) AS day, i AS n FROM range(9) t(i)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    (found,) = read_file(path).histograms([("day",)])
    assert found.n.tolist() == [3, 3, 3]


def test_a_table_of_several_files_is_one_table(tmp_path: Path) -> None:
    dice = np.random.default_rng(2)
    values = dice.normal(size=300)
    files = [written(tmp_path / f"{n}.parquet", {"a": values[n * 100 : n * 100 + 100]}) for n in range(3)]
    found = parquet_table(files).moments(["a"])
    assert found.n == 300
    assert math.isclose(found.covariance[0, 0], values.var(ddof=1), rel_tol=1e-12)


@FEW
@given(rows=ROWS, weighted=st.booleans())
def test_one_pass_with_grouping_sets_gives_the_same(rows: list[Any], weighted: bool, tmp_path: Path) -> None:
    memory, engine = both(tmp_path, columns_from(rows), weight="w" if weighted else "")
    assert isinstance(engine, EngineTable)
    engine._engine.dense_bits = 0
    sets = [("a",), ("a", "name; --"), ("name; --", "a"), ("digit", "b", "a"), ()]
    for one, other in zip(memory.histograms(sets), engine.histograms(sets), strict=True):
        assert_histogram(one, other)
