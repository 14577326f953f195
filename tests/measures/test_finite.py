"""The exact interval of a share in a finite population, beside exact sums of fractions and beside scipy."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.finite import hypergeometric
from manyi.measures.intervals import clopper_pearson


def tails(hits: int, n: int, held: int, population: int) -> tuple[Fraction, Fraction]:
    """P(X >= hits) and P(X <= hits) in whole numbers."""
    ways = [comb(held, k) * comb(population - held, n - k) for k in range(n + 1)]
    return Fraction(sum(ways[hits:]), sum(ways)), Fraction(sum(ways[: hits + 1]), sum(ways))


def by_counting(hits: int, n: int, population: int, tail: Fraction) -> tuple[int, int]:
    """Every number of hits in the population that neither tail rejects, tried one after the other."""
    possible = [
        held for held in range(hits, population - n + hits + 1)
        if min(tails(hits, n, held, population)) > tail
    ]  # fmt: skip
    return possible[0], possible[-1]


@given(st.data())
def test_it_is_what_counting_every_possibility_gives(data: st.DataObject) -> None:
    population = data.draw(st.integers(1, 60))
    n = data.draw(st.integers(1, population))
    hits = data.draw(st.integers(0, n))
    found = hypergeometric(hits, n, population)
    assert found is not None
    low, high = by_counting(hits, n, population, Fraction(1, 40))
    assert (round(found.low * population), round(found.high * population)) == (low, high)


#: From scipy 1.17: for each N, n, k the first M with hypergeom.sf(k - 1, N, M, n) > .025 and the last one
#: with hypergeom.cdf(k, N, M, n) > .025.
REFERENCE = [
    (500, 50, 45, 394, 482),
    (500, 50, 50, 467, 500),
    (500, 50, 0, 0, 33),
    (120, 30, 27, 91, 116),
    (10_000, 200, 180, 8503, 9375),
    (1_000_000, 400, 392, 960_978, 991_325),
]


@pytest.mark.parametrize(("population", "n", "hits", "low", "high"), REFERENCE)
def test_reference_numbers(population: int, n: int, hits: int, low: int, high: int) -> None:
    found = hypergeometric(hits, n, population)
    assert found is not None
    assert (round(found.low * population), round(found.high * population)) == (low, high)


def test_the_whole_population_leaves_no_doubt() -> None:
    found = hypergeometric(7, 9, 9)
    assert found is not None
    assert (found.low, found.high) == (7 / 9, 7 / 9)


def test_in_a_large_population_it_is_the_binomial_one() -> None:
    found, exact = hypergeometric(45, 50, 10_000_000), clopper_pearson(45, 50)
    assert found is not None
    assert exact is not None
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=2e-5)


def test_nothing_drawn_says_nothing_and_impossible_counts_are_refused() -> None:
    assert hypergeometric(0, 0, 10) is None
    for hits, n, population in ((3, 2, 10), (-1, 2, 10), (1, 20, 10)):
        with pytest.raises(ValueError, match="impossible"):
            hypergeometric(hits, n, population)
