"""Working calendars: holidays and working weekends, inherited down the tree, honest about their years."""

from __future__ import annotations

import datetime as dt

import pytest

from manyi.measures.workcalendar import add_working_days, working_days
from manyi.organisation import calendar_actions, calendars
from manyi.organisation.errors import NotPermitted, Refused
from tests import personas
from tests.personas import House

DAY = dt.timedelta(days=1)


def test_china_has_248_working_days_in_2026(house: House) -> None:
    personas.china_calendar(house.tree.group, 2026)
    calendar = calendars.calendar_for(house.tree.east_service)
    assert working_days(calendar, dt.date(2025, 12, 31), dt.date(2026, 12, 31)) == 248


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2025-12-25", "2026-01-09"),
        ("2026-01-02", "2026-01-15"),
        ("2026-02-10", "2026-03-02"),
        ("2026-04-28", "2026-05-14"),
        ("2026-09-18", "2026-10-09"),
        ("2026-09-28", "2026-10-16"),
    ],
)
def test_ten_working_days_over_chinese_holidays(start: str, due: str, house: House) -> None:
    personas.china_calendar(house.tree.group, 2025, 2026)
    calendar = calendars.calendar_for(house.tree.east)
    assert add_working_days(calendar, dt.date.fromisoformat(start), 10).isoformat() == due


def test_a_working_weekend_is_worked_like_a_weekday(house: House) -> None:
    calendar = calendars.pure(personas.china_calendar(house.tree.group, 2026))
    assert calendar.shifts(dt.date(2026, 2, 14)) == calendar.weekly[0]  # a Saturday before the festival
    assert calendar.shifts(dt.date(2026, 2, 17)) == ()  # the festival itself, a Tuesday


def test_the_nearest_calendar_above_holds(house: House) -> None:
    tree = house.tree
    personas.china_calendar(tree.group, 2026)
    six_days = [[[540, 1020]]] * 6 + [[]]
    calendar_actions.create_calendar(actor=house.chen, unit=tree.east, name="六天", weekly=six_days)
    saturday = dt.date(2026, 3, 7)
    assert calendars.calendar_for(tree.east_service).is_working(saturday)
    assert not calendars.calendar_for(tree.west_service).is_working(saturday)


def test_without_any_calendar_office_hours_hold_and_every_year_is_missing(house: House) -> None:
    calendar = calendars.calendar_for(house.tree.west)
    assert calendar.is_working(dt.date(2026, 3, 2))
    assert not calendar.is_working(dt.date(2026, 3, 7))
    assert calendars.years_without_data(house.tree.west, range(2025, 2028)) == [2025, 2026, 2027]


def test_a_year_without_official_data_is_provisional_and_warned_of(house: House) -> None:
    stored = personas.china_calendar(house.tree.group, 2026)
    row = calendar_actions.load_china_year(actor=house.chen, calendar=stored, year=2099)
    assert (row.status, row.source) == ("provisional", "")
    assert not stored.days.filter(date__year=2099).exists()
    assert calendars.years_without_data(house.tree.east, range(2026, 2028)) == [2027]
    assert 2099 in calendars.years_without_data(house.tree.east, range(2099, 2100))
    assert calendars.last_official_year() == 2026


def test_loading_a_year_again_changes_nothing(house: House) -> None:
    stored = personas.china_calendar(house.tree.group, 2026)
    days = set(stored.days.values_list("date", "working"))
    calendar_actions.load_china_year(actor=house.chen, calendar=stored, year=2026)
    assert set(stored.days.values_list("date", "working")) == days
    assert stored.years.count() == 1


def test_one_day_is_set_and_taken_back(house: House) -> None:
    stored = personas.china_calendar(house.tree.group, 2026)
    anniversary = dt.date(2026, 6, 8)
    calendar_actions.set_day(
        actor=house.chen, calendar=stored, date=anniversary, working=False, reason="店庆"
    )
    assert not calendars.pure(stored).is_working(anniversary)
    calendar_actions.set_day(actor=house.chen, calendar=stored, date=anniversary, working=None)
    assert calendars.pure(stored).is_working(anniversary)


@pytest.mark.parametrize(
    "week",
    [[], [[]] * 7, [[[600, 540]]] * 7, [[[0, 1500]]] * 7, [[["nine", "five"]]] * 7, [[[540, 720]]] * 6],
)
def test_a_week_that_cannot_be_is_refused(week: list[list[list[int]]], house: House) -> None:
    with pytest.raises(Refused) as refused:
        calendar_actions.create_calendar(actor=house.chen, unit=house.tree.east, name="错", weekly=week)
    assert refused.value.field == "weekly"


def test_shifts_of_a_day_must_not_overlap(house: House) -> None:
    week = [[[540, 720], [700, 1080]], [], [], [], [], [], []]
    with pytest.raises(Refused) as refused:
        calendar_actions.create_calendar(actor=house.chen, unit=house.tree.east, name="错", weekly=week)
    assert refused.value.field == "weekly"


def test_only_who_may_change_settings_there_changes_a_calendar(house: House) -> None:
    with pytest.raises(NotPermitted):
        calendar_actions.create_calendar(actor=house.li, unit=house.tree.east, name="我的")
