"""东城店 with a survey that was below target: the round before, and a way to have one after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from manyi.cases.policy_actions import install_defaults
from manyi.distribution import actions as distribution
from manyi.organisation import clock
from manyi.responses import actions as responses
from manyi.surveys import actions as surveys
from manyi.surveys.codecs.toml import read
from manyi.surveys.models import Round, SchemeVersion
from tests import personas
from tests.survey_world import SCHEME, START, World, build

TARGETS = """
[targets]
average_at_least = 60
item_at_least = 70
consequence = "review_meeting"
"""
Play = Callable[..., Round]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """It is the start of the first round; the clock stands there for the whole test."""
    with clock.at(START):
        made = build(customers_count=0)
        personas.china_calendar(made.house.tree.group, 2026)
        install_defaults()
        yield made


@pytest.fixture
def strict(world: World) -> SchemeVersion:
    scheme = surveys.create_scheme(
        actor=world.manager,
        questionnaire=world.questionnaire.questionnaire,
        code="strict",
        title="达标",
        definition=read(SCHEME + TARGETS),
    )
    return surveys.publish_scheme(actor=world.manager, version=scheme)


def answers(waiting: int, satisfied: int = 4, recommend: int = 8) -> dict[str, Any]:
    return {
        "reception": {"greeting": "5", "waiting": str(waiting), "price": "na"},
        "channels": ["web"],
        "satisfied": str(satisfied),
        "recommend": str(recommend),
        **({"why": "等得太久"} if recommend <= 6 else {}),
    }


@pytest.fixture
def play(world: World, strict: SchemeVersion) -> Play:
    """Runs one whole round: opens it, takes an answer for each waiting grade, closes it."""

    def run(title: str, waiting: Iterable[int], *, at: datetime = START) -> Round:
        with clock.at(at):
            row = surveys.create_round(
                actor=world.manager,
                programme=world.programme,
                questionnaire=world.questionnaire,
                scheme=strict,
                title=title,
                opens_at=at,
                closes_at=at + timedelta(days=30),
            )
            surveys.advance_round(actor=world.manager, round=row, name="open")
            link = distribution.create_open_link(
                actor=world.manager, round=row, unit=world.shop, label="前台"
            )
        with clock.at(at + timedelta(days=1)):
            for grade in waiting:
                sheet = responses.begin(open_link=link)
                given = answers(grade)
                service = {code: given.pop(code) for code in ("reception", "channels")}
                responses.save_section(response=sheet, section="service", answers=service, seconds=40)
                rest = {"why": None, **given}
                responses.submit(response=sheet, section="overall", answers=rest, seconds=20)
        with clock.at(at + timedelta(days=2)):
            surveys.advance_round(actor=world.manager, round=row, name="close")
        return row

    return run
