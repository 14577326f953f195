"""Face to face: the questionnaire on one page, and sheets that arrive once however often they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from manyi.organisation import clock
from manyi.organisation.models import Event
from manyi.responses.models import Response, Sheet
from manyi.surveys import actions as surveys
from tests import personas, survey_world
from tests.survey_world import START, World

QUESTIONS = ["reception", "channels", "satisfied", "recommend", "why"]
FORM: dict[str, Any] = {
    "shown": QUESTIONS,
    "a.reception.greeting": "5",
    "a.reception.waiting": "4",
    "a.reception.price": "na",
    "a.satisfied": "4",
    "a.recommend": "3",
    "a.why": "等候太久",
    "seconds": "95",
}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(START):
        made = survey_world.build(customers_count=0)
        surveys.advance_round(actor=made.manager, round=made.round, name="open")
        yield made


@pytest.fixture
def sun(world: World) -> Client:
    """孙悦, who interviews, at her tablet."""
    return personas.browser_of(world.house.sun)


def sent(browser: Client, world: World, key: str = "", **changes: Any) -> Any:
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    return browser.post(reverse("field:sheet", args=[world.round.pk]), {"key": key or uuid4().hex, **form})


def test_every_question_is_on_the_page_with_its_condition_in_words(sun: Client, world: World) -> None:
    page = sun.get(reverse("field:f2f", args=[world.round.pk])).content.decode()
    assert all(f'id="q-{code}"' in page for code in QUESTIONS)
    assert "仅当" in page
    assert "您会推荐我们吗" in page.split("仅当")[1][:200]


def test_a_sheet_sent_again_gives_the_same_receipt(sun: Client, world: World) -> None:
    key = uuid4().hex
    first, again = sent(sun, world, key).json(), sent(sun, world, key).json()
    assert first == again
    response, sheet = Response.objects.get(), Sheet.objects.get()
    assert (response.receipt, response.channel, response.seconds) == (first["receipt"], "f2f", 95)
    assert (sheet.response, sheet.interviewer) == (response, world.house.sun)
    assert Event.objects.filter(kind="sheet.taken").count() == 1


def test_the_server_says_what_is_lacking_and_takes_the_completed_sheet(sun: Client, world: World) -> None:
    key = uuid4().hex
    lacking = sent(sun, world, key, **{"a.why": ""})
    assert lacking.status_code == 422
    assert [problem["code"] for problem in lacking.json()["problems"]] == ["why"]
    assert sent(sun, world, key).json()["receipt"] == Response.objects.get().receipt


def test_an_answer_whose_condition_does_not_hold_is_set_aside(sun: Client, world: World) -> None:
    sent(sun, world, **{"a.recommend": "9"})
    response = Response.objects.get()
    assert "why" not in response.answers
    assert response.set_aside["why"]["value"] == "等候太久"


def test_somebody_elses_sheet_and_a_broken_key_are_refused(sun: Client, world: World) -> None:
    key = uuid4().hex
    sent(sun, world, key)
    li = personas.browser_of(world.manager)
    assert sent(li, world, key).status_code == 422
    assert sent(sun, world, "no-key").json()["over"]
    assert Response.objects.count() == 1


def test_after_the_end_a_sheet_is_not_taken_and_says_why(sun: Client, world: World) -> None:
    with clock.at(world.round.closes_at):
        late = sent(sun, world)
    assert late.status_code == 410
    assert "over" in late.json()


def test_those_outside_the_round_do_not_reach_it(world: World) -> None:
    zheng = personas.browser_of(world.outsider)
    assert sent(zheng, world).status_code == 404
    assert zheng.get(reverse("field:f2f", args=[world.round.pk])).status_code == 404


def test_the_page_for_the_time_without_connection_brings_its_worker(sun: Client) -> None:
    worker = sun.get(reverse("field:worker"))
    assert worker.headers["Content-Type"] == "text/javascript"
    assert b"caches.open" in worker.content


def test_the_password_opens_a_device_whose_pin_was_forgotten(world: World) -> None:
    person = world.house.sun
    person.set_password("long enough, and hers")
    person.save()
    sun = personas.browser_of(person)
    wrong = sun.post(reverse("field:unlock"), {"password": "4711"})
    assert (wrong.status_code, "密码" in wrong.json()["words"]) == (422, True)
    assert sun.post(reverse("field:unlock"), {"password": "long enough, and hers"}).json() == {"right": True}
    assert personas.browser_of(world.house.qian).post(reverse("field:unlock")).status_code == 403


def test_wrong_passwords_at_a_locked_device_count_as_failed_log_ins(world: World, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    person = world.house.sun
    person.set_password("long enough, and hers")
    person.save()
    sun = personas.browser_of(person)
    for _ in range(2):
        sun.post(reverse("field:unlock"), {"password": "4711"})
    assert sun.post(reverse("field:unlock"), {"password": "long enough, and hers"}).status_code != 200
