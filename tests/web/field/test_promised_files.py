"""Files that a person on the telephone promises: the link leaves, they arrive, or somebody gives the link."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from manyi.distribution.models import Message
from manyi.organisation import attachments, clock
from manyi.organisation.actions import set_setting
from manyi.responses import promise_actions
from manyi.responses.models import Response
from tests import personas
from tests.all_types import PIXEL
from tests.personas import browser_of
from tests.survey_world import QUESTIONNAIRE, START, World, build, invite

pytestmark = pytest.mark.django_db

PHOTO = """
[[sections.questions]]
code = "damage"
type = "photo"
title = "请拍下问题所在"
title_en = "Please take a picture of what is wrong"
required = true
"""
MIDDAY = START.replace(hour=4)


@pytest.fixture
def world() -> World:
    with clock.at(START):
        made = build(customers_count=0, definition=QUESTIONNAIRE + PHOTO)
        personas.customer(made.shop, "P1", "何芳", phone="13800000001")
        invite(made, channel="phone")
    return made


def interviewed(world: World, way: str) -> tuple[Client, Any]:
    """孙悦 asks everything by telephone; the last question is answered by a promise."""
    sun = browser_of(world.house.sun, language="en")
    call = sun.post(reverse("field:next"))["Location"]
    sun.post(f"{call}begin/")
    given = {
        "reception": {"a.reception.greeting": "5", "a.reception.waiting": "4", "a.reception.price": "na"},
        "channels": {"a.channels": "web"},
        "satisfied": {"a.satisfied": "4"},
        "recommend": {"a.recommend": "9"},
        "damage": {"a.damage": way},
    }
    for code, answer in given.items():
        done = sun.post(f"{call}ask/{code}/", {"shown": code, **answer})
    return sun, done


def test_the_link_leaves_by_sms_and_the_photo_arrives(world: World) -> None:
    with clock.at(MIDDAY):
        set_setting(actor=None, key="sms_http.url", value="http://127.0.0.1:9/sms")
        interviewed(world, "promised_link")
        row = Response.objects.get()
        assert (row.state, row.answers["damage"]) == ("submitted", "promised_link")
        message = Message.objects.get(kind="files")
        link = f"/s/{row.invitation.token}/"  # type: ignore[union-attr]
        assert message.channel == "sms_http"
        assert link in message.body
        guest = Client(headers={"accept-language": "zh-CN"})
        there = guest.get(link)["Location"]
        assert there == f"{link}files/"
        assert "请拍下问题所在" in guest.get(there).content.decode()
        wrong = {"a.damage": SimpleUploadedFile("a.svg", b"<svg/>")}
        assert guest.post(there, wrong).status_code == 422
        assert guest.post(there, {"a.damage": SimpleUploadedFile("a.png", PIXEL)})["Location"] == there
        assert guest.get(there)["Location"] == f"/receipt/{row.receipt}/"
    row.refresh_from_db()
    assert row.answers["damage"][0]["name"] == "a.png"
    assert attachments.held_by(row).count() == 1
    assert promise_actions.still_promised(row) == []


def test_without_a_channel_the_interviewer_is_told_the_link(world: World) -> None:
    with clock.at(MIDDAY):
        sun, done = interviewed(world, "promised_link")
        page = sun.get(done["Location"]).content.decode()
    assert f"/s/{Response.objects.get().invitation.token}/" in page  # type: ignore[union-attr]
    assert not Message.objects.exists()


def test_what_was_handed_in_is_added_by_staff(world: World) -> None:
    with clock.at(MIDDAY):
        interviewed(world, "promised_by_hand")
        row = Response.objects.get()
        li = browser_of(world.manager, language="en")
        page = reverse("manage:response", args=[row.pk])
        assert "Hands it in later" in li.get(page).content.decode()
        url = reverse("manage:response_hand_in", args=[row.pk])
        li.post(url, {"a.damage": SimpleUploadedFile("a.png", PIXEL)})
        assert "Files still to come" not in li.get(page).content.decode()
    row.refresh_from_db()
    assert row.answers["damage"][0]["name"] == "a.png"


def test_a_promise_on_the_web_is_no_answer() -> None:
    with clock.at(START):
        world = build(customers_count=1, definition=QUESTIONNAIRE + PHOTO)
        link = f"/s/{invite(world)[0].token}/"
        guest = Client()
        guest.post(link)
        sent = guest.post(f"{link}p/overall/", {"shown": ["damage"], "a.damage": "promised_by_hand"})
    assert sent.status_code == 422
    assert "damage" not in Response.objects.get().answers
