"""A low score opens a case by the scheme, once, and never names anybody of an anonymous round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from manyi.cases.models import Case
from manyi.distribution.models import Invitation
from manyi.organisation import clock, events
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


@pytest.fixture(autouse=True)
def first_day(db: None) -> Iterator[None]:
    with clock.at(START):
        yield


def strict_round(*, anonymous: bool = False) -> list[Invitation]:
    """A round whose scheme opens cases, with everybody invited."""
    world: World = survey_world.build(anonymous=anonymous)
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


def answered(invitation: Invitation, grade: int, recommend: int, language: str = "zh-hans") -> Response:
    sheet = responses.begin(invitation=invitation, language=language)
    service: dict[str, Any] = {"reception": dict.fromkeys(("greeting", "waiting", "price"), str(grade))}
    responses.save_section(
        response=sheet, section="service", answers={**service, "channels": ["web"]}, seconds=40
    )
    why = "等了三个小时没人管" if recommend <= 6 else None
    rest = {"satisfied": str(grade), "recommend": str(recommend), "why": why}
    sheet = responses.submit(response=sheet, section="overall", answers=rest, seconds=30)
    Response.objects.filter(pk=sheet.pk).update(valid=True)
    events.dispatch_pending()
    return sheet


def test_a_low_total_opens_a_case_that_knows_the_customer_and_the_reason() -> None:
    sheet = answered(strict_round()[0], grade=2, recommend=5)
    case = Case.objects.get()
    assert (case.response, case.channel, case.kind, case.confidentiality) == (
        sheet,
        "survey",
        "complaint",
        "named",
    )
    assert case.contact_email == "customer1@example.com"
    assert "总分为 40 分,低于 50 分" in case.demand
    assert "等了三个小时没人管" in case.demand


def test_a_case_is_opened_once_and_not_for_a_good_score() -> None:
    invitations = strict_round()
    answered(invitations[0], grade=2, recommend=2)
    answered(invitations[1], grade=5, recommend=10)
    events.dispatch_pending()
    assert Case.objects.count() == 1
    assert Case.objects.get().severity == "high"


def test_an_unlikely_recommendation_alone_is_enough() -> None:
    answered(strict_round()[0], grade=4, recommend=3)
    assert "不高于 3" in Case.objects.get().demand


def test_in_an_anonymous_round_the_case_names_nobody() -> None:
    answered(strict_round(anonymous=True)[0], grade=1, recommend=0)
    case = Case.objects.get()
    assert (case.customer, case.contact_name, case.contact_email) == (None, "", "")
    assert case.confidentiality == "anonymous"


def test_the_case_speaks_the_language_of_the_answer() -> None:
    answered(strict_round()[0], grade=1, recommend=0, language="en")
    case = Case.objects.get()
    assert case.subject.startswith("Low survey score")
    assert "The total is 20 points, below 50." in case.demand
