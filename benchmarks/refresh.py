"""The figures of a round after 1,000 new answers: only what is new is counted.

    python -m benchmarks.refresh [--rows 10000000] [--peer-python PYTHON]

A snapshot in parts of a million answers: twelve five-point items, a recommendation, five groupings and a
weight. The figures are the sixty weighted tables (n, mean, top two boxes, interval), NPS by month and unit,
Cronbach's alpha, and the joint histograms that the pages of a round ask for. Each is asked for as a page
does, from opening the snapshot on, in a process that has answered before: with nothing kept, again, and with
one more part of 1,000 answers. polars does the same over the same parts in a process of its own, the faster
of two ways and the best of three runs (see ``benchmarks.tables``). The bare limit reads the kept files.
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
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _refresh_peer as peer
from benchmarks._refresh_peer import GROUPINGS, ITEMS, SETS
from benchmarks.tables import check, figures, told

AIM, PART, NEW = 0.2, 1_000_000, 1_000
#: What the pages of a round ask for.
PAGE = [*((item,) for item in ITEMS), *((f"s{n}", item) for n in range(5) for item in ITEMS)]
SMALL = {"valid": (1, 2), "flags": (0, 1), "source": (0, 1)}
Figures = Callable[[Path, list[str]], list[float]]


def batch(dice: np.random.Generator, rows: int, first: int) -> Any:
    """Made-up answers as the encoder leaves them."""
    from manyi.analytics.encoding import Batch

    coded = {"response": np.arange(first, first + rows), "unit": dice.integers(1, 61, rows).astype(np.int32)}
    coded |= {"day": dice.integers(20_000, 20_090, rows).astype(np.int32)}
    coded |= {"total": dice.integers(0, 10**8, rows), "weight": dice.uniform(0.2, 4.2, rows)}
    small = SMALL | {"channel": (0, 5), "product": (0, 6), "grade": (0, 3), "q12": (0, 11)}
    coded |= {name: dice.integers(*ends, rows).astype(np.int16) for name, ends in small.items()}
    coded |= {f"s{n}": dice.integers(0, 2, rows).astype(np.int8) for n in range(5)}
    coded |= {item: dice.integers(-1, 5, rows).astype(np.int16) for item in ITEMS}
    texts = {"response": np.empty(0, np.int64), "question": np.empty(0, np.int16)}
    return Batch(coded, {**texts, "text": np.empty(0, object)})


def opened(folder: Path, parts: list[str]) -> Any:
    """The engine over the snapshot."""
    from manyi.analytics import snapshot
    from manyi.analytics.codebook import codebook
    from manyi.analytics.data.snapshot_engine import SnapshotEngine
    from manyi.surveys.definition import from_dict

    asked = [{"code": item, "type": "rating", "title": item} for item in ITEMS]
    section = {"code": "all", "title": "All", "questions": asked}
    book = codebook(from_dict({"code": "bench", "title": "Bench", "sections": [section]}), None)
    book.values["segment"] = [f"segment {n}" for n in range(5)]
    connection = snapshot.connected(folder, parts, book)
    return SnapshotEngine(connection, snapshot.Parts(folder, tuple(parts)), book), book


def table(folder: Path, parts: list[str], weight: str = "") -> Any:
    """The snapshot as Explore's table."""
    from sqlglot import expressions as exp

    from manyi.analytics.data.engine_table import EngineTable
    from manyi.analytics.data.stored import Stored
    from manyi.analytics.data.table import Variable
    from manyi.analytics.encoding import first_of_month, months_of_days
    from manyi.kernel.labels import Label

    engine, _ = opened(folder, parts)
    answers = exp.to_table("answers")
    (days,) = engine.sums(exp.select("min(day)", "max(day)").from_(answers))
    codes = {item: {n: str(n + 1) for n in range(5)} for item in ITEMS}
    codes |= {"q12": {n: str(n) for n in range(11)}}
    codes |= {name: {n: str(n) for n in range(size + 1)} for name, size in GROUPINGS.items()}
    stored = [
        Stored(Variable(name, Label(name, name)), name, "text", codes=each) for name, each in codes.items()
    ]
    stored[-1] = replace(stored[-1], column="day", codes=months_of_days(*days), alike=first_of_month)
    stored.append(Stored(Variable("weight", Label("w", "w")), "weight", "number", floating=True))
    valid = exp.EQ(this=exp.column("valid"), expression=exp.Literal.number(1))
    return EngineTable(engine, stored, source=answers, condition=valid, weight=weight).require_weights()


