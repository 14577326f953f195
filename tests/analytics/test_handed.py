"""Cells of rows that were handed over are those that one finds by looking at every row."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.analytics.data.handed import WIDEST, coded, counted

ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-3, 4), st.none() | st.integers(900, 905), st.none() | st.integers(0, 1)
    ),
    min_size=1,
    max_size=60,
)
SETS = [("a",), ("a", "b"), ("b", "c")]


def masked(values: list[int | None]) -> tuple[np.ndarray, np.ndarray]:
    gone = np.array([value is None for value in values])
    return np.array([value or 0 for value in values], dtype=np.int16), gone


@given(rows=ROWS, weighted=st.booleans())
def test_cells_hold_every_row_once(rows: list[tuple[int | None, ...]], weighted: bool) -> None:
    names = dict(zip("abc", zip(*rows, strict=True), strict=True))
    known = {name: coded(*masked(list(values))) for name, values in names.items()}
    weights = np.arange(1.0, len(rows) + 1) if weighted else None
    bundles = counted({name: each for name, each in known.items() if each}, SETS, weights)
    for wanted in SETS:
        values, ns, ws, _ = next(each for each in bundles if set(wanted) <= each[0].keys())
        found: Counter[tuple[float | None, ...]] = Counter()
        sums: Counter[tuple[float | None, ...]] = Counter()
        for place, n in enumerate(ns):
            cell = (values[name][place] for name in wanted)
            key = tuple(None if np.isnan(value) else value for value in cell)
            found[key] += n
            sums[key] += ws[place]
        keys = [tuple(names[name][row] for name in wanted) for row in range(len(rows))]
        assert found == Counter(keys)
        expected: Counter[tuple[int | None, ...]] = Counter()
        for row, key in enumerate(keys):
            expected[key] += 1 if weights is None else weights[row]
        assert sums == expected


@pytest.mark.parametrize(
    "values", [[0, WIDEST], [2**60, 2**60 + 1], [-(2**60), -(2**60) + 5]], ids=["wide", "large", "small"]
)
def test_numbers_too_far_apart_or_too_large_are_left_to_the_engine(values: list[int]) -> None:
    assert coded(np.array(values), np.zeros(2, dtype=bool)) is None
    assert coded(np.array([0.5, 1.0]), np.zeros(2, dtype=bool)) is None
