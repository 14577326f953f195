"""Sixty weighted tables beside polars and the bare limit, in the same run.

    python -m benchmarks.tables [--rows 100000 1000000 10000000] [--peer-python PYTHON]

Twelve five-point items with 4 % missing by five segments of 8, 60, 5, 6 and 12 values, weighted: n, mean,
top two boxes and interval (Kish) of 1,092 cells, from a Parquet file to the last figure. Then NPS by month
and segment, and Cronbach's alpha. Every engine has a process of its own; CPU seconds leave out its imports.

polars is no dependency: it runs where this Python, or ``--peer-python`` (also MANYI_PEER_PYTHON), has it.
Its tables are written in the three ways that come to mind, and the fastest counts. The bare limit is numpy
reading the same columns and filling the same cells by ``bincount`` with nothing checked; that of alpha is
DuckDB decoding the twelve items and counting the complete rows, before any sum.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ITEMS = [f"q{number}" for number in range(12)]
SEGMENTS = {"s0": 8, "s1": 60, "s2": 5, "s3": 6, "s4": 12}
SETS = [(item, segment) for item in ITEMS for segment in SEGMENTS]
REPEATS = 3


def write(path: Path, rows: int) -> None:
    """The made-up answers, the same for every engine."""
    import duckdb

    items = [
        f"CASE WHEN hash(i * 31 + {n}) % 25 = 0 THEN NULL "
        f"ELSE 1 + hash(i * 17 + {n * 7}) % 5 END::TINYINT AS q{n}"
        for n in range(12)
    ]
    segments = [
        f"(hash(i * 13 + {n}) % {size})::TINYINT AS {name}" for n, (name, size) in enumerate(SEGMENTS.items())
    ]
    others = [
        "0.2 + (hash(i * 7 + 999) % 1000000) / 250000.0::DOUBLE AS w",
        "(hash(i * 3) % 24)::TINYINT AS month",
        "(hash(i * 5) % 11)::TINYINT AS nps",
    ]
    chosen = ", ".join(items + segments + others)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {chosen} FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet)")


def figures(n: np.ndarray, w: np.ndarray, w2: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, ...]:
    """n, mean, top two boxes and half the interval of every group of an item × segment histogram."""
    total = w.sum(axis=0)
    mean, top = codes @ w / total, w[codes >= 4].sum(axis=0) / total
    spread = codes**2 @ w / total - mean**2
    return n.sum(axis=0), mean, top, 1.96 * np.sqrt(spread / (total**2 / w2.sum(axis=0)))


def check(tables: list[tuple[np.ndarray, ...]]) -> list[float]:
    """Sums over all cells, equal for every engine."""
    return [float(sum(float(np.sum(table[at])) for table in tables)) for at in range(4)]


def ours(path: Path) -> dict[str, Callable[[], Any]]:
    """The table on the engine; one for each figure, as a reader's question opens it."""
    from manyi.analytics.data.parquet import parquet_table

    def tables() -> list[float]:
        found = parquet_table([path], weight="w").histograms(SETS)
        codes = [np.array([float(level.code) for level in each.levels[0]]) for each in found]
        return check([figures(h.n, h.w, h.w2, c) for h, c in zip(found, codes, strict=True)])

    def nps() -> list[float]:
        (found,) = parquet_table([path]).histograms([("nps", "month", "s0")])
        share = found.n / found.n.sum(axis=0)
        return [float(np.sum(share[9:].sum(axis=0) - share[:7].sum(axis=0)))]

    def alpha() -> list[float]:
        sums = parquet_table([path]).moments(ITEMS).covariance
        return [float(12 / 11 * (1 - np.trace(sums) / sums.sum()))]

    return {"tables": tables, "nps": nps, "alpha": alpha}


def polars(path: Path) -> dict[str, Callable[[], Any]]:
    """The same with polars; tables in three ways."""
    import polars as pl

    w, columns = pl.col("w"), [*ITEMS, *SEGMENTS, "w"]
    sums = (pl.len().alias("n"), w.sum().alias("sw"), (w * w).sum().alias("sw2"))

    def lazy() -> list[float]:
        frame = pl.scan_parquet(path)
        return _finished(pl.collect_all([frame.group_by(one, item).agg(*sums) for item, one in SETS]))

    def eager() -> list[float]:
        frame = pl.read_parquet(path, columns=columns)
        return _finished([frame.group_by(one, item).agg(*sums) for item, one in SETS])

    def by_segment() -> list[float]:
        frame, made = pl.read_parquet(path, columns=columns), []
        asked = [each for item in ITEMS for each in _statistics(pl, item)]
        for segment in SEGMENTS:
            found = frame.group_by(segment).agg(*asked)
            for item in ITEMS:
                n, sw, sw2, s1, s2, top = (found[f"{item}_{at}"].to_numpy() for at in range(6))
                half = 1.96 * np.sqrt((s2 / sw - (s1 / sw) ** 2) / (sw**2 / sw2))
                made.append((n, s1 / sw, top / sw, half))
        return check(made)

    ways = {"all at once": lazy, "one by one": eager, "by segment": by_segment}
    return {**{f"tables, {name}": way for name, way in ways.items()}, **_polars_others(path)}


def _finished(found: list[Any]) -> list[float]:
    made = []
    for (item, segment), frame in zip(SETS, found, strict=True):
        kept = frame.drop_nulls().sort(item, segment)
        shape = (kept[item].n_unique(), kept[segment].n_unique())
        n, sw, sw2 = (kept[name].to_numpy().reshape(shape) for name in ("n", "sw", "sw2"))
        made.append(figures(n, sw, sw2, np.sort(kept[item].unique().to_numpy()).astype(float)))
    return check(made)


