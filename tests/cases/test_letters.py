"""What the complainant gets by mail."""

from __future__ import annotations

from datetime import datetime

from manyi.cases.actions import add_message, advance
from manyi.distribution.models import Message
from manyi.organisation import events
from tests.cases.house import Register, facts_for, fresh, walk
from tests.personas import House


def test_the_receipt_gives_number_and_code_once(new_case: Register, monday: datetime) -> None:
    case = new_case(actor=None, channel="form", contact_email="he@example.com")
    events.dispatch_pending()
    events.dispatch_pending()
    mail = Message.objects.get()
    assert (mail.recipient, mail.kind) == ("he@example.com", "acknowledgement")
    assert case.number in mail.body
    assert case.tracking_code in mail.body
    assert mail.headers == {"Auto-Submitted": "auto-replied"}


def test_without_an_address_nothing_is_mailed(new_case: Register, house: House, monday: datetime) -> None:
    walk(new_case(), house, "assign")
    events.dispatch_pending()
    assert Message.objects.count() == 0


def test_acceptance_and_messages_are_mailed_in_the_language_of_the_case(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = new_case(contact_email="jane@example.com", language="en")
    advance(case=case, name="acknowledge", actor=fresh("zhou"))
    add_message(actor=fresh("wang"), case=case, direction="out", body="We have ordered the part.")
    add_message(actor=fresh("wang"), case=case, direction="internal", body="Supplier is slow.")
    events.dispatch_pending()
    bodies = [mail.body for mail in Message.objects.order_by("pk")]
    assert len(bodies) == 3
    assert "Tracking code" in bodies[0]
    assert any("accepted your matter" in body for body in bodies)
    assert any("ordered the part" in body for body in bodies)
    assert not any("Supplier" in body for body in bodies)


def test_an_internal_note_of_a_step_stays_inside(new_case: Register, house: House, monday: datetime) -> None:
    case = walk(new_case(contact_email="he@example.com"), house, "start")
    advance(case=case, name="pause", actor=fresh("wang"), facts=facts_for("pause", house, note="供应商拖延"))
    events.dispatch_pending()
    assert not Message.objects.filter(body__contains="供应商").exists()
