"""Explore: any method on a round's answers, the same from the page, the files and the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client

from manyi.analytics.data.rounds import round_table
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, make_unit, sheet

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def answered(open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    round = open_round(title="春季售后", title_en="Spring after-sales")
    for n in range(12):
        answer(round, east, sheet(5 - n % 2, 5, 4, 5 - n % 3, 10), segments=["new"])
    for n in range(9):
        answer(round, west, sheet(1 + n % 3, 4, 4, 2 + n % 3, 6), channel="qr")
    return round


def reader(person: Person, language: str = "zh-hans") -> Client:
    person.language = language
    person.save()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def director(answered: Round, person_at: MakePerson) -> Client:
    return reader(person_at(Role.QUALITY_DIRECTOR, answered.unit))


def asked(round: Round, method: str, **settings: str | list[str]) -> str:
    named = {f"c_{name}".replace("c_", "c-"): value for name, value in settings.items()}
    return urlencode({"round": round.pk, "method": method, **named}, doseq=True)


def test_a_reader_begins_with_questions_and_not_with_methods(director: Client) -> None:
    page = director.get("/insight/explore/").content.decode()
    assert "哪些组的得分更高?" in page
    assert "样本量" not in page.split("<main", 1)[1].split("optgroup")[0]


def test_the_page_shows_figures_chart_method_and_caution(director: Client, answered: Round) -> None:
    question = asked(answered, "column_means", items=["wait", "total"], column="unit")
    page = director.get(f"/insight/explore/?{question}").content.decode()
    assert "维修等待时间" in page
    assert "城东店 (A)" in page
    assert 'data-chart="result-means-chart"' in page
    assert "Welch" in page
    assert "manyi analyse" in page


def test_every_file_tells_the_same_numbers(director: Client, answered: Round) -> None:
    question = asked(answered, "descriptives", items=["wait", "total"])
    told = director.get(f"/insight/explore/result.json?{question}").json()
    mean = told["tables"]["descriptives"]["rows"][0]["mean"]
    again = specification_from_toml(director.get(f"/insight/explore/result.toml?{question}").content.decode())
    rows = run(again, round_table(again.choice)).to_json()["tables"]["descriptives"]["rows"]
    assert rows == told["tables"]["descriptives"]["rows"]
    assert f"{mean:,.4g}" in director.get(f"/insight/explore/result.csv?{question}").content.decode()
    for form in ("xlsx", "html"):
        assert director.get(f"/insight/explore/result.{form}?{question}").status_code == 200
    assert json.dumps(again.config.items) == '["wait", "total"]'


def test_a_small_group_is_missing_from_page_and_file(director: Client, answered: Round, group: Unit) -> None:
    small = make_unit("north", "城北店", group)
    for _ in range(3):
        answer(answered, small, sheet(1, 1, 1, 1, 0))
    question = asked(answered, "column_means", items=["wait"], column="unit")
    page = director.get(f"/insight/explore/?{question}").content.decode()
    assert "2 组样本不足,不显示" in page
    assert "城东店" in page
    told = director.get(f"/insight/explore/result.json?{question}").json()
    shown = {column["id"] for column in told["tables"]["means"]["columns"]}
    assert "mean_east" in shown
    assert not shown & {"mean_north", "mean_west"}


def test_a_head_of_one_shop_sees_that_shop_only(answered: Round, east: Unit, person_at: MakePerson) -> None:
    head = reader(person_at(Role.DEPARTMENT_HEAD, east))
    question = asked(answered, "frequencies", items=["unit"])
    told = head.get(f"/insight/explore/result.json?{question}").json()
    assert told["n"] == 12
    assert "west" not in json.dumps(told)
    assert told["specification"]["data"]["unit"] == east.path


def test_what_is_missing_is_said_by_name(director: Client, answered: Round) -> None:
    page = director.get(
        f"/insight/explore/?{asked(answered, 'column_means', column='unit')}"
    ).content.decode()
    assert "请选择“要看的项目”" in page
    wrong = asked(answered, "column_means", items=["wait"], column="unit", level="viel")
    assert "“显著性水平”这里应是数字" in director.get(f"/insight/explore/?{wrong}").content.decode()


def test_every_offered_method_draws_its_form_in_english(answered: Round, person_at: MakePerson) -> None:
    auditor = reader(person_at(Role.AUDITOR, answered.unit), "en")
    from manyi.web.insight.asking import offered

    for _, methods in offered():
        for each in methods:
            page = auditor.get(f"/insight/explore/?round={answered.pk}&method={each.id}")
            assert page.status_code == 200
            assert each.caution.en.split("’")[0][:20] in page.content.decode().replace("&#x27;", "'")


def test_without_answers_the_page_says_what_will_stand_here(
    open_round: Callable[..., Round], person_at: MakePerson
) -> None:
    client = reader(person_at(Role.QUALITY_DIRECTOR, open_round().unit), "en")
    assert "As soon as a round has answers" in client.get("/insight/explore/").content.decode()
