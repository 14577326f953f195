"""Deadlines in working time: Chinese golden dates, shifts, pauses, and the one invariant."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from manyi.measures.worktime import (
    UNITS,
    CalendarError,
    NoWorkingTime,
    Pause,
    Shift,
    Target,
    Unit,
    WorkCalendar,
    add_working_days,
    due,
    used,
    working_day_number,
    working_days,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = (Shift(9 * 60, 12 * 60), Shift(13 * 60, 18 * 60))
WEEK = (OFFICE,) * 5 + ((),) * 2


def chinese_years(*years: int) -> dict[date, tuple[Shift, ...]]:
    """China's holidays and working weekends as overrides of a Monday-to-Friday week."""
    found: dict[date, tuple[Shift, ...]] = {}
    for year in years:
        for number in range(366):
            day = date(year, 1, 1) + timedelta(days=number)
            if day.year == year and chinese_calendar.is_workday(day) != (day.weekday() < 5):
                found[day] = OFFICE if chinese_calendar.is_workday(day) else ()
    return found


CHINA = WorkCalendar("Asia/Shanghai", WEEK, chinese_years(2025, 2026), {2025: "official", 2026: "official"})
PLAIN = WorkCalendar("Asia/Shanghai", WEEK, years={2026: "official"})


def at(text: str) -> datetime:
    """A moment on the clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("received", "answer_by"),
    [
        ("2025-12-25", "2026-01-09"),
        ("2026-01-02", "2026-01-15"),
        ("2026-02-10", "2026-03-02"),
        ("2026-04-28", "2026-05-14"),
        ("2026-09-18", "2026-10-09"),
        ("2026-09-28", "2026-10-16"),
    ],
)
def test_ten_working_days_over_chinese_holidays_and_working_weekends(received: str, answer_by: str) -> None:
    start, end = date.fromisoformat(received), date.fromisoformat(answer_by)
    assert add_working_days(CHINA, start, 10) == end
    assert working_days(CHINA, start, end) == 10
    clock = due(CHINA, at(f"{received}T10:30"), Target(10, "working_days"))
    assert clock.at == at(f"{answer_by}T18:00")
    assert not clock.provisional


def test_china_has_248_working_days_in_2026() -> None:
    assert working_days(CHINA, date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_a_working_saturday_works_and_a_holiday_monday_does_not() -> None:
    assert CHINA.is_working(date(2026, 2, 14))
    assert not CHINA.is_working(date(2026, 2, 16))


def test_a_complaint_on_a_rest_day_counts_from_the_next_opening() -> None:
    clock = due(PLAIN, at("2026-03-07T22:00"), Target(30, "minutes"))
    assert clock.at == at("2026-03-09T09:30")


def test_lunch_is_not_working_time() -> None:
    assert due(PLAIN, at("2026-03-09T11:30"), Target(60, "minutes")).at == at("2026-03-09T13:30")
    assert used(PLAIN, at("2026-03-09T11:30"), at("2026-03-09T13:30"), "minutes") == 60


def test_a_warning_an_hour_before_walks_back_in_working_time() -> None:
    start = at("2026-03-09T17:00")
    assert due(PLAIN, start, Target(120, "minutes")).at == at("2026-03-10T10:00")
    assert due(PLAIN, start, Target(60, "minutes")).at == at("2026-03-09T18:00")


def test_a_day_round_shift_has_1440_minutes_and_loses_none_at_midnight() -> None:
    always = WorkCalendar("Asia/Shanghai", ((Shift(0, 1440),),) * 7)
    start = at("2026-03-09T12:00")
    assert used(always, start, start + timedelta(days=3), "minutes") == 3 * 1440
    assert due(always, start, Target(1440, "minutes")).at == start + timedelta(days=1)


def test_a_deadline_in_days_stays_inside_its_day() -> None:
    always = WorkCalendar("Asia/Shanghai", ((Shift(0, 1440),),) * 7)
    clock = due(always, at("2026-03-09T12:00"), Target(2, "working_days"))
    assert clock.at is not None
    assert clock.at.astimezone(SHANGHAI).date() == date(2026, 3, 11)
    assert clock.at + timedelta(microseconds=1) == at("2026-03-12T00:00")


def test_calendar_days_count_weekends() -> None:
    clock = due(PLAIN, at("2026-03-06T12:00"), Target(15, "calendar_days"))
    assert clock.at == at("2026-03-21T23:59:59.999999")


def test_the_start_day_is_day_nought_and_the_deadline_day_is_the_last() -> None:
    start = at("2026-03-06T08:00")
    assert working_day_number(PLAIN, start, at("2026-03-06T17:00")) == 0
    assert working_day_number(PLAIN, start, at("2026-03-08T17:00")) == 0
    assert working_day_number(PLAIN, start, at("2026-03-16T08:00")) == 6


@pytest.mark.parametrize("unit", ["minutes", "working_days"])
def test_a_pause_outside_working_time_adds_nothing(unit: Unit) -> None:
    night = Pause(at("2026-03-09T18:00"), at("2026-03-10T09:00"))
    target, start = Target(3, unit), at("2026-03-09T10:00")
    assert due(PLAIN, start, target, [night]) == due(PLAIN, start, target)


def test_overlapping_pauses_are_not_counted_twice() -> None:
    pauses = [
        Pause(at("2026-03-09T10:00"), at("2026-03-09T11:00")),
        Pause(at("2026-03-09T10:30"), at("2026-03-09T11:30")),
    ]
    clock = due(PLAIN, at("2026-03-09T09:30"), Target(60, "minutes"), pauses)
    assert clock.at == at("2026-03-09T12:00")


def test_a_pause_inside_a_longer_one_changes_nothing() -> None:
    longer = Pause(at("2026-03-09T10:00"), at("2026-03-09T17:00"))
    inner = Pause(at("2026-03-09T11:00"), at("2026-03-09T11:10"))
    start, end = at("2026-03-09T09:00"), at("2026-03-09T18:00")
    for pauses in ([longer], [inner, longer]):
        assert used(PLAIN, start, end, "minutes", pauses) == 120
        assert used(PLAIN, at("2026-03-09T11:30"), end, "minutes", pauses) == 60
    endless = Pause(at("2026-03-09T10:00"))
    assert due(PLAIN, start, Target(90, "minutes"), [endless, inner]).at is None


def test_a_working_day_is_left_out_only_when_it_is_wholly_paused() -> None:
    start, target = at("2026-03-09T10:00"), Target(3, "working_days")
    part = Pause(at("2026-03-10T10:00"), at("2026-03-11T10:00"))
    assert due(PLAIN, start, target, [part]).at == at("2026-03-12T18:00")
    whole = Pause(at("2026-03-10T09:00"), at("2026-03-10T12:00"))
    rest = Pause(at("2026-03-10T13:00"), at("2026-03-10T18:00"))
    assert due(PLAIN, start, target, [whole, rest]).at == at("2026-03-13T18:00")


@pytest.mark.parametrize("unit", ["minutes", "working_days", "calendar_days"])
def test_a_pause_without_end_leaves_no_deadline_unless_it_came_first(unit: Unit) -> None:
    start = at("2026-03-09T10:00")
    stopped = [Pause(at("2026-03-09T11:00"))]
    assert due(PLAIN, start, Target(90, unit), stopped).at is None
    assert used(PLAIN, start, at("2026-04-09T11:00"), unit, stopped) == (60 if unit == "minutes" else 0)
    late = [Pause(at("2026-09-09T11:00"))]
    assert due(PLAIN, start, Target(1, unit), late) == due(PLAIN, start, Target(1, unit))


def test_a_calendar_without_working_time_says_so_in_both_languages() -> None:
    empty = WorkCalendar("Asia/Shanghai", ((),) * 7, {date(2026, 3, 10): OFFICE})
    start = at("2026-03-09T10:00")
    assert due(empty, start, Target(1, "working_days")).at == at("2026-03-10T18:00")
    for unit in ("minutes", "working_days"):
        with pytest.raises(NoWorkingTime) as caught:
            due(empty, start, Target(2000, unit))
        assert "工作时间" in caught.value.message.zh
        assert "no working time" in caught.value.message.en
    with pytest.raises(NoWorkingTime):
        add_working_days(empty, date(2026, 3, 10), 1)


def test_a_deadline_that_reaches_a_year_without_data_is_provisional() -> None:
    clock = due(CHINA, at("2026-12-24T10:00"), Target(10, "working_days"))
    assert (clock.provisional, clock.years_missing) == (True, (2027,))
    assert clock.at == at("2027-01-07T18:00")
    half = WorkCalendar("Asia/Shanghai", WEEK, years={2026: "official", 2027: "provisional"})
    clock = due(half, at("2026-12-24T10:00"), Target(10, "working_days"))
    assert (clock.provisional, clock.years_missing) == (True, ())


def test_shifts_follow_the_clock_change_of_the_zone() -> None:
    night = WorkCalendar("Europe/Berlin", ((Shift(0, 360),),) * 7)
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = datetime(2026, 3, 29, tzinfo=berlin), datetime(2026, 10, 25, tzinfo=berlin)
    for midnight, minutes in ((spring, 300), (autumn, 420)):
        noon = midnight.replace(hour=12)
        assert used(night, midnight, noon, "minutes") == minutes


def test_shifts_around_a_skipped_hour_are_not_counted_twice() -> None:
    shifts = (Shift(120, 150), Shift(150, 180), Shift(180, 240))
    night = WorkCalendar("Europe/Berlin", (shifts,) * 7)
    spring = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin"))
    assert used(night, spring, spring.replace(hour=12), "minutes") == 60


@pytest.mark.parametrize(
    "build",
    [
        lambda: Shift(600, 600),
        lambda: Shift(-1, 60),
        lambda: Shift(0, 1441),
        lambda: WorkCalendar("Asia/Shanghai", (OFFICE,) * 6),
        lambda: WorkCalendar("Asia/Shanghai", ((Shift(60, 120), Shift(90, 180)),) * 7),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(build: type) -> None:
    with pytest.raises(CalendarError):
        build()


@st.composite
def shift_lists(draw: st.DrawFn) -> tuple[Shift, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(Shift(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    overrides: Mapping[date, tuple[Shift, ...]] = draw(
        st.dictionaries(st.dates(date(2026, 3, 1), date(2026, 5, 1)), shift_lists(), max_size=12)
    )
    zone = draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]))
    return WorkCalendar(zone, draw(st.tuples(*[shift_lists()] * 7)), overrides)


MOMENTS = st.integers(0, 45 * 24 * 3600 * 1000).map(
    lambda milliseconds: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
)


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    starts = draw(st.lists(st.tuples(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9))), max_size=5))
    return [Pause(start, start + length) for start, length in starts]


@settings(max_examples=300, deadline=None)
@given(
    calendars(), MOMENTS, st.sampled_from(["minutes", "working_days", "calendar_days"]), pauses(), st.data()
)
def test_time_used_at_the_deadline_is_the_target(
    calendar: WorkCalendar, start: datetime, unit: Unit, still: list[Pause], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, 4000 if unit == "minutes" else 40))
    try:
        clock = due(calendar, start, Target(amount, unit), still)
    except NoWorkingTime:
        assume(False)
    assert clock.at is not None
    assert clock.at >= start
    assert used(calendar, start, clock.at, unit, still) == amount


@settings(max_examples=100, deadline=None)
@given(calendars(), MOMENTS, st.lists(MOMENTS, min_size=2, max_size=2), pauses())
def test_time_used_never_runs_backwards_and_pauses_only_lessen_it(
    calendar: WorkCalendar, start: datetime, ends: list[datetime], still: list[Pause]
) -> None:
    early, late = sorted(ends)
    for unit in ("minutes", "working_days", "calendar_days"):
        before, after = (used(calendar, start, end, unit, still) for end in (early, late))
        assert 0 <= before <= after <= used(calendar, start, late, unit)


@settings(max_examples=100, deadline=None)
@given(calendars(), st.lists(MOMENTS, min_size=2, max_size=6), st.sampled_from(UNITS), pauses())
def test_a_calendar_that_was_asked_before_gives_the_same_deadlines(
    calendar: WorkCalendar, starts: list[datetime], unit: Unit, still: list[Pause]
) -> None:
    """Its memory of deadlines mixes up neither dates nor amounts nor units, nor paused clocks."""
    cases: list[tuple[int, list[Pause]]] = [(3, []), (3, still), (5, []), (3, [])]
    for amount, pauses_of_it in cases:
        for start in (*starts, *starts):
            new = WorkCalendar(calendar.zone, calendar.weekly, calendar.overrides, calendar.years)
            try:
                wanted = due(new, start, Target(amount, unit), pauses_of_it)
            except NoWorkingTime:
                with pytest.raises(NoWorkingTime):
                    due(calendar, start, Target(amount, unit), pauses_of_it)
            else:
                assert due(calendar, start, Target(amount, unit), pauses_of_it) == wanted


def test_ten_thousand_clocks_are_computed_in_a_moment() -> None:
    starts = [at("2026-01-05T09:00") + timedelta(minutes=37 * number) for number in range(10_000)]
    began = time.process_time()
    for start in starts:
        due(CHINA, start, Target(10, "working_days"))
    assert time.process_time() - began < 2.0
