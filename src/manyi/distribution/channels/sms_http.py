"""SMS by any gateway that takes an HTTP request: address, body and word of success are settings."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from manyi.distribution import gateways, sms
from manyi.distribution.channels import CHANNELS, ChannelError, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation.settings import values

GROUP = "sms_http"
URL = setting(
    GROUP,
    "url",
    Label("接口地址", "Address"),
    Label("可以含 {to} {text} {key}。", "May hold {to} {text} {key}."),
)
METHOD = setting(
    GROUP,
    "method",
    Label("请求方式", "Method"),
    Label("多数为 POST。", "Mostly POST."),
    "choice",
    default="POST",
    choices=(("POST", Label("POST", "POST")), ("GET", Label("GET", "GET"))),
)
TYPE = setting(
    GROUP,
    "type",
    Label("内容格式", "Format of the body"),
    Label("决定文字怎样转义。", "Decides how texts are escaped."),
    "choice",
    default="json",
    choices=(("json", Label("JSON", "JSON")), ("form", Label("表单", "Form"))),
)
BODY = setting(
    GROUP,
    "body",
    Label("内容模板", "Body"),
    Label(
        "用 {to} {text} {key} 表示号码、内容和唯一编号。",
        "{to} {text} {key}: number, text, key of the message.",
    ),
    default='{"to": "{to}", "text": "{text}", "key": "{key}"}',
)
AUTHORIZATION = setting(
    GROUP,
    "authorization",
    Label("Authorization 请求头", "Authorization header"),
    Label("需要时填写,保存后不再显示。", "If needed; not shown again after saving."),
    "secret",
)
SUCCESS = setting(
    GROUP,
    "success",
    Label("成功的标志", "Sign of success"),
    Label("例如 code=0;留空表示 HTTP 状态 2xx 即成功。", "Such as code=0; empty: any HTTP status 2xx."),
)
AGAIN = setting(
    GROUP,
    "again",
    Label("可以重试的标志", "Sign that one may try again"),
    Label("例如 code=busy,用逗号分开多个。", "Such as code=busy; several with commas."),
)
per_minute(GROUP, 600)
CONTENT = {"json": "application/json; charset=utf-8", "form": "application/x-www-form-urlencoded"}


@CHANNELS.register
class HttpSms(sms.Sms):
    """SMS by any HTTP gateway, described in the settings."""

    id = GROUP
    label = Label("短信(通用 HTTP 接口)", "SMS (any HTTP gateway)")
    needs = (URL,)

    def send(self, message: Outgoing) -> Receipt:
        """One request as the settings describe it. Raises ChannelError."""
        own = values((URL, METHOD, TYPE, BODY, AUTHORIZATION, SUCCESS, AGAIN))
        parts = {"to": message.recipient, "text": sms.text_of(message), "key": message.key}
        by_post = own[METHOD] == "POST"
        headers = {"Content-Type": CONTENT[own[TYPE]]} if by_post else {}
        if own[AUTHORIZATION]:
            headers["Authorization"] = own[AUTHORIZATION]
        answer = gateways.call(
            _filled(own[URL], parts, "form"),
            body=_filled(own[BODY], parts, own[TYPE]).encode() if by_post else None,
            headers=headers,
            method=own[METHOD],
        )
        if any(_holds(rule, answer.data) for rule in own[AGAIN].split(",")):
            raise ChannelError(answer.text[:500], permanent=False)
        gateways.require_status(answer)
        if own[SUCCESS] and not _holds(own[SUCCESS], answer.data):
            raise ChannelError(answer.text[:500], permanent=True)
        return Receipt(answer.text[:200])


def _filled(template: str, parts: dict[str, str], form: str) -> str:
    """The template with its parts, escaped for where they stand."""
    for name, text in parts.items():
        escaped = json.dumps(text, ensure_ascii=False)[1:-1] if form == "json" else quote(text, safe="")
        template = template.replace(f"{{{name}}}", escaped)
    return template


def _holds(rule: str, data: dict[str, Any]) -> bool:
    """Whether ``a.b=value`` holds in the answer."""
    path, equals, wanted = rule.strip().partition("=")
    found: Any = data
    for name in path.strip().split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return bool(equals) and found is not None and str(found) == wanted.strip()
