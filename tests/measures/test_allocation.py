"""Sharing a sample out over strata."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.allocation import equal, neyman, proportional, shared_out, stratum_margins
from manyi.measures.sampling import margin_of

SIZES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 400), min_size=1)


def test_neyman_equals_the_reference(designs: dict[str, Any]) -> None:
    for case in designs["allocation"]:
        sizes = {f"h{place}": members for place, members in enumerate(case["Nh"])}
        spread = {f"h{place}": deviation for place, deviation in enumerate(case["Sh"])}
        found = neyman(sizes, case["n"], spread)
        assert sum(found.values()) == case["n"]
        assert all(abs(n - exact) < 1 for n, exact in zip(found.values(), case["neyman"], strict=True))
        even = proportional(sizes, case["n"])
        assert all(abs(n - exact) < 1 for n, exact in zip(even.values(), case["proportional"], strict=True))


def test_a_stratum_gives_no_more_than_it_has_and_the_rest_is_shared_out_again() -> None:
    # By hand: 100 · 400·1/(400·1 + 20·80) = 20 and 80; the second has 20, so the first gives 80.
    assert neyman({"shops": 400, "fleet": 20}, 100, {"shops": 1, "fleet": 80}) == {"shops": 80, "fleet": 20}
    assert equal({"a": 100, "b": 100, "c": 10}, 90) == {"a": 40, "b": 40, "c": 10}


def test_nobody_is_left_without_a_voice() -> None:
    assert proportional({"large": 997, "tiny": 3}, 10) == {"large": 9, "tiny": 1}
    assert proportional({"large": 997, "none": 0}, 10) == {"large": 10, "none": 0}


@given(SIZES, st.floats(0, 1), st.data())
def test_allocations_sum_up_within_their_bounds(
    sizes: dict[str, int], part: float, data: st.DataObject
) -> None:
    size = len(sizes) + int(part * (sum(sizes.values()) - len(sizes)))
    spread = {name: data.draw(st.integers(1, 50)) for name in sizes}
    for found in (proportional(sizes, size), equal(sizes, size), neyman(sizes, size, spread)):
        assert sum(found.values()) == size
        assert all(1 <= found[name] <= members for name, members in sizes.items())


def test_margins_by_stratum_are_those_of_the_stratum_alone() -> None:
    margins = stratum_margins({"a": 500, "b": 50, "c": 9}, {"a": 100, "b": 60})
    assert margins == {"a": margin_of(100, 500), "b": 0.0, "c": None}


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: proportional({"a": 5, "b": 5}, 1),
        lambda: proportional({"a": 5}, 6),
        lambda: neyman({"a": 5, "b": 5}, 4, {"a": 1}),
        lambda: neyman({"a": 5}, 4, {"a": 0}),
        lambda: neyman({"a": 5}, 4, {"a": -1}),
        lambda: shared_out({"a": -1}, 0, {}),
    ],
)
def test_what_cannot_be_shared_out_is_refused(attempt: Any) -> None:
    with pytest.raises(ValueError, match=r"stratum|strata|deviation"):
        attempt()
