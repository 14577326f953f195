"""The providers' signatures against the examples that they publish."""

from __future__ import annotations

from datetime import UTC, datetime

from manyi.distribution.channels import sms_aliyun, sms_tencent


def test_aliyun_signs_as_its_documentation_does() -> None:
    """The example of Aliyun's "SMS API: HTTP protocol and signature" (短信服务, 请求签名)."""
    example = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert sms_aliyun.signature("GET", example, "testSecret") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_tencent_cloud_names_key_scope_and_signed_headers() -> None:
    """The layout of Tencent Cloud's "API signature v3"; its value is checked on loopback."""
    at = datetime.fromtimestamp(1551113065, UTC)
    header = sms_tencent.authorization("sms.tencentcloudapi.com", "{}", at, "AKIDEXAMPLE", "secret")
    head, _, proof = header.rpartition("Signature=")
    assert head == (
        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/sms/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
    )
    assert len(proof) == 64
    other = sms_tencent.authorization("sms.tencentcloudapi.com", "{ }", at, "AKIDEXAMPLE", "secret")
    assert other.rpartition("Signature=")[2] != proof


def test_a_number_without_country_is_chinese() -> None:
    assert sms_tencent.international("138-0000-0001") == "+8613800000001"
    assert sms_tencent.international("+852 1234 5678") == "+85212345678"
