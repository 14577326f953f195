"""What polars takes for the figures of ``benchmarks.refresh``, from the parts of the snapshot."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._answers import answered

ITEMS = [f"q{number}" for number in range(12)]
#: The groupings and how many values they have; the months are those of the day.
GROUPINGS = {"unit": 60, "channel": 5, "product": 6, "grade": 3, "month": 4}
SETS = [(item, grouping) for item in ITEMS for grouping in GROUPINGS]
REPEATS = 3


def run(files: list[Path], python: str) -> dict[str, tuple[float, float, list[float]]]:
    """Wall and CPU seconds and the figures of the fastest way; empty where polars is not installed."""
    words = [python, "-m", "benchmarks._refresh_peer", *map(str, files)]
    found = answered(words)
    if not found:
        print("polars is not installed: no comparison (name a Python that has it: --peer-python)")
    return found


def ways(files: list[str]) -> dict[str, list[Callable[[], list[float]]]]:
    """Each figure in the ways that come to mind."""
    import numpy as np
    import polars as pl

    from benchmarks.tables import check, figures

    w = pl.col("weight")
    sums = (pl.len().alias("n"), w.sum().alias("sw"), (w * w).sum().alias("sw2"))
    month = pl.col("day").cast(pl.Date).dt.month().alias("month")
    frame = pl.scan_parquet(files).filter(pl.col("valid") == 1).with_columns(month)

    def finished(found: list[Any]) -> list[float]:
        made = []
        for (item, grouping), each in zip(SETS, found, strict=True):
            kept = each.drop_nulls().sort(item, grouping)
            shape = (kept[item].n_unique(), kept[grouping].n_unique())
            n, sw, sw2 = (kept[name].to_numpy().reshape(shape) for name in ("n", "sw", "sw2"))
            made.append(figures(n, sw, sw2, np.arange(1.0, 6.0)))
        return check(made)

    def at_once() -> list[float]:
        return finished(pl.collect_all([frame.group_by(one, item).agg(*sums) for item, one in SETS]))

    def one_by_one() -> list[float]:
        held = frame.select(*ITEMS, *GROUPINGS, "weight").collect()
        return finished([held.group_by(one, item).agg(*sums) for item, one in SETS])

    def nps() -> list[float]:
        score = (pl.col("q12") >= 9).mean() - (pl.col("q12") <= 6).mean()
        return [float(frame.group_by("month", "unit").agg(score.alias("score")).collect()["score"].sum())]

    def alpha() -> list[float]:
        wide = [pl.col(item).cast(pl.Float64) for item in ITEMS]
        rows = frame.select(ITEMS).drop_nulls()
        whole = pl.sum_horizontal(*wide).var().alias("whole")
        *each, all_items = rows.select(*(x.var() for x in wide), whole).collect().row(0)
        return [12 / 11 * (1 - sum(each) / all_items)]

    return {"tables": [at_once, one_by_one], "nps": [nps], "alpha": [alpha]}


def best(work: Callable[[], list[float]]) -> tuple[float, float, list[float]]:
    """The best of some runs."""
    times = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        times.append((time.perf_counter() - wall, time.process_time() - cpu, found))
    return min(times)


if __name__ == "__main__":
    print(json.dumps({name: min(map(best, each)) for name, each in ways(sys.argv[1:]).items()}))
