"""Messages from WeCom: the published example of Tencent, and messages enciphered here by the description."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from manyi.cases.actions import add_message
from manyi.cases.models import Case, PostSource, ReceivedPost
from manyi.cases.posts import intake
from manyi.distribution import wecom_callback
from manyi.distribution.models import Message
from manyi.organisation import events
from manyi.organisation.actions import set_setting
from tests.cases.house import fresh, walk
from tests.cases.posts.pushed import AES_KEY, CORP, TOKEN, by_wecom, query_for, said, sealed, with_wecom
from tests.personas import House

#: From Sample.cs of Tencent's WXBizMsgCrypt.
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
ECHO_QUERY = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": ECHO,
}
POSTED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/"
    "sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJ"
    "YuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUca"
    "llcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/"
    "T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)


def test_the_address_is_proved_as_in_the_published_example(house: House, monday: datetime) -> None:
    source = with_wecom(house)
    address = reverse("public:wecom", args=[source.key])
    answer = Client().get(address, ECHO_QUERY)
    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")
    wrong = Client().get(address, {**ECHO_QUERY, "nonce": "1"})
    assert (wrong.status_code, PostSource.objects.get().refused) == (403, 1)


def test_the_published_message_is_deciphered() -> None:
    assert wecom_callback.signature(TOKEN, "1409659813", "1372623149", POSTED) == (
        "477715d11cdb4164915debcba66cb864d751f3e6"
    )
    message, receiver = wecom_callback.decipher(AES_KEY, POSTED)
    assert receiver == CORP
    assert b"<MsgType><![CDATA[text]]></MsgType>" in message


@pytest.mark.parametrize("wrong", ["", "AAAA", "****", ECHO[:-4], "A" * 64])
def test_what_cannot_be_deciphered_says_so(wrong: str) -> None:
    with pytest.raises(wecom_callback.Closed):
        wecom_callback.decipher(AES_KEY, wrong)
    with pytest.raises(wecom_callback.Closed):
        wecom_callback.decipher("short", ECHO)


def test_a_person_is_one_conversation_while_their_case_is_open(house: House, monday: datetime) -> None:
    source = with_wecom(house)
    first = by_wecom(source, said("取车时发现划痕", "11"))
    assert (first.status_code, first.content) == (200, b"")
    by_wecom(source, said("在右前门", "12"))
    by_wecom(source, said("在右前门", "12"))  # WeCom asks three times when it hears nothing
    by_wecom(
        source, said("", "13", kind="image", more="<PicUrl>https://p.example/1</PicUrl><MediaId>m1</MediaId>")
    )
    by_wecom(source, said("别人", "14", person="zhangsan"))
    case, other = Case.objects.order_by("pk")
    assert (case.channel, case.contact_name, other.contact_name) == ("wecom", "lisi", "zhangsan")
    words = list(case.messages.filter(direction="in").values_list("body", flat=True))
    assert words == ["取车时发现划痕", "在右前门", "[图片]\n附件:https://p.example/1\n附件:m1"]
    walk(case, house, "close")
    by_wecom(source, said("换了个问题", "15"))
    assert Case.objects.latest("pk").demand == "换了个问题"


def test_an_answer_goes_to_the_person_by_the_same_app(house: House, monday: datetime) -> None:
    by_wecom(with_wecom(house), said("取车时发现划痕"))
    add_message(actor=fresh("wang"), case=Case.objects.get(), direction="out", body="请到店。")
    events.dispatch_pending()
    rows = Message.objects.order_by("pk").values_list("channel", "recipient", "kind")
    assert list(rows) == [("wecom", "lisi", "acknowledgement"), ("wecom", "lisi", "answer")]


def test_an_event_is_booked_and_makes_no_case(house: House, monday: datetime) -> None:
    event = "<xml><FromUserName>lisi</FromUserName><MsgType>event</MsgType><Event>enter_agent</Event></xml>"
    assert by_wecom(with_wecom(house), event).status_code == 200
    assert (ReceivedPost.objects.get().state, Case.objects.count()) == ("ignored", 0)


def test_a_wrong_signature_and_another_corporation_are_refused(house: House, monday: datetime) -> None:
    source = with_wecom(house)
    assert by_wecom(source, said("x"), token="other").status_code == 403
    assert not ReceivedPost.objects.exists()
    assert by_wecom(source, said("x"), receiver="wxOther").status_code == 403
    post = ReceivedPost.objects.get()
    assert (post.state, post.reason, post.detail) == ("quarantined", "corp", "wxOther")
    assert (PostSource.objects.get().refused, Case.objects.count()) == (2, 0)


def test_without_a_token_nobody_is_let_in(house: House, monday: datetime) -> None:
    source = with_wecom(house)
    set_setting(actor=None, key="wecom.callback_token", value="")
    assert by_wecom(source, said("x"), token="").status_code == 403


def test_another_key_sets_aside_what_came_and_the_right_one_takes_it_in(
    house: House, monday: datetime
) -> None:
    source = with_wecom(house)
    set_setting(actor=None, key="wecom.callback_key", value="A" * 43)
    assert by_wecom(source, said("取车时发现划痕")).status_code == 200
    assert ReceivedPost.objects.get().reason == "closed"
    set_setting(actor=None, key="wecom.callback_key", value=AES_KEY)
    assert intake.retry(actor=fresh("zhou"), post=ReceivedPost.objects.get()).state == "message"
    assert Case.objects.get().demand == "取车时发现划痕"


@pytest.mark.parametrize(
    "message",
    [
        "no xml",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><MsgType>&a;</MsgType></xml>',
        "<xml><MsgType>text</MsgType></xml>",
        "<xml>" + "<a>" * 80 + "</a>" * 80 + "</xml>",
    ],
)
def test_hostile_xml_is_set_aside(house: House, monday: datetime, message: str) -> None:
    assert by_wecom(with_wecom(house), message).status_code == 200
    assert ReceivedPost.objects.get().state == "quarantined"


def test_the_two_addresses_are_not_mixed_up_and_no_form_is_taken(house: House, monday: datetime) -> None:
    source, client = with_wecom(house), Client()
    assert client.post(reverse("public:post", args=[source.key]), {}).status_code == 404
    address = reverse("public:wecom", args=[source.key]) + query_for(sealed("x"))
    assert client.post(address, {}).status_code == 415
    assert client.post(address, b"no xml", content_type="text/xml").status_code == 403
