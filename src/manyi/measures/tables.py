"""Cross tables from a matrix of joint counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.distributions import p_of_chi2

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CrossTable:
    """A table of counts (rows × columns) with shares and the test of independence.

    ``weighted`` are the sums of weights, ``effective_n`` Kish's effective number, over all and by column
    (``column_bases``), on which tests rest; without weights they are the counts again.

    ``row_shares`` sum to 1 along rows, ``column_shares`` along columns; an empty margin gives NaN.
    ``residuals`` are adjusted standardised (Haberman 1973), beyond ±1.96 remarkable at 5 %. Empty rows
    and columns are left out of the test; ``chi2``, ``p`` and ``cramers_v`` are None when less than a
    2 × 2 table is left. Pearson's chi-squared without continuity correction.
    """

    counts: npt.NDArray[np.int64]
    weighted: Matrix
    n: int
    effective_n: float
    column_bases: Matrix
    row_shares: Matrix
    column_shares: Matrix
    expected: Matrix
    residuals: Matrix
    chi2: float | None
    df: int
    p: float | None
    cramers_v: float | None
    min_expected: float | None
    warnings: tuple[str, ...]


def cross_table(counts: npt.ArrayLike) -> CrossTable:
    """The cross table of a two-dimensional array of counts; raises ValueError for anything else.

    Warning ``expected_below_5`` after Cochran: a filled row and column expects fewer than 5;
    ``nothing_to_compare`` where less than 2 × 2 are filled.
    """
    table = np.asarray(counts)
    if table.ndim != 2 or table.size == 0 or np.any(table < 0) or not _all_whole(table):
        raise ValueError("a cross table needs a two-dimensional array of counts")
    counts = table.astype(np.float64)
    return _assessed(counts, counts, counts)


def weighted_cross_table(
    counts: npt.ArrayLike, weighted: npt.ArrayLike, squares: npt.ArrayLike
) -> CrossTable:
    """The cross table of weighted answers from counts, sums of weights and sums of squared weights.

    Shares are weighted; chi-squared, residuals and expected counts take the weighted table at its effective
    n (Kish 1965), so that large weights do not feign more answers. For clustered samples see
    ``design.comparisons.independence``. Raises ValueError for impossible tables.
    """
    table = np.asarray(counts)
    sums, powers = np.asarray(weighted, dtype=np.float64), np.asarray(squares, dtype=np.float64)
    if table.ndim != 2 or table.size == 0 or not table.shape == sums.shape == powers.shape:
        raise ValueError("a weighted table needs counts, weights and squares of one two-dimensional shape")
    if np.any(table < 0) or not _all_whole(table) or not np.isfinite(sums).all() or np.any(sums < 0):
        raise ValueError("counts are whole, and sums of weights are not negative")
    return _assessed(table.astype(np.float64), sums, powers)


def _assessed(counts: Matrix, weighted: Matrix, squares: Matrix) -> CrossTable:
    total = float(weighted.sum())
    effective = total**2 / float(squares.sum()) if total else 0.0
    cells = weighted if weighted is counts else weighted * (effective / total if total else 0.0)
    n, rows, columns = effective, cells.sum(axis=1, keepdims=True), cells.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        row_shares, column_shares = cells / rows, cells / columns
        expected = rows * columns / n
        residuals = (cells - expected) / np.sqrt(expected * (1 - rows / n) * (1 - columns / n))
    filled = expected[np.ix_(rows[:, 0] > 0, columns[0] > 0)]
    smaller = min(filled.shape)
    df = (filled.shape[0] - 1) * (filled.shape[1] - 1) if smaller else 0
    chi2 = (
        float(np.nansum((cells - expected) ** 2 / np.where(expected > 0, expected, np.nan))) if df else None
    )
    least = float(filled.min()) if filled.size else None
    with np.errstate(divide="ignore", invalid="ignore"):
        bases = np.nan_to_num(weighted.sum(axis=0) ** 2 / squares.sum(axis=0))
    return CrossTable(
        counts=counts.astype(np.int64),
        weighted=weighted,
        n=int(counts.sum()),
        effective_n=effective,
        column_bases=bases,
        row_shares=row_shares,
        column_shares=column_shares,
        expected=expected,
        residuals=residuals,
        chi2=chi2,
        df=df,
        p=None if chi2 is None else p_of_chi2(chi2, df),
        cramers_v=None if chi2 is None else math.sqrt(chi2 / (n * (smaller - 1))),
        min_expected=least,
        warnings=_warnings(chi2, least),
    )


def _warnings(chi2: float | None, least: float | None) -> tuple[str, ...]:
    if chi2 is None:
        return ("nothing_to_compare",)
    return ("expected_below_5",) if least is not None and least < 5 else ()


def _all_whole(table: npt.NDArray[np.generic]) -> bool:
    return bool(np.all(np.isfinite(table)) and np.all(table == np.floor(table)))
