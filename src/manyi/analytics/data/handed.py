"""Joint cells of rows that are here: up to some hundred thousand are sooner counted so than by statements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from manyi.analytics.data.bundles import bundled
from manyi.analytics.data.engines import Array
from manyi.analytics.data.table import Floats

Set = tuple[str, ...]
#: The filled cells of some variables: their values, then n, Σw and Σw² of each.
Sums = tuple[Mapping[str, Floats], Floats, Floats, Floats]
#: So many different whole numbers lie between the ends of a variable at most.
WIDEST = 1 << 12
#: Beyond it whole numbers are no longer exact as float64.
EXACT = 1 << 53
#: So many bits of cells stay in the cache of a core while rows are counted.
CACHED_BITS = 13.0


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A variable of every row as a place among its ``values`` (float64, NaN for none)."""

    places: Array
    values: Floats


def coded(numbers: Array, gone: Array) -> Coded | None:
    """Whole numbers, of which some are gone, as places; None where they are none or lie too far apart."""
    if numbers.dtype.kind not in "iub":
        return None
    inside = numbers[~gone] if gone.any() else numbers
    if not len(inside):
        return Coded(np.zeros(len(numbers), dtype=np.int64), np.array([np.nan]))
    least, most = int(inside.min()), int(inside.max())
    if most - least >= WIDEST or max(-least, most) > EXACT:
        return None
    places, values = numbers.astype(np.int64) - least, np.arange(least, most + 1, dtype=np.float64)
    if len(inside) < len(numbers):
        places[gone] = len(values)
        values = np.append(values, np.nan)
    return Coded(places, values)


def counted(known: Mapping[str, Coded], sets: Sequence[Set], weights: Floats | None) -> list[Sums]:
    """Bundles such that every set lies in one of them; without ``weights`` the three sums are one."""
    bits = {name: math.log2(len(each.values) + 1) for name, each in known.items()}
    squares = None if weights is None else weights * weights
    return [_bundle(known, names, weights, squares) for names in bundled(sets, bits, CACHED_BITS)]


def _bundle(known: Mapping[str, Coded], names: Set, weights: Floats | None, squares: Floats | None) -> Sums:
    shape, place = [len(known[name].values) for name in names], np.zeros(1, dtype=np.int64)
    for name, size in zip(names, shape, strict=True):
        place = place * size + known[name].places
    cells = math.prod(shape)
    n = np.bincount(place, minlength=cells)
    filled = np.flatnonzero(n)
    at = np.unravel_index(filled, shape)
    values = {name: known[name].values[each] for name, each in zip(names, at, strict=True)}
    whole = n[filled].astype(np.float64)
    if weights is None or squares is None:
        return values, whole, whole, whole
    w, w2 = (np.bincount(place, each, cells)[filled].astype(np.float64) for each in (weights, squares))
    return values, whole, w, w2
