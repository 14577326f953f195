"""Indicators against reference results, and the law that parts add up to the whole."""

from __future__ import annotations

import statistics
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.figure import Figure
from manyi.measures.indicators import Distribution, MeanSums, NpsSums, ShareSums, return_rate

EXACT = 1e-6


def near(expected: float) -> Any:
    return pytest.approx(expected, rel=EXACT)


def nps_of(rows: list[dict[str, str]]) -> NpsSums:
    # The questionnaire has eleven boxes, 1 to 11; the reference counts the upper three as promoters.
    counts = Counter(min(int(row["nps"]), 10) for row in rows if row["nps"])
    return NpsSums.from_counts(counts, len(rows))


def nps_groups(airline: dict[str, Any]) -> list[tuple[NpsSums, dict[str, Any]]]:
    """Each reference NPS with the sums rebuilt from its own shares."""
    groups = [airline["nps_total"], *airline["nps_by_class"].values(), *airline["nps_by_status"].values()]
    return [
        (NpsSums(g["n"], g["n"], round(g["promoters"] * g["n"]), round(g["detractors"] * g["n"])), g)
        for g in groups
    ]


def test_nps_and_its_margin_equal_the_reference(airline: dict[str, Any]) -> None:
    for sums, expected in nps_groups(airline):
        figure = sums.figure("nps")
        assert figure.value == near(expected["nps"])
        assert sums.standard_error() == near(expected["se_pp"])
        assert sums.standard_error("sample") == near(expected["se_pp_nminus1"])
        assert figure.high is not None
        assert figure.high - expected["nps"] == near(expected["moe95_pp"])


def test_nps_from_the_answers_themselves(airline: dict[str, Any], airline_rows: list[dict[str, str]]) -> None:
    blue = [row for row in airline_rows if row["status"] == "Blue"]
    assert nps_of(airline_rows).figure("nps").value == near(airline["nps_total"]["nps"])
    assert nps_of(blue).figure("nps").value == near(airline["nps_by_status"]["Blue"]["nps"])


def test_top_two_boxes_with_wilson_interval(
    airline: dict[str, Any], airline_rows: list[dict[str, str]]
) -> None:
    counts = Counter(row["overall_sat"] for row in airline_rows if row["overall_sat"])
    figure = Distribution(len(airline_rows), counts).share_of("6", "7").figure("top2")
    expected = airline["top2box_overall_sat_6_7"]
    assert (figure.value, figure.low, figure.high) == (
        near(expected["p"]),
        near(expected["lo"]),
        near(expected["hi"]),
    )
    assert figure.valid_n == expected["n"]


def test_wilson_intervals_of_six_waves(waves: dict[str, Any]) -> None:
    for expected in waves["results"]["wilson"]:
        figure = ShareSums(expected["n"], expected["n"], expected["k"]).figure("csat")
        assert (figure.low, figure.high) == (near(expected["lo"]), near(expected["hi"]))


def test_mean_with_t_interval_equals_the_reference_gap(
    airline: dict[str, Any], airline_rows: list[dict[str, str]]
) -> None:
    for expected in airline["servqual_gap"]:
        item = expected["item"]
        pairs = [(r[f"s{item}"], r[f"e{item}"]) for r in airline_rows if r[f"s{item}"] and r[f"e{item}"]]
        gaps = [float(s) - float(e) for s, e in pairs]
        sums = MeanSums(len(airline_rows), len(gaps), sum(gaps), sum(gap * gap for gap in gaps))
        figure = sums.figure("gap")
        assert figure.valid_n == expected["n"]
        assert (figure.value, figure.low, figure.high) == (
            near(expected["gap"]),
            near(expected["lo"]),
            near(expected["hi"]),
        )


def test_the_edges_of_a_share_are_exact() -> None:
    none, every = ShareSums(50, 40, 0).figure("csat"), ShareSums(50, 40, 40).figure("csat")
    assert (none.value, none.low) == (0, 0)
    assert (every.value, every.high) == (1, 1)
    assert ShareSums(3, 3, 1).rate == Fraction(1, 3)


