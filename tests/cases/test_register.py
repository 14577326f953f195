"""A matter is taken in: number, code, deadlines, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from manyi.cases.actions import add_message, advance, describe
from manyi.cases.models import Case
from manyi.cases.rules import CODE_ALPHABET, CODE_LENGTH, tidy_code
from manyi.organisation import clock, events
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from tests.cases.house import Register, at, facts_for, fresh, walk
from tests.personas import House


def test_a_case_from_the_telephone_gets_number_code_and_the_deadline_of_acceptance(
    new_case: Register, monday: datetime
) -> None:
    case = new_case()
    assert (case.number, case.state) == ("2026-000001", "registered")
    assert len(case.tracking_code) == CODE_LENGTH
    assert set(case.tracking_code) <= set(CODE_ALPHABET)
    assert (case.due_clock, case.due_at) == ("acknowledge", at("2026-03-03T18:00"))
    assert [m.direction for m in case.messages.all()] == ["in"]
    assert new_case().number == "2026-000002"


def test_the_event_of_registering_carries_no_word_of_the_customer(
    new_case: Register, monday: datetime
) -> None:
    case = new_case()
    event = Event.objects.get(kind="case.registered")
    text = f"{event.subject_label} {event.before} {event.after} {event.data} {event.why}"
    assert case.number in text
    assert not [word for word in ("王女士", "13800000000", "空调") if word in text]
    assert events.verify() == Event.objects.count()


def test_the_public_form_may_register_but_a_stranger_to_the_unit_may_not(
    new_case: Register, house: House, monday: datetime
) -> None:
    assert new_case(actor=None, channel="form").pk
    with pytest.raises(NotPermitted):
        new_case(unit=house.tree.west)


def test_an_anonymous_case_keeps_no_contact(new_case: Register, monday: datetime) -> None:
    case = new_case(confidentiality="anonymous")
    assert (case.contact_name, case.contact_phone, case.customer) == ("", "", None)


def test_everything_wrong_is_told_at_once(new_case: Register, monday: datetime) -> None:
    later = monday + timedelta(hours=1)
    with pytest.raises(Invalid) as caught:
        new_case(body=" ", kind="rumour", received_at=later, contact_email="nobody")
    assert [field for field, _ in caught.value.problems] == ["body", "received_at", "kind", "contact_email"]
    assert Case.objects.count() == 0


def test_clocks_count_from_the_receipt_not_from_the_typing_in(new_case: Register, monday: datetime) -> None:
    case = new_case(received_at=at("2026-02-26T17:00"))
    assert case.due_at == at("2026-02-27T18:00")


def test_a_message_of_staff_stops_the_clock_of_the_first_contact(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "assign")
    add_message(actor=fresh("wang"), case=case, direction="out", body="您好,我来跟进。")
    case.refresh_from_db()
    assert case.responded_at == monday
    assert set(case.clock_results.values_list("name", "met")) == {("acknowledge", True), ("respond", True)}
    assert case.due_clock == "resolve"


def test_an_outsider_cannot_write_into_a_case(new_case: Register, house: House, monday: datetime) -> None:
    with pytest.raises(NotPermitted):
        add_message(actor=fresh("wu"), case=new_case(), direction="out", body="你好")
    with pytest.raises(ValueError, match="no direction"):
        add_message(actor=None, case=new_case(), direction="out", body="你好")


def test_the_person_complained_of_can_be_named_later_but_not_while_they_handle_it(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "assign")
    with pytest.raises(Refused, match="reassign it first"):
        describe(actor=fresh("zhou"), case=case, about_person=house.wang)
    case = describe(actor=fresh("zhou"), case=case, about_person=house.wu, severity="high")
    assert (case.about_person, case.severity) == (house.wu, "high")


def test_an_earlier_duplicate_gives_its_receipt_to_the_main_case(
    new_case: Register, house: House, monday: datetime
) -> None:
    earlier = new_case(received_at=at("2026-02-27T10:00"))
    main = new_case()
    merged = advance(case=earlier, name="merge", actor=fresh("zhou"), facts={"into": main.number})
    main.refresh_from_db()
    assert (merged.state, merged.merged_into, merged.due_at) == ("duplicate", main, None)
    assert main.received_at == earlier.received_at
    assert main.due_at == at("2026-02-28T18:00")  # a Saturday that is worked
    with pytest.raises(Refused, match="no open case"):
        advance(case=main, name="merge", actor=fresh("zhou"), facts={"into": merged.number})


def test_a_case_is_not_merged_into_one_of_another_shop(
    new_case: Register, house: House, monday: datetime
) -> None:
    elsewhere = new_case(actor=None, unit=house.tree.west)
    with pytest.raises(Refused, match="no open case"):
        advance(case=new_case(), name="merge", actor=fresh("zhou"), facts={"into": elsewhere.number})


def test_a_tracking_code_is_read_as_people_type_it() -> None:
    assert tidy_code(" abcd-2345 ") == "ABCD2345"


def test_a_handler_of_another_shop_cannot_be_chosen(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = advance(case=new_case(), name="acknowledge", actor=fresh("zhou"))
    facts = facts_for("assign", house, owner=house.sun.pk)
    with pytest.raises(Refused, match="choose another") as caught:
        advance(case=case, name="assign", actor=fresh("zhou"), facts=facts)
    assert caught.value.field == "owner"
    with clock.at(monday + timedelta(hours=1)):
        case.refresh_from_db()
    assert case.state == "acknowledged"
