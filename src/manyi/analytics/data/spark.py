"""Parquet files as a table on a Spark cluster: the statement trees of ``engine_statements`` as Spark SQL.

pyspark is the optional extra ``spark``; nothing of it is loaded before somebody names a cluster. The workers
run no Python of ours: they see statements only. Files must lie where the workers find them by the same path.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import expressions as exp

from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.engines import Array, Engine, filled
from manyi.analytics.data.stored import stored_as
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEME = "spark://"
#: The place of a row: number of its file, number within the file. No column of a file is called so.
_PLACE = "manyi row"
#: What makes statements mean the same as on DuckDB, and what keeps a terminal readable.
_OPTIONS = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.showConsoleProgress": "false",
}
#: Seconds in which a master must take a connection.
_PATIENCE = 5.0
_numbers = count()


class SparkEngine(Engine):
    """A Spark session with the views that the statements name."""

    #: Workers count all sets in one pass, and sums travel: rows stay.
    dense_bits = hands_over = 0

    def __init__(self, session: SparkSession) -> None:
        self.session = session

    def rows(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of an aggregate statement."""
        with _told():
            return [tuple(row) for row in self.session.sql(query.sql(dialect="spark")).collect()]

    def columns(self, query: exp.Query) -> dict[str, Array]:
        """The columns of a statement over many rows; DuckDB makes the same arrays of them as of its own."""
        with _told():
            found = self.session.sql(query.sql(dialect="spark")).toArrow()
        with duckdb.connect() as connection:
            return filled(connection.from_arrow(found).fetchnumpy())


def spark_table(
    files: Sequence[Path], url: str, *, weight: str = "", missing: Sequence[str] = ()
) -> EngineTable:
    """A table over files of the same columns on the cluster at ``url`` (``spark://host:port``).

    Raises Refused where pyspark or Java is missing, the cluster does not answer, or its workers cannot read.
    """
    session, source = _session(url), f"rows_{next(_numbers)}"
    with _told():
        frame = reduce(_below, (_numbered(session, path, place) for place, path in enumerate(files)))
        frame.createOrReplaceTempView(source)
        described = [(each.name, each.dataType.simpleString()) for each in frame.schema]
    stored = [stored_as(name, kind) for name, kind in described if name != _PLACE]
    engine, where = SparkEngine(session), exp.to_table(source)
    table = EngineTable(engine, stored, source=where, weight=weight, missing=missing, order=_PLACE)
    return table.require_weights()


def _numbered(session: SparkSession, path: Path, place: int) -> DataFrame:
    from pyspark.sql import functions

    row = functions.struct(functions.lit(place), functions.col("_metadata.row_index"))
    return session.read.parquet(str(path.resolve())).select("*", row.alias(_PLACE))


def _below(one: DataFrame, other: DataFrame) -> DataFrame:
    return one.unionByName(other)


def _session(url: str) -> SparkSession:
    """The session of this process on a cluster; its memory and addresses come from Spark's own settings."""
    _require_master(url)
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise _refused(
            "Spark 需要 Java 17 以上,本机没有;请安装 openjdk-17-jre-headless,或设置 JAVA_HOME。",
            "Spark needs Java 17 or newer, which this machine lacks: "
            "install openjdk-17-jre-headless, or set JAVA_HOME.",
        )
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise _refused(
            "ANALYTICS_URL 指向 Spark,但没有安装 pyspark;请执行 pip install 'manyi[spark]'。",
            "ANALYTICS_URL names Spark, but pyspark is not installed: pip install 'manyi[spark]'.",
        ) from error
    builder = SparkSession.builder.master(url).appName("Manyi")
    for name, value in _OPTIONS.items():
        builder = builder.config(name, value)
    with _told():
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
    return session


def _require_master(url: str) -> None:
    """Raises Refused at once where Spark would try for a minute."""
    if not url.startswith(SCHEME):
        raise _refused(
            f"ANALYTICS_URL 应写成 spark://主机:端口,而不是 {url}。",
            f"ANALYTICS_URL is written like spark://host:port, not {url}.",
        )
    for master in url.removeprefix(SCHEME).split(","):
        host, _, port = master.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=_PATIENCE):
                return
        except (OSError, ValueError, OverflowError):
            continue
    raise _refused(
        f"连不上 Spark 集群 {url};请确认它在运行,或检查 ANALYTICS_URL。",
        f"The Spark cluster {url} does not answer: see whether it runs, or check ANALYTICS_URL.",
    )


@contextmanager
def _told() -> Iterator[None]:
    """What Spark raises becomes one line; its own words stand behind it."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        yield
    except (PySparkException, Py4JError) as error:
        line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise _refused(f"Spark 无法完成:{line}", f"Spark could not do it: {line}") from error


def _refused(zh: str, en: str) -> Refused:
    return Refused(Label(zh, en), field="data")
