"""Columns of numbers as the statistics take them: NaN is missing, what is no number is refused by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from manyi.measures.errors import NotComputable

#: Doubles of one size that are closer to each other than this part of it differ by rounding alone.
ROUNDING = 4 * float(np.finfo(np.float64).eps)
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def column_of(values: npt.ArrayLike, name: str = "") -> Floats:
    """One column (n) as float64; None and NaN are missing.

    Raises NotComputable ``not_a_number`` with the place (from 0) of the first text, ``infinite`` likewise.
    """
    raw = np.asarray(values)
    if raw.ndim != 1:
        raise ValueError("a column has one dimension")
    column = raw.astype(np.float64) if raw.dtype.kind in "fiub" else _parsed(raw, name)
    wild = np.flatnonzero(np.isinf(column))
    if len(wild):
        raise NotComputable("infinite", column=name, row=int(wild[0]))
    return column


def matrix_of(columns: Sequence[npt.ArrayLike] | Floats, names: Sequence[str] = ()) -> Floats:
    """Columns side by side (n × k) as float64. A two-dimensional array is taken as rows × columns.

    Raises NotComputable as ``column_of`` does, and ``empty`` without rows or columns.
    """
    if isinstance(columns, np.ndarray) and columns.ndim == 2:
        if columns.size and columns.dtype == np.float64 and not np.isinf(columns).any():
            names_for(names, columns.shape[1])
            return columns
        columns = list(columns.T)
    named = names_for(names, len(columns))
    checked = [column_of(values, name) for values, name in zip(columns, named, strict=True)]
    if not checked or not len(checked[0]):
        raise NotComputable("empty", column=", ".join(named))
    if len({len(column) for column in checked}) > 1:
        raise ValueError("columns of different length")
    return np.column_stack(checked)


def names_for(names: Sequence[str], count: int) -> tuple[str, ...]:
    """The names of ``count`` columns: those given, else x1, x2 …; raises ValueError for another number."""
    if not names:
        return tuple(f"x{place}" for place in range(1, count + 1))
    if len(names) != count:
        raise ValueError(f"{count} columns need {count} names, not {len(names)}")
    return tuple(names)


def weights_of(weights: npt.ArrayLike | None, count: int) -> Floats:
    """Weights for ``count`` rows; ones without. Rows of weight nought stay: they count for nothing.

    Raises NotComputable ``bad_weight`` for a negative or missing weight (with its row) and for a sum
    of nought.
    """
    if weights is None:
        return np.ones(count)
    row = column_of(weights, "weight")
    if len(row) != count:
        raise ValueError("every row needs one weight")
    bad = np.flatnonzero(~(row >= 0))
    if len(bad):
        raise NotComputable("bad_weight", row=int(bad[0]), value=float(row[bad[0]]))
    if not row.sum() > 0:
        raise NotComputable("bad_weight", total=0)
    return row


def effective_n(weights: Floats) -> float:
    """Kish's effective number of rows: (Σw)² / Σw²; n for equal weights."""
    return float(weights.sum() ** 2 / (weights @ weights))


def weighted_products(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The weighted means (k) of complete (n × k) values, and Σw (x - mean)(x - mean)ᵀ (k × k).

    What rounding leaves in the means of far values (1e15 and some) is taken off the products again.
    """
    total = float(weights.sum())
    means = weights @ values / total
    away = values - means
    heavy = away if (weights == 1).all() else away * weights[:, None]
    missed = heavy.sum(axis=0) / total
    return means + missed, np.asarray(away.T @ heavy - total * np.outer(missed, missed), dtype=np.float64)


def complete_rows(values: Floats, weights: Floats | None = None) -> Flags:
    """Rows of (n × k) values in which nothing is missing and whose weight is above nought."""
    whole: Flags = np.asarray(~np.isnan(values).any(axis=1))
    return whole if weights is None else whole & (weights > 0)


def require_rows(count: int, least: int, name: str) -> None:
    """Raise NotComputable ``all_missing`` or ``too_few`` when fewer than ``least`` rows are left."""
    if not count:
        raise NotComputable("all_missing", column=name)
    if count < least:
        raise NotComputable("too_few", column=name, n=count, least=least)


def require_spread(values: Floats, names: Sequence[str]) -> None:
    """Raise NotComputable ``constant`` for the first column of (n × k) values that has one value only.

    Values that differ by no more than rounding leaves (0.3 and 0.1 + 0.2) are one.
    """
    rounding = ROUNDING * np.abs(values).max(axis=0, initial=0.0)
    for place in np.flatnonzero(np.ptp(values, axis=0) <= rounding).tolist():
        raise NotComputable("constant", column=names[place])


def correlation_of(covariance: Floats, names: Sequence[str]) -> Floats:
    """The correlation matrix of a (k × k) covariance matrix; raises NotComputable ``constant``."""
    variances = np.diag(covariance)
    for place in np.flatnonzero(~(variances > 0)).tolist():
        raise NotComputable("constant", column=names[place])
    deviations = np.sqrt(variances)
    matrix = np.asarray(covariance / np.outer(deviations, deviations), dtype=np.float64)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def require_independent(correlations: Floats, names: Sequence[str]) -> None:
    """Raise NotComputable ``collinear`` with the columns that depend on each other exactly.

    Exactly means: one eigenvalue of the correlation matrix is below 1e-10 (what doubles can tell apart).
    """
    values, vectors = np.linalg.eigh(correlations)
    if values[0] < 1e-10:
        share = np.abs(vectors[:, 0])
        together = [name for name, part in zip(names, share, strict=True) if part > 1e-4]
        raise NotComputable("collinear", column=", ".join(together))


def _parsed(raw: npt.NDArray[Any], name: str) -> Floats:
    column = np.full(len(raw), np.nan)
    for row, value in enumerate(raw.tolist()):
        if value is None:
            continue
        if isinstance(value, str):
            raise NotComputable("not_a_number", column=name, row=row, value=value)
        try:
            column[row] = float(value)
        except (TypeError, ValueError):
            raise NotComputable("not_a_number", column=name, row=row, value=str(value))
    return column
