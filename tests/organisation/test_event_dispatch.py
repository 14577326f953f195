"""News from the log: each subscriber hears of each event exactly once, and a failing one holds nobody up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import actions, clock, events
from manyi.organisation.events import EventKind, Handler
from manyi.organisation.models import Event, EventCursor, EventFailure, Setting, Unit
from tests import personas
from tests.personas import Tree

RANG = EventKind("test.rang", Label("铃响", "The bell rang"))
SILENT = EventKind("test.silent", Label("无人订阅", "Nobody listens"))
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def tree(db: None) -> Tree:
    return personas.tree()


@pytest.fixture(autouse=True)
def only_subscribers_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SUBSCRIBERS", {})


def listen(name: str, handle: Handler, *kinds: EventKind) -> None:
    events.subscribe(name, *(kinds or (RANG,)))(handle)


def ring(unit: Unit, kind: EventKind = RANG) -> Event:
    with transaction.atomic():
        return events.append(kind, actor=None, subject=unit)


def test_each_event_is_heard_once_in_order(tree: Tree) -> None:
    heard: list[int] = []
    listen("bell", lambda event: heard.append(event.seq))
    rung = [ring(tree.east).seq, ring(tree.west).seq]
    assert events.dispatch_pending() == 2
    assert events.dispatch_pending() == 0
    assert heard == rung


def test_a_subscriber_hears_only_its_kinds_and_is_not_stopped_by_others(tree: Tree) -> None:
    heard: list[str] = []
    listen("bell", lambda event: heard.append(event.kind))
    ring(tree.east, SILENT)
    ring(tree.east)
    ring(tree.east, SILENT)
    events.dispatch_pending()
    assert heard == ["test.rang"]
    assert EventCursor.objects.get(consumer="bell").seq == Event.objects.latest("seq").seq


def test_a_backlog_is_worked_off_in_portions(tree: Tree) -> None:
    heard: list[int] = []
    listen("bell", lambda event: heard.append(event.seq))
    rung = [ring(tree.east).seq for _ in range(5)]
    assert [events.dispatch_pending(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert heard == rung


def test_a_failed_handler_leaves_no_trace_and_is_tried_again_later(tree: Tree) -> None:
    tries: list[int] = []

    def fails_once(event: Event) -> None:
        Setting.objects.create(key=f"seen-{event.seq}", value=True)
        tries.append(event.seq)
        if len(tries) == 1:
            raise ConnectionError("mail server is away")

    listen("bell", fails_once)
    seq = ring(tree.east).seq
    with clock.at(NOON):
        assert events.dispatch_pending() == 0
        assert not Setting.objects.exists()
        assert events.dispatch_pending() == 0, "it must not be tried again at once"
    with clock.at(NOON + timedelta(seconds=2)):
        assert events.dispatch_pending() == 1
    assert (tries, Setting.objects.count()) == ([seq, seq], 1)
    assert EventCursor.objects.get(consumer="bell").failures == 0


def test_the_pauses_between_tries_grow(tree: Tree) -> None:
    def always_fails(event: Event) -> None:
        raise ConnectionError

    listen("bell", always_fails)
    ring(tree.east)
    now, pauses = NOON, []
    for _ in range(4):
        with clock.at(now):
            events.dispatch_pending()
        retry_at = EventCursor.objects.get(consumer="bell").retry_at
        assert retry_at is not None
        pauses.append((retry_at - now).total_seconds())
        now = retry_at
    assert pauses == [2, 4, 8, 16]


def test_after_eight_failures_the_event_is_kept_for_a_person_and_the_rest_goes_on(tree: Tree) -> None:
    heard: list[int] = []
    bad = ring(tree.east).seq
    good = ring(tree.west).seq

    def chokes(event: Event) -> None:
        if event.seq == bad:
            raise ValueError("cannot digest this")
        heard.append(event.seq)

    listen("bell", chokes)
    now = NOON
    for _ in range(events.MAX_FAILURES):
        with clock.at(now):
            events.dispatch_pending()
        now += timedelta(hours=1)
    failure = EventFailure.objects.get()
    assert (failure.event_id, failure.consumer) == (bad, "bell")
    assert "cannot digest this" in failure.error
    assert heard == [good]


def test_a_failing_subscriber_does_not_hold_up_another(tree: Tree) -> None:
    heard: list[int] = []

    def fails(event: Event) -> None:
        raise ValueError

    listen("broken", fails)
    listen("whole", lambda event: heard.append(event.seq))
    seq = ring(tree.east).seq
    events.dispatch_pending()
    assert heard == [seq]


def test_what_a_subscriber_does_is_itself_news(tree: Tree) -> None:
    def answer(event: Event) -> None:
        actions.set_setting(actor=None, key="organisation.name", value="铃响之后")

    listen("bell", answer)
    heard: list[str] = []
    listen("settings", lambda event: heard.append(event.kind), actions.SETTING_CHANGED)
    ring(tree.east)
    events.dispatch_pending()
    events.dispatch_pending()
    assert heard == ["setting.changed"]
