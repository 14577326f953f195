"""Units in a funnel: who stands outside, small units hidden, the same figures from its file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable

import pytest
from django.test import Client

from manyi.analytics.data.rounds import round_table
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, make_unit, sheet
from tests.web.insight.test_ready_views import page_of, reader

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def round(open_round: Callable[..., Round], group: Unit, east: Unit, west: Unit) -> Round:
    """Six shops alike but for one that is low, and one with three answers only."""
    made = open_round()
    for n in range(20):
        answer(made, west, sheet(1 + n % 2, 4, 4, 2, 5))
    shops = [east, *(make_unit(f"shop{n}", f"第 {n} 店", group) for n in range(5))]
    for place, shop in enumerate(shops):
        for n in range(16 + place):
            answer(made, shop, sheet(5 - n % 2, 4, 4, 4, 9))
    tiny = make_unit("tiny", "小店", group)
    for _ in range(3):
        answer(made, tiny, sheet(1, 1, 1, 1, 0))
    return made


@pytest.fixture
def director(round: Round, person_at: MakePerson) -> Client:
    return reader(person_at(Role.QUALITY_DIRECTOR, round.unit))


def test_the_low_unit_is_named_and_the_small_one_is_hidden(director: Client, round: Round) -> None:
    page = page_of(director, f"/insight/units/?round={round.pk}&item=wait")
    assert "明显偏低:城西店" in page
    assert "▼ 低于 99.8% 界限" in page
    assert "小店" not in page
    assert "样本不足" in page
    option = json.loads(
        page.split('id="result-units-chart" type="application/json">')[1].split("</script>")[0]
    )
    scatter = option["series"][-1]
    assert next(point["name"] for point in scatter["data"] if point["symbol"] == "diamond") == "城西店"


def test_a_share_has_limits_within_the_whole(director: Client, round: Round) -> None:
    page = page_of(director, f"/insight/units/?round={round.pk}&item=wait&kind=share&spread=additive")
    option = json.loads(
        page.split('id="result-units-chart" type="application/json">')[1].split("</script>")[0]
    )
    heights = [y for series in option["series"][:4] for _, y in series["data"]]
    assert 0 <= min(heights) <= max(heights) <= 100


def test_its_specification_gives_the_same_figures(director: Client, round: Round) -> None:
    address = f"/insight/units/?round={round.pk}&item=wait&kind=share"
    made = specification_from_toml(director.get(f"{address}&file=toml").content.decode())
    told = run(made, round_table(made.choice)).to_json()
    given = json.loads(director.get(f"{address}&file=json").content)
    assert given["tables"] == told["tables"]
    assert tomllib.loads(made.to_toml())["method"] == "funnel"


def test_one_unit_alone_is_said_in_words(
    open_round: Callable[..., Round], east: Unit, person_at: MakePerson
) -> None:
    made = open_round()
    for n in range(12):
        answer(made, east, sheet(5 - n % 2, 4, 4, 4, 9))
    client = reader(person_at(Role.QUALITY_DIRECTOR, made.unit), "en")
    assert "at least 2 are needed" in page_of(client, "/insight/units/")
