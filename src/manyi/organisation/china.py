"""China's working days: the office week, the State Council's holidays and working weekends. No Django."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable, Mapping

from manyi.kernel.labels import Label
from manyi.measures.workcalendar import Shift
from manyi.measures.workcalendar import WorkCalendar as Calendar

ZONE = "Asia/Shanghai"
OFFICIAL, PROVISIONAL, MISSING = "official", "provisional", "missing"
#: Monday to Friday, 9–12 and 13–18 o'clock, in minutes of the day.
OFFICE_WEEK: list[list[list[int]]] = [[[540, 720], [780, 1080]]] * 5 + [[], []]
#: The holidays as the installed data call them, and as people do.
HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def reason_label(reason: str) -> Label:
    """Why a date differs from the week, in both languages; what somebody typed stays as it is."""
    return Label(HOLIDAYS.get(reason, reason), reason)


def composed(
    zone: str, week: list[list[list[int]]], days: Mapping[dt.date, bool], years: Mapping[int, str]
) -> Calendar:
    """A calendar from plain data: shifts of the week in minutes, dates that differ, states of the years."""
    weekly = tuple(tuple(Shift(start, end) for start, end in shifts) for shifts in week)
    # A working weekend day (调休) is worked like the first working day of the week.
    usual = next((shifts for shifts in weekly if shifts), ())
    overrides = {day: (weekly[day.weekday()] or usual) if working else () for day, working in days.items()}
    return Calendar(zone, weekly, overrides, years)


def office_calendar(years: Iterable[int]) -> Calendar:
    """The office week with China's exceptions of these years, for use without a database."""
    days: dict[dt.date, bool] = {}
    states: dict[int, str] = {}
    for year in years:
        found = china_exceptions(year)
        states[year] = MISSING if found is None else OFFICIAL
        days |= {day: working for day, working, _ in found or []}
    return composed(ZONE, OFFICE_WEEK, days, states)


def china_exceptions(year: int) -> list[tuple[dt.date, bool, str]] | None:
    """The dates of a year on which China's working days differ from Monday–Friday: (date, working, reason).

    None when the State Council's arrangement for the year is not in the installed data
    (package chinesecalendar, MIT; it raises for such years).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chinese_calendar

    found: list[tuple[dt.date, bool, str]] = []
    day = dt.date(year, 1, 1)
    try:
        while day.year == year:
            working = bool(chinese_calendar.is_workday(day))
            if working != (day.weekday() < 5):
                _, name = chinese_calendar.get_holiday_detail(day)
                found.append((day, working, name or "调休"))
            day += dt.timedelta(days=1)
    except NotImplementedError:
        return None
    return found
