"""Drivers and path models beside statsmodels and the bare cross-product, in the same run.

    python -m benchmarks.relations [--rows 100000] [--subset-rows 20000]

Ten drivers: least squares with tests plus all five ways of sharing R² (LMG looks at 1,024 models), beside
``statsmodels.OLS`` with its summary figures alone, and beside LMG made of 1,024 statsmodels fits on fewer
rows. Then a path model of six latent variables with 27 items: one fit and 1,000 bootstrap samples.
statsmodels is no dependency: where it is not installed, its lines say so.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np

from manyi.measures.drivers import from_covariance, key_drivers
from manyi.measures.pls.estimation import pls
from manyi.measures.pls.models import ready_model
from manyi.measures.pls.resampling import bootstrap
from manyi.measures.regression import from_products, products_of

NAMES = [f"s{place}" for place in range(1, 11)]
BLOCKS = {"image": 5, "expectation": 5, "quality": 5, "value": 4, "satisfaction": 4, "loyalty": 4}


def spent(work: Callable[[], object], times: int = 5) -> float:
    """The least CPU seconds of some runs."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def ratings(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Ten correlated ratings 1 to 10 and an overall one."""
    random = np.random.default_rng(1)
    mood = random.normal(size=(rows, 1))
    x = np.clip(np.round(7 + mood + random.normal(size=(rows, 10))), 1, 10)
    return x, np.round(x @ np.linspace(0.02, 0.2, 10) + random.normal(size=rows))


def by_statsmodels(x: np.ndarray, y: np.ndarray) -> None:
    """The same least-squares figures: coefficients, errors, t, p, intervals, R², F."""
    import statsmodels.api as sm

    fit = sm.OLS(y, sm.add_constant(x)).fit()
    _ = fit.params, fit.bse, fit.tvalues, fit.pvalues, fit.conf_int(), fit.rsquared_adj, fit.f_pvalue


def lmg_by_statsmodels(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """LMG from R² of every subset, each a fit."""
    import statsmodels.api as sm

    k, r2 = x.shape[1], {(): 0.0}
    for size in range(1, k + 1):
        for chosen in combinations(range(k), size):
            r2[chosen] = sm.OLS(y, sm.add_constant(x[:, list(chosen)])).fit().rsquared
    gains = np.zeros(k)
    for chosen, value in r2.items():
        for driver in set(range(k)) - set(chosen):
            more = r2[tuple(sorted((*chosen, driver)))] - value
            gains[driver] += more / (k * math.comb(k - 1, len(chosen)))
    return gains


def drivers(rows: int, subset_rows: int) -> None:
    """Least squares with LMG and the others."""
    x, y = ratings(rows)
    both = np.column_stack([x, y])

    def both_of_ours() -> None:
        sums = products_of(y, x, NAMES)
        from_products(sums, NAMES)
        from_covariance(sums.products, NAMES, n=sums.n)

    ours = spent(both_of_ours)
    limit = spent(lambda: both.T @ both)
    covariance = np.cov(both.T)
    alone = spent(lambda: from_covariance(covariance, NAMES, n=rows))
    print(f"{rows:,} rows, ten drivers: OLS + LMG, Johnson, first, last, Pratt {ours:.3f} CPU s")
    print(f"  bare cross-product {limit:.4f} CPU s ({limit / ours:.0%} of it)")
    print(f"  the shares of R² from a covariance matrix alone: {alone * 1000:.1f} CPU ms (aim 20)")
    try:
        peer = spent(lambda: by_statsmodels(x, y))
    except ImportError:
        print("  statsmodels is not installed: no comparison")
        return
    print(f"  statsmodels OLS alone {peer:.3f} CPU s: {peer / ours:.1f} times ours, which has LMG too")
    x, y = ratings(subset_rows)
    begun = time.process_time()
    theirs = lmg_by_statsmodels(x, y)
    took = time.process_time() - begun
    mine = spent(lambda: key_drivers(y, x, NAMES))
    same = np.allclose(theirs, [driver.lmg for driver in key_drivers(y, x, NAMES).drivers])
    equal = "equal figures" if same else "OTHER FIGURES"
    print(f"  LMG on {subset_rows:,} rows: {mine:.4f} CPU s, by statsmodels {took:.1f}, {equal}")


def structural() -> None:
    """A path model of 250 customers."""
    random = np.random.default_rng(2)
    mood = random.normal(size=250)
    data, items = {}, {}
    for name, count in BLOCKS.items():
        latent = 0.8 * mood + 0.6 * random.normal(size=250)
        items[name] = [f"{name}{number}" for number in range(count)]
        for item in items[name]:
            data[item] = np.clip(np.round(7 + 1.5 * latent + random.normal(size=250)), 1, 10)
    model = ready_model("ecsi", items)
    once = spent(lambda: pls(data, model, scale=(1, 10)))
    begun = time.process_time()
    found = bootstrap(data, model, seed=1, samples=1000, scale=(1, 10))
    took = time.process_time() - begun
    print(f"path model, 6 latent variables, 27 items, n = 250: {once * 1000:.1f} CPU ms")
    print(f"  bootstrap of {found.samples:,} samples: {took:.2f} CPU s (aim 10)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--subset-rows", type=int, default=20_000)
    asked = parser.parse_args()
    drivers(asked.rows, asked.subset_rows)
    structural()


if __name__ == "__main__":
    main()
