"""A figure carries its base and interval, travels as JSON, and keeps silent about small groups."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.figure import Figure, Interval, suppress

CSAT = Figure(0.9, 40, 38, 0.77, 0.96, "wilson", "csat", "share", warnings=("few_answers",))


def test_a_figure_survives_json() -> None:
    assert Figure.from_json(json.loads(json.dumps(CSAT.to_json()))) == CSAT
    hidden = suppress(CSAT, 39)
    assert Figure.from_json(json.loads(json.dumps(hidden.to_json()))) == hidden


def test_a_small_group_shows_its_size_and_nothing_else() -> None:
    hidden = suppress(CSAT, 39)
    assert hidden.suppressed
    assert (hidden.value, hidden.low, hidden.high, hidden.interval) == (None, None, None, None)
    assert (hidden.n, hidden.valid_n, hidden.warnings) == (40, 38, ())
    assert not any(isinstance(value, float) for value in hidden.to_json().values())


def test_a_group_of_exactly_the_minimum_is_shown() -> None:
    assert suppress(CSAT, 38) is CSAT
    assert CSAT.interval == Interval(0.77, 0.96)


@given(st.integers(0, 60), st.integers(0, 60))
def test_suppression_never_comes_undone(first: int, second: int) -> None:
    assert suppress(suppress(CSAT, first), second).suppressed == (max(first, second) > CSAT.valid_n)


@pytest.mark.parametrize(
    "change",
    [{"valid_n": 41}, {"valid_n": -1}, {"low": None}, {"suppressed": True}],
    ids=["more valid than asked", "negative", "half an interval", "suppressed but shown"],
)
def test_a_figure_that_cannot_be_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        replace(CSAT, **change)  # type: ignore[arg-type]


def test_an_interval_is_cut_to_what_is_possible() -> None:
    assert Interval(-120, 40).clipped(-100, 100) == Interval(-100, 40)
    assert 0.5 in Interval(0.5, 1)
    assert 0.49 not in Interval(0.5, 1)
    with pytest.raises(ValueError, match="backwards"):
        Interval(1, 0)
