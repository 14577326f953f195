"""SMS by Tencent Cloud (SendSms, version 2021-01-11, signature TC3-HMAC-SHA256)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

from manyi.distribution import gateways, sms
from manyi.distribution.channels import CHANNELS, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.settings import value

GROUP = "sms_tencent"
CONSOLE = Label("在腾讯云控制台取得。", "From the console.")
ENDPOINT = setting(
    GROUP,
    "endpoint",
    Label("接口地址", "Endpoint"),
    Label("一般不用改。", "Rarely changed."),
    default="https://sms.tencentcloudapi.com/",
)
REGION = setting(GROUP, "region", Label("地域", "Region"), CONSOLE, default="ap-guangzhou")
KEY_ID = setting(GROUP, "key_id", Label("SecretId", "SecretId"), CONSOLE)
KEY = setting(
    GROUP,
    "key",
    Label("SecretKey", "SecretKey"),
    Label("保存后不再显示。", "Not shown again after saving."),
    "secret",
)
APP = setting(GROUP, "app", Label("短信应用 SdkAppId", "SdkAppId"), CONSOLE)
TEMPLATES = sms.templates(GROUP)
per_minute(GROUP, 600)
AGAIN_PREFIXES = ("LimitExceeded", "InternalError", "RequestLimitExceeded", "ResourceInsufficient")
AGAIN = ("FailedOperation.InsufficientBalanceInSmsPackage", "AuthFailure.SignatureExpire")
TYPE = "application/json; charset=utf-8"


@CHANNELS.register
class Tencent(sms.Sms):
    """SMS by Tencent Cloud: a template of the provider is filled with the parts of the text."""

    id = GROUP
    label = Label("短信(腾讯云)", "SMS (Tencent Cloud)")
    needs = (ENDPOINT, KEY_ID, KEY, APP, sms.SIGNATURE, TEMPLATES[2])

    def send(self, message: Outgoing) -> Receipt:
        """One SendSms; the message's key goes along as SessionContext. Raises ChannelError."""
        payload = json.dumps(
            {
                "PhoneNumberSet": [international(message.recipient)],
                "SessionContext": message.key[:512],
                "SignName": value(sms.SIGNATURE),
                "SmsSdkAppId": value(APP),
                "TemplateId": sms.template_of(GROUP, message.kind),
                "TemplateParamSet": list(sms.parameters_of(GROUP, message).values()),
            }
        )
        address, at = value(ENDPOINT), clock.now()
        headers = {
            "Authorization": authorization(urlsplit(address).netloc, payload, at, value(KEY_ID), value(KEY)),
            "Content-Type": TYPE,
            "X-TC-Action": "SendSms",
            "X-TC-Region": value(REGION),
            "X-TC-Timestamp": str(int(at.timestamp())),
            "X-TC-Version": "2021-01-11",
        }
        answer = gateways.call(address, body=payload.encode(), headers=headers)
        reply = answer.data.get("Response", {})
        if not reply:
            gateways.require_status(answer)
        status = reply.get("Error") or (reply.get("SendStatusSet") or [{}])[0]
        code = str(status.get("Code", ""))
        if code == "Ok":
            return Receipt(str(status.get("SerialNo", "")))
        again = code in AGAIN or code.startswith(AGAIN_PREFIXES)
        raise gateways.refused(code, status.get("Message", ""), again=again)


def international(number: str) -> str:
    """A number with its country, as the gateway wants it."""
    bare = "".join(char for char in number if char.isdigit() or char == "+")
    return bare if bare.startswith("+") else f"+86{bare}"


def authorization(
    host: str,
    payload: str,
    at: datetime,
    key_id: str,
    key: str,
    *,
    service: str = "sms",
    action: str = "SendSms",
) -> str:
    """The Authorization header by TC3-HMAC-SHA256, as Tencent Cloud's API documentation describes it."""
    signed = "content-type;host;x-tc-action"
    canonical = (
        f"POST\n/\n\ncontent-type:{TYPE}\nhost:{host}\nx-tc-action:{action.lower()}\n\n{signed}\n"
        f"{hashlib.sha256(payload.encode()).hexdigest()}"
    )
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    wording = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{scope}\n{digest}"
    secret = f"TC3{key}".encode()
    for part in (day, service, "tc3_request"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    proof = hmac.new(secret, wording.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={proof}"
