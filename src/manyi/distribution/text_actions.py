"""A programme's own words, and trying a channel or a text out on oneself."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from manyi.distribution import letters, links
from manyi.distribution.channels import CHANNELS, Channel, Cost
from manyi.distribution.letters import Letter
from manyi.distribution.messages import deliver_one, queue_message
from manyi.distribution.models import Message, MessageText
from manyi.distribution.wording import Worded, Wording
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.organisation.settings import value
from manyi.surveys.models import Programme, Round

TEXT_SAVED = events.kind("programme.text_saved", "修改邀请文字", "Words of invitations changed")
TRIED = events.kind("channel.tried", "测试发送渠道", "Channel tried out")
LANGUAGES = {"zh-hans": Label("中文", "Chinese"), "en": Label("英文", "English")}
TEST = Label(
    "这是一条测试消息,由 {name} 的满意度系统发出。",
    "This is a test message from the survey system of {name}.",
)


def save_text(
    *, actor: Person | None, programme: Programme, kind: str, form: str, language: str, text: Letter
) -> None:
    """Keep the programme's own words; an empty body goes back to ours.

    Raises Refused for a text without the link, without a subject, or with a field that there is not.
    """
    access.require(actor, "surveys.edit", programme)
    if kind not in letters.KINDS or form not in letters.FORMS or language not in LANGUAGES:
        raise Refused(Label("请从列表中选择。", "Please choose from the list."), field="kind")
    place: dict[str, Any] = {"programme": programme, "kind": kind, "form": form, "language": language}
    wrong = letters.problem(text, form) if text.body.strip() else None
    if wrong is not None:
        raise Refused(wrong[1], field=wrong[0])
    with transaction.atomic():
        if text.body.strip():
            words = {"subject": text.subject.strip()[:200], "body": text.body.strip()}
            MessageText.objects.update_or_create(**place, defaults=words)
        else:
            MessageText.objects.filter(**place).delete()
        data = {"kind": kind, "form": form, "language": language, "own": bool(text.body.strip())}
        events.append(TEXT_SAVED, actor=actor, subject=programme, unit=programme.unit, data=data)


def preview(*, round: Round, kind: str, channel: Channel, language: str, name: str) -> tuple[Worded, Cost]:
    """A message of the round as somebody gets it, and its cost; the link is an open one, or an example."""
    link = round.open_links.filter(active=True).first()
    sample = links.open_to_all(link.token) if link else links.personal("example-link")
    worded = Wording(round).words(
        kind, channel.form, language=language, name=name, token="example-link", link=sample
    )
    return worded, channel.cost(worded.text.body)


def try_channel(*, actor: Person, channel: str, recipient: str) -> Message:
    """Send a test message by a channel at once; its row says whether it was taken."""
    access.require(actor, "settings.manage")
    root = Unit.objects.filter(parent=None).first()
    name = value("organisation.name")
    subject, body = Label("测试消息", "Test message"), Label(TEST.zh, TEST.en)
    language = actor.language or "zh-hans"
    text = Letter(subject.text(language), body.text(language).format(name=name))
    return _try(actor, channel, recipient, text, {}, root)


def send_one_to_me(
    *, actor: Person, round: Round, kind: str, channel: str, recipient: str, language: str
) -> Message:
    """Send the round's invitation or reminder to oneself, before anybody else gets it."""
    access.require(actor, "surveys.field", round)
    if channel not in CHANNELS or kind not in letters.KINDS:
        raise Refused(Label("请选择邀请方式。", "Please choose a channel."), field="channel")
    worded, _ = preview(
        round=round, kind=kind, channel=CHANNELS.get(channel), language=language, name=actor.display_name
    )
    return _try(actor, channel, recipient, worded.text, worded.fields, round.unit)


def _try(
    actor: Person, channel: str, recipient: str, text: Letter, fields: dict[str, str], unit: Unit | None
) -> Message:
    found = CHANNELS.get(channel)
    missing = (
        found.ready()
        if found.reach in {"person", "group"}
        else Label("此渠道不发送消息。", "It sends no messages.")
    )
    if missing is not None:
        raise Refused(missing, field="channel")
    if found.contact and not recipient.strip():
        raise Refused(Label("请填写接收人。", "Please say to whom."), field="recipient")
    with transaction.atomic():
        message = queue_message(
            key=f"test:{secrets.token_hex(16)}",
            kind="test",
            channel=channel,
            recipient=recipient.strip(),
            subject=text.subject,
            body=text.body,
            fields=fields,
            unit=unit,
        )
        events.append(TRIED, actor=actor, subject=message, unit=unit, data={"channel": channel})
    return deliver_one(message)
