"""Cross tables against reference results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from manyi.measures.tables import cross_table


@pytest.mark.parametrize("name", ["crosstab_sat3_by_status", "crosstab_sat3_by_country"])
def test_a_cross_table_equals_the_reference(airline: dict[str, Any], name: str) -> None:
    expected = airline[name]
    counts = [[row[column] for column in expected["cols"]] for row in expected["table"]]
    residuals = [[row[column] for column in expected["cols"]] for row in expected["std_residuals_adj"]]
    found = cross_table(counts)
    assert found.n == expected["n"]
    assert found.df == expected["df"]
    assert found.chi2 == pytest.approx(expected["chisq"], rel=1e-6)
    assert found.p == pytest.approx(expected["p"], rel=1e-6)
    assert found.cramers_v == pytest.approx(expected["cramers_v"], rel=1e-6)
    assert found.min_expected == pytest.approx(expected["min_expected"], rel=1e-6)
    np.testing.assert_allclose(found.residuals, residuals, rtol=1e-6)
    assert found.warnings == (("expected_below_5",) if expected["min_expected"] < 5 else ())


def test_empty_rows_and_columns_take_no_part_in_the_test() -> None:
    plain = cross_table([[30, 10], [20, 40]])
    padded = cross_table([[30, 0, 10], [0, 0, 0], [20, 0, 40]])
    assert (padded.chi2, padded.df, padded.p) == (plain.chi2, plain.df, plain.p)
    assert padded.min_expected == plain.min_expected
    assert np.isnan(padded.row_shares[1]).all()


@pytest.mark.parametrize("counts", [[[5, 3]], [[5], [3]], [[0, 0], [0, 0]], [[4, 0], [6, 0]]])
def test_less_than_two_by_two_has_no_test(counts: list[list[int]]) -> None:
    found = cross_table(counts)
    assert (found.chi2, found.p, found.cramers_v, found.df) == (None, None, None, 0)
    assert found.warnings == ("nothing_to_compare",)


@pytest.mark.parametrize(
    "counts", [[1, 2], [[1, -2]], [[0.5, 1]], [[]], [[float("nan"), 1]], [[float("inf"), 1]]]
)
def test_what_is_no_table_of_counts_is_refused(counts: Any) -> None:
    with pytest.raises(ValueError, match="two-dimensional"):
        cross_table(counts)


@given(
    hnp.arrays(
        np.int64,
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=5),
        elements=st.integers(1, 99),
    )
)
def test_chi_squared_equals_scipy_and_shares_sum_to_one(counts: Any) -> None:
    found = cross_table(counts)
    expected = stats.chi2_contingency(counts, correction=False)
    assert found.chi2 == pytest.approx(expected.statistic, abs=1e-9)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-9)
    np.testing.assert_allclose(found.row_shares.sum(axis=1), 1)
    np.testing.assert_allclose(found.column_shares.sum(axis=0), 1)
    assert found.cramers_v is not None
    assert 0 <= found.cramers_v <= 1
