"""Rounds that are played from opening to closing, with the waiting time answered as a test wants it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from manyi.distribution import actions as distribution
from manyi.organisation import clock
from manyi.responses import actions as responses
from manyi.surveys import actions as surveys
from manyi.surveys.codecs.toml import read
from manyi.surveys.models import Round, SchemeVersion
from tests.survey_world import SCHEME, START, World

TARGETS = """
[targets]
average_at_least = 60
item_at_least = 70
consequence = "review_meeting"
"""


def strict_scheme(world: World) -> SchemeVersion:
    """The scheme of the world, with targets."""
    scheme = surveys.create_scheme(
        actor=world.manager,
        questionnaire=world.questionnaire.questionnaire,
        code="strict",
        title="达标",
        definition=read(SCHEME + TARGETS),
    )
    return surveys.publish_scheme(actor=world.manager, version=scheme)


def play(
    world: World, scheme: SchemeVersion, title: str, waiting: Iterable[int], at: datetime = START
) -> Round:
    """One whole round: opened, one answer for each waiting grade, closed."""
    with clock.at(at):
        row = surveys.create_round(
            actor=world.manager,
            programme=world.programme,
            questionnaire=world.questionnaire,
            scheme=scheme,
            title=title,
            opens_at=at,
            closes_at=at + timedelta(days=30),
        )
        surveys.advance_round(actor=world.manager, round=row, name="open")
        link = distribution.create_open_link(actor=world.manager, round=row, unit=world.shop, label="前台")
    with clock.at(at + timedelta(days=1)):
        for grade in waiting:
            sheet = responses.begin(open_link=link)
            service: dict[str, Any] = {"greeting": "5", "waiting": str(grade), "price": "na"}
            given = {"reception": service, "channels": ["web"]}
            responses.save_section(response=sheet, section="service", answers=given, seconds=40)
            rest = {"satisfied": "4", "recommend": "8", "why": None}
            responses.submit(response=sheet, section="overall", answers=rest, seconds=20)
    with clock.at(at + timedelta(days=2)):
        surveys.advance_round(actor=world.manager, round=row, name="close")
    return row
