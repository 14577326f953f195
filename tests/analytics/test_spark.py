"""The same trees on Spark: compiled in every run, and run on two workers by ``make test-spark``."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import expressions as exp
from typer.testing import CliRunner

from manyi.analytics.analyses import Analysis
from manyi.analytics.data import engine_table, spark
from manyi.analytics.data.arrays import table_of
from manyi.analytics.data.engines import DuckEngine
from manyi.analytics.data.files import read_file
from manyi.analytics.data.narrowing import Where
from manyi.analytics.data.table import Table
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.organisation.errors import Refused
from manyi.web.cli import app
from tests.analytics.test_engine_law import (
    CONDITION,
    EVERY,
    ROWS,
    assert_histogram,
    assert_moments,
    assert_same,
    columns_from,
    written,
)

SEVERAL = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SETS = [("a",), ("a", "name; --"), ("digit", "b", "a"), ()]


class AsSpark(DuckEngine):
    """DuckDB that is told every statement in the words of Spark, one pass for all sets as Spark likes it."""

    dense_bits = 0
    hands_over = 0

    def rows(self, query: exp.Query) -> list[tuple[Any, ...]]:
        return super().rows(heard(query))

    def columns(self, query: exp.Query) -> Any:
        return super().columns(heard(query))


def heard(query: exp.Query) -> exp.Query:
    """The statement after a journey through Spark SQL."""
    back = sqlglot.parse_one(query.sql(dialect="spark"), read="spark")
    assert isinstance(back, exp.Query)
    return back


@pytest.fixture
def cluster() -> str:
    """The cluster of ``make test-spark``; the tests marked for it run nowhere else, and never skip."""
    return os.environ["ANALYTICS_URL"]


def results(analysis: Analysis, tables: list[Table]) -> list[Any]:
    made = specification_from_toml(analysis.example)
    return [json.loads(json.dumps(run(made, each).to_json())) for each in tables]


def opened(analysis: Analysis, folder: Path, **more: Any) -> list[Table]:
    """The example of an analysis in memory and from a file."""
    choice = specification_from_toml(analysis.example).choice
    options: dict[str, Any] = {"weight": choice.weight, "missing": choice.missing}
    path = written(folder / "data.parquet", dict(analysis.example_data))
    return [table_of(analysis.example_data, **options), read_file(path, **options, **more)]


@EVERY
def test_every_analysis_means_the_same_in_the_words_of_spark(
    analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not analysis.example_data:
        assert not analysis.needs_data
        return
    monkeypatch.setattr("manyi.analytics.data.parquet.DuckEngine", AsSpark)
    memory, engine = opened(analysis, tmp_path)
    assert isinstance(engine, engine_table.EngineTable)
    assert isinstance(engine._engine, AsSpark)
    assert_same(*results(analysis, [memory, engine]))


@pytest.mark.spark
@EVERY
def test_every_analysis_is_the_same_on_the_cluster(analysis: Analysis, tmp_path: Path, cluster: str) -> None:
    if not analysis.example_data:
        assert not analysis.needs_data
        return
    memory, on_cluster = opened(analysis, tmp_path, cluster=cluster)
    _, on_duckdb = opened(analysis, tmp_path)
    assert isinstance(on_cluster, engine_table.EngineTable)
    assert isinstance(on_cluster._engine, spark.SparkEngine)
    one, two, three = results(analysis, [memory, on_duckdb, on_cluster])
    assert_same(one, three)
    assert_same(two, three)


@pytest.mark.spark
@SEVERAL
@given(rows=ROWS, weighted=st.booleans(), conditions=st.lists(CONDITION, max_size=2))
def test_sums_are_the_same_on_the_cluster(
    rows: list[Any], weighted: bool, conditions: list[Where], tmp_path: Path, cluster: str
) -> None:
    columns, options = columns_from(rows), {"weight": "w" if weighted else "", "missing": ("99",)}
    path = written(tmp_path / "data.parquet", columns)
    memory: Any = table_of(columns, **options).where(conditions)  # type: ignore[arg-type]
    engine = read_file(path, cluster=cluster, **options).where(conditions)  # type: ignore[arg-type]
    assert memory.rows == engine.rows
    for one, other in zip(memory.histograms(SETS), engine.histograms(SETS), strict=True):
        assert_histogram(one, other)
    for names in (["a"], ["b", "digit", "a"]):
        assert_moments(memory.moments(names), engine.moments(names))
    for name in columns:
        assert memory.texts(name) == engine.texts(name)


@pytest.mark.spark
def test_rows_keep_their_order_over_files_and_workers(tmp_path: Path, cluster: str) -> None:
    values = np.random.default_rng(3).normal(size=400_000)
    halves = [written(tmp_path / f"{n}.parquet", {"x": values[n::2]}) for n in range(2)]
    found = spark.spark_table(halves, cluster).numbers("x")
    np.testing.assert_array_equal(found, np.concatenate([values[0::2], values[1::2]]))


@pytest.mark.spark
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, cluster: str) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 no more PAR1")
    with pytest.raises(Refused, match=r"^Spark could not do it: [^\n]+$"):
        read_file(path, cluster=cluster)


def test_days_are_groups_on_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "days.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT DATE '2026-01-01' + CAST(i % 3 AS INTEGER) AS day, i AS n FROM range(9) t(i)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    table = read_file(path).where([Where("day", without=("2026-01-02",))])
    (found,) = table.histograms([("day",)])
    assert [level.code for level in found.levels[0]] == ["2026-01-01", "2026-01-03"]
    assert table.texts("day")[0] == str(date(2026, 1, 1))


def refused(tmp_path: Path, cluster: str) -> str:
    path = written(tmp_path / "data.parquet", {"a": [1.0, 2.0]})
    with pytest.raises(Refused) as caught:
        read_file(path, cluster=cluster)
    return str(caught.value)


@pytest.fixture
def listening() -> Any:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"spark://127.0.0.1:{server.getsockname()[1]}"


def test_an_address_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert "spark://host:port" in refused(tmp_path, "http://127.0.0.1:8080")
    assert "does not answer" in refused(tmp_path, "spark://127.0.0.1")


def test_a_cluster_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    assert "does not answer" in refused(tmp_path, f"spark://127.0.0.1:{address[1]}")


def test_what_is_missing_is_named(tmp_path: Path, listening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/java")
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    assert "manyi[spark]" in refused(tmp_path, listening)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "openjdk-17-jre-headless" in refused(tmp_path, listening)


def test_the_command_takes_the_cluster_of_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spec.toml").write_text('method = "descriptives"\n[config]\nitems = ["a"]\n')
    path = written(tmp_path / "data.parquet", {"a": [1.0, 2.0]})
    words = ["analyse", str(tmp_path / "spec.toml"), "--data", str(path)]
    assert CliRunner().invoke(app, words).exit_code == 0
    monkeypatch.setenv("ANALYTICS_URL", "spark://nowhere")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "spark://nowhere" in done.output
