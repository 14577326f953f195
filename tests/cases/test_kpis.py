"""The figures of the register against numbers worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from manyi.cases import kpi_rows, kpis
from manyi.cases.actions import advance
from manyi.cases.kpi_words import WORDS
from manyi.cases.kpis import Asked, Period, Row, Stopped
from manyi.cases.models import Case
from manyi.organisation import clock
from tests.cases.house import Register, at, facts_for, fresh, walk
from tests.personas import House, browser_of

MARCH = Period(at("2026-03-01T00:00"), at("2026-04-01T00:00"), at("2026-04-10T12:00"))


def day(number: int) -> datetime:
    """A day of March, or before and after it."""
    return at("2026-03-01T10:00") + timedelta(days=number - 1)


def test_every_figure_has_its_words() -> None:
    assert list(kpis.KPIS) == list(WORDS)


def test_a_share_carries_its_base_and_wilsons_interval() -> None:
    figure = kpis.share("x", [True, True, True, False, None])
    # 3 of 4, z = 1.959964: centre (0.75 + 0.480182) / 1.960365, half 0.325852 (worked out by hand)
    assert (figure.value, figure.n, figure.valid_n) == (0.75, 5, 4)
    assert figure.low == pytest.approx(0.300642, abs=1e-5)
    assert figure.high == pytest.approx(0.954413, abs=1e-5)
    assert kpis.share("x", []).value is None


def test_closed_in_time_asks_every_clock_before_the_closing() -> None:
    late_later = (Stopped("resolve", day(5), True), Stopped("resolve", day(30), False))
    rows = [
        Row(day(1), closings=(day(6),), clocks=late_later),
        Row(day(1), closings=(day(7),), clocks=(Stopped("respond", day(2), False),)),
        Row(day(1), closings=(day(8),)),  # no clock bound anybody
        Row(day(1), closings=(day(40),), clocks=late_later),  # closed after the period
    ]
    figure = kpis.closed_in_time(rows, MARCH)
    assert (figure.value, figure.valid_n, figure.n) == (0.5, 2, 3)


def test_times_to_acknowledge_and_respond_go_by_receipt() -> None:
    rows = [
        Row(day(1), clocks=(Stopped("acknowledge", day(2), True), Stopped("respond", day(3), False))),
        Row(day(2), clocks=(Stopped("acknowledge", day(4), False),)),
        Row(day(-3), clocks=(Stopped("acknowledge", day(2), False),)),
    ]
    assert kpis.KPIS["acknowledge_in_time"](rows, MARCH).value == 0.5
    assert (kpis.KPIS["respond_in_time"](rows, MARCH).value) == 0.0


def test_overdue_is_of_the_open_ones_now() -> None:
    rows = [
        Row(day(1), open=True, due_at=MARCH.now - timedelta(days=1)),
        Row(day(1), open=True, due_at=MARCH.now + timedelta(days=1)),
        Row(day(1), open=True),
        Row(day(1), due_at=day(1)),
    ]
    figure = kpis.overdue(rows, MARCH)
    assert figure.value == pytest.approx(1 / 3)
    assert figure.n == 3


def test_call_backs_count_by_round_and_by_what_was_said_last() -> None:
    rows = [
        Row(day(1), calls=(Asked(0, day(5), False), Asked(0, day(6), True, True, False))),
        Row(day(1), calls=(Asked(0, day(5), False), Asked(0, day(7), False))),
        Row(
            day(1),
            calls=(Asked(0, day(9), True, False, False), Asked(0, day(10), True, True, True)),
        ),
        Row(day(1), calls=(Asked(0, day(3), True, False, False), Asked(1, day(50), True, True, True))),
    ]
    assert (kpis.reached(rows, MARCH).value, kpis.reached(rows, MARCH).n) == (0.75, 4)
    assert kpis.resolved(rows, MARCH).value == pytest.approx(2 / 3)
    assert kpis.satisfied(rows, MARCH).value == pytest.approx(1 / 3)


def test_reopened_goes_by_the_closing() -> None:
    rows = [
        Row(day(1), closings=(day(5), day(20)), reopenings=(day(9),)),  # the first came again, not the second
        Row(day(1), closings=(day(6),), reopenings=(day(38),)),  # opened again after the period: counts
        Row(day(1), closings=(day(35),), reopenings=(day(36),)),  # closed after the period: does not
    ]
    figure = kpis.reopened(rows, MARCH)
    assert figure.value == pytest.approx(2 / 3)
    assert figure.n == 3


def test_a_repeat_is_the_same_party_and_category_within_ninety_days() -> None:
    rows = [
        Row(day(1), party="a", category=1),
        Row(day(20), party="a", category=1),  # again
        Row(day(21), party="a", category=2),
        Row(day(22), party="b", category=1),
        Row(day(-69), party="b", category=2),
        Row(day(21), party="b", category=2),  # 90 days later: again
        Row(day(-70), party="c", category=2),
        Row(day(21), party="c", category=2),  # 91 days later
        Row(day(22), party="", category=2),  # nobody knows
        Row(day(23), party="a", category=1, kind="praise"),
    ]
    figure = kpis.repeated(rows, MARCH)
    assert figure.value == pytest.approx(2 / 6)
    assert (figure.valid_n, figure.n) == (6, 7)


def test_founded_cost_loop_and_reviews() -> None:
    rows = [
        Row(day(1), closings=(day(3),), founded="founded", cost=300.0),
        Row(day(1), closings=(day(3),), founded="partly"),
        Row(day(1), closings=(day(3),), founded="unfounded", reviews=((day(9), True),)),
        Row(day(1), closings=(day(3),), founded="unable", reviews=((day(9), False), (day(-9), True))),
        Row(day(1), open=True, improved=True),
        Row(day(1), open=True),
    ]
    assert kpis.founded(rows, MARCH).value == pytest.approx(2 / 3)
    assert (kpis.cost(rows, MARCH).value, kpis.cost(rows, MARCH).n) == (75.0, 4)
    assert kpis.closed_loop(rows, MARCH).value == pytest.approx(5 / 6)
    assert kpis.upheld(rows, MARCH).value == 0.5


def test_median_and_ninth_tenth_in_working_days() -> None:
    days = [1.0, 2.0, 2.0, 3.0, 12.0]
    rows = [Row(day(1), clocks=(Stopped("resolve", day(9), True, used),)) for used in days]
    rows.append(Row(day(1), clocks=(Stopped("resolve", day(9), True),)))  # counted in minutes
    assert kpis.median_days(rows, MARCH).value == 2.0
    # position 0.9 · 4 = 3.6 between the 4th and the 5th: 3 + 0.6 · 9
    assert kpis.ninth_days(rows, MARCH).value == pytest.approx(8.4)
    assert kpis.median_days([], MARCH).value is None


def test_rows_come_from_the_register(new_case: Register, monday: datetime, house: House) -> None:
    case = walk(new_case(), house, "close")
    advance(case=case, name="reopen", actor=fresh("zhou"), facts=facts_for("reopen", house))
    new_case(contact_phone="138-0000-0000")
    now = clock.now()
    period = Period(now - timedelta(days=1), now + timedelta(days=1), now + timedelta(days=1))
    first, second = sorted(kpi_rows.rows_of(Case.objects.all(), period), key=lambda row: not row.closings)
    assert (len(first.closings), len(first.reopenings), first.open) == (1, 1, True)
    assert (first.cost, first.founded, first.calls[0].satisfied) == (1200.0, "founded", True)
    assert first.party == second.party == "13800000000"
    assert {stop.name for stop in first.clocks} >= {"acknowledge", "respond", "resolve", "call_back"}


def test_the_page_shows_each_figure_with_its_definition(
    new_case: Register, monday: datetime, house: House
) -> None:
    walk(new_case(), house, "close")
    page = browser_of(house.zhao, language="zh-hans").get("/cases/figures/").content.decode()
    for words in WORDS.values():
        assert words.name.zh in page
        assert words.meaning.zh in page
    assert "100.0%" in page
    assert "回答太少" in page or "不予显示" in page or "不显示" in page  # one answer is too few
    book = browser_of(house.zhao).get("/cases/figures/export.xlsx?first=2026-03-01&last=bad")
    assert book.content[:2] == b"PK"
