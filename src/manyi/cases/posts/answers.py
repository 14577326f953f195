"""The way back to whoever wrote by chat, in social media or on WeCom: what staff write goes there too."""

from __future__ import annotations

import json
from typing import Any

from manyi.cases import letters
from manyi.cases.models import Case, ReceivedPost
from manyi.cases.posts.signing import SCHEMES, signature
from manyi.distribution.actions import queue_message
from manyi.distribution.models import Message
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Event

#: Only these are between us and one person: a number and its code are posted nowhere else.
PRIVATE_KINDS = frozenset({"chat", "wecom"})

NO_WAY_BACK = Label(
    "这个来源已删除或没有答复地址,请用其他方式联系顾客。",
    "That source was removed or takes no answers any more. Please reach the customer otherwise.",
)


def has_way_back(post: ReceivedPost) -> bool:
    """Whether an answer can go where a post came from."""
    source = post.source
    return source.state != "removed" and bool(post.author_id if source.kind == "wecom" else source.reply_url)


def last_post(case: Case) -> ReceivedPost | None:
    """The newest post in a case to which an answer can go; None when it came in another way."""
    rows = case.posts.filter(state="message").select_related("source").order_by("-pk")
    return next((post for post in rows if has_way_back(post)), None)


def receipt(event: Event, case: Case, address: str) -> bool:
    """Tell number and tracking code where the case came from, if nobody else reads along there; returns
    whether there is such a way."""
    post = last_post(case)
    if post is None or post.source.kind not in PRIVATE_KINDS:
        return False
    _subject, body = letters.receipt(case, address)
    _queue(event, case, post, "receipt", body)
    return True


def answer(event: Event, case: Case, words: str) -> bool:
    """Send what staff wrote where the case came from; returns whether there is a way."""
    post = last_post(case)
    if post is None:
        return False
    text = words
    if post.source.kind in PRIVATE_KINDS:
        text += "\n" + Label(f"(编号 {case.number})", f"(number {case.number})").text(case.language)
    _queue(event, case, post, "answer", text)
    return True


def renewed(message: Message, case: Case) -> dict[str, Any]:
    """What an answer that did not arrive is sent with now: to today's address, signed anew. Raises Refused
    when there is no way back any more."""
    posts = case.posts.filter(state="message").select_related("source").order_by("-pk")
    if message.channel == "wecom":
        posts = posts.filter(author_id=message.recipient)
    else:
        posts = posts.filter(external_id=json.loads(message.body)["post"])
    post = posts.first()
    if post is None or not has_way_back(post):
        raise Refused(NO_WAY_BACK)
    if message.channel == "wecom":
        return {}
    return {"recipient": post.source.reply_url, "headers": _signed(post.source.secret, message.body)}


def _queue(event: Event, case: Case, post: ReceivedPost, kind: str, text: str) -> None:
    by_wecom, key = post.source.kind == "wecom", letters.key_of(case, event)
    body = text if by_wecom else _body(key, case, post, kind, text)
    queue_message(
        key=letters.key_of(case, event, back=True),
        kind="acknowledgement" if kind == "receipt" else "answer",
        channel="wecom" if by_wecom else "reply",
        recipient=post.author_id if by_wecom else post.source.reply_url,
        subject="",
        body=body,
        unit=case.unit,
        headers={} if by_wecom else _signed(post.source.secret, body),
    )


def _body(key: str, case: Case, post: ReceivedPost, kind: str, text: str) -> str:
    data = {
        "id": key,
        "kind": kind,
        "case": case.number,
        "thread": post.thread,
        "post": post.external_id,
        "author": post.author_id,
        "text": text,
        "at": clock.now().isoformat(),
    }
    return json.dumps(data, ensure_ascii=False)


def _signed(secret: str, body: str) -> dict[str, str]:
    """The headers of a signed answer; their time is that of the answer, also when it is sent again later."""
    scheme, time = SCHEMES["manyi"], str(int(clock.now().timestamp()))
    return {scheme.time: time, scheme.signature: signature(scheme, secret, body.encode(), time)}
