"""The rights of one person: a complete copy, and to be forgotten without being asked again."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from manyi.customers import actions, privacy, queries
from manyi.customers.models import Customer
from manyi.organisation import events
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event
from tests import personas
from tests.personas import House


@pytest.fixture
def he(house: House) -> Customer:
    """何芳, of whom much is known."""
    actions.save_segment(actor=None, code="vip", name="贵宾")
    product = actions.save_product(actor=None, code="ev5", name="电动五号")
    made = personas.customer(house.tree.east, "K1", "何芳", phone="13800000001", email="he@example.com")
    made.segments.set(actions._segments(["vip"]))
    actions.add_transaction(
        actor=None,
        customer=made,
        unit=house.tree.east,
        kind="purchase",
        on=dt.date(2026, 3, 2),
        product=product,
    )
    return made


def test_the_copy_is_complete_and_is_itself_written_down(house: House, he: Customer) -> None:
    copy = json.loads(json.dumps(privacy.export_customer(actor=house.li, customer=he)))
    assert copy["customer"]["name"] == "何芳"
    assert {row["value"] for row in copy["contacts"]} == {"13800000001", "he@example.com"}
    assert copy["segments"] == ["贵宾"]
    assert copy["transactions"] == [{"kind": "purchase", "on": "2026-03-02", "product": "电动五号"}]
    assert copy["consents"][0]["source"] == "购车合同"
    assert Event.objects.latest("seq").kind == "customer.exported"


def test_higher_rooms_add_what_they_hold(house: House, he: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(privacy.COLLECTORS, "letters", lambda customer: [{"to": customer.code}])
    monkeypatch.setitem(privacy.ERASERS, "letters", lambda customer: 3)
    assert privacy.export_customer(actor=house.li, customer=he)["letters"] == [{"to": "K1"}]
    privacy.erase_customer(actor=house.li, customer=he, why="本人要求")
    assert Event.objects.latest("seq").data["letters"] == 3


def test_erasing_removes_everything_that_identifies(house: House, he: Customer) -> None:
    privacy.erase_customer(actor=house.li, customer=he, why="本人来电要求")
    he.refresh_from_db()
    assert (he.name, he.organisation_name, he.note, he.erased_at is None) == ("", "", "", False)
    for rows in (he.contacts, he.consents, he.transactions, he.segments):
        assert rows.count() == 0
    assert str(he) == he.pseudonym
    assert not queries.files(house.li, text="何芳").exists()


def test_the_log_need_not_be_touched_to_forget_somebody(house: House, he: Customer) -> None:
    privacy.erase_customer(actor=house.li, customer=he, why="本人来电要求")
    assert events.verify() == Event.objects.count()
    assert "何芳" not in str(list(Event.objects.values()))


def test_the_erased_are_not_asked_again(house: House, he: Customer) -> None:
    privacy.erase_customer(actor=house.li, customer=he, why="本人来电要求")
    assert queries.opted_out([("phone", "13800000001")]) == {("phone", "13800000001")}


def test_an_erased_file_is_not_filled_again(house: House, he: Customer) -> None:
    privacy.erase_customer(actor=house.li, customer=he, why="本人来电要求")
    with pytest.raises(Refused, match="erased"):
        actions.save_customer(
            actor=house.li, unit=house.tree.east, data=actions.CustomerFile(code="K1"), customer=he
        )


def test_erasing_needs_a_reason_and_happens_once(house: House, he: Customer) -> None:
    with pytest.raises(Refused) as refused:
        privacy.erase_customer(actor=house.li, customer=he, why="  ")
    assert refused.value.field == "why"
    privacy.erase_customer(actor=house.li, customer=he, why="本人来电要求")
    with pytest.raises(Refused, match="already"):
        privacy.erase_customer(actor=house.li, customer=he, why="再来一次")


def test_the_files_merged_into_one_are_forgotten_with_it(house: House, he: Customer) -> None:
    old = personas.customer(house.tree.east, "K0", "何芳旧档", wechat="hefang")
    actions.merge(actor=house.li, keep=he, drop=old)
    privacy.erase_customer(actor=house.li, customer=he, why="本人来电要求")
    old.refresh_from_db()
    assert (old.name, old.contacts.count()) == ("", 0)


def test_only_who_may_reads_or_erases(house: House, he: Customer) -> None:
    for person in (house.wang, house.zheng, house.qian):
        with pytest.raises(NotPermitted):
            privacy.export_customer(actor=person, customer=he)
        with pytest.raises(NotPermitted):
            privacy.erase_customer(actor=person, customer=he, why="不行")
