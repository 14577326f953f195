"""Selection by design: the same seed, the same people; the weights stand for the whole frame."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.allocation import proportional
from manyi.measures.selection import Selected, census, clustered, simple, stratified, systematic

GROUPS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 30), min_size=1)


def filled(groups: dict[str, int]) -> dict[str, list[int]]:
    """Strata with as many ids as are asked for, all different."""
    return {
        name: list(range(100 * place, 100 * place + count))
        for place, (name, count) in enumerate(groups.items())
    }


def whole(sample: list[Selected[int]]) -> Fraction:
    return sum((one.weight for one in sample), Fraction())


@given(GROUPS, st.floats(0, 1), st.integers(), st.data())
def test_design_weights_sum_to_the_frame_and_a_seed_repeats(
    groups: dict[str, int], part: float, seed: int, data: st.DataObject
) -> None:
    strata = filled(groups)
    frame = [each for ids in strata.values() for each in ids]
    size = len(groups) + int(part * (len(frame) - len(groups)))
    clusters = data.draw(st.integers(1, len(groups)))
    within = data.draw(st.none() | st.integers(1, 10))

    def samples() -> list[list[Selected[int]]]:
        return [
            census(frame),
            simple(frame, size, seed),
            systematic(frame, size, seed),
            stratified(strata, proportional(groups, size), seed),
            clustered(strata, clusters, within, seed),
        ]

    for first, again in zip(samples(), samples(), strict=True):
        assert first == again
        assert whole(first) == len(frame)
        assert len({one.id for one in first}) == len(first)
        assert all(0 < one.probability <= 1 for one in first)


def test_a_systematic_sample_takes_equal_steps() -> None:
    places = [one.id for one in systematic(list(range(103)), 10, "2026-Q1")]
    assert {after - before for before, after in pairwise(places)} <= {10, 11}
    assert places[0] <= 10


def test_every_start_of_a_systematic_sample_is_as_likely_as_it_says() -> None:
    seen = [0] * 7
    for seed in range(7000):
        for one in systematic(list(range(7)), 3, seed):
            seen[one.id] += 1
    # 3000 are expected of each, with a standard deviation of 41.
    assert all(3000 - 190 < count < 3000 + 190 for count in seen)


def test_two_stages_multiply_their_chances() -> None:
    strata = {"east": list(range(10)), "west": list(range(10, 30)), "north": list(range(30, 34))}
    sample = clustered(strata, 2, 5, "two stages")
    by_name = {one.stratum: one.probability for one in sample}
    expected = {"east": Fraction(1, 3), "west": Fraction(1, 6), "north": Fraction(2, 3)}
    assert len(by_name) == 2
    assert by_name == {name: expected[name] for name in by_name}


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: systematic([1, 2], 3, 1),
        lambda: systematic([1, 2], 0, 1),
        lambda: clustered({"a": [1], "b": []}, 2, None, 1),
        lambda: clustered({"a": [1]}, 1, 0, 1),
        lambda: stratified({"a": [1]}, {"a": 2}, 1),
    ],
)
def test_what_cannot_be_selected_is_refused(attempt: Any) -> None:
    with pytest.raises(ValueError, match="drawn"):
        attempt()
