"""The figures of a round after 1,000 new answers: only what is new is counted.

    python -m benchmarks.refresh [--rows 10000000]

A snapshot of twelve five-point items and five segments in parts of a million answers; the joint histograms of
all items, and of all items in every segment, are asked for as the pages of a round ask. First with nothing
kept, then again, then with one more part of 1,000 answers.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from manyi.analytics import engine, snapshot
from manyi.analytics.codebook import Codebook
from manyi.analytics.condition import Condition
from manyi.analytics.encoding import Batch

ITEMS, SEGMENTS, AIM = 12, 5, 0.2
PART = 1_000_000
SETS = [
    *((f"q{item}",) for item in range(ITEMS)),
    *((f"s{segment}", f"q{item}") for segment in range(SEGMENTS) for item in range(ITEMS)),
]


def batch(dice: np.random.Generator, rows: int, first: int) -> Batch:
    """Made-up answers as the encoder leaves them."""
    small = {"valid": (1, 2), "flags": (0, 1), "channel": (0, 5), "source": (0, 1)}
    small |= {"product": (-1, 6), "grade": (0, 3)}
    coded = {"response": np.arange(first, first + rows), "unit": dice.integers(1, 60, rows)}
    coded |= {"day": dice.integers(20_000, 20_090, rows), "total": dice.integers(0, 10**8, rows)}
    coded |= {name: dice.integers(*ends, rows).astype(np.int16) for name, ends in small.items()}
    coded |= {f"s{n}": dice.integers(0, 2, rows).astype(np.int8) for n in range(SEGMENTS)}
    coded |= {f"q{n}": dice.integers(-1, 5, rows).astype(np.int16) for n in range(ITEMS)}
    texts = {"response": np.empty(0, np.int64), "question": np.empty(0, np.int16)}
    return Batch(coded, {**texts, "text": np.empty(0, object)})


def asked(folder: Path, parts: list[str]) -> tuple[float, float, int]:
    """Wall and CPU seconds of all figures, and how many rows stand behind them."""
    book = Codebook({}, ())
    book.values["segment"] = [f"segment {n}" for n in range(SEGMENTS)]
    wall, cpu = time.perf_counter(), time.process_time()
    with snapshot.opened(folder, parts, book) as connection:
        held = snapshot.Parts(folder, tuple(parts))
        found = engine.histograms(connection, book, SETS, Condition(), held)
    return time.perf_counter() - wall, time.process_time() - cpu, found.cell().n


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows, dice = parser.parse_args().rows, np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as home:
        folder, parts = Path(home), []
        for first in range(0, rows, PART):
            made = batch(dice, min(PART, rows - first), first)
            parts.append(snapshot.write_part(folder, len(parts) + 1, [made])[0])
        written = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        for name, more in (("nothing kept", 0), ("all kept", 0), ("1,000 new answers", 1_000)):
            if more:
                parts.append(snapshot.write_part(folder, len(parts) + 1, [batch(dice, more, rows)])[0])
            wall, cpu, n = asked(folder, parts)
            told = f"{'' if not more else f' (aim {AIM} s)'}"
            print(f"{name:18} {wall:6.3f} s  {cpu:6.3f} CPU s  {n:,} answers{told}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"memory {peak} MB, of which {written} MB were taken while the snapshot was written")


if __name__ == "__main__":
    main()
