"""Posts come in: kept first, then read and brought to their case. Each once, however often it is pushed.

A push is noted with its raw body before anything looks into it. When the process dies after that, the note is
still ``kept`` and is read at the next turn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import DataError, transaction

from manyi.cases.models import PostSource, ReceivedPost
from manyi.cases.posts import files, mapping, places, wecom
from manyi.cases.posts.mapping import Post, Unreadable
from manyi.cases.posts.signing import digest_of
from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, clock, events, settings
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person
from manyi.organisation.schedule import recurring

log = logging.getLogger(__name__)

POST_SORTED = events.kind("post.sorted", "处理推送内容", "Post sorted")
MOST_BYTES = 1 << 20
MINUTE = timedelta(minutes=1)
settings.declare(
    "cases.posts_per_minute",
    Label("同一来源每分钟最多推送", "Posts taken from one source in a minute"),
    Label("超过的请求会被要求稍后再发。", "Whoever sends more is asked to come again."),
    "number",
    120,
    low=1,
    high=10_000,
)


def too_many(source: PostSource) -> bool:
    """Whether a source pushed as much in the last minute as it may."""
    recent = source.posts.filter(kept_at__gt=clock.now() - MINUTE).count()
    return bool(recent >= settings.value("cases.posts_per_minute"))


def take_in(raw: bytes, *, source: PostSource) -> ReceivedPost:
    """Keep one body and bring it to its case; the same bytes a second time change nothing."""
    return sort(keep(raw, source=source))


def keep(raw: bytes, *, source: PostSource) -> ReceivedPost:
    """Note a push with its raw body; the one that is there already when the bytes are known."""
    with transaction.atomic():
        post, made = ReceivedPost.objects.get_or_create(
            source=source, sha256=digest_of(raw), defaults={"size": len(raw), "kept_at": clock.now()}
        )
        if made:
            attachments.keep(
                raw,
                name=f"{post.sha256[:12]}.{'xml' if source.kind == 'wecom' else 'json'}",
                content_type="text/xml" if source.kind == "wecom" else "application/json",
                subject=post,
                unit=source.unit,
                actor=None,
            )
    return post


def raw_of(post: ReceivedPost) -> bytes:
    """The body as it came. Raises Refused when it was erased with the data of its author."""
    try:
        return attachments.path_of(post.sha256).read_bytes()
    except FileNotFoundError:
        raise Refused(Label("原件已随个人信息删除。", "It was erased with its author's data.")) from None


def shown(post: ReceivedPost) -> str:
    """The body for people: a message from WeCom deciphered, where the keys of today can."""
    raw = raw_of(post)
    if post.source.kind == "wecom":
        try:
            raw = wecom.opened(wecom.envelope(raw))
        except Unreadable as error:
            log.info("post %s cannot be shown deciphered: %s", post.pk, error.reason)
    return raw.decode("utf-8", "replace")


def sort(post: ReceivedPost, *, actor: Person | None = None) -> ReceivedPost:
    """Read a push that was kept: a message in its case, a copy, not wanted, or set aside with the reason."""
    raw = raw_of(post)
    try:
        found = read(post.source, raw)
        return _settled(post, actor, lambda row: _place(row, found))
    except Unreadable as error:
        why = error
    except Refused as refused:
        words = refused.problems[0][1] if isinstance(refused, Invalid) else refused.message
        why = Unreadable("refused", f"{words.zh} {words.en}")
    except (ValueError, LookupError, TypeError, AttributeError, DataError) as error:
        log.exception("post %s breaks its reading; it is set aside", post.pk)
        why = Unreadable("broken", f"{type(error).__name__}: {error}")
    return _settled(post, actor, lambda row: _set_aside(row, why))


def read(source: PostSource, raw: bytes) -> Post | None:
    """A body as a post of its source; None when it is not wanted. Raises Unreadable."""
    if source.kind == "wecom":
        return wecom.read(raw)
    zone = settings.value("organisation.time_zone")
    today = clock.today(zone)
    return mapping.read(mapping.body_of(raw), source.mapping, zone=ZoneInfo(zone), today=today)


def retry(*, actor: Person, post: ReceivedPost) -> ReceivedPost:
    """Read a push again that was set aside or not wanted, by today's mapping."""
    access.require(actor, "cases.dispatch", post)
    return _retried(actor, post)


def retry_all(*, actor: Person, source: PostSource) -> tuple[int, int]:
    """Read everything of a source again that was set aside, after its mapping was corrected; how many there
    were, how many still are."""
    access.require(actor, "settings.manage", source)
    rows = list(source.posts.filter(state="quarantined").order_by("kept_at", "pk"))
    left = sum(_retried(actor, row).state == "quarantined" for row in rows)
    return len(rows), left


def _retried(actor: Person, post: ReceivedPost) -> ReceivedPost:
    again = ReceivedPost.objects.filter(pk=post.pk, state__in=("quarantined", "ignored"))
    again.update(state="kept", reason="", detail="")
    return sort(ReceivedPost.objects.select_related("source__unit").get(pk=post.pk), actor=actor)


@recurring("cases.sort_posts", every=timedelta(minutes=2))
def sort_waiting(limit: int = 500) -> int:
    """Read what a process that died has left; one that fails again does not hold up the others."""
    done = 0
    waiting = ReceivedPost.objects.filter(state="kept", kept_at__lt=clock.now() - MINUTE)
    for post in waiting.select_related("source__unit").order_by("pk")[:limit]:
        try:
            sort(post)
            done += 1
        except Exception:
            log.exception("post %s could not be sorted; it is kept and tried again", post.pk)
    return done


def _settled(
    post: ReceivedPost, actor: Person | None, decide: Callable[[ReceivedPost], None]
) -> ReceivedPost:
    """The post, decided on once: while it still waits, and one post of a source after the other."""
    with transaction.atomic():
        source = PostSource.objects.select_for_update(of=("self",)).select_related("unit", "category")
        row = ReceivedPost.objects.select_for_update(of=("self",)).get(pk=post.pk)
        row.source = source.get(pk=post.source_id)
        if row.state == "kept":
            decide(row)
            row.save()
            if row.state == "message":
                files.note(row)
            data = {"post": row.pk, "state": row.state, "reason": row.reason, "case": row.case_id}
            label, unit = row.sha256[:12], row.source.unit
            events.append(POST_SORTED, actor=actor, subject=row, label=label, unit=unit, data=data)
    return row


def _set_aside(row: ReceivedPost, why: Unreadable) -> None:
    row.state, row.reason, row.detail = "quarantined", why.reason, why.detail


def _place(row: ReceivedPost, post: Post | None) -> None:
    """Decide what a readable post is, and do what follows."""
    if post is None:
        row.state = "ignored"
        return
    places.describe(row, post)
    versions = row.source.posts.filter(external_id=post.id, state="message").exclude(pk=row.pk)
    last = versions.select_related("case__unit", "same_as").order_by("-pk").first()
    if last is None:
        row.state = "message"
        places.bring(row, post)
        return
    row.same_as, row.case = last.same_as or last, last.case
    if last.digest == post.digest:
        row.state = "repeated"
        return
    row.state = "message"
    places.edited(row, post)
