"""A round whose scheme opens cases for low scores, and answers to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from manyi.distribution.models import Invitation
from manyi.organisation import events
from manyi.responses import actions as responses
from manyi.responses.models import Response
from manyi.surveys import actions as surveys
from manyi.surveys.codecs.toml import read
from tests import survey_world
from tests.survey_world import SCHEME, START, World

TRIGGER = """
[case_trigger]
total_below = 50
nps_at_most = 3
nps_question = "recommend"
"""


def strict_round(*, anonymous: bool = False, world: World | None = None) -> list[Invitation]:
    """A round whose scheme opens cases, with everybody invited."""
    world = world or survey_world.build(anonymous=anonymous)
    questionnaire = world.questionnaire
    scheme = surveys.create_scheme(
        actor=world.manager,
        questionnaire=questionnaire.questionnaire,
        code="strict",
        title="低分预警",
        definition=read(SCHEME + TRIGGER),
    )
    surveys.publish_scheme(actor=world.manager, version=scheme)
    world.round = surveys.create_round(
        actor=world.manager,
        programme=world.programme,
        questionnaire=questionnaire,
        scheme=scheme,
        title="二月",
        opens_at=START,
        closes_at=START + timedelta(days=30),
    )
    return survey_world.invite(world)


def answered(
    invitation: Invitation, grade: int, recommend: int, language: str = "zh-hans", *, valid: bool = True
) -> Response:
    """One answer sheet with the same grade everywhere, handed in and noticed by everybody."""
    sheet = responses.begin(invitation=invitation, language=language)
    service: dict[str, Any] = {"reception": dict.fromkeys(("greeting", "waiting", "price"), str(grade))}
    responses.save_section(
        response=sheet, section="service", answers={**service, "channels": ["web"]}, seconds=40
    )
    why = "等了三个小时没人管" if recommend <= 6 else None
    rest = {"satisfied": str(grade), "recommend": str(recommend), "why": why}
    sheet = responses.submit(response=sheet, section="overall", answers=rest, seconds=30)
    Response.objects.filter(pk=sheet.pk).update(valid=valid)
    events.dispatch_pending()
    return sheet
