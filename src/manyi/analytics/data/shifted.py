"""Sums about centres near the means, and the sums about the means that follow from them.

Σw(x - m)(y - m') = Σw(x - c)(y - c') - Σw(x - c) Σw(y - c') / Σw, and all digits stay while a centre is not
farther from its mean than some standard deviations. One pass over the rows serves then, where sums about the
means themselves take two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.data.engines import Array
from manyi.analytics.data.table import Floats, Moments

#: So many standard deviations between centre and mean cost the last digits only: of 2^-52 the square of it.
FAR = 100.0
#: So many rows at once, which with some dozen columns stay in the cache of a core.
BLOCK = 16_384


class Handed:
    """A column as an engine handed it over: numbers, or whole numbers from nought on that mean others.

    ``meant`` by stored number; one that it lacks is no value. ``complete`` says that every row has one.
    """

    def __init__(self, stored: Array, meant: Mapping[int, float] | None = None) -> None:
        self.stored, self.complete = stored, meant is None
        self._meaning = np.full(max(meant or {}, default=0) + 2, np.nan)
        for place, number in (meant or {}).items():
            self._meaning[place] = number

    def numbers(self, rows: slice) -> Array:
        """The values of some rows, NaN where there is none."""
        values = self.stored[rows]
        if self.complete:
            return values
        found: Array = self._meaning[np.clip(values, -1, len(self._meaning) - 1)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class ShiftedSums:
    """``n`` rows with their weights ``w`` and ``w2``; ``away`` Σw(x - c), ``products`` about the centres."""

    n: int
    w: float
    w2: float
    centres: Floats
    away: Floats
    products: Floats

    @classmethod
    def of_row(cls, row: Sequence[Any], centres: Sequence[float], *, weighted: bool) -> ShiftedSums:
        """From the row of ``statements.products``; sums over no rows are nought."""
        n, sums = int(row[0]), [float(value or 0.0) for value in row[1:]]
        w, w2 = (sums.pop(0), sums.pop(0)) if weighted else (float(n), float(n))
        size = len(centres)
        products, upper = np.zeros((size, size)), np.triu_indices(size)
        products[upper] = sums[size:]
        products.T[upper] = sums[size:]
        return cls(n, w, w2, np.array(centres, dtype=np.float64), np.array(sums[:size]), products)

    @classmethod
    @np.errstate(invalid="ignore")  # sums of infinite values are none, and the table names these
    def of_columns(cls, columns: Sequence[Handed], weights: Array | None, centres: Floats) -> ShiftedSums:
        """From the values of rows; of whole numbers about whole centres every sum is exact.

        One block after the other, so that nothing is held twice, by one product of matrices each: a row of
        ones beside the values makes Σw and the sums away from the centres parts of it.
        """
        size, rows = len(columns), len(columns[0].stored)
        block, products, n, w2 = np.ones((size + 1, BLOCK)), np.zeros((size + 1, size + 1)), 0, 0.0
        for start in range(0, rows, BLOCK):
            x, here = block[:, : min(BLOCK, rows - start)], slice(start, start + BLOCK)
            for place, each in enumerate(columns):
                np.subtract(each.numbers(here), centres[place], out=x[place])
            kept = slice(None) if all(each.complete for each in columns) else ~np.isnan(x).any(axis=0)
            x = x[:, kept]
            w = None if weights is None else weights[here][kept]
            products += (x if w is None else x * w) @ x.T
            n, w2 = n + x.shape[1], w2 + (x.shape[1] if w is None else float(w @ w))
        return cls(n, float(products[-1, -1]), w2, centres, products[:-1, -1], products[:-1, :-1])

    @classmethod
    def together(cls, several: Sequence[ShiftedSums]) -> ShiftedSums:
        """All rows, about the centres of those that weigh most: of k pieces these lie within √k spreads."""
        centres = max(several, key=lambda each: (each.w, each.n)).centres
        first, *others = (each if each.centres is centres else each.about(centres) for each in several)
        for each in others:
            first = cls(
                first.n + each.n,
                first.w + each.w,
                first.w2 + each.w2,
                centres,
                first.away + each.away,
                first.products + each.products,
            )
        return first

    def about(self, centres: Floats) -> ShiftedSums:
        """The same rows about other centres; between whole centres, sums of whole numbers stay exact."""
        shift = self.centres - centres
        crossed = np.outer(self.away, shift)
        products = self.products + crossed + crossed.T + self.w * np.outer(shift, shift)
        return ShiftedSums(self.n, self.w, self.w2, centres, self.away + self.w * shift, products)

    def to_json(self) -> list[Any]:
        """Plain numbers with every digit."""
        return [
            self.n,
            self.w,
            self.w2,
            *(each.tolist() for each in (self.centres, self.away, self.products)),
        ]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> ShiftedSums:
        """What ``to_json`` made."""
        n, w, w2, *arrays = kept
        return cls(n, w, w2, *(np.array(each, dtype=np.float64) for each in arrays))

    @property
    def means(self) -> Floats:
        """The weighted means."""
        return self.centres + self.away / self.w

    @property
    def far(self) -> bool:
        """Whether some centre lies so far from its mean that digits are lost."""
        if not self.n or not self.w:
            return False
        shift = self.away / self.w
        spread = np.diag(self.products) / self.w - shift**2
        return bool(np.any(shift**2 > FAR**2 * np.maximum(spread, 0.0)) and np.any(shift != 0))

    def moments(self, rows: int) -> Moments:
        """The sums about the means; without a row or a weight there are no means."""
        size = len(self.centres)
        if not self.n or not self.w:
            nothing = np.full((size, size), np.nan if self.n else 0.0)
            return Moments(self.n, self.w, self.w2, np.full(size, np.nan), nothing, rows)
        about = self.products - np.outer(self.away, self.away) / self.w
        np.fill_diagonal(about, np.maximum(np.diag(about), 0.0))
        return Moments(self.n, self.w, self.w2, self.means, about, rows)
