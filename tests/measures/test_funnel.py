"""Funnel limits against R (``references/funnel.R``), and what lies outside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.funnel import ACTION, WARNING, binomial_limit, mean_funnel, share_funnel

CLOSED = 1e-9


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    text = (Path(__file__).parent / "references" / "funnel.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_shares_have_the_exact_limits_of_their_n(told: dict[str, Any]) -> None:
    found = share_funnel(told["hits"], told["sizes"])
    assert found.target == pytest.approx(told["target"], abs=CLOSED)
    assert [unit.z for unit in found.units] == pytest.approx(told["z"], abs=CLOSED)
    assert (found.phi, found.p, found.tau) == pytest.approx(told["spread"], abs=CLOSED)
    for n, (low3, low2, high2, high3) in zip(told["sizes"], told["limits"], strict=True):
        assert found.limits(n, WARNING) == pytest.approx((low2, high2), abs=CLOSED)
        assert found.limits(n, ACTION) == pytest.approx((low3, high3), abs=CLOSED)


def test_means_have_normal_limits_that_spread_widens(told: dict[str, Any]) -> None:
    given = told["means"], told["deviations"], told["mean_sizes"]
    plain = mean_funnel(*given)
    assert (plain.target, plain.sd) == pytest.approx((told["mean_target"], told["sd"]), abs=CLOSED)
    assert [unit.z for unit in plain.units] == pytest.approx(told["mean_z"], abs=CLOSED)
    assert (plain.phi, plain.p, plain.tau) == pytest.approx(told["mean_spread"], abs=CLOSED)
    assert plain.warnings == ("overdispersed_units",)
    wide, wider = (mean_funnel(*given, spread=s) for s in ("additive", "multiplicative"))
    sizes = told["mean_sizes"]
    assert [wide.limits(n, ACTION)[0] for n in sizes] == pytest.approx(told["additive_low"], abs=CLOSED)
    assert [wider.limits(n, WARNING)[1] for n in sizes] == pytest.approx(
        told["multiplicative_high"], abs=CLOSED
    )
    assert wide.warnings == wider.warnings == ()


def test_a_small_unit_may_be_far_away_and_still_inside() -> None:
    found = share_funnel([800, 5], [1000, 9])
    assert [unit.place for unit in found.units] == [0, 0]
    found = share_funnel([800, 500], [1000, 900])
    assert [unit.place for unit in found.units] == [2, -2]
    assert found.warnings == ("few_units",)


def test_limits_stay_shares_and_close_with_n() -> None:
    widths = [binomial_limit(0.9, n, 0.975) - binomial_limit(0.9, n, 0.025) for n in (5, 50, 500, 5000)]
    assert widths == sorted(widths, reverse=True)
    assert 0 <= binomial_limit(0.99, 3, 0.001) <= binomial_limit(0.99, 3, 0.999) <= 1


@pytest.mark.parametrize(
    ("hits", "sizes", "target", "code"),
    [
        ([1], [2], None, "too_few"),
        ([1, 0], [2, 0], None, "empty"),
        ([3, 1], [2, 2], None, "out_of_range"),
        ([0, 0], [2, 2], None, "constant"),
        ([1, 1], [2, 2], 1.5, "out_of_range"),
    ],
)
def test_what_gives_no_funnel_is_refused(
    hits: list[int], sizes: list[int], target: float | None, code: str
) -> None:
    with pytest.raises(NotComputable) as caught:
        share_funnel(hits, sizes, target=target)
    assert caught.value.code == code


def test_nobody_differs_from_their_unit() -> None:
    with pytest.raises(NotComputable, match="constant"):
        mean_funnel([3, 4], [0, 0], [5, 5])
