"""When somebody is called next: never too soon, never too often, never outside the hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.distribution.calling import (
    PARTS,
    Hours,
    Plan,
    Standing,
    agreeable,
    follow,
    masked,
    part_of,
    reachable,
)
from manyi.distribution.dispositions import CHOSEN, DISPOSITIONS, Disposition, counted
from manyi.measures.workcalendar import Shift, WorkCalendar

OFFICE = (Shift(9 * 60, 12 * 60), Shift(13 * 60, 18 * 60))
WEEK = WorkCalendar("Asia/Shanghai", (OFFICE,) * 5 + ((), ()))
#: A Monday, 10:00 in Shanghai.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
hours = st.builds(
    Hours,
    st.just(WEEK),
    st.sampled_from(["calendar", "workdays", "daily"]),
    st.integers(0, 12),
    st.integers(13, 24),
)
plans = st.builds(
    Plan,
    most_tries=st.integers(1, 8),
    most_unanswered=st.integers(1, 8),
    pause=st.integers(1, 72).map(lambda n: timedelta(hours=n)),
    short_pause=st.integers(5, 240).map(lambda n: timedelta(minutes=n)),
)
standings = st.builds(
    Standing,
    tries=st.integers(1, 9),
    unanswered=st.integers(0, 9),
    parts=st.frozensets(st.sampled_from(sorted(PARTS))),
    best_part=st.sampled_from(["", *PARTS]),
)
results = st.sampled_from(sorted(DISPOSITIONS)).map(DISPOSITIONS.__getitem__)


@given(results, standings, plans, instants, hours)
def test_the_next_call_keeps_pause_tries_and_hours(
    result: Disposition, standing: Standing, plan: Plan, now: datetime, hours: Hours
) -> None:
    found = follow(result, standing, plan, now, hours)
    if standing.tries >= plan.most_tries or standing.unanswered >= plan.most_unanswered:
        assert found.done
    if found.done:
        assert found.not_before is None
        return
    assert found.not_before is not None
    pause = plan.short_pause if result.then == "soon" else plan.pause
    assert found.not_before >= now + pause
    assert hours.opening(found.not_before) == found.not_before


@given(instants, hours)
def test_the_opening_is_the_first_permitted_instant(now: datetime, hours: Hours) -> None:
    opening = hours.opening(now)
    assert opening is not None
    assert opening >= now
    assert hours.opening(opening) == opening
    between = now + (opening - now) / 2
    assert hours.opening(between) == opening


def test_who_was_not_reached_in_the_morning_is_called_in_another_part_of_the_day() -> None:
    desk = Hours(WEEK, "workdays", 9, 20)
    after = follow(DISPOSITIONS["no_answer"], Standing(1, 1, frozenset({"morning"})), Plan(), MONDAY, desk)
    assert after.not_before is not None
    assert part_of(after.not_before, desk.zone) == "afternoon"
    both = Standing(2, 2, frozenset({"morning", "afternoon"}))
    assert follow(DISPOSITIONS["no_answer"], both, Plan(), MONDAY, desk).not_before == datetime(
        2026, 3, 2, 9, 0, tzinfo=UTC
    )


def test_the_part_of_the_day_that_suits_goes_before() -> None:
    desk = Hours(WEEK, "workdays", 9, 20)
    standing = Standing(1, 0, frozenset(), best_part="morning")
    found = follow(DISPOSITIONS["not_there"], standing, Plan(), MONDAY, desk)
    assert found.not_before == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    office = Hours(WEEK, "calendar")
    assert reachable("morning", MONDAY, office)
    assert reachable("evening", MONDAY, office)
    assert not reachable("evening", MONDAY, Hours(WEEK, "workdays", 9, 17))


def test_a_busy_line_is_tried_again_soon_and_a_refusal_never() -> None:
    desk = Hours(WEEK)
    busy = follow(DISPOSITIONS["busy"], Standing(1, 1), Plan(), MONDAY, desk)
    assert busy.not_before == MONDAY + timedelta(minutes=20)
    assert follow(DISPOSITIONS["refusal"], Standing(1, 0), Plan(), MONDAY, desk).done


def test_an_agreed_time_lies_ahead_and_within_the_hours() -> None:
    desk = Hours(WEEK)
    saturday = MONDAY + timedelta(days=5)
    assert agreeable(MONDAY + timedelta(hours=3), MONDAY, desk)
    assert not agreeable(MONDAY - timedelta(hours=1), MONDAY, desk)
    assert not agreeable(saturday, MONDAY, desk)
    at = MONDAY + timedelta(days=1)
    found = follow(DISPOSITIONS["call_back"], Standing(1, 0), Plan(), MONDAY, desk, at)
    assert (found.not_before, found.agreed, found.done) == (at, True, False)


def test_every_result_has_words_and_a_code_and_is_counted_once() -> None:
    assert len({row.id for row in CHOSEN}) == len(CHOSEN) == len(DISPOSITIONS) - 2
    for row in DISPOSITIONS.values():
        assert row.label.zh
        assert row.label.en
        assert row.code[0] in "1234"
    assert counted([*DISPOSITIONS, "", "lapsed"]).asked == len(DISPOSITIONS)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800000000", "138****0000"), ("+8613800000000", "+86*******0000"), ("12345", "*****")],
)
def test_a_masked_number_shows_its_ends_only(number: str, shown: str) -> None:
    assert masked(number) == shown
