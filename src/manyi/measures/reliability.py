"""Do the items of a scale measure one thing: Cronbach's alpha, item-total figures, omega.

Sources: Cronbach 1951; Feldt 1965, Psychometrika 30 (interval of alpha); Nunnally and Bernstein 1994
(item-total correlations); McDonald 1999 (omega). Figures are those of R's psych::alpha, names included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
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
    require_rows,
    require_spread,
    weighted_products,
    weights_of,
)
from manyi.measures.errors import NotComputable
from manyi.measures.factors import extract

Missing = Literal["pairwise", "listwise"]


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """One item: ``r_total`` its correlation with the scale (itself included), ``r_drop`` with the rest of it.

    Mean and standard deviation are those of its ``n`` answers; ``alpha_if_dropped`` is None for a scale of
    two items.
    """

    name: str
    n: int
    mean: float
    sd: float
    r_total: float
    r_drop: float
    alpha_if_dropped: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """A scale of ``items``: ``alpha`` with Feldt's interval, ``standardised`` alpha, ``average_r``.

    ``n`` counts the rows with any answer (pairwise) or with all (listwise) of ``rows``. Warnings:
    ``reversed_items`` when an item goes against the rest, ``negative_alpha``, ``few_items`` for two.
    """

    alpha: float
    low: float
    high: float
    standardised: float
    average_r: float
    items: tuple[ScaleItem, ...]
    n: int
    rows: int
    method: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Omega:
    """McDonald's omega total of one common factor over ``n`` complete rows, with its ``loadings``."""

    value: float
    loadings: tuple[tuple[str, float], ...]
    n: int
    rows: int
    method: str
    warnings: tuple[str, ...]


def reliability(
    columns: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str] = (),
    *,
    missing: Missing = "pairwise",
    weights: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Reliability:
    """The reliability of (n × k) items. ``pairwise`` uses every pair of answers (as psych does), ``listwise``
    only rows without a gap (as SPSS does).

    Raises NotComputable ``too_few`` (items below 2, rows below 3), ``constant``, ``all_missing``, ``no_pair``
    for two items that nobody answered both, ``bad_weight``, ``not_a_number``.
    """
    values = matrix_of(columns, names)
    named = names_for(names, values.shape[1])
    require_rows(len(named), 2, "items")
    row_weights = weights_of(weights, len(values))
    used = complete_rows(values, row_weights) if missing == "listwise" else _any_answer(values, row_weights)
    kept, w = values[used], row_weights[used]
    require_rows(len(kept), 3, ", ".join(named))
    covariance = pairwise_covariance(kept, w, named)
    counts = (~np.isnan(kept)).sum(axis=0)
    items = _items(kept, w, covariance, named, counts)
    n = effective_n(w) if missing == "listwise" else min(effective_n(w), float(counts.min()))
    return _whole(covariance, items, (len(kept), len(values), n), f"alpha_{missing}", confidence)


def from_covariance(
    covariance: Floats,
    means: Sequence[float],
    names: Sequence[str],
    *,
    n: int,
    rows: int | None = None,
    confidence: float = 0.95,
) -> Reliability:
    """The same from a covariance matrix (k × k, divisor n - 1) over ``n`` complete rows (listwise)."""
    require_rows(len(names), 2, "items")
    require_rows(n, 3, ", ".join(names))
    correlation_of(covariance, names)
    totals = covariance.sum(axis=0)
    spread = np.sqrt(np.diag(covariance))
    whole = math.sqrt(float(covariance.sum())) if covariance.sum() > 0 else math.nan
    items = tuple(
        ScaleItem(
            name, n, means[place], float(spread[place]), float(totals[place] / (spread[place] * whole)),
            _r_drop(covariance, place), _without(covariance, place),
        )
        for place, name in enumerate(names)
    )  # fmt: skip
    return _whole(covariance, items, (n, rows or n, float(n)), "alpha_listwise", confidence)


def omega_total(
    columns: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str] = (),
    *,
    weights: npt.ArrayLike | None = None,
) -> Omega:
    """Omega total of three or more items: one minres factor on the correlations of complete rows.

    (ΣR - Σu²) / ΣR with the uniquenesses u². Raises NotComputable as ``reliability`` does, and
    ``not_converged``.
    """
    values = matrix_of(columns, names)
    named = names_for(names, values.shape[1])
    require_rows(len(named), 3, "items")
    w = weights_of(weights, len(values))
    used = complete_rows(values, w)
    require_rows(int(used.sum()), len(named) + 1, ", ".join(named))
    matrix = correlation_of(pairwise_covariance(values[used], w[used], named), named)
    found = extract(matrix, 1, names=named)
    total = float(matrix.sum())
    value = (total - float((1 - np.asarray(found.communalities)).sum())) / total
    loadings = tuple(zip(named, found.loadings[:, 0].tolist(), strict=True))
    against = ("reversed_items",) if min(load for _, load in loadings) < 0 else ()
    return Omega(
        value, loadings, int(used.sum()), len(values), "omega_total_minres_1", found.warnings + against
    )


