"""DingTalk (钉钉): the robot of a group chat, by its webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from manyi.distribution import gateways
from manyi.distribution.channels import CHANNELS, Channel, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.settings import value

GROUP = "dingtalk_robot"
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
per_minute(GROUP, 20)
AGAIN = frozenset({-1, 130101, 410100})


@CHANNELS.register
class DingTalkRobot(Channel):
    """A text into one group chat, for open links and notices to staff."""

    id = GROUP
    label = Label("钉钉群机器人", "DingTalk group robot")
    reach = "group"
    form = "short"
    needs = (WEBHOOK,)

    def send(self, message: Outgoing) -> Receipt:
        """One text message into the group. Raises ChannelError."""
        data = {"msgtype": "text", "text": {"content": message.body}}
        answer = gateways.post_json(_address(), data)
        gateways.require_success(answer, AGAIN)
        return Receipt("group")


def _address() -> str:
    """The webhook, with time and signature when the robot asks for them."""
    webhook, secret = value(WEBHOOK), value(SECRET)
    if not secret:
        return str(webhook)
    at = int(clock.now().timestamp() * 1000)
    query = urlencode({"timestamp": at, "sign": signature(at, secret)})
    return f"{webhook}{'&' if '?' in webhook else '?'}{query}"


def signature(at: int, secret: str) -> str:
    """HMAC-SHA256 of time (ms) and secret, keyed by the secret (DingTalk, custom robot)."""
    wording = f"{at}\n{secret}"
    return base64.b64encode(hmac.new(secret.encode(), wording.encode(), hashlib.sha256).digest()).decode()
