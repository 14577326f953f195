"""Design-based mean and error at 1,000,000 rows, 50 strata and 2,000 clusters; whole and by ten groups.

    python benchmarks/design.py [--rows 1000000] [--repeats 5]

The bare limit is the least that any such estimate must do: one pass for the mean and one sum by cluster.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from manyi.measures.design.estimates import by, mean
from manyi.measures.design.sample import SurveyDesign, survey_design

STRATA, CLUSTERS, GROUPS = 50, 2_000, 10


def main() -> None:
    """Measure setting up, one mean, and means by group."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    dice = np.random.default_rng(20260302)
    cluster = dice.integers(0, CLUSTERS, options.rows)
    stratum, group = cluster % STRATA, dice.integers(0, GROUPS, options.rows)
    weights, values = dice.uniform(1, 5, options.rows), dice.normal(70, 12, options.rows)
    values[dice.random(options.rows) < 0.05] = np.nan
    counts = np.full(options.rows, 400.0)

    def drawn() -> SurveyDesign:
        columns: dict[str, Any] = {"strata": [stratum], "clusters": [cluster], "populations": [counts]}
        return survey_design(options.rows, weights=weights, **columns)

    design = drawn()
    print(f"{options.rows:,} rows, {STRATA} strata, {CLUSTERS:,} clusters; seconds, least and median")
    bare = measured(options.repeats, lambda: limit(values, weights, cluster))
    for name, work in (
        ("design set up", drawn),
        ("mean and error", lambda: mean(design, values)),
        ("by ten groups", lambda: by(group, lambda where: mean(design, values, where=where))),
    ):
        times = measured(options.repeats, work)
        print(f"{name:16}  {times[0]:6.3f} {times[1]:6.3f}   {times[1] / bare[1]:5.1f} x the bare limit")
    print(f"{'bare limit':16}  {bare[0]:6.3f} {bare[1]:6.3f}")


def limit(values: Any, weights: Any, cluster: Any) -> None:
    """Mean and cluster sums, without missing values, strata or checks."""
    centre = float(np.nansum(weights * values) / weights.sum())
    np.bincount(cluster, weights * (values - centre), CLUSTERS)


def measured(repeats: int, work: Callable[[], Any]) -> tuple[float, float]:
    """The least and the median of several runs, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    times.sort()
    return times[0], times[len(times) // 2]


if __name__ == "__main__":
    main()