def _polars_others(path: Path) -> dict[str, Callable[[], Any]]:
    import polars as pl

    def nps() -> list[float]:
        score = (pl.col("nps") >= 9).mean() - (pl.col("nps") <= 6).mean()
        found = pl.scan_parquet(path).group_by("month", "s0").agg(score.alias("score")).collect()
        return [float(found["score"].sum())]

    def alpha() -> list[float]:
        frame = pl.scan_parquet(path).select(ITEMS).drop_nulls()
        parts = [pl.col(item).cast(pl.Float64).var().alias(item) for item in ITEMS]
        whole = pl.sum_horizontal(*(pl.col(item).cast(pl.Float64) for item in ITEMS)).var().alias("whole")
        found = frame.select(*parts, whole).collect().row(0)
        return [12 / 11 * (1 - sum(found[:-1]) / found[-1])]

    return {"nps": nps, "alpha": alpha}


def _statistics(pl: Any, item: str) -> list[Any]:
    answer, w = pl.col(item), pl.col("w")
    given, wide = answer.is_not_null(), answer.cast(pl.Float64)
    asked = (given.sum(), w.filter(given).sum(), (w * w).filter(given).sum(), (w * wide).sum())
    more = ((w * wide * wide).sum(), w.filter(answer >= 4).sum())
    return [each.alias(f"{item}_{at}") for at, each in enumerate((*asked, *more))]


def limit(path: Path) -> dict[str, Callable[[], Any]]:
    """numpy: the columns, then one pass of bincount for each table and sum."""
    import duckdb

    opened = duckdb.connect()

    def tables() -> list[float]:
        with duckdb.connect() as connection:
            chosen = ", ".join([f"coalesce({item}, 0) AS {item}" for item in ITEMS] + [*SEGMENTS, "w"])
            held = connection.execute(f"SELECT {chosen} FROM '{path}'").fetchnumpy()
        weight, made, codes = held["w"], [], np.arange(1.0, 6.0)
        for item, segment in SETS:
            size = SEGMENTS[segment]
            at = held[item].astype(np.int64) * size + held[segment]
            sums = (np.bincount(at, each, 6 * size) for each in (None, weight, weight * weight))
            made.append(figures(*(each.reshape(6, size)[1:] for each in sums), codes))
        return check(made)

    def alpha() -> list[float]:
        """The engine decodes the items and counts the complete rows; no sum is made of them."""
        given = " AND ".join(f"{item} IS NOT NULL" for item in ITEMS)
        opened.execute(f"SELECT count(*) FROM '{path}' WHERE {given}").fetchall()
        return []

    return {"tables": tables, "alpha": alpha}


ENGINES = {"manyi": ours, "polars": polars, "bare": limit}
#: What the bare limits are.
BARE = {"tables": "bare numpy bincount", "alpha": "DuckDB reads the rows"}


def measured(engine: str, path: Path) -> None:
    """Print the least CPU and wall seconds of some runs, the figures and the memory, as JSON."""
    told: dict[str, Any] = {}
    for name, work in ENGINES[engine](path).items():
        times = []
        for _ in range(REPEATS):
            cpu, wall = time.process_time(), time.perf_counter()
            found = work()
            times.append((time.process_time() - cpu, time.perf_counter() - wall))
        told[name] = {"cpu": min(t[0] for t in times), "wall": min(t[1] for t in times), "figures": found}
        told[name]["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(told))


def run(engine: str, path: Path, python: str) -> dict[str, Any]:
    """One engine in a process of its own; empty where it is not installed."""
    words = [python, str(Path(__file__).resolve()), "--engine", engine, "--data", str(path)]
    from benchmarks._answers import answered  # a peer runs this file as a script, where there is no package

    return answered(words)


def told(theirs: list[float], mine: list[float]) -> str:
    """Whether the figures are the same; a limit that makes none says nothing."""
    if not theirs:
        return ""
    return "equal" if np.allclose(theirs, mine, rtol=1e-9) else "OTHER FIGURES"


def compare(path: Path, rows: int, python: str) -> None:
    """Print one size."""
    print(f"{rows:,} rows, {path.stat().st_size >> 20} MB")
    mine, theirs, bare = run("manyi", path, sys.executable), run("polars", path, python), {}
    if rows <= 1_000_000:  # it holds everything at once
        bare = run("bare", path, sys.executable)
    for task, found in mine.items():
        print(f"  {task:7} manyi {found['cpu']:7.3f} CPU s  {found['wall']:7.3f} s  {found['memory']:5} MB")
        others = [(BARE[name], name, each) for name, each in bare.items()]
        others += [(f"polars{name.removeprefix(task)}", name, each) for name, each in theirs.items()]
        for who, name, each in others:
            if name.split(",")[0] == task:
                same = told(each["figures"], found["figures"])
                ratio = f"{each['cpu'] / found['cpu']:5.2f} x ours"
                print(f"    {who:26} {each['cpu']:7.3f} CPU s  {each['wall']:7.3f} s  {ratio}  {same}")
    if not theirs:
        print("  polars is not installed: no comparison (name a Python that has it: --peer-python)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--peer-python", default=os.environ.get("MANYI_PEER_PYTHON", sys.executable))
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        measured(asked.engine, asked.data)
        return
    with tempfile.TemporaryDirectory() as folder:
        for rows in asked.rows:
            path = Path(folder) / "answers.parquet"
            write(path, rows)
            compare(path, rows, asked.peer_python)


if __name__ == "__main__":
    main()
