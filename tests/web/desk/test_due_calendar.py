"""The calendar of due dates: what stands on which day, for whom, and what is said of days off."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from manyi.cases.actions import advance
from manyi.improvement.due_dates import Asked, due_dates, late_before
from manyi.organisation import calendar_actions, clock
from manyi.organisation.actions import set_setting
from manyi.organisation.models import WorkCalendar
from tests.cases.house import at, facts_for, fresh
from tests.personas import House, browser_of
from tests.web.desk.due import action_of, case_at, task_for

pytestmark = pytest.mark.usefixtures("monday")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def due_of(username: str, scope: str = "mine", **more: object) -> list[tuple[str, str, str]]:
    """Kind, what is due, and the date, in order."""
    asked = Asked(SHANGHAI, scope, **more)  # type: ignore[arg-type]
    found = due_dates(fresh(username), asked, most=100)
    return [(due.kind, due.words.zh, due.day(SHANGHAI).isoformat()) for due in found]


def shown(username: str, address: str, language: str = "zh-hans") -> str:
    response = browser_of(fresh(username), language=language).get(address)
    assert response.status_code == 200, response
    return re.sub(r"\s+", " ", response.content.decode())


def test_each_kind_stands_where_its_person_looks(house: House) -> None:
    case = case_at(house, "start")
    task_for(house, case)
    action_of(house, "zhou", date(2026, 3, 12))
    called = case_at(house, "hand_over", "座椅异响")
    assert due_of("wang") == [("task", "协办", "2026-03-04"), ("case", "答复", "2026-03-16")]
    assert due_of("sun") == [("call", "回访", called.due_at.astimezone(SHANGHAI).date().isoformat())]  # type: ignore[union-attr]
    assert due_of("zhou") == [("action", "整改措施", "2026-03-12")]
    everything = [kind for kind, _words, _day in due_of("zhao", "unit")]
    assert sorted(everything) == ["action", "call", "case", "task"]
    assert due_of("zheng", "unit") == [], "the other store sees nothing of it"
    assert due_of("zheng", "department") == []


def test_a_side_task_is_of_the_department_that_is_asked(house: House) -> None:
    task_for(house, case_at(house, "start"))
    assert ("task", "协办", "2026-03-04") in due_of("wang"), "he handles cases of the whole store"
    assert due_of("zhou", "department", kind="task") == [], "the workshop was not asked"


def test_an_agreed_call_stands_at_its_hour(house: House) -> None:
    case = case_at(house, "hand_over")
    agreed = at("2026-03-05T15:30")
    facts = facts_for("call", house, outcome="later", again_at=agreed, resolved=None, satisfied=None)
    advance(case=case, name="call", actor=fresh("sun"), facts=facts)
    assert due_of("sun") == [("call", "约定回访", "2026-03-05")]
    assert due_of("sun", first=date(2026, 3, 5), last=date(2026, 3, 5)) == [
        ("call", "约定回访", "2026-03-05")
    ]
    assert due_of("sun", first=date(2026, 3, 6), last=date(2026, 3, 9)) == []
    assert "15:30" in shown("sun", "/cases/calendar/?span=week&at=2026-03-02")


def test_the_day_is_the_one_of_the_organisation(house: House) -> None:
    """18:00 in Shanghai on the 16th is still the 16th in London, and late on the 15th nowhere."""
    case_at(house, "start")
    set_setting(actor=None, key="organisation.time_zone", value="Pacific/Kiritimati")
    page = shown("wang", "/cases/calendar/?span=day&at=2026-03-17")
    assert "00:00" in page
    assert "Pacific/Kiritimati" in page


def test_what_is_late_is_said_in_words_and_what_came_before_is_counted(house: House) -> None:
    case = case_at(house, "start")
    with clock.at(at("2026-03-17T09:00")):
        page = shown("wang", "/cases/calendar/?at=2026-03-17")
        assert "1 项超期" in page
        assert f"{case.number}" in page
        later = shown("wang", "/cases/calendar/?at=2026-05-01", "en")
        assert "1 case is overdue from before this page." in later
        assert "tab=mine" in later
        asked = Asked(SHANGHAI, "mine", first=date(2026, 3, 16), last=date(2026, 3, 20))
        assert late_before(fresh("wang"), asked) == 0, "the page itself shows it"
    assert late_before(fresh("wang"), Asked(SHANGHAI, first=date(2027, 1, 1))) == 0, "it is not late today"


def test_days_off_and_worked_weekends_are_marked_with_their_reason(house: House) -> None:
    page = shown("wang", "/cases/calendar/?at=2026-09-15")
    worked = re.search(r'<td class="[^"]*">(?:(?!</td>).)*2026-09-20(?:(?!</td>).)*</td>', page)
    assert worked is not None
    assert "班" in worked.group(), "the Sunday before the National Day is worked"
    assert "国庆节" in worked.group()
    assert "National Day" in shown("wang", "/cases/calendar/?at=2026-09-15", "en")
    assert "rests" not in worked.group().split(">")[0]
    free = re.search(r'<td class="([^"]*)">(?:(?!</td>).)*2026-09-25(?:(?!</td>).)*</td>', page)
    assert free is not None
    assert "rests" in free.group(1)
    assert "休" in free.group()


def test_a_year_without_holidays_says_so(house: House) -> None:
    assert "2027 年还没有放假安排" in shown("wang", "/cases/calendar/?at=2027-03-01")
    calendar = WorkCalendar.objects.get()
    calendar_actions.load_china_year(actor=None, calendar=calendar, year=2027)
    assert "暂定" in shown("wang", "/cases/calendar/?at=2027-03-01")
    assert "放假安排" not in shown("wang", "/cases/calendar/?at=2026-03-01")


def test_the_table_has_a_caption_heads_and_a_link_for_each_day(house: House) -> None:
    case_at(house, "start")
    page = shown("wang", "/cases/calendar/?at=2026-03-02", "en")
    assert "<caption" in page
    assert page.count('scope="col"') == 7
    assert "span=day&amp;at=2026-03-16" in page
    assert 'aria-current="date"' in page
    day = shown("wang", "/cases/calendar/?span=day&at=2026-03-16", "en")
    assert "tab=mine&amp;due=2026-03-16" in day


def test_the_list_of_cases_can_be_narrowed_to_a_due_date(house: House) -> None:
    case = case_at(house, "start")
    day = case.due_at.astimezone(SHANGHAI).date()  # type: ignore[union-attr]
    assert case.number in shown("wang", f"/cases/?tab=mine&due={day}")
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        assert case.number not in shown("wang", f"/cases/?tab=mine&due={other}")
    for broken in ("9999-12-31", "0001-01-01", "soon"):
        assert case.number in shown("wang", f"/cases/?tab=mine&due={broken}")


@pytest.mark.parametrize(
    "query", ["at=9999-12-31", "at=0001-01-01", "span=year&unit=x&kind=y&scope=z", "unit=9"]
)
def test_an_address_that_makes_no_sense_shows_this_month(house: House, query: str) -> None:
    assert "2026 年 3 月" in shown("wang", f"/cases/calendar/?{query}")


def test_the_pages_before_and_after_follow_each_other(house: House) -> None:
    page = shown("wang", "/cases/calendar/?at=2026-01-31")
    assert "at=2025-12-31" in page
    assert "at=2026-02-01" in page


def test_the_first_moment_of_a_day_belongs_to_it(house: House, monday: datetime) -> None:
    asked = Asked(SHANGHAI, first=date(2026, 3, 5), last=date(2026, 3, 5))
    assert asked.holds(at("2026-03-05T00:00"))
    assert not asked.holds(at("2026-03-06T00:00"))
