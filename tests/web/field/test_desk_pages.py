"""The interviewer's screens: a masked number, a question at a time by keys, a result with what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from manyi.distribution.models import Call, CallTask, Invitation
from manyi.organisation import clock
from manyi.organisation.models import Event
from manyi.responses.models import Response
from tests import personas, survey_world
from tests.survey_world import START, World

#: A Monday, 10:00 in Shanghai.
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TALK = (
    ("reception", {"a.reception.greeting": "5", "a.reception.waiting": "4", "a.reception.price": "na"}),
    ("channels", {"a.channels": ["friend", "web"]}),
    ("satisfied", {"a.satisfied": "4"}),
    ("recommend", {"a.recommend": "3"}),
    ("why", {"a.why": "等候太久"}),
)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(START):
        made = survey_world.build(customers_count=0)
        for number in (1, 2):
            personas.customer(made.shop, f"P{number}", phone=f"1380000000{number}")
        survey_world.invite(made, channel="phone")
    with clock.at(MORNING):
        yield made


@pytest.fixture
def sun(world: World) -> Client:
    """孙悦, a call-back agent, at her browser."""
    return personas.browser_of(world.house.sun)


def take(browser: Client) -> Call:
    browser.post(reverse("field:next"))
    return Call.objects.get(ended_at=None)


def say(browser: Client, call: Call, question: str, go: str = "next", **answers: object) -> str:
    """Answer one question; where the page leads."""
    address = reverse("field:ask", args=[call.pk, question])
    answer = browser.post(address, {"shown": question, "go": go, **answers})
    return answer.headers.get("Location", str(answer.status_code))


def test_the_desk_stands_on_the_first_page_of_those_who_call(sun: Client) -> None:
    assert "/field/" in sun.get("/").content.decode()
    assert "现在可拨打 2 人" in sun.get(reverse("field:desk")).content.decode()


def test_the_number_is_masked_until_it_is_asked_for(sun: Client) -> None:
    call = take(sun)
    page = sun.get(reverse("field:call", args=[call.pk])).content.decode()
    assert "138****000" in page
    assert "1380000000" not in page
    shown = sun.post(reverse("field:number", args=[call.pk]), headers={"accept": "application/json"})
    assert shown.json()["number"].startswith("1380000000")
    assert Event.objects.filter(kind="call.number_shown").count() == 1
    assert shown.json()["number"] in sun.post(reverse("field:number", args=[call.pk])).content.decode()


def test_an_interview_is_saved_at_each_step_and_ends_with_a_receipt(sun: Client, world: World) -> None:
    call = take(sun)
    first = sun.post(reverse("field:begin", args=[call.pk])).headers["Location"]
    for question, answers in TALK:
        assert first == reverse("field:ask", args=[call.pk, question])
        assert Response.objects.get().state == "draft"
        first = say(sun, call, question, **answers)
    assert first == reverse("field:desk")
    response, call = Response.objects.get(), Call.objects.get()
    assert (response.state, response.channel, response.answers["why"]) == ("submitted", "phone", "等候太久")
    assert (call.disposition, call.interviewer, CallTask.objects.get(pk=call.task_id).done) == (
        "complete", world.house.sun, True,
    )  # fmt: skip


def test_what_is_wrong_is_asked_again_and_b_goes_back(sun: Client) -> None:
    call = take(sun)
    sun.post(reverse("field:begin", args=[call.pk]))
    assert say(sun, call, "satisfied") == "422"
    assert say(sun, call, "satisfied", go="back", **{"a.satisfied": "2"}) == reverse(
        "field:ask", args=[call.pk, "channels"]
    )
    assert Response.objects.get().answers["satisfied"] == 2
    assert say(sun, call, "satisfied", go="end") == reverse("field:end", args=[call.pk])


def test_an_open_question_before_the_end_is_gone_back_to(sun: Client) -> None:
    call = take(sun)
    sun.post(reverse("field:begin", args=[call.pk]))
    assert say(sun, call, "recommend", **{"a.recommend": "9"}) == reverse(
        "field:ask", args=[call.pk, "reception"]
    )


def test_a_call_back_needs_its_time_and_the_result_can_be_taken_back(sun: Client) -> None:
    call = take(sun)
    end = reverse("field:end", args=[call.pk])
    assert sun.post(end, {"disposition": "call_back"}).status_code == 422
    agreed = {"disposition": "call_back", "call_back_at": "2026-03-03T15:00", "mine": "yes", "note": "下午"}
    assert sun.post(end, agreed).headers["Location"] == reverse("field:desk")
    task = CallTask.objects.get(pk=call.task_id)
    assert task.not_before == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert "03-03 15:00" in sun.get(reverse("field:desk")).content.decode()
    sun.post(reverse("field:undo", args=[call.pk]))
    assert CallTask.objects.filter(pk=task.pk, not_before=None, tries=0).exists()


def test_another_interviewers_call_is_only_read(sun: Client, world: World) -> None:
    call = take(sun)
    li = personas.browser_of(world.manager)
    assert "data-number" not in li.get(reverse("field:call", args=[call.pk])).content.decode()
    li.post(reverse("field:end", args=[call.pk]), {"disposition": "refusal"})
    call.refresh_from_db()
    assert call.disposition == ""


def test_the_supervisor_sees_how_it_goes_and_puts_people_back(sun: Client, world: World) -> None:
    call = take(sun)
    sun.post(reverse("field:end", args=[call.pk]), {"disposition": "refusal", "opt_out": ""})
    li = personas.browser_of(world.manager)
    board = reverse("field:round", args=[world.round.pk])
    page = li.get(f"{board}?result=refusal").content.decode()
    assert "孙悦" in page
    assert "n = 1" in page
    assert f"/field/calls/{call.pk}/" not in li.get(f"{board}?result=busy").content.decode()
    li.post(reverse("field:task", args=[call.task_id]), {"act": "reopen"})
    assert not CallTask.objects.get(pk=call.task_id).done
    li.post(reverse("field:check", args=[call.pk]), {"state": "wanted"})
    assert f"/field/calls/{call.pk}/" in li.get(f"{board}?check=wanted").content.decode()


def test_the_script_is_written_in_both_languages(world: World) -> None:
    li, address = personas.browser_of(world.manager), reverse("field:script", args=[world.programme.pk])
    assert "{interviewer}" in li.get(address).content.decode()
    assert li.post(address, {"language": "en", "body": "Hello {colour}"}).status_code == 422
    li.post(address, {"language": "en", "body": "Hello {name}"})
    assert "Hello {name}" in li.get(address).content.decode()


def test_other_systems_take_the_next_person_and_note_the_result(sun: Client) -> None:
    kinds = {row["id"]: row["code"] for row in sun.get("/api/dispositions").json()}
    assert (kinds["complete"], kinds["refusal"]) == ("1.1", "2.11")
    taken = sun.post("/api/calls").json()
    assert Invitation.objects.filter(token=taken["invitation"]).exists()
    address = f"/api/calls/{taken['id']}/disposition"
    told = sun.post(address, {"disposition": "busy"}, content_type="application/json").json()
    assert (told["disposition"], told["due_at"]) == ("busy", "2026-03-02T02:20:00Z")
    wrong = sun.post(address, {"disposition": "busy"}, content_type="application/json")
    assert wrong.status_code == 422
