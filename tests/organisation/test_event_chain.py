"""The Event log: append-only, without gaps, and whoever changes a row is found at that row."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.models import F

from manyi.kernel.labels import Label
from manyi.organisation import actions, clock, events
from manyi.organisation.events import Broken, EventKind
from manyi.organisation.models import Event, Unit
from tests import personas
from tests.personas import House

NOTED = EventKind("test.noted", Label("测试记录", "Noted by a test"))
SOME_DAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def note(unit: Unit, words: str = "") -> Event:
    with transaction.atomic():
        return events.append(NOTED, actor=None, subject=unit, unit=unit, why=words)


def found() -> tuple[int, str]:
    """The first broken row and what is wrong with it."""
    broken = events.verify()
    assert isinstance(broken, Broken)
    return broken.seq, broken.reason.en


def test_an_event_says_who_when_what_from_to_and_why(house: House) -> None:
    with clock.at(SOME_DAY):
        actions.change_unit(
            actor=house.chen, unit=house.tree.east, name="东城旗舰店", name_en="", active=True, why="升级"
        )
    event = Event.objects.latest("seq")
    assert (event.actor, event.actor_label, event.at) == (house.chen, "陈宁", SOME_DAY)
    assert (event.kind, event.subject_type, event.subject_id) == (
        "unit.changed", "organisation.unit", str(house.tree.east.pk),
    )  # fmt: skip
    assert (event.before["name"], event.after["name"], event.why) == ("东城店", "东城旗舰店", "升级")


def test_a_log_of_many_acts_is_whole(house: House) -> None:
    assert events.verify() == Event.objects.count() > 20


def test_numbers_and_texts_keep_their_hash_in_every_database(house: House) -> None:
    data = {
        "numbers": [86, 86.0, 0.1, 1e20, -3.5e-7, 12345678901234567890],
        "others": {"z": True, "a": None, "m": "“何”\n\t😀"},
        1: (),
    }
    with transaction.atomic():
        events.append(NOTED, actor=None, subject=house.tree.east, data=data, after={"value": 92.95})  # type: ignore[arg-type]
    assert events.verify() == Event.objects.count()


def test_an_empty_log_is_whole(db: None) -> None:
    assert events.verify() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"why": "另有原因"},
        {"actor_label": "别人"},
        {"after": {"name": "另一个名字"}},
        {"data": {"x": 1}},
        {"kind": "unit.created"},
        {"subject_id": "0"},
        {"at": F("at") + timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_row_is_named(house: House, change: dict[str, object]) -> None:
    seq = note(house.tree.east).seq
    note(house.tree.east)
    Event.objects.filter(seq=seq).update(**change)
    assert found() == (seq, "its content was changed")


def test_a_changed_row_with_a_new_hash_breaks_the_row_after_it(house: House) -> None:
    event = note(house.tree.east)
    note(house.tree.east)
    event.why = "另有原因"
    event.hash = events.digest(event)
    event.save()
    assert found() == (event.seq + 1, "does not follow from the row before")


def test_a_deleted_row_is_named(house: House) -> None:
    seq = note(house.tree.east).seq
    note(house.tree.east)
    Event.objects.filter(seq=seq).delete()
    assert found() == (seq, "this row is missing")


def test_an_inserted_row_is_named(house: House) -> None:
    last = note(house.tree.east)
    forged = Event.objects.get(seq=last.seq)
    forged.seq += 1
    forged.why = "从没发生过"
    forged.prev_hash = last.hash
    forged.save(force_insert=True)
    assert found() == (last.seq + 1, "its content was changed")


def test_an_event_outside_the_transaction_of_its_act_is_refused(transactional_db: None) -> None:
    unit = personas.tree().group
    with pytest.raises(RuntimeError, match="in the transaction of its act"):
        events.append(NOTED, actor=None, subject=unit)


def test_an_act_that_fails_leaves_no_event(house: House) -> None:
    before = Event.objects.count()
    with transaction.atomic():
        events.append(NOTED, actor=None, subject=house.tree.east)
        transaction.set_rollback(True)
    assert Event.objects.count() == before
    assert events.verify() == before


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match=r"unit\.created"):
        events.kind("unit.created", "又一次", "Again")


@pytest.mark.every_database
def test_appends_of_many_writers_make_one_chain_without_a_gap(transactional_db: None) -> None:
    unit = personas.tree().group
    before = Event.objects.count()

    def write(number: int) -> None:
        try:
            for turn in range(5):
                note(unit, f"writer {number} turn {turn}")
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    connection.close()
    assert events.verify() == before + 20
    assert Event.objects.filter(kind=NOTED.id).values("why").distinct().count() == 20
