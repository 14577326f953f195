"""Feishu (飞书): messages of the organisation's own app to a member's user id."""

from __future__ import annotations

import hashlib
import json

from manyi.distribution import gateways
from manyi.distribution.channels import CHANNELS, Channel, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation.settings import value

GROUP = "feishu"
CONSOLE = Label("在飞书开放平台取得。", "From Feishu's open platform.")
ENDPOINT = setting(
    GROUP,
    "endpoint",
    Label("接口地址", "Endpoint"),
    Label("一般不用改。", "Rarely changed."),
    default="https://open.feishu.cn",
)
APP = setting(GROUP, "app", Label("应用 App ID", "App ID"), CONSOLE)
SECRET = setting(
    GROUP,
    "secret",
    Label("应用密钥 App Secret", "App Secret"),
    Label("保存后不再显示。", "Not shown again after saving."),
    "secret",
)
per_minute(GROUP, 1000)
AGAIN = frozenset({99991400, 230020, 11232})
EXPIRED = frozenset({99991661, 99991663, 99991664})
TOKENS = gateways.Tokens()


@CHANNELS.register
class Feishu(Channel):
    """A Feishu message to a user id; its ``uuid`` keeps Feishu from sending the same message twice."""

    id = GROUP
    label = Label("飞书消息", "Feishu message")
    contact = "feishu"
    form = "short"
    needs = (ENDPOINT, APP, SECRET)

    def send(self, message: Outgoing) -> Receipt:
        """One text message. Raises ChannelError."""
        answer = gateways.app_call(
            TOKENS, f"{value(APP)} {value(SECRET)}", _token, lambda token: _post(token, message), EXPIRED
        )
        gateways.require_success(answer, AGAIN)
        return Receipt(str(answer.data.get("data", {}).get("message_id", "")))


def _token() -> tuple[str, int]:
    account = {"app_id": value(APP), "app_secret": value(SECRET)}
    url = f"{value(ENDPOINT)}/open-apis/auth/v3/tenant_access_token/internal"
    answer = gateways.post_json(url, account, repeatable=True)
    gateways.require_success(answer, AGAIN)
    return str(answer.data.get("tenant_access_token", "")), int(answer.data.get("expire", 0))


def _post(token: str, message: Outgoing) -> gateways.Answer:
    data = {
        "receive_id": message.recipient,
        "msg_type": "text",
        "content": json.dumps({"text": message.body}, ensure_ascii=False),
        "uuid": hashlib.sha256(message.key.encode()).hexdigest()[:40],
    }
    url = f"{value(ENDPOINT)}/open-apis/im/v1/messages?receive_id_type=user_id"
    return gateways.post_json(url, data, repeatable=True, Authorization=f"Bearer {token}")
