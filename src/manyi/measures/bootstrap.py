"""The seeded bootstrap: error and interval of any statistic by resampling whole rows.

Sources: Efron 1987, Journal of the American Statistical Association 82 (BCa); Davison and Hinkley, Bootstrap
Methods and their Application (1997), 5.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import Floats, matrix_of, require_rows
from manyi.measures.errors import NotComputable

BootstrapMethod = Literal["percentile", "bca"]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A statistic with its bootstrap error and interval from ``replicates`` resamples of ``n`` rows."""

    value: float
    standard_error: float
    low: float
    high: float
    n: int
    replicates: int
    seed: int
    method: str


def bootstrap(
    values: npt.ArrayLike,
    statistic: Callable[[Floats], float],
    *,
    seed: int,
    replicates: int = 2000,
    confidence: float = 0.95,
    method: BootstrapMethod = "bca",
) -> Bootstrap:
    """Resample whole rows of ``values`` (n or n × k, no missing) and take the interval of ``statistic``.

    ``statistic`` gets rows (m × k) and gives one number. The same seed gives the same interval. ``bca`` is
    corrected for bias and skewness. Raises NotComputable ``too_few`` below two rows, ``not_converged`` where
    resamples leave the statistic undefined, ``constant`` where all are the same.
    """
    raw = np.asarray(values)
    table = matrix_of([raw] if raw.ndim == 1 else raw)
    require_rows(len(table), 2, "values")
    value = float(statistic(table))
    dice = np.random.default_rng(seed)
    draws = np.array(
        [statistic(table[dice.integers(0, len(table), len(table))]) for _ in range(replicates)], dtype=float
    )
    if not (np.isfinite(draws).all() and math.isfinite(value)):
        raise NotComputable("not_converged", what="bootstrap")
    if np.ptp(draws) == 0:
        raise NotComputable("constant", column="values")
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    if method == "bca":
        tails = _corrected(tails, value, draws, table, statistic)
    low, high = np.quantile(draws, tails)
    error = float(draws.std(ddof=1))
    return Bootstrap(
        value, error, float(low), float(high), len(table), replicates, seed, f"bootstrap_{method}"
    )


def _corrected(
    tails: Floats, value: float, draws: Floats, table: Floats, statistic: Callable[[Floats], float]
) -> Floats:
    """The tails after Efron's correction for bias and for acceleration (by the jackknife)."""
    from scipy import special

    below = (np.count_nonzero(draws < value) + 0.5 * np.count_nonzero(draws == value)) / len(draws)
    bias = special.ndtri(min(max(below, 1 / (2 * len(draws))), 1 - 1 / (2 * len(draws))))
    left = np.array([statistic(np.delete(table, row, axis=0)) for row in range(len(table))])
    gaps = left.mean() - left
    spread = float((gaps**2).sum()) ** 1.5
    lean = float((gaps**3).sum()) / (6 * spread) if spread else 0.0
    shifted = bias + special.ndtri(tails)
    return np.asarray(special.ndtr(bias + shifted / (1 - lean * shifted)), dtype=np.float64)
