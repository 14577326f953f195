"""The providers' gateways, played on loopback: each checks what it gets as its documentation says.

Signatures are recomputed here from the published descriptions, not with the product's code. A text that holds
``[gone]`` is refused for good, ``[later]`` for now; what was taken is kept with the key that came along.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

SECRET = "shared-secret"
Reply = tuple[int, dict[str, Any]]


@dataclass
class Request:
    """One request as a gateway sees it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def form(self) -> dict[str, str]:
        return {name: texts[0] for name, texts in parse_qs(self.raw.decode(), keep_blank_values=True).items()}


@dataclass
class Gateways:
    """The running server: where it is, what was sent (to, text, key), how many tokens were handed out."""

    url: str = ""
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    tokens: int = 0
    valid: set[str] = field(default_factory=set)

    def take(self, to: str, text: str, key: str, good: dict[str, Any], gone: Reply, later: Reply) -> Reply:
        """Keep the message, or refuse it as its text asks."""
        if "[gone]" in text:
            return gone
        if "[later]" in text:
            return later
        self.sent.append((to, text, key))
        return 200, good

    def token(self, good: bool) -> str:
        """A new access token for who knows the secret."""
        assert good
        self.tokens += 1
        token = f"token-{self.tokens}"
        self.valid.add(token)
        return token


def aliyun(here: Gateways, request: Request) -> Reply:
    """RPC signature 1.0: HMAC-SHA1 over POST&%2F&percent-encoded sorted parameters."""
    form = request.form
    signed = "&".join(
        f"{quote(name, safe='-_.~')}={quote(form[name], safe='-_.~')}"
        for name in sorted(form)
        if name != "Signature"
    )
    wording = "POST&%2F&" + quote(signed, safe="-_.~")
    proof = hmac.new(f"{SECRET}&".encode(), wording.encode(), "sha1").digest()
    if base64.b64encode(proof).decode() != form["Signature"]:
        return 400, {"Code": "SignatureDoesNotMatch", "Message": "no"}
    text = json.loads(form["TemplateParam"])["text"]
    gone = 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "bad number"}
    later = 200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "too many"}
    return here.take(form["PhoneNumbers"], text, form["OutId"], {"Code": "OK", "BizId": "b1"}, gone, later)


def tencent(here: Gateways, request: Request) -> Reply:
    """TC3-HMAC-SHA256 over the canonical request."""
    headers, at = request.headers, int(request.headers["x-tc-timestamp"])
    day = time.strftime("%Y-%m-%d", time.gmtime(at))
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            f"content-type:{headers['content-type']}",
            f"host:{headers['host']}",
            f"x-tc-action:{headers['x-tc-action'].lower()}",
            "",
            "content-type;host;x-tc-action",
            hashlib.sha256(request.raw).hexdigest(),
        ]
    )
    scope = f"{day}/sms/tc3_request"
    wording = f"TC3-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{SECRET}".encode()
    for step in (day, "sms", "tc3_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    if not headers["authorization"].endswith(hmac.digest(key, wording.encode(), "sha256").hex()):
        return 200, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "no"}}}
    data = request.json

    def said(code: str) -> dict[str, Any]:
        return {"Response": {"SendStatusSet": [{"Code": code, "Message": code, "SerialNo": "s1"}]}}

    gone = 200, said("InvalidParameterValue.IncorrectPhoneNumber")
    later = 200, said("LimitExceeded.PhoneNumberDailyLimit")
    to, text = data["PhoneNumberSet"][0], data["TemplateParamSet"][0]
    return here.take(to, text, data["SessionContext"], said("Ok"), gone, later)


def any_http(here: Gateways, request: Request) -> Reply:
    """A gateway of a smaller provider."""
    assert request.headers["authorization"] == SECRET
    data = request.json
    gone, later = (200, {"code": "refused"}), (200, {"code": "busy"})
    return here.take(data["to"], data["text"], data["key"], {"code": "0"}, gone, later)


def wecom_token(here: Gateways, request: Request) -> Reply:
    token = here.token(request.query["corpsecret"] == SECRET)
    return 200, {"errcode": 0, "access_token": token, "expires_in": 7200}


def wecom_send(here: Gateways, request: Request) -> Reply:
    if request.query["access_token"] not in here.valid:
        return 200, {"errcode": 42001, "errmsg": "expired"}
    data = request.json
    assert data["enable_duplicate_check"] == 1
    gone, later = (200, {"errcode": 81013, "errmsg": "unknown"}), (200, {"errcode": -1, "errmsg": "busy"})
    return here.take(data["touser"], data["text"]["content"], "", {"errcode": 0, "msgid": "m1"}, gone, later)


def dingtalk_token(here: Gateways, request: Request) -> Reply:
    token = here.token(request.query["appsecret"] == SECRET)
    return 200, {"errcode": 0, "access_token": token, "expires_in": 7200}


