"""A year of a calendar from files, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from manyi.organisation import year_files
from manyi.organisation.calendar_actions import take_year
from manyi.organisation.errors import Refused
from manyi.organisation.models import WorkCalendar
from manyi.organisation.roles import Role
from tests import personas
from tests.personas import House

DAYS = [(date(2027, 1, 1), False, "元旦"), (date(2027, 2, 6), True, "春节调休;" + "长" * 60)]


def test_what_is_written_is_read_again() -> None:
    text = year_files.written("公司, 日历", DAYS, datetime(2026, 11, 30, tzinfo=UTC))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = year_files.from_ical(text)
    assert [(day.date, day.working) for day in found] == [(day, working) for day, working, _ in DAYS]
    assert found[0].words == "元旦(休)"


def test_a_table_names_date_and_whether_it_is_worked(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("日期,类型,说明\n2027-01-01,放假,元旦\n2027/2/6,上班,调休\n2027-05-04,,青年节\n", "utf-8")
    found = year_files.read(file, file.name)
    assert [(day.date.isoformat(), day.working, day.words) for day in found] == [
        ("2027-01-01", False, "元旦"),
        ("2027-02-06", True, "调休"),
        ("2027-05-04", None, "青年节"),
    ]


@pytest.mark.parametrize("text", ["日期\n昨天\n", "名称\n元旦\n", "日期\n"])
def test_a_table_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(Refused):
        year_files.read(file, file.name)


def test_a_reviewed_year_replaces_what_was_there(house: House) -> None:
    calendar = personas.china_calendar(house.tree.group, 2026)
    admin = personas.staff("admin", "管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group)
    for days, source in ((DAYS[:1], " "), ([(date(2028, 1, 1), False, "")], "通知"), (DAYS[:1] * 2, "通知")):
        with pytest.raises(Refused):
            take_year(actor=admin, calendar=calendar, year=2027, days=days, source=source, official=True)
    row = take_year(actor=admin, calendar=calendar, year=2027, days=DAYS, source="公司通知", official=False)
    assert (row.status, row.source) == ("provisional", "公司通知")
    stored = WorkCalendar.objects.get(pk=calendar.pk)
    assert stored.days.filter(date__year=2027).count() == 2
    assert stored.days.filter(date__year=2026).exists()