def pairwise_covariance(values: Floats, weights: Floats, names: Sequence[str]) -> Floats:
    """Covariances (k × k) of (n × k) values, each from the rows that have both; divisor Σw - 1 for ones.

    With weights the divisor is Σw (n - 1) / n. Raises NotComputable ``constant``, ``no_pair``.
    """
    given = ~np.isnan(values)
    for place, column in enumerate(values.T):
        require_rows(int(given[:, place].sum()), 2, names[place])
        require_spread(column[given[:, place]][:, None], [names[place]])
    if given.all():
        return _covariance(values, weights)
    k = values.shape[1]
    matrix = np.empty((k, k))
    for one in range(k):
        for two in range(one, k):
            both = given[:, one] & given[:, two]
            if both.sum() < 2:
                raise NotComputable("no_pair", column=f"{names[one]} × {names[two]}")
            found = _covariance(values[both][:, [one, two]], weights[both])
            matrix[one, two] = matrix[two, one] = found[0, 1]
    return matrix


def _covariance(values: Floats, weights: Floats) -> Floats:
    n = len(values)
    return weighted_products(values, weights)[1] / (float(weights.sum()) * (n - 1) / n)


def _any_answer(values: Floats, weights: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(~np.isnan(values).all(axis=1) & (weights > 0))


def _items(
    values: Floats, w: Floats, covariance: Floats, names: Sequence[str], counts: npt.NDArray[np.int64]
) -> tuple[ScaleItem, ...]:
    """Item figures; the scale of a row is the mean of the answers that it has."""
    total = np.nanmean(values, axis=1)
    found = []
    for place, name in enumerate(names):
        given = ~np.isnan(values[:, place])
        pair = _covariance(np.column_stack([values[given, place], total[given]]), w[given])
        if not pair[1, 1] > 0:
            raise NotComputable("constant", column="total")
        found.append(
            ScaleItem(
                name, int(counts[place]), float(np.average(values[given, place], weights=w[given])),
                math.sqrt(pair[0, 0]), float(pair[0, 1] / math.sqrt(pair[0, 0] * pair[1, 1])),
                _r_drop(covariance, place), _without(covariance, place),
            )
        )  # fmt: skip
    return tuple(found)


def _r_drop(covariance: Floats, place: int) -> float:
    """The correlation of an item with the sum of the others, from covariances."""
    own = float(covariance[place, place])
    with_rest = float(covariance[place].sum()) - own
    rest = float(covariance.sum()) - 2 * with_rest - own
    return with_rest / math.sqrt(own * rest) if rest > 0 else math.nan


def _without(covariance: Floats, place: int) -> float | None:
    if len(covariance) < 3:
        return None
    return _alpha(np.delete(np.delete(covariance, place, 0), place, 1))


def _alpha(covariance: Floats) -> float:
    """k / (k - 1) × (1 - sum of variances / variance of the sum)."""
    k, total = len(covariance), float(covariance.sum())
    if not total > 0:
        raise NotComputable("constant", column="total")
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def _whole(
    covariance: Floats,
    items: tuple[ScaleItem, ...],
    counts: tuple[int, int, float],
    method: str,
    confidence: float,
) -> Reliability:
    from scipy import stats

    n, rows, effective = counts
    k, alpha = len(items), _alpha(covariance)
    matrix = correlation_of(covariance, [item.name for item in items])
    average = float((matrix.sum() - k) / (k * (k - 1)))
    df1, df2, tail = effective - 1, (effective - 1) * (k - 1), (1 - confidence) / 2
    low, high = (1 - (1 - alpha) * float(stats.f.ppf(q, df1, df2)) for q in (1 - tail, tail))
    told = []
    if any(item.r_drop < 0 for item in items):
        told.append("reversed_items")
    if alpha < 0:
        told.append("negative_alpha")
    if k == 2:
        told.append("few_items")
    if effective < 30:
        told.append("small_n")
    standardised = k * average / (1 + (k - 1) * average)
    return Reliability(alpha, low, high, standardised, average, items, n, rows, method, tuple(told))
