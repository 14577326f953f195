"""A map of counts by their distance from what one expects, so that large rows are not hot by their size.

With the volume of each row (visits, orders) every row is expected to have the part of a column that it has of
the volume; without, the part that it has of all counts (Haberman 1973, Biometrics 29).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.tables import Matrix, cross_table

#: Adjusted residuals from which a cell is remarkable, and strongly so.
WARM, HOT = 2.0, 3.0
#: Fewer events than these are never called too many.
FEW = 3


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Counts (rows × columns), what was expected, adjusted residuals (NaN where nothing can be expected),
    and the place of each cell: -2 … 2 for far below, below, as expected, above, far above."""

    counts: npt.NDArray[np.int64]
    expected: Matrix
    residuals: Matrix
    places: npt.NDArray[np.int64]


def heat_map(counts: npt.ArrayLike, volumes: Sequence[float] | None = None) -> HeatMap:
    """The map of a table of counts, with the volume of each row where there is one.

    Raises ValueError for an empty table, broken counts, or volumes that do not fit the rows.
    """
    table = np.asarray(counts)
    if volumes is None:
        found = cross_table(table)
        return _placed(found.counts, found.expected, found.residuals)
    parts = np.asarray(volumes, dtype=np.float64)
    if (
        table.ndim != 2
        or not table.size
        or parts.shape != table.shape[:1]
        or np.any(parts < 0)
        or not parts.sum()
    ):
        raise ValueError("a map needs a table of counts and one volume for each row, not all of them nought")
    shares = (parts / parts.sum())[:, np.newaxis]
    expected = shares * table.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        residuals = (table - expected) / np.sqrt(expected * (1 - shares))
    return _placed(table.astype(np.int64), expected, residuals)


def _placed(counts: npt.NDArray[np.int64], expected: Matrix, residuals: Matrix) -> HeatMap:
    known = np.where(np.isfinite(residuals), residuals, 0.0)
    places = np.sign(known) * ((np.abs(known) >= WARM).astype(int) + (np.abs(known) >= HOT))
    places = np.where((places > 0) & (counts < FEW), 0, places).astype(np.int64)
    return HeatMap(counts, expected, residuals, places)
