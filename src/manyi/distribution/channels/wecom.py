"""WeCom (企业微信): messages of the organisation's own app to a member's user id."""

from __future__ import annotations

from urllib.parse import urlencode

from manyi.distribution import gateways
from manyi.distribution.channels import (
    CHANNELS,
    Channel,
    ChannelError,
    Outgoing,
    Receipt,
    per_minute,
    setting,
)
from manyi.kernel.labels import Label
from manyi.organisation.settings import value

GROUP = "wecom"
CONSOLE = Label("在企业微信管理后台取得。", "From the WeCom console.")
ENDPOINT = setting(
    GROUP,
    "endpoint",
    Label("接口地址", "Endpoint"),
    Label("一般不用改。", "Rarely changed."),
    default="https://qyapi.weixin.qq.com",
)
CORP = setting(GROUP, "corp", Label("企业 ID", "Corporation id"), CONSOLE)
AGENT = setting(GROUP, "agent", Label("应用 AgentId", "AgentId of the app"), CONSOLE)
SECRET = setting(
    GROUP,
    "secret",
    Label("应用密钥", "Secret of the app"),
    Label("保存后不再显示。", "Not shown again after saving."),
    "secret",
)
CALLBACK_TOKEN = setting(
    GROUP,
    "callback_token",
    Label("接收消息的 Token", "Token for received messages"),
    Label(
        "与企业微信后台“接收消息服务器配置”中的一致;网址见“接入来源”。",
        "As in the console's set-up for receiving messages; the address stands with the source of posts.",
    ),
    "secret",
)
CALLBACK_KEY = setting(
    GROUP,
    "callback_key",
    Label("接收消息的 EncodingAESKey", "EncodingAESKey for received messages"),
    Label("43 个字符,保存后不再显示。", "43 characters; not shown again after saving."),
    "secret",
)
per_minute(GROUP, 200)
#: Busy, and asked too often; everything else is a fault of the message or of the settings.
AGAIN = frozenset({-1, 45009, 45033})
EXPIRED = frozenset({40014, 42001})
TOKENS = gateways.Tokens()


@CHANNELS.register
class WeCom(Channel):
    """A WeCom message to a user id; the same content within half an hour is sent once by WeCom itself."""

    id = GROUP
    label = Label("企业微信消息", "WeCom message")
    contact = "wecom"
    form = "short"
    needs = (ENDPOINT, CORP, AGENT, SECRET)

    def send(self, message: Outgoing) -> Receipt:
        """One text message. Raises ChannelError."""
        answer = gateways.app_call(
            TOKENS, f"{value(CORP)} {value(SECRET)}", _token, lambda token: _post(token, message), EXPIRED
        )
        gateways.require_success(answer, AGAIN)
        if answer.data.get("invaliduser"):
            raise ChannelError(f"WeCom knows no user {message.recipient}", permanent=True)
        return Receipt(str(answer.data.get("msgid", "")))


def _token() -> tuple[str, int]:
    query = urlencode({"corpid": value(CORP), "corpsecret": value(SECRET)})
    answer = gateways.call(f"{value(ENDPOINT)}/cgi-bin/gettoken?{query}", repeatable=True)
    gateways.require_success(answer, AGAIN)
    return str(answer.data.get("access_token", "")), int(answer.data.get("expires_in", 0))


def _post(token: str, message: Outgoing) -> gateways.Answer:
    agent = value(AGENT)
    data = {
        "touser": message.recipient,
        "msgtype": "text",
        "agentid": int(agent) if agent.isdigit() else agent,
        "text": {"content": message.body},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 1800,
    }
    url = f"{value(ENDPOINT)}/cgi-bin/message/send?access_token={token}"
    return gateways.post_json(url, data, repeatable=True)
