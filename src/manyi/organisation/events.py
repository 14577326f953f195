"""The Event log: audit trail, outbox, and the way a lower room tells a higher one that something happened."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Model

from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.models import Event, EventCursor, EventFailure, Person, Unit

log = logging.getLogger(__name__)

GENESIS = "0" * 64
MAX_FAILURES = 8
#: Events that concern nobody move the cursors only in lots of this size: reading them again is cheap.
WORTH_NOTING = 200
_CHAIN_LOCK = 0x4D616E7969  # "Manyi": the advisory lock that orders appends on PostgreSQL


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of act, with the words in which the log shows it."""

    id: str
    label: Label


Handler = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A consumer of the log: called once for each event of its kinds, in order, inside a transaction."""

    name: str
    kinds: frozenset[str]
    handle: Handler


KINDS: dict[str, EventKind] = {}
SUBSCRIBERS: dict[str, Subscriber] = {}


def kind(kind_id: str, zh: str, en: str) -> EventKind:
    """Declare a kind of event; each is declared once, beside the action that writes it."""
    if kind_id in KINDS:
        raise ValueError(f"event kind {kind_id!r} is declared twice")
    KINDS[kind_id] = EventKind(kind_id, Label(zh, en))
    return KINDS[kind_id]


def subscribe(name: str, *kinds: EventKind) -> Callable[[Handler], Handler]:
    """Decorator: the function is called for every later event of these kinds.

    What it writes to the database commits together with its place in the log, so it happens exactly once;
    what it does outside (mail) can happen again after a crash and must carry the event's ``seq`` as its key.
    """

    def register(handle: Handler) -> Handler:
        if name in SUBSCRIBERS:
            raise ValueError(f"two subscribers are named {name!r}")
        SUBSCRIBERS[name] = Subscriber(name, frozenset(k.id for k in kinds), handle)
        return handle

    return register


def append(
    what: EventKind,
    *,
    actor: Person | None,
    subject: Model,
    label: str = "",
    unit: Unit | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write one event into the running transaction and return it.

    ``actor`` None means the software acting by a rule. Raises RuntimeError outside a transaction: an act and
    its event must stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event must be written in the transaction of its act")
    last = _lock_chain()
    event = Event(
        seq=(last[0] if last else 0) + 1,
        at=clock.now(),
        actor=actor,
        actor_label=str(actor) if actor else "",
        kind=what.id,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=(label or str(subject))[:200],
        unit=unit,
        before=before or {},
        after=after or {},
        why=why,
        data=data or {},
        prev_hash=last[1] if last else GENESIS,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def _lock_chain() -> tuple[int, str] | None:
    """Order appends (SQLite's IMMEDIATE transaction already does) and read the end of the chain."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    return Event.objects.order_by("-seq").values_list("seq", "hash").first()


def digest(event: Event) -> str:
    """SHA-256 over the canonical JSON of every field of an event and the hash before it."""
    fields = {
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_label": event.actor_label,
        "kind": event.kind,
        "subject": [event.subject_type, event.subject_id, event.subject_label],
        "unit": event.unit_id,
        "before": _canonical(event.before),
        "after": _canonical(event.after),
        "why": event.why,
        "data": _canonical(event.data),
        "prev": event.prev_hash,
    }
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """A JSON value with numbers in one spelling: PostgreSQL gives 1e20 back as 100000000000000000000."""
    if isinstance(value, dict):
        return {str(name): _canonical(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{Decimal(repr(value)).normalize():f}"
    return value


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row at which the chain does not hold, and what is wrong there."""

    seq: int
    reason: Label


def verify(rows: Iterable[Event] | None = None) -> Broken | int:
    """Walk the chain; returns the first broken row, or how many rows were found whole."""
    expected, previous = 1, GENESIS
    for event in rows if rows is not None else Event.objects.order_by("seq").iterator(2000):
        if event.seq != expected:
            return Broken(expected, Label("这一行缺失", "this row is missing"))
        if event.prev_hash != previous:
            return Broken(event.seq, Label("与上一行不衔接", "does not follow from the row before"))
        if event.hash != digest(event):
            return Broken(event.seq, Label("内容被改动", "its content was changed"))
        expected, previous = expected + 1, event.hash
    return expected - 1


def dispatch_pending(limit: int = 500) -> int:
    """Hand new events to their subscribers; returns how many were handled. Called by the scheduler.

    The log is read once for all subscribers; at most ``limit`` events a call.
    """
    newest = Event.objects.aggregate(newest=Max("seq"))["newest"] or 0
    ready = _positions(newest)
    if not ready:
        return 0
    kinds = {kind for name in ready for kind in SUBSCRIBERS[name].kinds}
    oldest = min(ready.values())
    wanted = Event.objects.filter(seq__gt=oldest, seq__lte=newest, kind__in=kinds).order_by("seq")
    news = list(wanted[:limit])
    handled, caught_up = 0, []
    for name, seen in ready.items():
        subscriber = SUBSCRIBERS[name]
        mine = [event for event in news if event.seq > seen and event.kind in subscriber.kinds]
        done = sum(1 for _ in takewhile(lambda event: _deliver(subscriber, event), mine))  # noqa: B023 - used at once
        handled += done
        if done == len(mine):
            caught_up.append(name)
    end = news[-1].seq if len(news) == limit else newest
    if handled or end - oldest >= WORTH_NOTING:
        _move(caught_up, end)
    return handled


def _positions(newest: int) -> dict[str, int]:
    """How far each subscriber has read that is behind and not waiting to try again."""
    cursors = {cursor.consumer: cursor for cursor in EventCursor.objects.all()}
    found = {}
    for name in SUBSCRIBERS:
        cursor = cursors.get(name)
        if cursor is not None and cursor.retry_at and cursor.retry_at > clock.now():
            continue
        seen = cursor.seq if cursor else 0
        if seen < newest:
            found[name] = seen
    return found


def _move(names: list[str], end: int) -> None:
    """Put the cursors of subscribers who have heard everything up to ``end`` there, never back."""
    with transaction.atomic():
        EventCursor.objects.bulk_create([EventCursor(consumer=name) for name in names], ignore_conflicts=True)
        EventCursor.objects.filter(consumer__in=names, seq__lt=end).update(seq=end)


def _deliver(subscriber: Subscriber, event: Event) -> bool:
    """One event to one subscriber; False when it failed and is to be tried again later."""
    try:
        with transaction.atomic():
            cursor, _ = EventCursor.objects.select_for_update().get_or_create(consumer=subscriber.name)
            if cursor.seq >= event.seq:
                return True  # another process was faster
            subscriber.handle(event)
            cursor.seq, cursor.failures, cursor.retry_at = event.seq, 0, None
            cursor.save()
        return True
    except Exception as error:
        log.exception("subscriber %s failed on event %s", subscriber.name, event.seq)
        return _note_failure(subscriber, event, error)


def _note_failure(subscriber: Subscriber, event: Event, error: Exception) -> bool:
    """Back off and try again; after MAX_FAILURES keep the event for a person and go on."""
    with transaction.atomic():
        cursor, _ = EventCursor.objects.select_for_update().get_or_create(consumer=subscriber.name)
        cursor.failures += 1
        given_up = cursor.failures >= MAX_FAILURES
        if given_up:
            EventFailure.objects.create(
                consumer=subscriber.name, event=event, error=repr(error)[:2000], at=clock.now()
            )
            cursor.seq, cursor.failures, cursor.retry_at = event.seq, 0, None
        else:
            cursor.retry_at = clock.now() + timedelta(seconds=2**cursor.failures)
        cursor.save()
    return given_up
