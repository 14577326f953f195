"""The insight pages: what a reader finds, may narrow, may click and may take home."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, make_unit, sheet

MakeRound = Callable[..., Round]
MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def answered(open_round: MakeRound, east: Unit, west: Unit) -> Round:
    round = open_round(title="春季售后", title_en="Spring after-sales")
    for _ in range(12):
        answer(round, east, sheet(5, 5, 4, 5, 10), segments=["new"])
    for _ in range(7):
        answer(round, west, sheet(2, 4, 4, 3, 6, why="等了<三个>小时"), channel="qr")
    return round


@pytest.fixture
def director(answered: Round, person_at: MakePerson) -> Client:
    return logged_in(person_at(Role.QUALITY_DIRECTOR, answered.unit), "zh-hans")


def logged_in(person: Person, language: str) -> Client:
    person.language = language
    person.save()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_each_round_with_its_headline(director: Client, answered: Round) -> None:
    page = text_of(director, "/insight/")
    assert "春季售后" in page
    assert "83.5 (±" in page
    assert "n = 19" in page
    assert "全部达标" in page


def test_a_round_without_targets_reaches_none(
    open_round: MakeRound, east: Unit, person_at: MakePerson
) -> None:
    round = open_round(scheme=None)
    for _ in range(12):
        answer(round, east, sheet(5, 5, 4, 5, 10))
    page = text_of(logged_in(person_at(Role.QUALITY_DIRECTOR, round.unit), "zh-hans"), "/insight/")
    assert "100.0%" in page
    assert "达标</span>" not in page


def test_the_round_page_answers_in_a_sentence(director: Client, answered: Round) -> None:
    page = text_of(director, f"/insight/rounds/{answered.pk}/")
    assert "满意度总分 83.5 分(±" in page
    assert "1 个项目" not in page
    assert "等了&lt;三个&gt;小时" in page


def test_the_page_speaks_english(answered: Round, person_at: MakePerson) -> None:
    auditor = logged_in(person_at(Role.AUDITOR, answered.unit), "en")
    page = text_of(auditor, f"/insight/rounds/{answered.pk}/")
    assert "How satisfied are customers in “Spring after-sales”" in page
    assert "Satisfaction score 83.5 (±" in page


def test_every_chart_has_its_table_and_its_data(director: Client, answered: Round) -> None:
    page = text_of(director, f"/insight/rounds/{answered.pk}/")
    charts = re.findall(r'data-chart="([a-z]+-chart)"', page)
    assert {"items-chart", "grades-chart", "units-chart"} <= set(charts)
    for chart in charts:
        source = re.search(rf'<script id="{chart}" type="application/json">(.*?)</script>', page)
        assert source is not None
        assert json.loads(source[1])["series"]
    assert page.count('<table class="data">') == len(charts)


def test_no_script_stands_in_the_page(director: Client, answered: Round) -> None:
    page = text_of(director, f"/insight/rounds/{answered.pk}/")
    inline = [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag]
    assert all('type="application/json"' in tag for tag in inline)
    assert " onclick=" not in page


def test_a_figure_leads_to_its_answers(director: Client, answered: Round) -> None:
    page = text_of(director, f"/insight/rounds/{answered.pk}/?channel=qr")
    expected = f"/surveys/rounds/{answered.pk}/responses/?channel=qr&amp;item=wait&amp;at_most=3"
    assert expected in page


def test_no_figure_of_an_anonymous_round_leads_to_answers(
    open_round: MakeRound, east: Unit, person_at: MakePerson
) -> None:
    round = open_round(anonymous=True)
    for _ in range(6):
        answer(round, east, sheet(2, 2, 2, 2, 2))
    page = text_of(
        logged_in(person_at(Role.QUALITY_DIRECTOR, round.unit), "en"), f"/insight/rounds/{round.pk}/"
    )
    assert "n = 6" in page
    assert "/responses/" not in page


def test_filters_narrow_the_figures(director: Client, answered: Round, west: Unit) -> None:
    page = text_of(director, f"/insight/rounds/{answered.pk}/?unit={west.path}")
    assert "满意度总分 66.7 分(±0.0,n=7)" in page
    unknown = text_of(director, f"/insight/rounds/{answered.pk}/?unit=/999/&segment=nobody&since=yesterday")
    assert "n=19" in unknown


def test_a_small_group_is_hidden_on_the_page_and_in_the_files(
    director: Client, answered: Round, group: Unit
) -> None:
    depot = make_unit("depot", "仓库", group)
    for _ in range(3):
        answer(answered, depot, sheet(1, 1, 1, 1, 0))
    page = text_of(director, f"/insight/rounds/{answered.pk}/")
    assert "样本过少的组不显示" in page
    table = text_of(director, f"/insight/rounds/{answered.pk}/export.csv")
    line = next(row for row in csv.reader(table.splitlines()) if row[:1] == ["仓库"])
    assert line == ["仓库", *["样本不足,不显示", "", "", "3"] * 3]


def test_the_workbook_holds_what_is_shown(director: Client, answered: Round) -> None:
    response = director.get(f"/insight/rounds/{answered.pk}/export.xlsx")
    assert "%E6%98%A5%E5%AD%A3" in response.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(response.content))
    rows = list(book["items"].iter_rows(min_row=3, values_only=True))
    assert rows[0][:5] == ("项目", "平均分 数值", "平均分 下限", "平均分 上限", "平均分 样本量")
    assert rows[1][0] == "维修等待时间"
    assert rows[1][1] == pytest.approx((12 * 100 + 7 * 40) / 19)


def test_a_cross_table_says_whether_the_sides_hang_together(director: Client, answered: Round) -> None:
    page = text_of(director, f"/insight/rounds/{answered.pk}/crosstab/?row=unit&column=wait")
    assert "“维修等待时间”与“部门”有强关系" in page
    assert "Cramér V = 1.00" in page
    assert "100.0% (12)▲" in page
    table = text_of(director, f"/insight/rounds/{answered.pk}/crosstab/export.csv?row=unit&column=wait")
    assert "城东店" in table


def test_a_cross_table_without_a_choice_says_what_to_do(director: Client, answered: Round) -> None:
    page = text_of(director, f"/insight/rounds/{answered.pk}/crosstab/")
    assert 'name="row"' in page
    assert "data-chart" not in page


def test_a_cross_table_of_an_unknown_question_says_so(director: Client, answered: Round) -> None:
    answer_page = director.get(f"/insight/rounds/{answered.pk}/crosstab/?row=parking&column=wait")
    assert answer_page.status_code == 422
    assert "没有“parking”这道题" in answer_page.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.QUALITY_DIRECTOR, 200),
        (Role.SURVEY_MANAGER, 200),
        (Role.DEPARTMENT_HEAD, 200),
        (Role.AUDITOR, 200),
        (Role.CASE_HANDLER, 403),
        (Role.EMPLOYEE, 403),
        (Role.SYSTEM_ADMINISTRATOR, 403),
    ],
)
def test_who_may_read(answered: Round, person_at: MakePerson, role: Role, status: int) -> None:
    client = logged_in(person_at(role, answered.unit), "en")
    for address in ("", "crosstab/", "export.csv"):
        assert client.get(f"/insight/rounds/{answered.pk}/{address}").status_code == status


def test_another_branch_does_not_find_the_round(
    open_round: MakeRound, east: Unit, west: Unit, person_at: MakePerson
) -> None:
    round = open_round(unit=east)
    outsider = logged_in(person_at(Role.DEPARTMENT_HEAD, west), "en")
    assert outsider.get(f"/insight/rounds/{round.pk}/").status_code == 404
    assert "Round 1" not in text_of(outsider, "/insight/")
