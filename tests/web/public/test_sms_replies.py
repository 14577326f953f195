"""Replies to SMS, as providers push them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from manyi.customers.models import OptOut
from manyi.organisation.actions import set_setting
from tests import personas

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
