"""The standard figures of a large survey, from the file to the last table: seconds for each step.

    python -m benchmarks.report [--file FILE]

Without a file it reads the airline table beside the checkout (129,880 passengers, 14 items; 0 means that an
item did not apply). The bare limit is reading the file and nothing else.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

from manyi.analytics.data.files import read_file
from manyi.analytics.running import run
from manyi.analytics.specification import specification

SHARED = Path(os.environ.get("MANYI_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
AIRLINE = SHARED / "surveys" / "airline_passenger_satisfaction.csv.gz"
AIM = 10.0
ITEMS = [
    *("Departure and Arrival Time Convenience", "Ease of Online Booking", "Check-in Service"),
    *("Online Boarding", "Gate Location", "On-board Service", "Seat Comfort", "Leg Room Service"),
    *("Cleanliness", "Food and Drink", "In-flight Service", "In-flight Wifi Service"),
    *("In-flight Entertainment", "Baggage Handling"),
]
GROUPS = ("Class", "Customer Type", "Type of Travel", "Gender")


def steps() -> list[dict[str, Any]]:
    """The specifications of the report."""
    found: list[dict[str, Any]] = [
        {"method": "descriptives", "config": {"items": ITEMS}},
        {"method": "frequencies", "config": {"items": [*ITEMS, *GROUPS, "Satisfaction"]}},
        {"method": "top_boxes", "config": {"items": ITEMS, "least": 4}},
        {"method": "reliability", "config": {"items": ITEMS}},
        {"method": "correlations", "config": {"items": ITEMS}},
        {"method": "key_drivers", "config": {"result": "Seat Comfort", "drivers": ITEMS[:6] + ITEMS[7:11]}},
    ]
    found += [{"method": "cross_tables", "config": {"items": ["Satisfaction"], "column": g}} for g in GROUPS]
    found += [{"method": "column_means", "config": {"items": ITEMS, "column": group}} for group in GROUPS]
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, default=AIRLINE)
    asked = parser.parse_args()
    if not asked.file.exists():
        print(f"no table at {asked.file}: name one with --file")
        return
    begun = time.perf_counter()
    table = read_file(asked.file, missing=("0",))
    read = time.perf_counter() - begun
    print(f"{table.rows:,} rows read in {read:.2f} s, the bare limit")
    for given in steps():
        at = time.perf_counter()
        result = run(specification(given), table)
        group = given["config"].get("column", "")
        count = sum(len(each.rows) for each in result.tables)
        print(f"  {given['method']:14} {group:16} {time.perf_counter() - at:6.2f} s, {count} rows told")
    whole = time.perf_counter() - begun
    print(f"whole report {whole:.2f} s (aim {AIM:.0f} s), {whole / read:.1f} times the reading")


if __name__ == "__main__":
    main()
