"""The views that are ready: lights with their uncertainty, an item, what drives satisfaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from django.test import Client

from manyi.analytics.lights import Light, light_of
from manyi.measures.figure import Figure
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

MakePerson = Callable[[Role, Unit], Person]


def figure(value: float, low: float | None, high: float | None) -> Figure:
    return Figure(value, 50, 50, low, high, "t", "mean")


@pytest.mark.parametrize(
    ("low", "high", "light"),
    [
        (75.0, 85.0, "green"),
        (74.9, 85.0, "amber"),
        (60.0, 75.0, "amber"),
        (60.0, 74.9, "red"),
        (None, None, "amber"),
    ],
)
def test_a_light_is_certain_only_when_the_whole_interval_is(
    low: float | None, high: float | None, light: Light
) -> None:
    assert light_of(figure(74.95, low, high), Fraction(75)) == light


def test_without_a_target_or_a_figure_there_is_no_light() -> None:
    assert light_of(figure(80, 79, 81), None) == "none"
    assert light_of(None, Fraction(75)) == "none"


@pytest.fixture
def rounds(open_round: Callable[..., Round], east: Unit, west: Unit) -> list[Round]:
    before, now = open_round(title="春季"), open_round(title="夏季", title_en="Summer")
    for n in range(14):
        answer(before, east, sheet(5 - n % 2, 5 - n % 3, 4 + n % 2, 5 - n % 2, 9))
        answer(before, west, sheet(4 + n % 2, 4, 4 + n % 2, 4, 8))
    for n in range(12):
        answer(now, east, sheet(5 - n % 2, 5 - n % 3, 4 + n % 2, 5 - n % 2, 9), segments=["new"])
        low = "张先生 13812345678 等了三个小时"
        answer(now, west, sheet(1 + n % 2, 4 + n % 2, 4 + n % 3 % 2, 2 + n % 2, 5, why=low))
    return [before, now]


@pytest.fixture
def director(rounds: list[Round], person_at: MakePerson) -> Client:
    return reader(person_at(Role.QUALITY_DIRECTOR, rounds[0].unit))


def reader(person: Person, language: str = "zh-hans") -> Client:
    person.language = language
    person.save()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_overview_names_what_is_certainly_red_and_what_moved(
    director: Client, rounds: list[Round]
) -> None:
    page = page_of(director, "/insight/overview/")
    assert "▲ 未达标" in page
    assert "最低的是“维修等待时间”" in page
    assert f"/insight/items/?round={rounds[1].pk}&amp;item=wait" in page
    items = page.split('id="items"')[1].split("</section>")[0]
    assert f'data-label="调查项目"><span>{rounds[1].programme.title}' in re.sub(r"\s+<", "<", items)
    movers = page.split('id="movers"')[1]
    assert "维修等待时间" in movers
    assert "差异显著" in movers
    assert "春季" not in page.split('id="programmes"')[1].split("</section>")[0]


def test_an_item_shows_trend_groups_and_masked_quotes(director: Client, rounds: list[Round]) -> None:
    page = page_of(director, f"/insight/items/?round={rounds[1].pk}&item=wait")
    for panel in ("item-trend", "result-means", "result-segments"):
        assert f'id="{panel}"' in page
    quotes = page.split('id="quotes"')[1]
    assert quotes.count("三个小时") == 1  # twelve people wrote the same
    assert "13812345678" not in page
    assert "[电话]" in quotes


def test_low_answers_of_few_people_are_not_quoted(
    open_round: Callable[..., Round], east: Unit, person_at: MakePerson
) -> None:
    round = open_round()
    for _ in range(20):
        answer(round, east, sheet(5, 5, 4, 5, 10))
    answer(round, east, sheet(1, 5, 4, 5, 10, why="只有我一个人"))
    page = page_of(reader(person_at(Role.QUALITY_DIRECTOR, round.unit)), "/insight/items/?item=wait")
    assert "只有我一个人" not in page


def test_an_unknown_item_is_not_found(director: Client) -> None:
    assert director.get("/insight/items/?item=nothing").status_code == 404
    assert director.get("/insight/items/?round=9999").status_code == 404


def test_the_drivers_open_in_explore_with_the_same_figures(director: Client, rounds: list[Round]) -> None:
    page = page_of(director, f"/insight/drivers/?round={rounds[1].pk}")
    assert "哪些环节拉动了总体满意度" in page
    link = re.search(r'href="(/insight/explore/\?[^"]*method=key_drivers[^"]*)"', page)
    assert link
    again = page_of(director, link[1].replace("&amp;", "&"))
    table = page.split('id="result-drivers"')[1].split("<tbody>")[1].split("</tbody>")[0]
    assert table in again


def test_the_pages_speak_english(rounds: list[Round], person_at: MakePerson) -> None:
    auditor = reader(person_at(Role.AUDITOR, rounds[0].unit), "en")
    assert "▲ Below target" in page_of(auditor, "/insight/overview/")
    assert "How do we do on “Waiting time”?" in page_of(auditor, "/insight/items/?item=wait").replace(
        "&quot;", '"'
    )
    assert "What drives the result" in page_of(auditor, "/insight/drivers/")


def test_before_the_first_answer_the_pages_say_so(
    open_round: Callable[..., Round], person_at: MakePerson
) -> None:
    client = reader(person_at(Role.QUALITY_DIRECTOR, open_round().unit), "en")
    for address in ("/insight/overview/", "/insight/items/", "/insight/drivers/"):
        assert "Nobody has answered yet" in page_of(client, address)


def test_an_item_leads_to_its_control_chart_and_to_its_units(director: Client, rounds: list[Round]) -> None:
    page = page_of(director, f"/insight/items/?round={rounds[1].pk}&item=wait")
    for name in ("trend", "units"):
        link = re.search(rf'href="(/insight/{name}/\?[^"]*item=wait)"', page)
        assert link
        assert 'value="wait" selected' in page_of(director, link[1].replace("&amp;", "&"))