def tables(folder: Path, parts: list[str]) -> list[float]:
    """Sixty weighted tables."""
    found = table(folder, parts, "weight").histograms(SETS)
    codes = [np.array([float(level.code) for level in each.levels[0]]) for each in found]
    return check([figures(h.n, h.w, h.w2, c) for h, c in zip(found, codes, strict=True)])


def nps(folder: Path, parts: list[str]) -> list[float]:
    """NPS by month and unit."""
    (found,) = table(folder, parts).histograms([("q12", "month", "unit")])
    order = np.argsort([int(level.code) for level in found.levels[0]])
    share = found.n[order] / found.n.sum(axis=0)
    return [float(np.sum(share[9:].sum(axis=0) - share[:7].sum(axis=0)))]


def alpha(folder: Path, parts: list[str]) -> list[float]:
    """Cronbach's alpha of twelve items."""
    sums = table(folder, parts).moments(ITEMS).covariance
    return [float(12 / 11 * (1 - np.trace(sums) / sums.sum()))]


def page(folder: Path, parts: list[str]) -> list[float]:
    """The histograms of the pages of a round, unweighted."""
    from manyi.analytics import engine
    from manyi.analytics.condition import Condition

    store, book = opened(folder, parts)
    found = engine.histograms(store, book, PAGE, Condition())
    return [float(found.cell(("q0",), (4,)).n)]


FIGURES: dict[str, Figures] = {"tables": tables, "nps": nps, "alpha": alpha, "page": page}


def timed(work: Callable[[], list[float]]) -> tuple[float, float, list[float]]:
    """Wall and CPU seconds, and the figures."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def read_kept(folder: Path) -> list[float]:
    """Nothing but what is kept."""
    return [len([json.loads(path.read_bytes()) for path in folder.glob("*.sums/*.json")])]


def written(folder: Path, rows: int, dice: np.random.Generator) -> list[str]:
    """The parts of a snapshot."""
    from manyi.analytics.snapshot import write_part

    firsts = range(0, rows, PART)
    return [
        write_part(folder, number + 1, [batch(dice, min(PART, rows - first), first)])[0]
        for number, first in enumerate(firsts)
    ]


def measured(folder: Path, parts: list[str], more: list[str]) -> dict[str, list[float]]:
    """Print what each figure takes at each stage; returns the last figures."""
    last = {}
    for name, work in FIGURES.items():
        for stage, held in (("nothing kept", parts), ("all kept", parts), ("1,000 new answers", more)):
            wall, cpu, last[name] = timed(lambda work=work, held=held: work(folder, held))
            aim = f"  (aim {AIM} s)" if held is more else ""
            print(f"{name:7} {stage:18} {wall:7.3f} s  {cpu:7.3f} CPU s{aim}", flush=True)
        if name == "tables":
            wall, cpu, (files,) = timed(lambda: read_kept(folder))
            print(f"{name:7} {'bare limit':18} {wall:7.3f} s  {cpu:7.3f} CPU s  ({files} kept files read)")
    return last


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--peer-python", default=os.environ.get("MANYI_PEER_PYTHON", sys.executable))
    options = parser.parse_args()
    dice = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as home:
        folder, small = Path(home) / "round", Path(home) / "small"
        for work in FIGURES.values():
            work(small, written(small, 100_000, dice))
        parts = written(folder, options.rows, dice)
        filled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        more = [*parts, *written(folder, NEW, dice)]
        mine = measured(folder, parts, more)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"memory {peak} MB, of which {filled} MB were taken while the snapshot was written")
        files = [folder / f"{name}.answers.parquet" for name in more]
        for name, (wall, cpu, found) in peer.run(files, options.peer_python).items():
            same = told(found, mine[name])
            print(f"{name:7} {'polars':18} {wall:7.3f} s  {cpu:7.3f} CPU s  {same}")


if __name__ == "__main__":
    main()
