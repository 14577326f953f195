"""Exact intervals and the bootstrap against scipy; the weighted cross table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from manyi.measures.bootstrap import bootstrap
from manyi.measures.errors import NotComputable
from manyi.measures.intervals import clopper_pearson
from manyi.measures.tables import cross_table, weighted_cross_table


@pytest.mark.parametrize(("hits", "valid"), [(0, 9), (3, 9), (9, 9), (120, 1000)])
def test_clopper_pearson_equals_scipy(hits: int, valid: int) -> None:
    found, expected = clopper_pearson(hits, valid), stats.binomtest(hits, valid).proportion_ci(method="exact")
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert clopper_pearson(0, 0) is None


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_the_bootstrap_comes_near_scipys_and_repeats_by_seed(method: Any) -> None:
    row = np.random.default_rng(3).exponential(10, 80)
    found = bootstrap(row, lambda rows: float(rows.mean()), seed=1, replicates=4000, method=method)
    again = bootstrap(row, lambda rows: float(rows.mean()), seed=1, replicates=4000, method=method)
    assert found == again
    expected = stats.bootstrap((row,), np.mean, n_resamples=4000, method=method, rng=np.random.default_rng(2))
    assert found.low == pytest.approx(expected.confidence_interval.low, rel=0.02)
    assert found.high == pytest.approx(expected.confidence_interval.high, rel=0.02)
    assert found.standard_error == pytest.approx(expected.standard_error, rel=0.05)


def test_the_bootstrap_refuses_what_does_not_vary() -> None:
    with pytest.raises(NotComputable, match="constant"):
        bootstrap([4, 4, 4], lambda rows: float(rows.mean()), seed=1)
    with pytest.raises(NotComputable, match="too_few"):
        bootstrap([4], lambda rows: float(rows.mean()), seed=1)


def test_equal_weights_change_nothing_but_the_sums() -> None:
    counts = np.array([[30, 10], [20, 40]])
    plain, heavy = cross_table(counts), weighted_cross_table(counts, 3.0 * counts, 9.0 * counts)
    assert heavy.effective_n == pytest.approx(100)
    assert (heavy.chi2, heavy.cramers_v) == pytest.approx((plain.chi2, plain.cramers_v))
    assert heavy.column_bases == pytest.approx([50, 50])


def test_uneven_weights_count_as_fewer_answers() -> None:
    counts = np.array([[30, 10], [20, 40]])
    found = weighted_cross_table(counts, 2.0 * counts, 8.0 * counts)  # half of them weigh 0, half weigh 4
    assert found.effective_n == pytest.approx(50)
    assert found.chi2 == pytest.approx((cross_table(counts).chi2 or 0) / 2)
    assert found.n == 100
    with pytest.raises(ValueError, match="one two-dimensional shape"):
        weighted_cross_table(counts, counts[0], counts)
