"""The sentence of a page says where a change comes from, and says nothing where nothing is certain."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet
from tests.web.insight.test_ready_views import page_of, reader

MakePerson = Callable[[Role, Unit], Person]


def answer_of(page: str) -> str:
    return page.split('<p class="answer">')[1].split("</p>")[0]


@pytest.fixture
def rounds(open_round: Callable[..., Round], east: Unit, west: Unit) -> list[Round]:
    """Waiting falls at the western shop; all else stays as it was."""
    made = [open_round(), open_round()]
    for place, round in enumerate(made):
        for n in range(30):
            answer(round, east, sheet(4 + n % 2, 4 + n % 2, 3 + n % 3, 4 + n % 2, 9))
            answer(round, west, sheet((4, 1)[place] + n % 2, 4 + n % 2, 3 + n % 3, 4 - place + n % 2, 8))
    return made


def test_the_score_names_the_item_and_the_item_names_the_unit(
    rounds: list[Round], person_at: MakePerson
) -> None:
    director = reader(person_at(Role.QUALITY_DIRECTOR, rounds[0].unit))
    told = answer_of(page_of(director, f"/insight/rounds/{rounds[1].pk}/"))
    assert "差距主要来自“维修等待时间”" in told
    link = told.split('href="')[1].split('"')[0].replace("&amp;", "&")
    explored = page_of(director, link)
    assert "差距主要来自“维修等待时间”" in answer_of(explored)
    item = page_of(director, f"/insight/items/?round={rounds[1].pk}&item=wait")
    assert "差距主要来自“城西店”" in answer_of(item)
    english = reader(person_at(Role.AUDITOR, rounds[0].unit), "en")
    assert "The gap mainly comes from “Waiting time”" in answer_of(
        page_of(english, f"/insight/rounds/{rounds[1].pk}/")
    )


def test_nothing_is_named_where_the_change_is_within_chance(
    rounds: list[Round], person_at: MakePerson
) -> None:
    director = reader(person_at(Role.QUALITY_DIRECTOR, rounds[0].unit))
    item = page_of(director, f"/insight/items/?round={rounds[1].pk}&item=people.skill")
    assert "主要来自" not in answer_of(item)
    assert "主要来自" not in answer_of(page_of(director, f"/insight/rounds/{rounds[0].pk}/"))
