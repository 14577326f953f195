"""What a difference comes from: weight times change, named only where chance is ruled out."""

from __future__ import annotations

import pytest

from manyi.measures.effects import mean_test
from manyi.measures.indicators import MeanSums
from manyi.measures.sources import leading, sources


def sums(*values: float) -> MeanSums:
    return MeanSums(len(values), len(values), sum(values), sum(v * v for v in values))


WAIT = sums(80, 90, 85, 70, 75, 80, 85, 90), sums(50, 55, 60, 45, 55, 50, 65, 60)
PEOPLE = sums(80, 85, 85, 75, 75, 80, 80, 90), sums(80, 85, 90, 75, 75, 80, 85, 80)


def test_contributions_of_a_weighted_score_sum_to_its_change() -> None:
    found = sources([WAIT, PEOPLE], [0.25, 0.75])
    moved = [float(after.mean or 0) - float(before.mean or 0) for before, after in (WAIT, PEOPLE)]
    change = 0.25 * moved[0] + 0.75 * moved[1]
    assert sum(each.contribution for each in found) == pytest.approx(change)
    # the interval of t.test in R on these two rows
    assert found[0].test.difference == pytest.approx(-26.875)
    assert (found[0].test.low, found[0].test.high) == pytest.approx([-34.16813523, -19.58186477], abs=1e-6)


def test_only_certain_parts_that_go_the_same_way_are_named() -> None:
    found = sources([PEOPLE, WAIT], [1, 1])
    whole = mean_test(*WAIT)
    assert leading(found, whole) == [1]
    assert leading(found, mean_test(WAIT[1], WAIT[0])) == [], "the whole rose and no part did"
    assert leading(found, mean_test(*PEOPLE)) == [], "the whole is within chance"


def test_a_second_source_is_named_from_half_of_the_first_on() -> None:
    whole = mean_test(*WAIT)
    assert leading(sources([WAIT, WAIT], [0.4, 1]), whole) == [1]
    assert leading(sources([WAIT, WAIT], [0.5, 1]), whole) == [1, 0]
