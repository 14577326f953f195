"""The queue of messages: each cause once, patience after failures, no second sending after a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from manyi.distribution import rules
from manyi.distribution.actions import deliver_queued, queue_message, requeue
from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt
from manyi.distribution.models import Message
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from tests import personas
from tests.survey_world import START

pytestmark = pytest.mark.django_db


class Pigeon(Channel):
    """A channel of the tests that does what the test tells it."""

    id = "pigeon"
    label = Label("信鸽", "Pigeon")
    taken: list[str] = []
    behaviour: Callable[[Outgoing], None] = staticmethod(lambda message: None)

    def send(self, message: Outgoing) -> Receipt:
        type(self).behaviour(message)
        self.taken.append(message.key)
        return Receipt("flown")


@pytest.fixture
def pigeon(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(Pigeon, "taken", [])
    with CHANNELS.temporarily(Pigeon):
        yield monkeypatch


def queued(key: str = "k", **more: Any) -> Message:
    return queue_message(
        key=key, kind="notice", channel="pigeon", recipient="a", subject="s", body="b", unit=None, **more
    )


def refusing(*, permanent: bool) -> Callable[[Outgoing], None]:
    def refuse(message: Outgoing) -> None:
        raise ChannelError("no", permanent=permanent)

    return staticmethod(refuse)


def test_the_same_cause_is_sent_once(pigeon: Any) -> None:
    assert queued().pk == queued().pk
    assert (deliver_queued(), deliver_queued()) == (1, 0)
    message = Message.objects.get()
    assert (message.state, message.receipt, message.attempts) == ("sent", "flown", 1)
    assert Pigeon.taken == ["k"]


def test_a_message_for_later_waits(pigeon: Any) -> None:
    with clock.at(START):
        queued(not_before=START + timedelta(hours=1))
        assert deliver_queued() == 0
    with clock.at(START + timedelta(hours=2)):
        assert deliver_queued() == 1


def test_a_passing_failure_is_tried_again_with_growing_patience(pigeon: Any) -> None:
    queued()
    pigeon.setattr(Pigeon, "behaviour", refusing(permanent=False))
    now, waits = START, []
    for _ in range(len(rules.BACK_OFF)):
        with clock.at(now):
            assert deliver_queued() == 0
        message = Message.objects.get()
        assert message.not_before is not None
        waits.append(message.not_before - now)
        now = message.not_before
    assert waits == list(rules.BACK_OFF)
    with clock.at(now):
        deliver_queued()
    assert Message.objects.get().state == "failed"


def test_a_permanent_failure_is_not_tried_again(pigeon: Any) -> None:
    queued()
    pigeon.setattr(Pigeon, "behaviour", refusing(permanent=True))
    deliver_queued()
    message = Message.objects.get()
    assert (message.state, message.error, message.attempts) == ("failed", "no", 1)


def test_a_crash_while_sending_never_sends_twice(pigeon: Any) -> None:
    queued()

    def die(message: Outgoing) -> None:
        Pigeon.taken.append(message.key)
        raise KeyboardInterrupt

    pigeon.setattr(Pigeon, "behaviour", staticmethod(die))
    with clock.at(START), pytest.raises(KeyboardInterrupt):
        deliver_queued()
    pigeon.setattr(Pigeon, "behaviour", staticmethod(lambda message: None))
    with clock.at(START + timedelta(minutes=1)):
        assert deliver_queued() == 0
    with clock.at(START + timedelta(hours=1)):
        assert deliver_queued() == 0
    message = Message.objects.get()
    assert message.state == "failed"
    assert "可能已经发出" in message.error
    assert Pigeon.taken == ["k"]


def test_one_bad_message_does_not_hold_up_the_others(pigeon: Any) -> None:
    queued("bad")
    queued("good")

    def choosy(message: Outgoing) -> None:
        if message.key == "bad":
            raise ChannelError("no", permanent=True)

    pigeon.setattr(Pigeon, "behaviour", staticmethod(choosy))
    assert deliver_queued() == 1
    assert Pigeon.taken == ["good"]


def test_a_person_sends_a_failed_message_again(pigeon: Any) -> None:
    house = personas.house()
    message = queue_message(
        key="k", kind="notice", channel="pigeon", recipient="a", subject="s", body="b", unit=house.tree.east
    )
    pigeon.setattr(Pigeon, "behaviour", refusing(permanent=True))
    deliver_queued()
    with pytest.raises(NotPermitted):
        requeue(actor=house.zheng, message=message)
    pigeon.setattr(Pigeon, "behaviour", staticmethod(lambda message: None))
    requeue(actor=house.li, message=message)
    assert deliver_queued() == 1
    with pytest.raises(Refused):
        requeue(actor=house.li, message=message)
