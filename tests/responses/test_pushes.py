"""Answers that other platforms push: signed, kept, understood, never doubled, tried again, and updated."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.responses.models import Push, PushSource, Response, Revision
from manyi.responses.push_actions import connect, remap, take
from manyi.surveys import actions as surveys
from tests.survey_world import START, World, build

pytestmark = pytest.mark.django_db
KEY = "spring-2026"


@pytest.fixture
def world() -> World:
    with clock.at(START):
        world = build()
        surveys.advance_round(actor=world.manager, round=world.round, name="open")
        return world


def source(world: World, platform: str) -> PushSource:
    return connect(
        actor=world.manager,
        round=world.round,
        unit=world.shop,
        platform=platform,
        label="外部问卷",
        secret=KEY,
    )


def wjx(**changes: Any) -> bytes:
    """A push of 问卷星 with its signature, worked out here as the platform describes it."""
    body = {"activity": "1001", "index": "7", "name": "售后", "timetaken": "65", "joinid": "55001"}
    body |= {"q1": "5,4,na", "q2": "1,2", "q3": "4", "q4": "9", "q5": ""}
    body |= changes
    text = f"{body['activity']}{body['index']}{KEY}"
    return json.dumps({"sign": hashlib.sha1(text.encode()).hexdigest(), **body}).encode()


def pushed(row: PushSource, raw: bytes, **headers: str) -> Any:
    address = reverse("public:push", args=[row.key])
    with clock.at(START):
        return Client().post(address, raw, content_type="application/json", headers=headers)


def test_a_signed_push_of_wjx_becomes_a_scored_answer(world: World) -> None:
    with clock.at(START):
        row = source(world, "wjx")
    assert pushed(row, wjx()).status_code == 200
    sheet = Response.objects.get(state="submitted")
    assert sheet.answers["reception"] == {"greeting": 5, "waiting": 4, "price": "na"}
    assert sheet.answers["channels"] == ["friend", "web"]
    assert (sheet.answers["satisfied"], sheet.answers["recommend"]) == (4, 9)
    assert (sheet.channel, sheet.unit, sheet.seconds) == ("wjx", world.shop, 65)
    assert sheet.scores.get().total is not None


def test_the_same_push_again_and_the_same_sheet_again_add_nothing(world: World) -> None:
    with clock.at(START):
        row = source(world, "wjx")
    for raw in (wjx(), wjx(), wjx(name="重发")):
        assert pushed(row, raw).status_code == 200
    assert Response.objects.filter(state="submitted").count() == 1
    assert Push.objects.count() == 2


def test_a_wrong_signature_is_refused_and_nothing_is_taken(world: World) -> None:
    with clock.at(START):
        row = source(world, "wjx")
    assert pushed(row, wjx(sign="0" * 40)).status_code == 403
    assert pushed(row, b"{").status_code == 403
    assert Client().post(reverse("public:push", args=["nothing"])).status_code == 404
    assert Response.objects.count() == 0


def test_what_cannot_be_taken_is_kept_named_and_tried_again(world: World) -> None:
    with clock.at(START):
        row = source(world, "wjx")
    assert pushed(row, wjx(q3="99")).status_code == 200
    push = Push.objects.get()
    assert push.state == "failed"
    assert "satisfied" in push.problem
    assert Response.objects.count() == 0
    with clock.at(START):
        remap(actor=world.manager, source=row, mapping={**row.mapping, "q3": "recommend", "q4": "satisfied"})
        row.refresh_from_db()
        Push.objects.filter(pk=push.pk).update(body=wjx(q3="9", q4="4").decode())
        assert take(push=Push.objects.get(pk=push.pk)).state == "taken"
    assert Response.objects.get().answers["recommend"] == 9


def tencent(action: str, satisfied: str) -> tuple[bytes, str]:
    """A Tencent push with its options in words, signed with the agreed key."""
    rows = [{"id": "q-1", "text": "5,4,3"}, {"id": "q-2", "options": [{"text": "朋友", "checked": 1}]}]
    rows += [{"id": "q-3", "text": satisfied}, {"id": "q-4", "text": "10"}]
    payload = {"answer_id": 42, "duration": 80, "answer": [{"id": "p-1", "questions": rows}]}
    raw = json.dumps({"object": "Answer", "action": f"answer.{action}", "payload": payload}).encode()
    return raw, hmac.new(KEY.encode(), raw, hashlib.sha256).hexdigest()


def test_an_update_of_tencent_keeps_the_old_answers_too(world: World) -> None:
    with clock.at(START):
        row = source(world, "tencent")
    for action, satisfied in (("create", "5"), ("update", "4")):
        raw, signature = tencent(action, satisfied)
        assert pushed(row, raw, **{"X-Signature": signature}).status_code == 200
    sheet = Response.objects.get()
    assert sheet.answers["satisfied"] == 4
    assert sheet.answers["channels"] == ["friend"]
    assert Revision.objects.get().before["answers"]["satisfied"] == 5


def test_a_deleted_sheet_does_not_count_any_more_but_stays(world: World) -> None:
    with clock.at(START):
        row = source(world, "tencent")
    for action in ("create", "delete"):
        raw, signature = tencent(action, "5")
        pushed(row, raw, **{"X-Signature": signature})
    assert not Response.objects.get().valid


def test_a_platform_needs_a_key_and_a_code_that_exists(world: World) -> None:
    with clock.at(START), pytest.raises(Refused, match="key"):
        connect(actor=world.manager, round=world.round, unit=world.shop, platform="wjx", label="x", secret="")
    with clock.at(START):
        row = source(world, "wjx")
        with pytest.raises(Refused, match="no question"):
            remap(actor=world.manager, source=row, mapping={"q1": "nothing"})
        with pytest.raises(NotPermitted):
            remap(actor=world.outsider, source=row, mapping={})