def dingtalk_send(here: Gateways, request: Request) -> Reply:
    if request.query["access_token"] not in here.valid:
        return 200, {"errcode": 40014, "errmsg": "expired"}
    data = request.json
    gone, later = (200, {"errcode": 33012, "errmsg": "unknown"}), (200, {"errcode": 90018, "errmsg": "busy"})
    text = data["msg"]["text"]["content"]
    return here.take(data["userid_list"], text, "", {"errcode": 0, "task_id": 7}, gone, later)


def feishu_token(here: Gateways, request: Request) -> Reply:
    token = here.token(request.json["app_secret"] == SECRET)
    return 200, {"code": 0, "tenant_access_token": token, "expire": 7200}


def feishu_send(here: Gateways, request: Request) -> Reply:
    if request.headers["authorization"].removeprefix("Bearer ") not in here.valid:
        return 200, {"code": 99991663, "msg": "expired"}
    data = request.json
    if data["uuid"] in {key for _, _, key in here.sent}:
        return 200, {"code": 0, "data": {"message_id": "m1"}}
    good = {"code": 0, "data": {"message_id": "m1"}}
    gone, later = (200, {"code": 230013, "msg": "unknown"}), (200, {"code": 99991400, "msg": "busy"})
    return here.take(data["receive_id"], json.loads(data["content"])["text"], data["uuid"], good, gone, later)


def wecom_robot(here: Gateways, request: Request) -> Reply:
    assert request.query["key"] == SECRET
    gone, later = (200, {"errcode": 93000, "errmsg": "invalid"}), (200, {"errcode": 45009, "errmsg": "busy"})
    return here.take("group", request.json["text"]["content"], "", {"errcode": 0}, gone, later)


def dingtalk_robot(here: Gateways, request: Request) -> Reply:
    at = request.query["timestamp"]
    proof = hmac.digest(SECRET.encode(), f"{at}\n{SECRET}".encode(), "sha256")
    assert request.query["sign"] == base64.b64encode(proof).decode()
    gone, later = (200, {"errcode": 310000, "errmsg": "no"}), (200, {"errcode": 130101, "errmsg": "busy"})
    return here.take("group", request.json["text"]["content"], "", {"errcode": 0}, gone, later)


def feishu_robot(here: Gateways, request: Request) -> Reply:
    data = request.json
    proof = hmac.digest(f"{data['timestamp']}\n{SECRET}".encode(), b"", "sha256")
    assert data["sign"] == base64.b64encode(proof).decode()
    gone, later = (200, {"code": 19024, "msg": "no"}), (200, {"code": 11232, "msg": "busy"})
    return here.take("group", data["content"]["text"], "", {"code": 0}, gone, later)


ROUTES: dict[str, Callable[[Gateways, Request], Reply]] = {
    "/aliyun/": aliyun,
    "/": tencent,
    "/sms": any_http,
    "/cgi-bin/gettoken": wecom_token,
    "/cgi-bin/message/send": wecom_send,
    "/gettoken": dingtalk_token,
    "/topapi/message/corpconversation/asyncsend_v2": dingtalk_send,
    "/open-apis/auth/v3/tenant_access_token/internal": feishu_token,
    "/open-apis/im/v1/messages": feishu_send,
    "/wecom-robot": wecom_robot,
    "/dingtalk-robot": dingtalk_robot,
    "/feishu-robot": feishu_robot,
}


def settings_of(url: str) -> dict[str, dict[str, str]]:
    """What each channel is told in the settings to reach these gateways."""
    sms = {"template_other": "T1", "key_id": "id", "key": SECRET}
    return {
        "sms_aliyun": {**sms, "endpoint": f"{url}/aliyun/"},
        "sms_tencent": {**sms, "endpoint": f"{url}/", "app": "1400000000"},
        "sms_http": {
            "url": f"{url}/sms",
            "authorization": SECRET,
            "success": "code=0",
            "again": "code=busy",
        },
        "wecom": {"endpoint": url, "corp": "corp", "agent": "7", "secret": SECRET},
        "dingtalk": {"endpoint": url, "app_key": "app", "agent": "7", "secret": SECRET},
        "feishu": {"endpoint": url, "app": "app", "secret": SECRET},
        "wecom_robot": {"webhook": f"{url}/wecom-robot?key={SECRET}"},
        "dingtalk_robot": {"webhook": f"{url}/dingtalk-robot?access_token=x", "secret": SECRET},
        "feishu_robot": {"webhook": f"{url}/feishu-robot", "secret": SECRET},
    }


@contextmanager
def gateways() -> Iterator[Gateways]:
    """All gateways on one port, as long as the block lasts."""
    here = Gateways()

    class Handler(BaseHTTPRequestHandler):
        """Looks up the route and answers JSON."""

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            query = {name: texts[0] for name, texts in parse_qs(parts.query).items()}
            headers = {name.lower(): text for name, text in self.headers.items()}
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, data = ROUTES[parts.path](here, Request(parts.path, query, headers, raw))
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield here
        server.shutdown()
