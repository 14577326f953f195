"""What the rows of a list of cases say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from manyi.cases import queries
from manyi.cases.actions import register
from manyi.cases.models import Case, Category
from manyi.organisation import clock
from manyi.web.desk.case_lines import lines
from tests.personas import House, browser_of


@pytest.fixture
def case(house: House, monday: datetime) -> Iterator[Case]:
    """A grave matter of many words, late since yesterday."""
    made = register(
        actor=house.wu, unit=house.tree.east_service, kind="complaint", channel="phone",
        subject="很" * 80, body="不凉",
    )  # fmt: skip
    changes = {"severity": "grave", "due_at": monday - timedelta(days=1), "due_clock": "resolve"}
    Case.objects.filter(pk=made.pk).update(**changes)
    with translation.override("zh-hans"):
        yield made


def row() -> dict[str, Any]:
    return lines(list(queries.listed(Case.objects.all())), clock.now())[0]


def test_a_row_says_what_presses(case: Case, house: House) -> None:
    said = row()
    assert (said["flag"], said["pressing"], said["clock"], said["badge"]) == ("重大", "late", "答复", "")
    assert said["subject"] == "很" * 59 + "…"
    assert (said["owner"], said["category"]) == ("–", "")
    assert said["address"] == f"/cases/{case.pk}/"
    page = browser_of(house.zhao, language="zh-hans").get("/cases/?tab=all").content.decode()
    assert f'<tr data-href="/cases/{case.pk}/">' in page
    assert '<span class="visually-hidden">重大</span>' in page


def test_what_waits_or_is_due_today_or_has_ended_looks_different(case: Case, monday: datetime) -> None:
    Case.objects.update(due_at=monday + timedelta(hours=2), severity="low")
    assert (row()["pressing"], row()["flag"]) == ("soon", "")
    Case.objects.update(due_at=monday + timedelta(days=2), state="waiting")
    assert (row()["pressing"], row()["badge"]) == ("", "badge-warn")
    Case.objects.update(due_at=None, due_clock="", state="closed")
    assert (row()["due"], row()["clock"], row()["badge"]) == ("", "", "badge-ok")


def test_a_row_speaks_the_language_of_the_page(case: Case, house: House) -> None:
    category = Category.objects.get(code="service.quality")
    Case.objects.update(category=category, owner=house.wang)
    house.wang.display_name = ""
    house.wang.save()
    assert (row()["category"], row()["owner"]) == (category.name, house.wang.username)
    with translation.override("en"):
        said = row()
    assert (said["kind"], said["flag"], said["category"]) == ("Complaint", "Grave", category.name_en)
    assert said["unit"] == (case.unit.name_en or case.unit.name)


def test_words_of_people_stay_words(case: Case, house: House) -> None:
    Case.objects.update(subject="<b>急</b>")
    page = browser_of(house.zhao).get("/cases/?tab=all&q=<i>").content.decode()
    assert "<b>急" not in page
    page = browser_of(house.zhao).get("/cases/?tab=all").content.decode()
    assert "&lt;b&gt;急&lt;/b&gt;" in page
