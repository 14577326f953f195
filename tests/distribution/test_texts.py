"""A programme's own words, the next channel for who lacks the first, and looking before sending."""

from __future__ import annotations

import pytest

from manyi.distribution import actions, letters, links
from manyi.distribution.actions import Invited
from manyi.distribution.channels import CHANNELS
from manyi.distribution.letters import Letter
from manyi.distribution.models import Invitation, Message, MessageText
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from manyi.organisation.errors import NotPermitted, Refused
from manyi.surveys import actions as surveys
from tests.survey_world import START, World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    set_setting(actor=None, key="sms_http.url", value="http://127.0.0.1:9/")
    with clock.at(START):
        made = build()
        surveys.advance_round(actor=None, round=made.round, name="open")
        surveys.draw_sample(actor=None, round=made.round, method="census", filters={})
        return made


def own(world: World, body: str, *, form: str = "letter", subject: str = "请评价") -> None:
    actions.save_text(
        actor=world.manager,
        programme=world.programme,
        kind="invitation",
        form=form,
        language="zh-hans",
        text=Letter(subject, body),
    )


def test_the_programmes_own_words_are_sent_and_always_name_the_way_out(world: World) -> None:
    own(world, "{name}:请在 {deadline} 前打开 {link}。{organisation}")
    with clock.at(START):
        actions.create_invitations(actor=world.manager, round=world.round, channel="email")
    invitation = Invitation.objects.earliest("pk")
    message = Message.objects.get(invitation=invitation)
    assert message.subject == "请评价"
    assert message.body.startswith(f"客户C1:请在 2026-04-01 前打开 {links.personal(invitation.token)}。满意")
    assert links.stop(invitation.token) in message.body


def test_going_back_to_our_words(world: World) -> None:
    own(world, "{link}")
    own(world, "")
    assert not MessageText.objects.exists()


@pytest.mark.parametrize(
    ("body", "subject", "field"),
    [("请评价", "s", "body"), ("{link}", "", "subject"), ("{link} {phone}", "s", "body")],
)
def test_words_that_cannot_work_are_refused_at_their_field(
    world: World, body: str, subject: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        own(world, body, subject=subject)
    assert caught.value.field == field


def test_only_who_edits_the_programme_changes_its_words(world: World) -> None:
    with pytest.raises(NotPermitted):
        actions.save_text(
            actor=world.outsider,
            programme=world.programme,
            kind="invitation",
            form="letter",
            language="en",
            text=Letter("s", "{link}"),
        )


@pytest.mark.parametrize("place", letters.BODIES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_our_own_words_are_fit_to_send(place: tuple[str, str], language: str) -> None:
    kind, form = place
    assert letters.problem(letters.ours(kind, form, language), form) is None


def test_who_has_no_mobile_number_gets_the_mail_and_who_has_a_dead_address_nothing(world: World) -> None:
    by_sms, dead, *_ = world.customers
    by_sms.contacts.create(kind="phone", value="13800000001", normalised="13800000001")
    dead.contacts.update(undeliverable_at=START)
    with clock.at(START):
        made = actions.create_invitations(
            actor=world.manager, round=world.round, channel="sms_http", fallback=["email"]
        )
    assert made == Invited(made=3, no_contact=1)
    sms = Message.objects.get(channel="sms_http")
    assert sms.recipient == "13800000001"
    assert sms.invitation is not None
    assert len(sms.invitation.token) == 12
    assert sms.fields["link"] == links.personal(sms.invitation.token)
    assert Message.objects.filter(channel="email").count() == 2


def test_a_channel_that_is_not_ready_or_reaches_no_person_invites_nobody(world: World) -> None:
    for channel in ("sms_tencent", "feishu_robot", "kiosk", "pigeon"):
        with clock.at(START), pytest.raises(Refused) as caught:
            actions.create_invitations(actor=world.manager, round=world.round, channel=channel)
        assert caught.value.field == "channel"


def test_looking_at_a_message_and_its_cost_before_anybody_gets_it(world: World) -> None:
    set_setting(actor=None, key="sms.signature", value="华诚汽车")
    worded, cost = actions.preview(
        round=world.round,
        kind="invitation",
        channel=CHANNELS.get("sms_http"),
        language="zh-hans",
        name="何芳",
    )
    assert worded.text.body.startswith("何芳您好")
    assert cost.segments == 2
    assert str(cost.amount) == "0.09"
    assert Message.objects.count() == 0


def test_one_goes_to_me_first(world: World) -> None:
    sent = actions.send_one_to_me(
        actor=world.manager,
        round=world.round,
        kind="invitation",
        channel="email",
        recipient="li@example.com",
        language="en",
    )
    assert (sent.state, sent.recipient, sent.kind) == ("sent", "li@example.com", "test")
    assert "李敏" in sent.body
    assert not Invitation.objects.exists()


def test_a_channel_is_tried_out_by_who_sets_it_up(world: World) -> None:
    failed = actions.try_channel(actor=world.house.chen, channel="sms_http", recipient="13800000001")
    assert failed.state == "queued"
    assert "not reached" in failed.error
    with pytest.raises(Refused, match="Still missing"):
        actions.try_channel(actor=world.house.chen, channel="wecom", recipient="chen")
    with pytest.raises(NotPermitted):
        actions.try_channel(actor=world.manager, channel="email", recipient="li@example.com")
