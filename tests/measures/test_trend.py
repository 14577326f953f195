"""Trends over waves against reference results."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.indicators import ShareSums
from manyi.measures.trend import cochran_armitage, ols_slope, wave_on_wave


@pytest.fixture
def shares(waves: dict[str, Any]) -> list[ShareSums]:
    counts = zip(waves["input"]["n"], waves["input"]["satisfied"], strict=True)
    return [ShareSums(n, n, satisfied) for n, satisfied in counts]


def test_each_wave_against_the_one_before(waves: dict[str, Any], shares: list[ShareSums]) -> None:
    for found, expected in zip(wave_on_wave(shares), waves["results"]["wave_tests"], strict=True):
        assert found.difference == pytest.approx(expected["diff"], rel=1e-6)
        assert found.statistic == pytest.approx(expected["z"], rel=1e-6)
        assert found.p == pytest.approx(expected["p"], rel=1e-6)
        assert found.low == pytest.approx(expected["lo"], rel=1e-6)
        assert found.high == pytest.approx(expected["hi"], rel=1e-6)


def test_the_trend_of_a_share(waves: dict[str, Any], shares: list[ShareSums]) -> None:
    found, expected = cochran_armitage(shares), waves["results"]["cochran_armitage"]
    assert found is not None
    assert found.chi2 == pytest.approx(expected["chisq"], rel=1e-6)
    assert found.p == pytest.approx(expected["p"], rel=1e-6)
    assert found.direction == 1


def test_the_slope_of_monthly_scores(waves: dict[str, Any]) -> None:
    found, expected = ols_slope(waves["input"]["monthly_scores"]), waves["results"]["ols_slope_scores"]
    assert found is not None
    assert found.slope == pytest.approx(expected["Estimate"], rel=1e-6)
    assert found.standard_error == pytest.approx(expected["Std. Error"], rel=1e-6)
    assert found.t == pytest.approx(expected["t value"], rel=1e-6)
    assert found.p == pytest.approx(expected["Pr(>|t|)"], rel=1e-6)
    assert found.low < found.slope < found.high


def test_what_shows_no_trend_gives_none() -> None:
    assert cochran_armitage([]) is None
    assert cochran_armitage([ShareSums(9, 9, 4)]) is None
    assert cochran_armitage([ShareSums(9, 9, 9), ShareSums(5, 5, 5)]) is None
    assert ols_slope([86, 87]) is None
    assert ols_slope([86, 87, 88], [1, 1, 1]) is None
    assert wave_on_wave([ShareSums(9, 9, 4)]) == ()


def test_a_series_on_its_line_has_no_error() -> None:
    rising, flat = ols_slope([80, 82, 84, 86]), ols_slope([80, 80, 80])
    assert rising is not None
    assert flat is not None
    assert (rising.slope, rising.standard_error, rising.p) == (2, 0, 0)
    assert (flat.slope, flat.p) == (0, 1)


@pytest.mark.parametrize("test", [lambda: ols_slope([1, 2, 3], [1, 2]), lambda: cochran_armitage([], [1])])
def test_every_value_needs_its_place(test: Any) -> None:
    with pytest.raises(ValueError, match="every"):
        test()


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(0, 99)), min_size=2, max_size=8))
def test_a_trend_read_backwards_is_the_same_trend_downwards(pairs: list[tuple[int, int]]) -> None:
    shares = [ShareSums(n + k, n + k, k) for n, k in pairs]
    there, back = cochran_armitage(shares), cochran_armitage(shares[::-1])
    if there is None or back is None:
        assert there is back
    else:
        assert back.chi2 == pytest.approx(there.chi2, abs=1e-9)
        assert there.chi2 < 1e-9 or back.direction == -there.direction
