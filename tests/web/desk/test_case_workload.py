"""Who has how much to do, and the board on the wall."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client

from manyi.cases.actions import register
from manyi.cases.models import CallBack, Case
from manyi.cases.routing_actions import note_absence
from manyi.organisation import clock
from tests.cases.house import at, fresh, walk
from tests.personas import House, browser_of

WORKLOAD, BOARD = "/cases/figures/workload/", "/cases/board/"


def new(house: House, *, unit: Any = None, name: str = "王女士") -> Case:
    return register(
        actor=None, unit=unit or house.tree.east_service, kind="complaint", channel="phone",
        subject="空调不凉", body="要求修好", contact_name=name, contact_phone="13800000000",
    )  # fmt: skip


@pytest.fixture
def week(house: House) -> Iterator[House]:
    """王强 closed one case of Monday on Wednesday, has one that is late and one that is not; 冯磊 is
    away; one case of the east and one of the west wait to be assigned. It is Tuesday two weeks later."""
    with clock.at(at("2026-03-02T09:30")):
        done, late = new(house), new(house)
        walk(late, house, "start")
    with clock.at(at("2026-03-04T10:00")):
        walk(done, house, "close")
    with clock.at(at("2026-03-16T10:00")):
        walk(new(house), house, "start")
        new(house)
        new(house, unit=house.tree.west_service)
    with clock.at(at("2026-03-17T09:00")):
        away = fresh("second")
        note_absence(actor=away, person=away, from_on=date(2026, 3, 16), until_on=date(2026, 3, 18))
        yield house


def table(browser: Client, name: str = "people", query: str = "") -> dict[str, list[str]]:
    page = browser.get(f"{WORKLOAD}?{query}")
    panel = next(panel for panel in page.context["panels"] if panel.id == name)
    return {row[0].text.zh: [cell.text.zh for cell in row[1:]] for row in panel.rows}


def test_each_handler_with_what_is_theirs(week: House) -> None:
    rows = table(browser_of(week.zhao))
    assert rows["王强"] == ["2", "1", "0", "1", "2", "–"]
    assert rows["冯磊"] == ["0", "0", "0", "0", "–", "今天外出,至 03-18"]
    assert rows["没有承办人"][0] == "2"
    assert next(iter(rows)) == "王强"
    assert list(rows)[-1] == "没有承办人"
    assert "孙悦" not in rows


def test_numbers_lead_to_just_these_cases(week: House) -> None:
    zhao = browser_of(week.zhao)
    cells = 0
    for panel in zhao.get(WORKLOAD).context["panels"]:
        for row in panel.rows:
            for cell in row:
                if cell.href:
                    assert zhao.get(cell.href).context["page"].paginator.count == cell.number, cell
                    cells += 1
    assert cells >= 5


def test_what_was_closed_in_the_period_is_listed_by_the_days_of_closing(week: House) -> None:
    zhao, done = browser_of(week.zhao), Case.objects.get(state="closed")
    for name, whose in (("people", "王强"), ("units", "东城店")):
        panel = next(panel for panel in zhao.get(WORKLOAD).context["panels"] if panel.id == name)
        cell = next(row[4] for row in panel.rows if row[0].text.zh == whose)
        assert [row["pk"] for row in zhao.get(cell.href).context["rows"]] == [done.pk], name
    free = next(row for row in zhao.get(WORKLOAD).context["panels"][0].rows if row[0].text.zh == "冯磊")
    assert free[4].href == "", "nothing leads nowhere"


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("closed_first=2026-03-04", 1),
        ("closed_last=2026-03-04", 1),
        ("closed_first=2026-03-04&closed_last=2026-03-04&state=closed", 1),
        ("closed_first=2026-03-05", 0),
        ("closed_last=2026-03-03", 0),
        ("closed_first=yesterday", 5),
    ],
)
def test_days_of_closing_narrow_the_list_its_file_and_the_api(week: House, query: str, n: int) -> None:
    zhao = browser_of(week.zhao)
    assert zhao.get(f"/cases/?tab=all&{query}").context["page"].paginator.count == n
    book = openpyxl.load_workbook(io.BytesIO(zhao.get(f"/cases/export.xlsx?tab=all&{query}").content))
    assert book.worksheets[0].max_row == 1 + n
    if "yesterday" in query:
        assert sent_back(zhao, query)["error"]["field"] == "closed_first"
    else:
        assert zhao.get(f"/api/cases?{query}").json()["total"] == n


def sent_back(browser: Client, query: str) -> Any:
    answer = browser.get(f"/api/cases?{query}")
    assert answer.status_code == 422
    return answer.json()


def test_days_of_closing_are_kept_with_a_list(week: House) -> None:
    zhao = browser_of(week.zhao)
    asked = "tab=all&closed_first=2026-03-01&closed_last=2026-03-31"
    zhao.post(f"/cases/lists/keep/?{asked}", {"name": "三月办结"})
    page = zhao.get(f"/cases/?{asked}")
    assert [(row.name, here) for row, _address, here in page.context["lists"]] == [("三月办结", True)]
    assert 'name="closed_first" value="2026-03-01"' in page.content.decode()


def test_the_api_narrows_as_the_list_does(week: House) -> None:
    zhao = browser_of(week.zhao)
    totals = {
        query: zhao.get(f"/api/cases?{query}").json().get("total")
        for query in (
            "state=open", "unit=HC-E", "unit=HC-W", "kind=praise", "first=2026-03-16", "last=2026-03-02",
        )
    }  # fmt: skip
    assert list(totals.values()) == [4, 4, 1, 0, 3, 2], totals
    assert zhao.get("/api/cases?unit=nowhere").status_code == 404


def test_figures_of_closings_lead_to_what_was_closed(week: House) -> None:
    zhao = browser_of(week.zhao)
    figures = {
        name: (figure, address)
        for name, _words, figure, address in zhao.get("/cases/figures/").context["figures"]
    }
    for name in ("closed_in_time", "reopened", "founded", "cost"):
        figure, address = figures[name]
        assert (figure.n, zhao.get(address).context["page"].paginator.count) == (1, 1), name
    assert figures["overdue"][1] == ""


def test_what_is_due_in_three_working_days_is_said(week: House) -> None:
    """Received on Monday 03-16: the solution is due ten working days later, on 03-30."""
    with clock.at(at("2026-03-25T09:00")):
        assert table(browser_of(week.zhao))["王强"][1:3] == ["1", "1"]
    with clock.at(at("2026-03-24T09:00")):
        assert table(browser_of(week.zhao))["王强"][1:3] == ["1", "0"]


def test_waiting_does_not_count_as_working_time(week: House) -> None:
    done = Case.objects.get(state="closed")
    done.pauses.create(reason="customer", from_at=at("2026-03-03T00:00"), until_at=at("2026-03-04T00:00"))
    assert table(browser_of(week.zhao))["王强"][4] == "1"


def test_departments_stand_beside_each_other(week: House) -> None:
    rows = table(browser_of(week.zhao), "units")
    assert rows["东城店"][:4] == ["3", "1", "1", "1"]
    assert rows["西城店"][0] == "1"


def test_a_head_sees_their_people_and_a_handler_only_themselves(week: House) -> None:
    zhou = table(browser_of(week.zhou))
    assert zhou["没有承办人"][0] == "1", "the west is not theirs"
    wang = browser_of(week.wang).get(WORKLOAD)
    assert [panel.id for panel in wang.context["panels"]] == ["people"]
    assert list(table(browser_of(week.wang))) == ["王强"]
    for person in (week.sun, week.qian, week.wu):
        assert browser_of(person).get(WORKLOAD).status_code == 403
    tabs = browser_of(week.sun).get("/cases/figures/").context["figure_tabs"]
    assert "工作量" not in [str(label) for _path, label, _here in tabs]


def test_the_period_narrows_what_was_closed(week: House) -> None:
    assert table(browser_of(week.zhao), query="first=2026-03-05&last=2026-03-17")["王强"][3] == "0"
    sheet = browser_of(week.zhao).get(f"{WORKLOAD}?file=csv").content.decode("utf-8-sig")
    assert "王强,2,1,0,1,2.0" in sheet


def test_the_board_tells_figures_and_nothing_of_people(week: House) -> None:
    page = browser_of(week.zhao, language="zh-hans").get(BOARD)
    told = {name: page.context[name] for name in ("open", "late", "today", "to_call")}
    assert told == {"open": 4, "late": 1, "today": 2, "to_call": 0}
    (row,) = page.context["units"]
    assert (row.unit.zh, row.n) == ("东城店", 1)
    words = page.content.decode()
    for case in Case.objects.all():
        for personal in (case.contact_name, case.contact_phone, case.subject, case.demand, case.number):
            assert personal not in words
    assert "王强" not in words
    assert "样本" in words, "one call-back is below the privacy minimum"


def test_the_resolved_rate_is_of_the_calls_of_this_month(week: House) -> None:
    done = Case.objects.get(state="closed")
    for n in range(11):
        day = at("2026-02-27T10:00") if n == 0 else at("2026-03-10T10:00")
        told = {"outcome": "reached", "resolved": n != 4}
        CallBack.objects.create(case=done, cycle=n + 1, at=day, by=week.sun, **told)
    figure = browser_of(week.zhao).get(BOARD).context["resolved"]
    assert (figure.n, figure.value) == (11, pytest.approx(10 / 11))  # ten of these, and the one of Wednesday
    assert figure.low is not None


def test_the_board_of_a_unit_in_a_dark_room(week: House) -> None:
    page = browser_of(week.zhao).get(f"{BOARD}?unit={week.tree.west.pk}&room=dark")
    assert (page.context["open"], page.context["late"]) == (1, 0)
    assert 'data-bs-theme="dark"' in page.content.decode()
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache")


def test_a_board_that_hangs_there_stays_logged_in(week: House) -> None:
    browser = browser_of(week.zhao)
    browser.get(BOARD)
    before = browser.session.get_expiry_date()
    with clock.at(clock.now() + timedelta(days=1)):
        page = browser.get(BOARD)
    assert "sessionid" in page.cookies
    assert browser.session.get_expiry_date() >= before
