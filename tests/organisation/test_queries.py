"""Who reads what of the log and of the staff list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from manyi.organisation import actions, clock, queries
from manyi.organisation.models import Event, Unit
from manyi.organisation.queries import LogFilter
from manyi.organisation.roles import Role
from tests import personas
from tests.personas import House, browser_of

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def kinds(house: House, **wanted: object) -> list[str]:
    return [event.kind for event in queries.log(house.qian, LogFilter(**wanted))]  # type: ignore[arg-type]


def test_a_reader_of_the_whole_organisation_sees_every_event_newest_first(house: House) -> None:
    actions.set_preferences(person=house.li, language="en", time_zone="")
    seqs = list(queries.log(house.qian, LogFilter()).values_list("seq", flat=True))
    assert seqs == list(range(Event.objects.count(), 0, -1))


def test_a_reader_of_one_store_sees_only_its_events(house: House) -> None:
    reader = personas.staff("reader", "店审", Role.AUDITOR, house.tree.west)
    actions.set_preferences(person=house.li, language="en", time_zone="")
    units = {event.unit for event in queries.log(reader, LogFilter())}
    assert units == {house.tree.west, house.tree.west_sales, house.tree.west_service}


def test_who_may_not_read_the_log_sees_nothing(house: House) -> None:
    assert not queries.log(house.li, LogFilter()).exists()


def test_the_log_is_narrowed_by_who_kind_subject_unit_and_time(house: House) -> None:
    for hour, name in enumerate(["甲", "乙", "丙"]):
        with clock.at(NOON + timedelta(hours=hour)):
            actions.change_unit(actor=house.chen, unit=house.tree.west, name=name, name_en="", active=True)
    assert kinds(house, who="陈宁") == ["unit.changed"] * 3
    assert kinds(house, kind="unit.changed", since=NOON + timedelta(hours=1)) == ["unit.changed"] * 2
    assert kinds(house, kind="unit.changed", until=NOON) == ["unit.changed"]
    assert kinds(house, subject="丙") == ["unit.changed"]
    assert kinds(house, unit=house.tree.east_sales) == ["unit.created"]


def test_the_staff_list_is_that_of_the_subtree(house: House) -> None:
    branch = personas.staff("branch", "店管", Role.SYSTEM_ADMINISTRATOR, house.tree.west)
    assert set(queries.staff(branch)) == {branch, house.zheng}
    assert queries.staff(house.chen).count() == 10
    assert set(queries.staff(house.chen, text="李")) == {house.li}
    assert not queries.staff(house.li).exists()


def test_units_stand_in_the_order_of_the_tree_whatever_their_numbers(house: House) -> None:
    """Ids like 9 and 10: the database orders their paths by signs. No other test's units are among them."""
    root, last = house.tree.group, 999_999
    made = [
        Unit(pk=pk, code=f"U{pk}", name=f"{pk}", parent=root, path=f"{root.path}{pk}/")
        for pk in (last, last + 1)
    ]
    made.append(Unit(pk=10_000_001, code="B", name="b", parent=made[0], path=f"{made[0].path}10000001/"))
    Unit.objects.bulk_create(made)
    rows = Unit.objects.filter(pk__gte=last)
    assert [unit.pk for unit in rows.order_by("path")] == [last + 1, last, 10_000_001]
    assert [unit.pk for unit in queries.in_tree_order(rows)] == [last, 10_000_001, last + 1]
    shown = browser_of(house.chen).get("/settings/units/").context["units"]
    assert [unit.pk for unit, _kind in shown][-3:] == [last, 10_000_001, last + 1]
