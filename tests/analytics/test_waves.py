"""Figures across versions: a question is followed by its code, renamed, split or dropped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from manyi.analytics.data.rounds import round_table
from manyi.analytics.queries import round_view, sums
from manyi.analytics.specification import Choice
from manyi.distribution import actions as distribution
from manyi.measures.indicators import MeanSums
from manyi.organisation import clock
from manyi.organisation.errors import Refused
from manyi.responses import actions as responses
from manyi.surveys import actions as surveys
from manyi.surveys.comparable import comparable
from manyi.surveys.definition import from_dict
from manyi.surveys.models import QuestionnaireVersion, Round
from manyi.surveys.version_actions import map_code
from tests.survey_world import QUESTIONNAIRE, START, World, build

pytestmark = pytest.mark.django_db

SPLIT = """
[[sections.questions]]
code = "place"
type = "rating"
title = "环境满意吗?"
title_en = "And with the place?"
"""


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build(customers_count=0)


def second(world: World) -> QuestionnaireVersion:
    """The steps got another name, overall satisfaction was split into staff and place, channels dropped."""
    draft = surveys.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)
    text = QUESTIONNAIRE.replace('"reception"', '"steps"').replace('"satisfied"', '"staff"') + SPLIT
    data = tomllib.loads(text.replace('role = "overall"\n', ""))
    data["sections"][0]["questions"].pop(1)
    draft = surveys.save_draft(
        actor=world.manager, version=draft, definition=from_dict(data), revision=draft.revision
    )
    for old, new in (("reception", ["steps"]), ("satisfied", ["staff", "place"]), ("channels", [])):
        map_code(actor=world.manager, version=draft, old=old, new=new)
    return surveys.publish_questionnaire(actor=world.manager, version=draft)


def played(world: World, version: QuestionnaireVersion, answers: Sequence[Mapping[str, Any]]) -> Round:
    """A round without a scheme, open, with these answers."""
    with clock.at(START):
        row = surveys.create_round(
            actor=world.manager,
            programme=world.programme,
            questionnaire=version,
            scheme=None,
            title=f"v{version.number}",
            opens_at=START,
            closes_at=START + timedelta(days=30),
        )
        surveys.advance_round(actor=world.manager, round=row, name="open")
        link = distribution.create_open_link(actor=world.manager, round=row, unit=world.shop, label="前台")
        for given in answers:
            sheet = responses.begin(open_link=link)
            responses.submit(response=sheet, answers={**given, "recommend": "9"}, seconds=60)
    return row


def steps(waiting: int) -> dict[str, str]:
    return {"greeting": "5", "waiting": str(waiting), "price": "na"}


@pytest.fixture
def rounds(world: World) -> tuple[Round, Round]:
    old = [{"reception": steps(2), "satisfied": str(3 + n % 2)} for n in range(12)]
    new = [{"steps": steps(4), "staff": "5", "place": str(4 + n % 2)} for n in range(12)]
    return played(world, world.questionnaire, old), played(world, second(world), new)


def test_codes_lead_there_and_back(rounds: tuple[Round, Round]) -> None:
    old, new = (row.questionnaire for row in rounds)
    assert comparable("reception.waiting", old, new) == (("reception.waiting",), ("steps.waiting",))
    assert comparable("steps.waiting", new, old) == (("steps.waiting",), ("reception.waiting",))
    assert comparable("satisfied", old, new) == (("satisfied",), ("staff", "place"))
    assert comparable("place", new, old) == (("staff", "place"), ("satisfied",))
    assert comparable("channels_web", old, new)[1] == ()
    assert comparable("recommend", old, new) == (("recommend",), ("recommend",))


def test_rounds_beside_each_other_follow_a_question_and_leave_out_what_was_split(
    rounds: tuple[Round, Round],
) -> None:
    old, new = rounds
    table = round_table(Choice(round=new.pk, beside=(old.pk,)))
    newer = np.array(table.texts("round")) == str(new.pk)
    assert table.numbers("steps.waiting")[~newer] == pytest.approx(2)
    for part in ("staff", "place"):
        assert np.isnan(table.numbers(part)[~newer]).all(), "satisfied was the two together"
        assert not np.isnan(table.numbers(part)[newer]).any()
    assert not np.isnan(table.numbers("recommend")).any()


def test_every_item_says_how_it_moved_since_the_version_before(rounds: tuple[Round, Round]) -> None:
    lines = {line.code: line.change for line in round_view(round=rounds[1], roots=("/",)).items}
    waiting, place = lines["steps.waiting"], lines["place"]
    assert waiting is not None
    assert waiting.difference == pytest.approx(2)
    # staff and place together: each person's mean is 4.5 or 5; it was 3 or 4.
    assert place is not None
    assert place.difference == pytest.approx(4.75 - 3.5)
    assert place.beyond_chance


def test_an_effect_is_measured_across_versions_once_for_each_person(rounds: tuple[Round, Round]) -> None:
    old, new = rounds
    metric = {"id": "item_mean", "item": "satisfied"}
    before = sums(round=old, metric=metric, beside=new)
    after = sums(round=new, metric=metric, named_in=old)
    assert isinstance(before, MeanSums)
    assert isinstance(after, MeanSums)
    assert (before.valid, after.valid) == (12, 12)
    assert float(after.mean or 0) == pytest.approx(4.75)
    share = {**metric, "id": "item_satisfied"}
    with pytest.raises(Refused):
        sums(round=new, metric=share, named_in=old)


def test_a_dropped_question_is_refused_by_name(rounds: tuple[Round, Round]) -> None:
    old, new = rounds
    with pytest.raises(Refused, match="channels"):
        sums(round=new, metric={"id": "item_mean", "item": "channels"}, named_in=old)
