"""Saved analyses: kept, found again with present figures, put into reports, removed and brought back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from manyi.analytics.models import SavedAnalysis
from manyi.organisation.models import Event, Person, Unit
from manyi.organisation.roles import Role
from manyi.reports.actions import create_report
from manyi.reports.blocks import Table
from manyi.reports.document import filled
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def answered(open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    return fill(open_round(), east, west)


def fill(round: Round, east: Unit, west: Unit) -> Round:
    for n in range(12):
        answer(round, east, sheet(5 - n % 2, 5, 4, 5, 10))
        answer(round, west, sheet(1 + n % 3, 4, 4, 2, 6))
    return round


@pytest.fixture
def director(answered: Round, person_at: MakePerson) -> Person:
    return person_at(Role.QUALITY_DIRECTOR, answered.unit)


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def keep(client: Client, round: Round, **words: str) -> SavedAnalysis:
    asked = f"round={round.pk}&method=column_means&c-items=wait&c-column=unit"
    assert client.post(f"/insight/saved/keep/?{asked}", {"title": "等待时间", **words}).status_code == 302
    return SavedAnalysis.objects.get()


def open_later(round: Round) -> Round:
    """The next round of the same programme, still without answers."""
    later = Round.objects.get(pk=round.pk)
    later.pk, later.number, later.title = None, round.number + 1, "下一轮"
    later.save()
    return later


def test_it_opens_with_the_figures_of_the_newest_round(
    director: Person, answered: Round, east: Unit, west: Unit
) -> None:
    client = logged_in(director)
    row = keep(client, answered, newest="1")
    assert "等待时间" in client.get("/insight/saved/").content.decode()
    later = open_later(answered)
    assert f"round={answered.pk}&" in client.get(f"/insight/saved/{row.pk}/").headers["location"]
    fill(later, east, west)
    location = client.get(f"/insight/saved/{row.pk}/").headers["location"]
    assert f"round={later.pk}&" in location
    assert "城东店 (A)" in client.get(location, headers={"accept-language": "zh"}).content.decode()


def test_what_was_removed_comes_back(director: Person, answered: Round) -> None:
    client = logged_in(director)
    row = keep(client, answered)
    change = f"/insight/saved/{row.pk}/change/"
    back = client.post(change, {"act": "remove"}).headers["location"]
    assert f'href="/insight/saved/{row.pk}/"' not in client.get("/insight/saved/").content.decode()
    assert 'value="restore"' in client.get(back).content.decode()
    client.post(change, {"act": "restore"})
    assert f'href="/insight/saved/{row.pk}/"' in client.get("/insight/saved/").content.decode()
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["analysis.kept", "analysis.removed", "analysis.restored"]


def test_a_report_shows_it_once_it_is_marked(
    director: Person, answered: Round, person_at: MakePerson
) -> None:
    client = logged_in(director)
    row = keep(client, answered)
    manager = person_at(Role.SURVEY_MANAGER, answered.unit)
    report = create_report(actor=manager, round=answered, sections=["saved_analyses"])
    assert filled(report) == ()
    client.post(f"/insight/saved/{row.pk}/change/", {"title": "等候", "in_reports": "1"})
    (section,) = filled(report)
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    told = [cell.text.zh for cell in table.rows[0] if cell.text]
    assert told[:3] == ["wait", "维修等待时间", "12"]


def test_without_a_name_nothing_is_kept(director: Person, answered: Round) -> None:
    asked = f"round={answered.pk}&method=column_means&c-items=wait&c-column=unit"
    back = f"/insight/explore/?{asked}"
    sent = logged_in(director).post(f"/insight/saved/keep/?{asked}", {"title": " "}, HTTP_REFERER=back)
    assert "saved" not in sent.headers["location"]
    assert not SavedAnalysis.objects.exists()


def test_another_branch_does_not_find_it(
    director: Person, answered: Round, west: Unit, person_at: MakePerson
) -> None:
    row = keep(logged_in(director), answered)
    head = logged_in(person_at(Role.DEPARTMENT_HEAD, west))
    assert head.get(f"/insight/saved/{row.pk}/").status_code == 404
    assert head.post(f"/insight/saved/{row.pk}/change/", {"act": "remove"}).status_code == 404
