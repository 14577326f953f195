"""The cases of one person: in their copy, without a contact after erasure, moved when files are joined."""

from __future__ import annotations

import pytest

from manyi.cases.actions import register
from manyi.cases.mail.intake import take_in
from manyi.cases.models import Case
from manyi.cases.policy_actions import install_defaults
from manyi.customers import actions as customers
from manyi.customers import privacy
from manyi.customers.models import Customer
from manyi.organisation import attachments
from tests import personas
from tests.cases.mail.written import SENDER, written
from tests.personas import House


@pytest.fixture
def people(db: None) -> House:
    made = personas.house()
    install_defaults()
    return made


@pytest.fixture
def he(people: House) -> Customer:
    """何芳, who complained by telephone."""
    made = personas.customer(people.tree.east, "K1", "何芳", phone="13800000001")
    register(
        actor=people.wang, unit=people.tree.east, kind="complaint", channel="phone", subject="等候太久",
        body="等了三小时", customer=made, contact_name="何芳", contact_phone="13800000001",
    )  # fmt: skip
    return made


def test_the_copy_holds_the_cases_with_their_words(people: House, he: Customer) -> None:
    [case] = privacy.export_customer(actor=people.li, customer=he)["cases"]
    assert (case["demand"], case["contact"]) == ("等了三小时", ["何芳", "13800000001", ""])
    assert [message["direction"] for message in case["messages"]] == ["in"]


def test_erasing_takes_the_contact_and_leaves_the_matter(people: House, he: Customer) -> None:
    privacy.erase_customer(actor=people.li, customer=he, why="本人要求")
    case = Case.objects.get()
    assert (case.contact_name, case.contact_phone, case.demand) == ("", "", "等了三小时")


def test_erasing_takes_the_mails_as_they_came(people: House) -> None:
    she = personas.customer(people.tree.east, "K2", "王女士", email=SENDER)
    mail = take_in(written(), unit=people.tree.east)
    assert mail.case is not None
    assert mail.case.customer == she
    [case] = privacy.export_customer(actor=people.li, customer=she)["cases"]
    assert [each["sender"] for each in case["mails"]] == [SENDER]
    privacy.erase_customer(actor=people.li, customer=she, why="本人要求")
    mail.refresh_from_db()
    assert (mail.sender, mail.sender_name, mail.correspondents) == ("", "", [])
    assert not attachments.held_by(mail).exists()


def test_cases_move_to_the_file_that_stays(people: House, he: Customer) -> None:
    keep = personas.customer(people.tree.east, "K0", phone="13800000001")
    customers.merge(actor=people.li, keep=keep, drop=he)
    assert Case.objects.get().customer == keep
