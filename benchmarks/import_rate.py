"""Rows a second of an import of answers, beside the bare insert of as many rows in the same run.

    python -m benchmarks.import_rate [--rows 20000]

The import reads a CSV of 14 rated items, judges every answer, scores it, and knows each row again; the bare
limit is ``bulk_create`` of finished rows of the same two tables.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
import tomllib
from pathlib import Path
from typing import Any

from benchmarks._home import throwaway

ITEMS = 14
MAPPING_HEAD = """
key = "ID"
[questionnaire]
code = "bench"
title = "Bench"
title_en = "Bench"
[[questionnaire.sections]]
code = "all"
title = "All"
title_en = "All"
[[questionnaire.sections.questions]]
code = "items"
type = "matrix"
title = "Items"
title_en = "Items"
"""


def main() -> None:
    """Write a file, import it, import it again, and insert the same rows bare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    with throwaway() as home:
        table = write_table(home / "answers.csv", rows)
        first = timed_import(table)
        again = timed_import(table)
        bare = timed_insert(rows)
        print(f"{rows:,} rows of {ITEMS} items")
        print(f"import             {first:6.2f} s  {rows / first:9,.0f} rows/s  {first / bare:4.1f} x bare")
        print(f"the same file again{again:6.2f} s  {rows / again:9,.0f} rows/s")
        print(f"bare insert        {bare:6.2f} s  {rows / bare:9,.0f} rows/s")


def write_table(path: Path, rows: int) -> Path:
    """A CSV of made-up ratings; one in twenty is missing."""
    rng = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", *(f"Item {n}" for n in range(ITEMS))])
        for number in range(rows):
            writer.writerow([number, *(rng.choice(("", *"12345" * 4)) for _ in range(ITEMS))])
    return path


def mapping() -> dict[str, Any]:
    """The mapping of that table, with its own questionnaire and scheme."""
    lines = [MAPPING_HEAD, "rows = ["]
    lines += [f'  {{ code = "i{n}", title = "{n}", title_en = "{n}" }},' for n in range(ITEMS)]
    lines += ["]", "[columns]", *(f'"Item {n}" = "items.i{n}"' for n in range(ITEMS))]
    for n in range(ITEMS):
        points = "1 = 20, 2 = 40, 3 = 60, 4 = 80, 5 = 100"
        lines += ["[[scheme.items]]", f'question = "items.i{n}"', f"points = {{ {points} }}"]
    return tomllib.loads("\n".join(lines))


def timed_import(table: Path) -> float:
    """Seconds of one import."""
    from manyi.organisation.actions import create_unit
    from manyi.organisation.jobs import Silent
    from manyi.organisation.models import Unit
    from manyi.responses.imports import import_responses

    unit = Unit.objects.first() or create_unit(
        actor=None, code="bench", name="Bench", kind="group", parent=None
    )
    started = time.perf_counter()
    record = import_responses(
        actor=None,
        path=table,
        questionnaire="bench",
        mapping=mapping(),
        round=None,
        progress=Silent(),
        unit=unit,
    )
    assert record.added + record.repeated == record.rows, record.errors[:3]
    return time.perf_counter() - started


def timed_insert(rows: int) -> float:
    """Seconds of inserting copies of the imported rows without any judging."""
    from manyi.responses.models import Response, Score

    sheets = list(Response.objects.order_by("pk"))
    scores = list(Score.objects.order_by("pk"))
    Score.objects.all().delete()
    Response.objects.all().delete()
    started = time.perf_counter()
    for first in range(0, rows, 2000):
        Response.objects.bulk_create(sheets[first : first + 2000])
        Score.objects.bulk_create(scores[first : first + 2000])
    assert Response.objects.count() == rows
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
