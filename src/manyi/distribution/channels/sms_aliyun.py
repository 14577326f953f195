"""SMS by Aliyun (dysmsapi, SendSms, version 2017-05-25)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from urllib.parse import quote

from manyi.distribution import gateways, sms
from manyi.distribution.channels import CHANNELS, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.settings import value

GROUP = "sms_aliyun"
ENDPOINT = setting(
    GROUP,
    "endpoint",
    Label("接口地址", "Endpoint"),
    Label("一般不用改。", "Rarely changed."),
    default="https://dysmsapi.aliyuncs.com/",
)
KEY_ID = setting(
    GROUP, "key_id", Label("AccessKey ID", "AccessKey ID"), Label("在阿里云控制台取得。", "From the console.")
)
KEY = setting(
    GROUP,
    "key",
    Label("AccessKey 密钥", "AccessKey secret"),
    Label("保存后不再显示。", "Not shown again after saving."),
    "secret",
)
TEMPLATES = sms.templates(GROUP)
per_minute(GROUP, 600)
#: Refusals that pass by themselves: limits, a busy system, an empty account that is filled up again.
AGAIN = ("isv.BUSINESS_LIMIT_CONTROL", "isv.AMOUNT_NOT_ENOUGH", "isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY")
AGAIN_PREFIXES = ("Throttling", "ServiceUnavailable", "InternalError")


@CHANNELS.register
class Aliyun(sms.Sms):
    """SMS by Aliyun's gateway: a template of the provider is filled with the parts of the text."""

    id = GROUP
    label = Label("短信(阿里云)", "SMS (Aliyun)")
    needs = (ENDPOINT, KEY_ID, KEY, sms.SIGNATURE, TEMPLATES[2])

    def send(self, message: Outgoing) -> Receipt:
        """One SendSms; the message's key goes along as OutId. Raises ChannelError."""
        form = {
            "AccessKeyId": value(KEY_ID),
            "Action": "SendSms",
            "Format": "JSON",
            "OutId": message.key[:256],
            "PhoneNumbers": message.recipient,
            "RegionId": "cn-hangzhou",
            "SignName": value(sms.SIGNATURE),
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": secrets.token_hex(16),
            "SignatureVersion": "1.0",
            "TemplateCode": sms.template_of(GROUP, message.kind),
            "TemplateParam": json.dumps(sms.parameters_of(GROUP, message), ensure_ascii=False),
            "Timestamp": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2017-05-25",
        }
        form["Signature"] = signature("POST", form, value(KEY))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = gateways.call(value(ENDPOINT), body=canonical(form).encode(), headers=headers)
        code = str(answer.data.get("Code", ""))
        if code == "OK":
            return Receipt(str(answer.data.get("BizId", "")))
        if not code:
            gateways.require_status(answer)
        again = code in AGAIN or code.startswith(AGAIN_PREFIXES)
        raise gateways.refused(code, answer.data.get("Message", ""), again=again)


def canonical(parameters: Mapping[str, str]) -> str:
    """The parameters in order of their names, percent-encoded by RFC 3986."""
    pairs = sorted(parameters.items())
    return "&".join(f"{quote(name, safe='~')}={quote(text, safe='~')}" for name, text in pairs)


def signature(method: str, parameters: Mapping[str, str], key: str) -> str:
    """HMAC-SHA1 over method, path and parameters (Aliyun, RPC signature version 1.0)."""
    signed = f"{method}&%2F&{quote(canonical(parameters), safe='~')}"
    return base64.b64encode(hmac.new(f"{key}&".encode(), signed.encode(), hashlib.sha1).digest()).decode()
