"""Outcome rates against hand-computed values of AAPOR's formulas, and what must hold between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.forecast import forecast
from manyi.measures.response_rates import GROUPS, RATES, Outcomes, outcome_rate

#: 1,000 persons; worked by hand with the formulas of the Standard Definitions.
CASE = Outcomes(I=400, P=50, R=150, NC=120, O=30, UH=80, UO=70, NE=100)
BY_HAND = {
    "RR1": 400 / 900,
    "RR2": 450 / 900,
    "RR3": 400 / (750 + 150 * 750 / 850),
    "RR4": 450 / (750 + 150 * 750 / 850),
    "RR5": 400 / 750,
    "RR6": 450 / 750,
    "COOP1": 400 / 630,
    "COOP2": 450 / 630,
    "COOP3": 400 / 600,
    "COOP4": 450 / 600,
    "REF1": 150 / 900,
    "REF2": 150 / (750 + 150 * 750 / 850),
    "REF3": 150 / 750,
    "CON1": 630 / 900,
    "CON2": 630 / (750 + 150 * 750 / 850),
    "CON3": 630 / 750,
}


def test_every_rate_is_its_formula() -> None:
    assert BY_HAND.keys() == RATES.keys()
    for name, wanted in BY_HAND.items():
        figure = outcome_rate(name, CASE)
        assert figure.value == pytest.approx(wanted, abs=1e-12), name
        assert figure.n == 1000


def test_e_may_be_given_and_must_be_a_share() -> None:
    assert outcome_rate("RR3", CASE, e=1).value == outcome_rate("RR1", CASE).value
    assert outcome_rate("RR3", CASE, e=0).value == outcome_rate("RR5", CASE).value
    with pytest.raises(ValueError, match="between 0 and 1"):
        outcome_rate("RR3", CASE, e=1.2)


def test_a_rate_without_a_base_is_no_figure() -> None:
    figure = outcome_rate("COOP1", Outcomes(UO=5))
    assert figure.value is None
    assert figure.warnings == ("no_base",)


COUNTS = st.builds(Outcomes, **{name: st.integers(0, 500) for name in GROUPS})


@given(COUNTS)
def test_rates_are_shares_in_the_order_of_their_definitions(outcomes: Outcomes) -> None:
    found = {name: outcome_rate(name, outcomes) for name in RATES}
    for figure in found.values():
        if figure.value is not None and figure.low is not None and figure.high is not None:
            assert 0 <= figure.low <= figure.value <= figure.high <= 1
    for lower, higher in (("RR1", "RR2"), ("RR1", "RR3"), ("RR3", "RR5"), ("RR5", "RR6"), ("COOP1", "COOP2")):
        left, right = found[lower].value, found[higher].value
        assert left is None or right is None or left <= right + 1e-12


def test_a_steady_round_is_forecast_at_its_pace() -> None:
    made = forecast([10] * 10, 5, goal=200)
    assert (made.done, made.pace, made.expected) == (100, 10, 150)
    assert made.needed == 20
    # m = 50 from k = 70 answers: 1.96 * sqrt(50 + 2500 / 70)
    assert made.low == pytest.approx(150 - 18.1466, abs=1e-3)
    assert made.high == pytest.approx(150 + 18.1466, abs=1e-3)


def test_two_days_say_nothing_yet_and_a_round_that_is_over_is_known() -> None:
    assert forecast([5, 9], 10).expected is None
    assert forecast([0, 0, 0, 0], 10).expected is None
    over = forecast([5, 9], 0)
    assert (over.expected, over.low, over.high) == (14, 14, 14)


@given(st.lists(st.integers(0, 1000), max_size=40), st.integers(0, 60))
def test_a_forecast_never_takes_answers_back(daily: list[int], days_left: int) -> None:
    made = forecast(daily, days_left)
    if made.low is not None and made.expected is not None and made.high is not None:
        assert made.done <= made.low <= made.expected <= made.high
