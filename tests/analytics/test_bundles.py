"""Sets of variables in as few joint sets as fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from manyi.analytics.data.bundles import bundled

NAMES = st.sampled_from("abcdefgh")
SETS = st.lists(st.lists(NAMES, max_size=3, unique=True).map(tuple), min_size=1, max_size=20)


@given(sets=SETS, most=st.integers(1, 20), size=st.integers(1, 6))
def test_every_set_lies_in_a_bundle_and_no_bundle_is_larger_than_it_must_be(
    sets: list[tuple[str, ...]], most: int, size: int
) -> None:
    made = bundled(sets, dict.fromkeys("abcdefgh", size), most)
    for each in sets:
        assert any(set(each) <= set(bundle) for bundle in made)
    largest = max(len(each) for each in sets)
    assert all(len(bundle) * size <= most or len(bundle) <= largest for bundle in made)
    assert len(made) <= len({frozenset(each) for each in sets})


def test_items_by_segments_share_bundles() -> None:
    items, segments = [f"q{n}" for n in range(12)], {"s0": 3.2, "s1": 5.9, "s2": 2.6, "s3": 2.8, "s4": 3.7}
    sets = [(item, segment) for item in items for segment in segments]
    made = bundled(sets, {**dict.fromkeys(items, 2.6), **segments}, 15)
    assert len(made) <= 15


def test_a_large_set_stays_alone() -> None:
    assert bundled([("a", "b"), ("a",)], {"a": 40.0, "b": 40.0}, 15) == [("a", "b")]
