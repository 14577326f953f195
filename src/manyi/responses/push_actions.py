"""Taking in what other platforms push: kept first, understood then, tried again when something was amiss."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from manyi.distribution import actions as distribution
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.responses import actions, completion_actions
from manyi.responses.errors import Incomplete
from manyi.responses.models import Push, PushSource, Response
from manyi.responses.push_formats import (
    PLATFORMS,
    Pushed,
    Unreadable,
    guessed_mapping,
    read_push,
    signed_by_tencent,
    signed_by_wjx,
    to_answers,
)
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of

PUSH_SOURCE_MADE = events.kind("push.source_made", "接入问卷平台", "Survey platform connected")
PUSH_SOURCE_CHANGED = events.kind("push.source_changed", "修改平台对应关系", "Platform's mapping changed")
PUSH_TAKEN = events.kind("push.taken", "接收平台答卷", "Pushed answers taken in")

UPDATED = "平台推送了修改"
MOST_BYTES = 1 << 20


def connect(
    *, actor: Person | None, round: Round, unit: Unit, platform: str, label: str, secret: str
) -> PushSource:
    """Let a survey on another platform push into a round; the mapping is guessed by order at first."""
    if platform not in PLATFORMS:
        raise Refused(Label("请选择平台。", "Please choose the platform."), field="platform")
    if not secret.strip():
        words = "请填写与平台约定的密钥。", "Please give the key that was agreed with the platform."
        raise Refused(Label(*words), field="secret")
    with transaction.atomic():
        link = distribution.create_open_link(actor=actor, round=round, unit=unit, label=label, kind="push")
        source = PushSource.objects.create(
            link=link,
            platform=platform,
            key=secrets.token_urlsafe(20),
            secret=secret.strip()[:120],
            mapping=guessed_mapping(questionnaire_of(round.questionnaire)),
        )
        data = {"platform": platform, "round": round.pk}
        events.append(PUSH_SOURCE_MADE, actor=actor, subject=source, unit=unit, data=data)
    return source


def remap(*, actor: Person | None, source: PushSource, mapping: Mapping[str, str]) -> PushSource:
    """Say anew which question of ours each of the platform's is; raises Refused for an unknown code."""
    access.require(actor, "surveys.field", source.link.round)
    known = questionnaire_of(source.link.round.questionnaire).questions
    for name, code in mapping.items():
        if code and code not in known:
            raise Refused(Label(f"没有题目“{code}”。", f"There is no question “{code}”."), field=name)
    with transaction.atomic():
        before, source.mapping = source.mapping, {name: code for name, code in mapping.items() if code}
        source.save(update_fields=["mapping"])
        unit, after = source.link.unit, {"mapping": source.mapping}
        events.append(
            PUSH_SOURCE_CHANGED,
            actor=actor,
            subject=source,
            unit=unit,
            before={"mapping": before},
            after=after,
        )
    return source


def is_signed(source: PushSource, raw: bytes, signature: str) -> bool:
    """Whether a push carries the platform's signature."""
    if source.platform == "tencent":
        return signed_by_tencent(raw, signature, source.secret)
    body = _body(raw)
    return isinstance(body, dict) and signed_by_wjx(body, source.secret)


def receive(*, source: PushSource, raw: bytes) -> Push:
    """Keep a push and take it in; the same one again changes nothing."""
    fingerprint = hashlib.sha256(raw).hexdigest()
    text = raw[:MOST_BYTES].decode("utf-8", "replace").replace("\x00", "")
    push, _made = Push.objects.get_or_create(
        source=source, fingerprint=fingerprint, defaults={"body": text, "at": clock.now()}
    )
    return push if push.state == "taken" else take(push=push)


def take(*, push: Push) -> Push:
    """Understand a push that is kept; what stands against it is noted, and it can be tried again."""
    try:
        with transaction.atomic():
            response = _taken(push)
            push.state, push.response, push.problem, push.problem_en = "taken", response, "", ""
            push.save(update_fields=["state", "response", "problem", "problem_en"])
            unit, data = push.source.link.unit, {"push": push.pk, "round": push.source.link.round_id}
            events.append(PUSH_TAKEN, actor=None, subject=push, unit=unit, data=data)
    except (Unreadable, Refused) as error:
        told = _told(error)
        push.state, push.problem, push.problem_en = "failed", told.zh[:500], told.en[:500]
        push.save(update_fields=["state", "problem", "problem_en"])
    return push


def _told(error: Unreadable | Refused) -> Label:
    if not isinstance(error, Incomplete):
        return error.message
    zh = ";".join(f"{code}:{what.zh}" for code, what in error.problems[:5])
    return Label(zh, "; ".join(f"{code}: {what.en}" for code, what in error.problems[:5]))


def _taken(push: Push) -> Response | None:
    """The response that a push makes, changes or takes out."""
    source = push.source
    pushed = read_push(source.platform, _body(push.body.encode()))
    key = f"{source.platform}:{source.pk}:{pushed.answer_id}"[:80]
    there = Response.objects.select_related("round", "unit").filter(import_key=key).first()
    answers = to_answers(questionnaire_of(source.link.round.questionnaire), source.mapping, pushed)
    if there is None:
        return None if pushed.action == "delete" else _new(source, key, answers, pushed)
    if pushed.action == "delete":
        return actions.judge(actor=None, response=there, valid=False, why="平台已删除这份答卷")
    if pushed.action == "update":
        return completion_actions.complete(actor=None, response=there, answers=answers, why=UPDATED)
    return there


def _new(source: PushSource, key: str, answers: Mapping[str, Any], pushed: Pushed) -> Response:
    draft = actions.begin(open_link=source.link)
    Response.objects.filter(pk=draft.pk).update(import_key=key, channel=source.platform)
    return actions.submit(response=draft, answers=answers, seconds=pushed.seconds)


def _body(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
