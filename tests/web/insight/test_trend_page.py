"""A figure over the rounds of a programme in control limits, and over the months of one round."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from manyi.analytics.data.rounds import round_table
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import NOON, answer, sheet
from tests.web.insight.test_ready_views import page_of, reader

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def rounds(open_round: Callable[..., Round], east: Unit) -> list[Round]:
    """Four rounds alike and a fifth that falls."""
    made = []
    for place in range(5):
        starts = NOON + timedelta(days=31 * place)
        each = open_round(title=f"第{place + 1}轮", opens_at=starts)
        for n in range(20):
            wait = 1 + n % 2 if place == 4 else 5 - n % 2
            answer(each, east, sheet(wait, 4 + n % 2, 4, 4, 9), at=starts)
        made.append(each)
    return made


@pytest.fixture
def director(rounds: list[Round], person_at: MakePerson) -> Client:
    return reader(person_at(Role.QUALITY_DIRECTOR, rounds[0].unit))


def test_a_fallen_round_is_named_with_its_rule(director: Client, rounds: list[Round]) -> None:
    page = page_of(director, f"/insight/trend/?round={rounds[4].pk}&item=wait&kind=mean")
    answer_line = page.split('<p class="answer">')[1].split("</p>")[0]
    assert "“第5轮”偏低(一点超出 3σ)" in answer_line
    option = json.loads(
        page.split('id="result-points-chart" type="application/json">')[1].split("</script>")[0]
    )
    assert option["xAxis"]["data"] == ["第1轮", "第2轮", "第3轮", "第4轮", "第5轮"]


def test_a_page_on_an_earlier_round_knows_nothing_of_later_ones(
    director: Client, rounds: list[Round]
) -> None:
    page = page_of(director, f"/insight/trend/?round={rounds[3].pk}&item=wait")
    assert "第5轮" not in page.split('id="result-points"')[1]
    assert "各期都在正常波动之内" in page


def test_its_specification_names_the_rounds_and_gives_the_same_figures(
    director: Client, rounds: list[Round]
) -> None:
    address = f"/insight/trend/?round={rounds[4].pk}&item=wait&kind=share"
    made = specification_from_toml(director.get(f"{address}&file=toml").content.decode())
    assert made.choice.beside == tuple(each.pk for each in rounds[:4])
    told = run(made, round_table(made.choice)).to_json()
    assert json.loads(director.get(f"{address}&file=json").content)["tables"] == told["tables"]


def test_months_run_through_all_rounds(director: Client, rounds: list[Round]) -> None:
    page = page_of(director, f"/insight/trend/?round={rounds[4].pk}&item=total&period=month")
    assert "2026-03" in page.split('id="result-points"')[1]


@pytest.mark.parametrize("earlier", [0, 1])
def test_too_few_rounds_are_said_in_words(director: Client, rounds: list[Round], earlier: int) -> None:
    page = page_of(director, f"/insight/trend/?round={rounds[earlier].pk}&item=wait")
    assert "至少需要 4 个" in page


def test_explore_keeps_the_rounds_beside(director: Client, rounds: list[Round]) -> None:
    page = page_of(director, f"/insight/trend/?round={rounds[4].pk}&item=wait")
    link = page.split('href="/insight/explore/?')[1].split('"')[0].replace("&amp;", "&")
    again = page_of(director, f"/insight/explore/?{link}")
    assert "“第5轮”偏低" in again
    assert again.count('name="beside"') == 4
