"""Sample size, allocation and the seeded draw."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.allocation import optimal_shares, proportional
from manyi.measures.sampling import draw, frame_hash, margin_of, required_size


def test_sizes_equal_the_reference(designs: dict[str, Any]) -> None:
    for case in designs["sample_size"]:
        found = required_size(case["N"], case["e"], share=case["p"], confidence=case["conf"])
        assert found.infinite == pytest.approx(case["n0"], rel=1e-9)
        assert found.corrected == pytest.approx(case["n"], rel=1e-9)
        assert found.answers == case["n_ceil"]


def test_invitations_allow_for_silence_and_invalid_answers(designs: dict[str, Any]) -> None:
    case = designs["replicates_needed"]
    rates = {"response_rate": case["response_rate"], "invalid_rate": case["invalid_rate"]}
    found = required_size(None, 0.05, **rates)
    assert (found.answers, found.invitations) == (case["n"], case["issue"])


def test_a_small_population_is_asked_wholly_and_told_so() -> None:
    found = required_size(300, 0.05, response_rate=0.3)
    assert (found.answers, found.invitations, found.reachable) == (169, 300, False)
    assert required_size(1, 0.05).answers == 1


def test_shares_and_whole_sizes_equal_the_reference(designs: dict[str, Any]) -> None:
    for case in designs["allocation"]:
        sizes = {f"stratum {number}": members for number, members in enumerate(case["Nh"])}
        parts = optimal_shares(sizes, dict.fromkeys(sizes, 1))
        shares = {name: float(part * case["n"]) for name, part in parts.items()}
        assert list(shares.values()) == pytest.approx(case["proportional"], rel=1e-9)
        whole = proportional(sizes, case["n"])
        assert sum(whole.values()) == case["n"]
        assert all(abs(whole[name] - shares[name]) < 1 for name in sizes)


def test_largest_remainder_gives_the_odd_one_to_the_largest_fraction() -> None:
    assert proportional({"a": 4421, "b": 755, "c": 1018}, 200) == {"a": 143, "b": 24, "c": 33}
    assert proportional({"small": 2, "tall": 6}, 4) == {"small": 1, "tall": 3}
    assert proportional({"b": 2, "a": 2}, 3) == {"b": 1, "a": 2}


@given(st.dictionaries(st.text("abcdef", max_size=3), st.integers(0, 500), max_size=8), st.floats(0, 1))
def test_an_allocation_sums_up_and_takes_no_more_than_there_is(sizes: dict[str, int], part: float) -> None:
    least = sum(members > 0 for members in sizes.values())
    size = least + int(part * (sum(sizes.values()) - least))
    whole = proportional(sizes, size)
    assert sum(whole.values()) == size
    assert all(min(members, 1) <= whole[name] <= members for name, members in sizes.items())


@given(st.integers(2, 5000), st.sampled_from([0.01, 0.03, 0.05, 0.1]))
def test_the_required_size_reaches_its_margin(population: int, margin: float) -> None:
    answers = required_size(population, margin).answers
    assert margin_of(answers, population) <= margin + 1e-12
    assert answers == 1 or margin_of(answers - 1, population) > margin - 1e-12


def test_a_census_has_no_margin() -> None:
    assert margin_of(120, 120) == 0
    assert margin_of(385) == pytest.approx(0.05, rel=2e-3)


def test_a_draw_is_the_same_for_ever() -> None:
    frame = [f"customer-{number:03}" for number in range(20)]
    assert draw(frame, 5, 2026) == draw(reversed(frame), 5, 2026)
    assert draw(frame, 5, 2026) != draw(frame, 5, 2027)
    assert draw(range(1, 101), 6, "2026-Q1") == [25, 30, 34, 63, 80, 95]


@given(st.sets(st.integers(), max_size=30), st.integers(), st.data())
def test_a_draw_is_a_sorted_part_of_the_frame(frame: set[int], seed: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(frame)))
    drawn = draw(frame, size, seed)
    assert len(set(drawn)) == size
    assert set(drawn) <= frame
    assert drawn == sorted(drawn)


def test_everybody_has_the_same_chance() -> None:
    seen = [0] * 10
    for seed in range(4000):
        for one in draw(range(10), 3, seed):
            seen[one] += 1
    # 4000 draws of 3 in 10 expect 1200 each, with a standard deviation of 29.
    assert all(1200 - 130 < count < 1200 + 130 for count in seen)


def test_the_frame_hash_tells_frames_apart_and_knows_no_order() -> None:
    assert frame_hash(["a", "b"]) == frame_hash(["b", "a"])
    assert len({frame_hash(["a", "b"]), frame_hash(["ab"]), frame_hash(["a", "c"]), frame_hash([1, 2])}) == 4


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: draw(["a", "a"], 1, 1),
        lambda: draw(["a"], 2, 1),
        lambda: draw(["a"], -1, 1),
        lambda: frame_hash(["a", "a"]),
        lambda: proportional({"a": 3}, 4),
        lambda: proportional({"a": 3, "b": -1}, 1),
        lambda: required_size(100, 0),
        lambda: required_size(0, 0.05),
        lambda: required_size(100, 0.05, response_rate=0),
        lambda: required_size(100, 0.05, invalid_rate=1),
        lambda: required_size(100, 0.05, response_rate=2, invalid_rate=0.6),
        lambda: required_size(100, 0.05, confidence=95),
        lambda: margin_of(0),
        lambda: margin_of(11, 10),
    ],
)
def test_what_cannot_be_sampled_is_refused(attempt: Any) -> None:
    with pytest.raises(ValueError):
        attempt()
