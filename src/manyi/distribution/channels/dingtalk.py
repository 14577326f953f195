"""DingTalk (钉钉): work notices of the organisation's own app to a member's user id."""

from __future__ import annotations

from urllib.parse import urlencode

from manyi.distribution import gateways
from manyi.distribution.channels import CHANNELS, Channel, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation.settings import value

GROUP = "dingtalk"
CONSOLE = Label("在钉钉开放平台取得。", "From DingTalk's open platform.")
ENDPOINT = setting(
    GROUP,
    "endpoint",
    Label("接口地址", "Endpoint"),
    Label("一般不用改。", "Rarely changed."),
    default="https://oapi.dingtalk.com",
)
APP_KEY = setting(GROUP, "app_key", Label("应用 AppKey", "AppKey"), CONSOLE)
AGENT = setting(GROUP, "agent", Label("应用 AgentId", "AgentId of the app"), CONSOLE)
SECRET = setting(
    GROUP,
    "secret",
    Label("应用密钥 AppSecret", "AppSecret"),
    Label("保存后不再显示。", "Not shown again after saving."),
    "secret",
)
per_minute(GROUP, 1200)
AGAIN = frozenset({-1, 88, 90018, 90002})
EXPIRED = frozenset({40014, 42001})
TOKENS = gateways.Tokens()


@CHANNELS.register
class DingTalk(Channel):
    """A DingTalk work notice to a user id."""

    id = GROUP
    label = Label("钉钉消息", "DingTalk message")
    contact = "dingtalk"
    form = "short"
    needs = (ENDPOINT, APP_KEY, AGENT, SECRET)

    def send(self, message: Outgoing) -> Receipt:
        """One work notice. Raises ChannelError; DingTalk knows no key, so silence is not asked again."""
        answer = gateways.app_call(
            TOKENS, f"{value(APP_KEY)} {value(SECRET)}", _token, lambda token: _post(token, message), EXPIRED
        )
        gateways.require_success(answer, AGAIN)
        return Receipt(str(answer.data.get("task_id", "")))


def _token() -> tuple[str, int]:
    query = urlencode({"appkey": value(APP_KEY), "appsecret": value(SECRET)})
    answer = gateways.call(f"{value(ENDPOINT)}/gettoken?{query}", repeatable=True)
    gateways.require_success(answer, AGAIN)
    return str(answer.data.get("access_token", "")), int(answer.data.get("expires_in", 0))


def _post(token: str, message: Outgoing) -> gateways.Answer:
    data = {
        "agent_id": value(AGENT),
        "userid_list": message.recipient,
        "msg": {"msgtype": "text", "text": {"content": message.body}},
    }
    query = urlencode({"access_token": token})
    return gateways.post_json(f"{value(ENDPOINT)}/topapi/message/corpconversation/asyncsend_v2?{query}", data)
