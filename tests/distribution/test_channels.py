"""The contract of all channels, against their providers played on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from manyi.distribution import rules
from manyi.distribution.actions import deliver_queued, queue_message
from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, dingtalk, feishu, wecom
from manyi.distribution.channels.qr import svg
from manyi.distribution.models import Message
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from manyi.organisation.settings import HIDDEN, shown, value
from tests.distribution.gateways import Gateways, gateways, settings_of
from tests.smtp_sink import Sink, smtp_sink
from tests.survey_world import START

pytestmark = pytest.mark.django_db

TO = {"email": "he@example.com", "phone": "13800000001", "wecom": "he", "dingtalk": "he", "feishu": "he"}
SENDING = [channel for channel in CHANNELS if channel.reach in {"person", "group"}]
HANDED_ON = [channel for channel in CHANNELS if channel.reach == "hand"]


def name_of(channel: Channel) -> str:
    return channel.id


class Provider:
    """Whatever stands behind a channel: what it took."""

    def __init__(self, gates: Gateways, sink: Sink) -> None:
        self.gates, self.sink = gates, sink

    def taken(self) -> int:
        return len(self.gates.sent) + len(self.sink.mails)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """All providers, and the settings by which the channels find them."""
    with gateways() as gates, smtp_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        set_setting(actor=None, key="sms.signature", value="华诚汽车")
        for group, given in settings_of(gates.url).items():
            for name, text in given.items():
                set_setting(actor=None, key=f"{group}.{name}", value=text)
        for tokens in (wecom.TOKENS, dingtalk.TOKENS, feishu.TOKENS):
            tokens.__init__()  # type: ignore[misc]  # each test begins without tokens
        yield Provider(gates, sink)


def queued(channel: Channel, *, failing: str = "", key: str = "notice:1") -> Message:
    """A message whose provider fails as the test says: ``gone`` for good, ``later`` for now."""
    to = TO.get(channel.contact, "")
    if channel.id == "email" and failing:
        to = {"gone": "he404@example.com", "later": "he503@example.com"}[failing]
    body = f"您好,请评价本次服务。{f'[{failing}]' if failing else ''}"
    return queue_message(
        key=key, kind="notice", channel=channel.id, recipient=to, subject="请评价", body=body, unit=None
    )


@pytest.mark.parametrize("channel", SENDING, ids=name_of)
def test_a_channel_sends_and_a_repetition_sends_nothing_more(channel: Channel, provider: Provider) -> None:
    assert channel.ready() is None
    first, again = queued(channel), queued(channel)
    assert first.pk == again.pk
    assert (deliver_queued(), deliver_queued()) == (1, 0)
    message = Message.objects.get()
    assert (message.state, message.error) == ("sent", "")
    assert message.receipt
    assert provider.taken() == 1


@pytest.mark.parametrize("channel", SENDING, ids=name_of)
def test_what_fails_for_good_is_not_tried_again(channel: Channel, provider: Provider) -> None:
    queued(channel, failing="gone")
    assert deliver_queued() == 0
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.error
    assert provider.taken() == 0


@pytest.mark.parametrize("channel", SENDING, ids=name_of)
def test_what_fails_for_now_waits_and_leaves_once_the_provider_is_back(
    channel: Channel, provider: Provider
) -> None:
    queued(channel, failing="later")
    with clock.at(START):
        deliver_queued()
    message = Message.objects.get()
    assert (message.state, message.not_before) == ("queued", START + rules.BACK_OFF[0])
    Message.objects.update(body="您好", recipient=message.recipient.replace("503", ""))
    with clock.at(START + timedelta(seconds=30)):
        assert deliver_queued() == 0
    with clock.at(START + rules.BACK_OFF[0]):
        assert deliver_queued() == 1
    assert provider.taken() == 1


@pytest.mark.parametrize("channel", [each for each in SENDING if each.id != "email"], ids=name_of)
def test_a_provider_that_is_not_reached_is_asked_again_later(channel: Channel) -> None:
    for name, text in settings_of("http://127.0.0.1:9")[channel.id].items():
        set_setting(actor=None, key=f"{channel.id}.{name}", value=text)
    with pytest.raises(ChannelError, match="not reached") as caught:
        channel.send(Outgoing("k", TO.get(channel.contact, ""), "", "您好"))
    assert not caught.value.permanent


@pytest.mark.parametrize("channel", [each for each in SENDING if each.needs], ids=name_of)
def test_a_channel_says_what_its_settings_lack(channel: Channel) -> None:
    missing = channel.ready()
    assert missing is not None
    assert missing.zh.startswith("还缺少")
    assert missing.en.startswith("Still missing")


@pytest.mark.parametrize("channel", HANDED_ON, ids=name_of)
def test_what_people_hand_on_is_never_sent(channel: Channel) -> None:
    with pytest.raises(ChannelError, match="not sent") as caught:
        channel.send(Outgoing("k", "", "", "您好"))
    assert caught.value.permanent


@pytest.mark.parametrize("channel", list(CHANNELS), ids=name_of)
def test_every_channel_has_its_name_in_both_languages(channel: Channel) -> None:
    assert channel.label.zh != channel.label.en
    assert channel.reach in {"person", "group", "hand", "back"}
    assert channel.cost("您好").segments >= 1


@pytest.mark.parametrize("channel", ["wecom", "dingtalk", "feishu"])
def test_a_token_is_fetched_once_and_again_when_the_provider_no_longer_takes_it(
    channel: str, provider: Provider
) -> None:
    for number in range(2):
        queued(CHANNELS.get(channel), key=f"notice:{number}")
    assert deliver_queued() == 2
    assert provider.gates.tokens == 1
    provider.gates.valid.clear()
    queued(CHANNELS.get(channel), key="notice:expired")
    assert deliver_queued() == 1
    assert provider.gates.tokens == 2


def test_feishu_knows_the_same_message_again_even_when_it_is_sent_twice(provider: Provider) -> None:
    for _ in range(2):
        CHANNELS.get("feishu").send(Outgoing("k", "he", "", "您好"))
    assert provider.taken() == 1


def test_a_secret_is_neither_shown_nor_booked(provider: Provider) -> None:
    from manyi.organisation.models import Event

    assert shown("wecom.secret") == HIDDEN
    assert value("wecom.secret") not in "".join(str(event.after) for event in Event.objects.all())


def test_a_qr_code_is_a_drawing() -> None:
    drawing = svg("https://example.com/o/abc/")
    assert drawing.startswith("<svg")
    assert "<path" in drawing
