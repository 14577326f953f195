"""Small groups stay hidden, and subtraction does not bring them back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from manyi.analytics.rules import hidden_groups, separable

SIZES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 20))


@given(SIZES, st.integers(1, 10))
def test_what_is_hidden_cannot_be_had_by_subtraction(sizes: dict[str, int], minimum: int) -> None:
    hidden = hidden_groups(sizes, minimum)
    assert all(sizes[group] >= minimum for group in sizes.keys() - hidden if sizes[group])
    rest = sum(sizes[group] for group in hidden)
    everyone = {group for group, size in sizes.items() if size}
    assert rest == 0 or rest >= minimum or hidden == everyone


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    assert hidden_groups({"east": 40, "west": 12, "depot": 3}, 5) == {"depot", "west"}


def test_two_small_groups_that_reach_the_minimum_together_hide_nobody_else() -> None:
    assert hidden_groups({"east": 40, "depot": 3, "shop": 4}, 5) == {"depot", "shop"}


def test_nothing_is_hidden_where_all_are_large_enough() -> None:
    assert hidden_groups({"east": 40, "west": 12, "closed": 0}, 5) == frozenset()


def test_a_part_needs_size_on_both_sides() -> None:
    assert separable(10, 0, 5)
    assert separable(10, 5, 5)
    assert not separable(10, 4, 5)
    assert not separable(4, 40, 5)
