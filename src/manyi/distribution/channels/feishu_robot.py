"""Feishu (飞书): the robot of a group chat, by its webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from manyi.distribution import gateways
from manyi.distribution.channels import CHANNELS, Channel, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.settings import value

GROUP = "feishu_robot"
WEBHOOK = setting(
    GROUP,
    "webhook",
    Label("群机器人地址", "Webhook of the robot"),
    Label("含有密钥,保存后不再显示。", "Holds a key; not shown again after saving."),
    "secret",
)
SECRET = setting(
    GROUP,
    "secret",
    Label("加签密钥", "Signing secret"),
    Label("启用加签时填写,保存后不再显示。", "If the robot asks for signatures; not shown again."),
    "secret",
)
per_minute(GROUP, 60)
AGAIN = frozenset({9499, 11232, 99991400})


@CHANNELS.register
class FeishuRobot(Channel):
    """A text into one group chat, for open links and notices to staff."""

    id = GROUP
    label = Label("飞书群机器人", "Feishu group robot")
    reach = "group"
    form = "short"
    needs = (WEBHOOK,)

    def send(self, message: Outgoing) -> Receipt:
        """One text message into the group. Raises ChannelError."""
        data: dict[str, Any] = {"msg_type": "text", "content": {"text": message.body}}
        answer = gateways.post_json(value(WEBHOOK), {**data, **_proof()})
        gateways.require_success(answer, AGAIN)
        return Receipt("group")


def _proof() -> dict[str, str]:
    """Time and signature, when the robot asks for them."""
    secret = value(SECRET)
    at = int(clock.now().timestamp())
    return {"timestamp": str(at), "sign": signature(at, secret)} if secret else {}


def signature(at: int, secret: str) -> str:
    """HMAC-SHA256 of nothing, with the time in seconds and the secret as key (Feishu, custom robot)."""
    wording = f"{at}\n{secret}"
    return base64.b64encode(hmac.new(wording.encode(), b"", hashlib.sha256).digest()).decode()