@pytest.mark.parametrize("sums", [ShareSums(9), MeanSums(9), NpsSums(9)])
def test_without_a_valid_answer_there_is_no_value(sums: ShareSums | MeanSums | NpsSums) -> None:
    figure = sums.figure("any")
    assert (figure.value, figure.interval, figure.n, figure.valid_n) == (None, None, 9, 0)
    assert figure.warnings == ("few_answers",)


def test_one_value_has_a_mean_and_no_interval() -> None:
    figure = MeanSums(1, 1, 80, 6400).figure("mean")
    assert (figure.value, figure.interval) == (80, None)


def test_a_tiny_spread_on_large_values_is_not_lost() -> None:
    values = [10**9, 10**9 + 1, 10**9 + 2]
    sums = MeanSums(3, 3, sum(values), sum(value**2 for value in values))
    assert sums.variance == statistics.variance(values) == 1


def test_an_nps_interval_stays_within_its_scale() -> None:
    figure = NpsSums(10, 10, 9, 0).figure("nps")
    assert figure.high == 100
    assert figure.low is not None
    assert figure.low < 90


def test_answers_off_the_scale_are_not_valid() -> None:
    assert NpsSums.from_counts({-1: 2, 0: 1, 6: 1, 7: 5, 9: 2, 10: 1, 11: 4}, 20) == NpsSums(20, 10, 3, 2)


@pytest.mark.parametrize(
    "build",
    [
        lambda: ShareSums(10, 11, 0),
        lambda: ShareSums(10, 5, 6),
        lambda: NpsSums(10, 10, 6, 5),
        lambda: NpsSums(10, 10, -1, 5),
        lambda: Distribution(1, {"a": 2}),
        lambda: Distribution(9, {"a": -2, "b": 3}),
        lambda: ShareSums(10, 10, 5).figure("csat", confidence=95),
    ],
)
def test_impossible_counts_are_refused(build: Any) -> None:
    with pytest.raises(ValueError):
        build()


def test_return_rate_counts_the_invited() -> None:
    figure = return_rate(200, 160)
    assert isinstance(figure, Figure)
    assert (figure.value, figure.n, figure.definition) == (0.8, 200, "return_rate")


ANSWERS = st.lists(st.one_of(st.none(), st.integers(0, 10)), max_size=40)


def sums_of(answers: list[int | None]) -> tuple[ShareSums, MeanSums, NpsSums, Distribution]:
    given_ = [answer for answer in answers if answer is not None]
    n, valid = len(answers), len(given_)
    return (
        ShareSums(n, valid, sum(answer >= 8 for answer in given_)),
        MeanSums(n, valid, sum(given_), sum(answer**2 for answer in given_)),
        NpsSums.from_counts(Counter(given_), n),
        Distribution(n, Counter(str(answer) for answer in given_)),
    )


@given(ANSWERS, ANSWERS)
def test_parts_add_up_to_the_whole(first: list[int | None], second: list[int | None]) -> None:
    whole = sums_of(first + second)
    for ours, theirs, both in zip(sums_of(first), sums_of(second), whole, strict=True):
        assert ours + theirs == both  # type: ignore[operator]


@given(ANSWERS)
def test_a_distribution_gives_the_same_sums_as_the_answers(answers: list[int | None]) -> None:
    share, mean, _, distribution = sums_of(answers)
    assert distribution.share_of("8", "9", "10") == share
    assert distribution.means({str(code): Fraction(code) for code in range(11)}) == mean
    assert sum(distribution.shares().values()) == (1 if mean.valid else 0)


@given(ANSWERS)
def test_every_interval_holds_its_value(answers: list[int | None]) -> None:
    share, mean, nps, _ = sums_of(answers)
    for figure in (share.figure("a"), mean.figure("b"), nps.figure("c")):
        if figure.interval is not None and figure.value is not None:
            assert figure.interval.low - 1e-9 <= figure.value <= figure.interval.high + 1e-9
