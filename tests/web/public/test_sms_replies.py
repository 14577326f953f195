"""Replies to SMS, as providers push them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from manyi.customers.models import OptOut
from manyi.distribution.models import Invitation, Message
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from manyi.organisation.models import Event
from tests import personas
from tests.survey_world import START, build, invite

pytestmark = pytest.mark.django_db
PUSHES: list[Any] = [
    [{"phone_number": "13800000001", "content": "T", "send_time": "2026-03-02 09:00:00"}],
    {"mobile": "+8613800000001", "text": "退订", "sign": "华诚汽车"},
]


@pytest.fixture
def client() -> Client:
    set_setting(actor=None, key="sms.reply_key", value="k3y")
    personas.customer(personas.house().tree.east, "C1", phone="13800000001")
    return Client()


@pytest.mark.parametrize("push", PUSHES)
def test_who_replies_with_the_words_is_left_alone(client: Client, push: Any) -> None:
    answer = client.post("/hooks/sms/k3y/", json.dumps(push), content_type="application/json")
    assert answer.json()["code"] == 0
    assert OptOut.objects.get().source == "sms"


def test_any_other_reply_and_any_other_number_changes_nothing(client: Client) -> None:
    client.post("/hooks/sms/k3y/", {"from": "13800000001", "text": "谢谢"})
    client.post("/hooks/sms/k3y/", {"from": "13800000002", "text": "T"})
    client.post("/hooks/sms/k3y/", {"from": "somebody", "text": "T"})
    assert not OptOut.objects.exists()


def test_without_the_key_there_is_no_such_page(client: Client) -> None:
    assert client.post("/hooks/sms/guess/", PUSHES[0], content_type="application/json").status_code == 404
    set_setting(actor=None, key="sms.reply_key", value="")
    assert client.post("/hooks/sms/k3y/", PUSHES[0], content_type="application/json").status_code == 404
    assert not OptOut.objects.exists()


ARRIVED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sms_aliyun": (
        {"phone_number": "13800000001", "success": True, "biz_id": "b1", "out_id": "invitation:1"},
        {"phone_number": "13800000001", "success": False, "biz_id": "b1", "err_code": "MOBILE_OFF"},
    ),
    "sms_tencent": (
        {"mobile": "13800000001", "report_status": "SUCCESS", "sid": "b1", "description": "ok"},
        {"mobile": "13800000001", "report_status": "FAIL", "sid": "b1", "errmsg": "MOBILE_OFF"},
    ),
    "sms_http": (
        {"key": "invitation:1", "status": "delivered"},
        {"key": "invitation:1", "status": "failed", "reason": "MOBILE_OFF"},
    ),
}


def sent(channel: str) -> Message:
    with clock.at(START):
        world = build(customers_count=1)
        invitation = invite(world)[0]
        Invitation.objects.update(state="sent", channel=channel)
        return Message.objects.create(
            key="invitation:1",
            channel=channel,
            kind="invitation",
            invitation=invitation,
            recipient="13800000001",
            body="…",
            state="sent",
            receipt="b1",
            created_at=START,
        )


def push(told: Any, key: str = "k3y") -> Any:
    url = f"/hooks/sms/{key}/receipts/"
    return Client().post(url, json.dumps(told), content_type="application/json")


@pytest.mark.parametrize("channel", ARRIVED)
def test_a_report_says_whether_a_message_arrived(channel: str) -> None:
    set_setting(actor=None, key="sms.reply_key", value="k3y")
    message = sent(channel)
    good, bad = ARRIVED[channel]
    assert push([good]).json()["code"] == 0
    message.refresh_from_db()
    assert message.delivered_at is not None
    push([bad])  # a second, other report about the same message changes nothing
    message.refresh_from_db()
    assert message.state == "sent"
    Message.objects.update(delivered_at=None)
    push(bad)
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "MOBILE_OFF")
    assert Invitation.objects.get().state == "failed"
    assert Event.objects.filter(kind="message.delivery_told").count() == 2


def test_reports_need_the_key_and_must_be_about_our_messages() -> None:
    set_setting(actor=None, key="sms.reply_key", value="k3y")
    message = sent("sms_http")
    assert push({"key": "invitation:1", "status": "failed"}, key="guess").status_code == 404
    other = {"key": "other", "status": "failed"}
    for strange in (other, {"status": "failed"}, {"key": "invitation:1"}, [1], "x"):
        assert push(strange).status_code == 200
    message.refresh_from_db()
    assert (message.state, message.delivered_at) == ("sent", None)
