"""A low score opens a case by the scheme, once, and never names anybody of an anonymous round."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from manyi.cases.models import Case
from manyi.organisation import clock, events
from manyi.responses.batch_actions import Sheet, take_sheets
from tests import survey_world
from tests.cases.low_scores import answered, strict_round
from tests.survey_world import GOOD_ANSWERS, START


@pytest.fixture(autouse=True)
def first_day(db: None) -> Iterator[None]:
    with clock.at(START):
        yield


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


def test_low_scores_in_a_batch_open_one_case_each() -> None:
    world = survey_world.build()
    invitations = strict_round(world=world)
    low = GOOD_ANSWERS | {"satisfied": "1", "recommend": "0", "why": "等了三个小时没人管"}
    handed = [Sheet(low, invitation=invitation.token) for invitation in invitations[:2]]
    handed.append(Sheet(GOOD_ANSWERS, invitation=invitations[2].token))
    take_sheets(actor=world.manager, round=world.round, sheets=handed)
    events.dispatch_pending()
    assert Case.objects.count() == 2


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


def test_who_answers_in_anger_fast_and_alike_is_heard_all_the_same() -> None:
    answered(strict_round()[0], grade=1, recommend=0, valid=False)
    assert Case.objects.get().contact_email == "customer1@example.com"


def test_a_doubtful_sheet_without_a_name_opens_nothing() -> None:
    answered(strict_round(anonymous=True)[0], grade=1, recommend=0, valid=False)
    assert not Case.objects.exists()
