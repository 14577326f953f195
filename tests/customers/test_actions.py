"""Customer files: kept by who may, refused with the field, and never named in the log."""

from __future__ import annotations

import datetime as dt

import pytest

from manyi.customers import actions, queries
from manyi.customers.actions import CustomerFile
from manyi.customers.models import Customer, OptOut
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from tests import personas
from tests.personas import House


def test_a_file_keeps_contacts_and_segments(house: House) -> None:
    actions.save_segment(actor=None, code="vip", name="贵宾", name_en="VIP")
    data = CustomerFile(
        code=" K1 ",
        name="何芳",
        contacts={"phone": "138 0000 0001", "email": "", "wechat": "hefang"},
        segments=["vip"],
    )
    made = actions.save_customer(actor=house.li, unit=house.tree.east, data=data)
    assert (made.code, str(made)) == ("K1", "何芳")
    assert [(c.kind, c.value, c.normalised, c.preferred) for c in made.contacts.order_by("id")] == [
        ("phone", "138 0000 0001", "13800000001", True),
        ("wechat", "hefang", "hefang", False),
    ]
    assert [segment.code for segment in made.segments.all()] == ["vip"]


def test_a_change_replaces_the_contacts(house: House) -> None:
    made = personas.customer(house.tree.east, "K1", phone="13800000001", wechat="hefang")
    data = CustomerFile(code="K1", name="何芳", contacts={"email": "he@example.com"})
    actions.save_customer(actor=house.li, unit=house.tree.east, data=data, customer=made)
    assert list(made.contacts.values_list("kind", flat=True)) == ["email"]
    event = Event.objects.latest("seq")
    assert (event.kind, event.before["contacts"]) == ("customer.changed", ["phone", "wechat"])


def test_the_log_holds_no_name_and_no_address(house: House) -> None:
    actions.save_customer(
        actor=house.li,
        unit=house.tree.east,
        data=CustomerFile(code="K1", name="何芳", contacts={"phone": "13800000001"}, note="怕狗"),
    )
    logged = str(list(Event.objects.values()))
    for secret in ("何芳", "13800000001", "怕狗"):
        assert secret not in logged


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (CustomerFile(code=" "), "code"),
        (CustomerFile(code="TAKEN"), "code"),
        (CustomerFile(code="K2", segments=["ghost"]), "segments"),
        (CustomerFile(code="K2", contacts={"phone": "138"}), "phone"),
    ],
)
def test_a_file_is_refused_with_the_field(data: CustomerFile, field: str, house: House) -> None:
    personas.customer(house.tree.east, "TAKEN")
    with pytest.raises(Refused) as refused:
        actions.save_customer(actor=house.li, unit=house.tree.east, data=data)
    assert refused.value.field == field
    assert Customer.objects.count() == 1


def test_every_bad_contact_is_told_at_once(house: House) -> None:
    contacts = {"phone": "138", "email": "nobody"}
    with pytest.raises(Invalid) as invalid:
        actions.save_customer(
            actor=house.li, unit=house.tree.east, data=CustomerFile(code="K1", contacts=contacts)
        )
    assert [field for field, _ in invalid.value.problems] == ["phone", "email"]


def test_the_same_number_in_two_stores_is_two_customers(house: House) -> None:
    assert personas.customer(house.tree.east, "K1") != personas.customer(house.tree.west, "K1")


def test_only_who_may_edit_there_writes(house: House) -> None:
    here = personas.customer(house.tree.east, "K1")
    data = CustomerFile(code="K9")
    for person in (house.zheng, house.wang, house.zhao, house.wu):
        for act in (
            lambda p=person: actions.save_customer(actor=p, unit=house.tree.east, data=data),
            lambda p=person: actions.note_consent(actor=p, customer=here, granted=True, source="电话"),
            lambda p=person: actions.opt_back_in(actor=p, customer=here, source="电话"),
        ):
            with pytest.raises(NotPermitted):
                act()


def test_whoever_hears_it_from_the_customer_notes_an_opt_out(house: House) -> None:
    here = personas.customer(house.tree.east, "K1", phone="13800000001")
    for person in (house.zheng, house.wu):
        with pytest.raises(NotPermitted):
            actions.opt_out(actor=person, customer=here, source="电话")
    actions.opt_out(actor=house.sun, customer=here, source="回访电话")
    assert queries.opted_out([("phone", "13800000001")])


def test_shared_lists_are_kept_by_who_edits_the_whole_organisation(house: House) -> None:
    for save in (actions.save_segment, actions.save_product):
        with pytest.raises(NotPermitted):
            save(actor=house.li, code="x", name="东城的")
        with pytest.raises(Refused) as refused:
            save(actor=None, code=" ", name="")
        assert refused.value.field == "code"


def test_the_newest_consent_counts(house: House) -> None:
    made = personas.customer(house.tree.east, "K1", consent=True)
    actions.note_consent(actor=house.li, customer=made, granted=False, source="电话")
    assert [row.granted for row in made.consents.all()] == [False, True]


def test_who_opted_out_is_recognised_by_any_of_their_contacts(house: House) -> None:
    made = personas.customer(house.tree.east, "K1", phone="13800000001", email="he@example.com")
    asked = [("phone", "13800000001"), ("email", "he@example.com"), ("phone", "13900000002")]
    assert queries.opted_out(asked) == set()
    actions.opt_out(customer=made, source="邮件链接")
    assert queries.opted_out(asked) == set(asked[:2])
    assert "13800000001" not in str(list(OptOut.objects.values()))
    actions.opt_back_in(actor=house.li, customer=made, source="电话")
    assert queries.opted_out(asked) == set()


def test_two_files_of_one_person_become_one(house: House) -> None:
    keep = personas.customer(house.tree.east, "K1", phone="13800000001")
    drop = personas.customer(house.tree.east_service, "K2", phone="+8613800000001", email="he@example.com")
    actions.add_transaction(
        actor=house.li, customer=drop, unit=house.tree.east_service, kind="service", on=dt.date(2026, 3, 2)
    )
    assert queries.duplicates(house.li) == [[keep, drop]]
    actions.merge(actor=house.li, keep=keep, drop=drop, why="同一手机号")
    assert set(keep.contacts.values_list("kind", flat=True)) == {"phone", "email"}
    assert keep.transactions.count() == 1
    assert queries.duplicates(house.li) == []
    assert set(queries.files(house.li)) == {keep}
    with pytest.raises(Refused, match="cannot be merged"):
        actions.merge(actor=house.li, keep=keep, drop=drop)


def test_a_file_outside_the_subtree_is_no_duplicate_and_is_not_merged(house: House) -> None:
    keep = personas.customer(house.tree.east, "K1", phone="13800000001")
    drop = personas.customer(house.tree.west, "K2", phone="13800000001")
    assert queries.duplicates(house.li) == []
    with pytest.raises(NotPermitted):
        actions.merge(actor=house.li, keep=keep, drop=drop)


@pytest.mark.parametrize("text", ["何芳", "K1", "0001", "he@ex"])
def test_a_file_is_found_by_name_number_or_contact(text: str, house: House) -> None:
    found = personas.customer(house.tree.east, "K1", "何芳", phone="13800000001", email="he@example.com")
    personas.customer(house.tree.east, "K2", "马超", phone="13900000002")
    personas.customer(house.tree.west, "K1", "何芳", phone="13800000001", email="he@example.com")
    assert list(queries.files(house.li, text=text)) == [found]
