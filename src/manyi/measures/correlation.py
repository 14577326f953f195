"""How closely two numbers go together: Pearson, Spearman, Kendall and partial correlations.

Sources: Fisher 1921 (interval of r by artanh); Bonett and Wright 2000, Psychometrika 65 (standard errors of
Spearman's rho and Kendall's tau on Fisher's scale); Kendall 1948 (tau-b); Cramér 1946, 23.4 (partial).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import (
    Floats,
    complete_rows,
    correlation_of,
    effective_n,
    matrix_of,
    names_for,
    require_independent,
    require_rows,
    require_spread,
    weighted_products,
    weights_of,
)
from manyi.measures.distributions import p_of_t, p_of_z, z_for
from manyi.measures.errors import NotComputable

Kind = Literal["pearson", "spearman", "kendall"]
Missing = Literal["pairwise", "listwise"]
#: Fewer complete rows have no interval.
LEAST = 4


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation ``value`` (-1 to 1) of two columns over ``n`` rows in which all that is used is given.

    ``effective_n`` is Kish's under weights. ``df`` are those of the t test (None for Kendall, which has z).
    ``method`` names kind and treatment of missing values, ``given`` what was held fixed.
    """

    pair: tuple[str, str]
    value: float
    n: int
    effective_n: float
    low: float
    high: float
    statistic: float
    df: float | None
    p: float
    method: str
    given: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def correlations(
    columns: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str] = (),
    *,
    kind: Kind = "pearson",
    missing: Missing = "pairwise",
    weights: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> tuple[Correlation, ...]:
    """Every pair of (n × k) columns, in the order of ``itertools.combinations``.

    ``pairwise`` uses for each pair the rows that have both, ``listwise`` those that have all columns. Weights
    serve Pearson and Spearman (weighted mean ranks); the test then takes the effective n. Raises
    NotComputable ``constant``, ``too_few`` (below 4 rows), ``all_missing``, ``bad_weight``, ``not_a_number``.
    """
    values = matrix_of(columns, names)
    named = names_for(names, values.shape[1])
    row_weights = weights_of(weights, len(values))
    if kind == "kendall" and weights is not None:
        raise ValueError("Kendall's tau takes no weights")
    if missing == "listwise":
        kept = complete_rows(values, row_weights)
        values, row_weights = values[kept], row_weights[kept]
    found = []
    for one, two in combinations(range(values.shape[1]), 2):
        pair = values[:, [one, two]]
        kept = complete_rows(pair, row_weights)
        labels = (named[one], named[two])
        require_rows(int(kept.sum()), LEAST, " × ".join(labels))
        require_spread(pair[kept], labels)
        found.append(_pair(pair[kept], row_weights[kept], labels, kind, missing, confidence))
    return tuple(found)


def partial(
    columns: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str],
    pair: tuple[str, str],
    *,
    kind: Literal["pearson", "spearman"] = "pearson",
    weights: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Correlation:
    """The correlation of ``pair`` with all other columns held fixed, over rows without any gap (listwise).

    From the inverse of the correlation matrix; t with n - 2 - k degrees of freedom, Fisher's interval with
    n - k - 3. Raises NotComputable ``collinear`` besides those of ``correlations``.
    """
    values = matrix_of(columns, names)
    row_weights = weights_of(weights, len(values))
    kept = complete_rows(values, row_weights)
    values, row_weights = values[kept], row_weights[kept]
    held = tuple(name for name in names if name not in pair)
    require_rows(len(values), LEAST + len(held), ", ".join(names))
    require_spread(values, names)
    if kind == "spearman":
        values = np.column_stack([weighted_ranks(column, row_weights) for column in values.T])
    matrix = correlation_of(_covariance(values, row_weights), names)
    require_independent(matrix, names)
    inverse = np.linalg.inv(matrix)
    one, two = names.index(pair[0]), names.index(pair[1])
    value = float(-inverse[one, two] / math.sqrt(inverse[one, one] * inverse[two, two]))
    method, n = f"{kind}_partial_listwise", effective_n(row_weights)
    found = _judged(pair, value, len(values), n, kind, method, confidence, len(held))
    return replace(found, given=held)


def weighted_ranks(values: Floats, weights: Floats) -> Floats:
    """Mean ranks of (n) values when every row stands for ``weight`` rows; ordinary ones with weights of 1."""
    _, back = np.unique(values, return_inverse=True)
    mass = np.bincount(back, weights)
    below = np.cumsum(mass) - mass
    return np.asarray((below + (mass + 1) / 2)[back], dtype=np.float64)


def _pair(
    pair: Floats, weights: Floats, names: tuple[str, str], kind: Kind, missing: Missing, confidence: float
) -> Correlation:
    method = f"{kind}_{missing}"
    if kind == "kendall":
        return _kendall(pair, names, method, confidence)
    if kind == "spearman":
        pair = np.column_stack([weighted_ranks(column, weights) for column in pair.T])
    value = float(correlation_of(_covariance(pair, weights), names)[0, 1])
    return _judged(names, value, len(pair), effective_n(weights), kind, method, confidence)


def _judged(
    pair: tuple[str, str],
    value: float,
    n: int,
    effective: float,
    kind: Kind,
    method: str,
    confidence: float,
    held: int = 0,
) -> Correlation:
    """Test and interval of r on Fisher's scale. Two columns on one line have an interval of no width."""
    value = min(max(value, -1.0), 1.0)
    df = effective - 2 - held
    if df <= 1:
        raise NotComputable("too_few", column=" × ".join(pair), n=effective, least=LEAST + held)
    exact = 1 - abs(value) < 1e-14
    t = math.copysign(math.inf, value) if exact else value * math.sqrt(df / (1 - value**2))
    inflation = math.sqrt(1 + value**2 / 2) if kind == "spearman" else 1.0
    low, high = (value, value)
    if not exact:
        low, high = _fisher(value, inflation / math.sqrt(df - 1), confidence)
    warnings = ("small_n",) if effective < 30 else ()
    return Correlation(
        pair,
        value,
        n,
        effective,
        low,
        high,
        t,
        df,
        0.0 if exact else p_of_t(t, df),
        method,
        warnings=warnings,
    )


def _kendall(pair: Floats, names: tuple[str, str], method: str, confidence: float) -> Correlation:
    """Tau-b with the normal test that corrects the variance for ties."""
    from scipy import stats

    found = stats.kendalltau(pair[:, 0], pair[:, 1], method="asymptotic")
    value, n = float(found.statistic), len(pair)
    exact = 1 - abs(value) < 1e-14
    low, high = (value, value) if exact else _fisher(value, math.sqrt(0.437 / (n - 4 or 1)), confidence)
    z = math.copysign(z_of(float(found.pvalue)), value)
    warnings = ("small_n",) if n < 30 else ()
    return Correlation(names, value, n, float(n), low, high, z, None, p_of_z(z), method, warnings=warnings)


def z_of(p: float) -> float:
    """The standard normal statistic whose two-sided p this is."""
    from scipy import special

    return -float(special.ndtri(p / 2))


def _fisher(value: float, error: float, confidence: float) -> tuple[float, float]:
    centre, half = math.atanh(value), z_for(confidence) * error
    return math.tanh(centre - half), math.tanh(centre + half)


def _covariance(values: Floats, weights: Floats) -> Floats:
    return weighted_products(values, weights)[1] / float(weights.sum())
