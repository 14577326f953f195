"""What is written down of a case: every field that changes, and who read a confidential contact."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from manyi.cases.actions import describe
from manyi.cases.contact_reading import readings, show_contact
from manyi.cases.models import Case, Category
from manyi.organisation import clock
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Event
from tests.cases.house import Register, fresh, walk
from tests.personas import House


@pytest.fixture
def case(monday: datetime, new_case: Register) -> Case:
    return new_case()


def test_every_corrected_field_is_kept_before_and_after(case: Case, house: House) -> None:
    category = Category.objects.get(code="service.quality")
    described = describe(
        actor=fresh("zhou"),
        case=case,
        subject="空调不凉",
        category=category,
        severity="high",
        urgency="urgent",
        safety=True,
        about_person=house.wu,
        identity_checked=True,
        identity_note="吴磊电话核对车牌",
    )
    event = Event.objects.get(kind="case.described")
    assert event.before == {
        "subject": "空调修了两次还是不凉",
        "category": None,
        "severity": "normal",
        "urgency": "normal",
        "safety": False,
        "about_person": None,
        "identity_checked": False,
        "identity_note": "",
        "risk": "medium",
    }
    assert event.after == {
        "subject": "空调不凉",
        "category": category.pk,
        "severity": "high",
        "urgency": "urgent",
        "safety": True,
        "about_person": house.wu.pk,
        "identity_checked": True,
        "identity_note": "吴磊电话核对车牌",
        "risk": "grave",
    }
    assert described.risk == "grave", "where somebody may be hurt"


def test_only_what_changed_is_noted_and_nothing_when_nothing_did(case: Case) -> None:
    describe(actor=fresh("zhou"), case=case, severity="high", urgency="normal")
    event = Event.objects.get(kind="case.described")
    assert (event.before, event.after) == (
        {"severity": "normal", "risk": "medium"},
        {"severity": "high", "risk": "high"},
    )
    describe(actor=fresh("zhou"), case=case, severity="high")
    assert Event.objects.filter(kind="case.described").count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"severity": "huge"}, "severity"),
        ({"urgency": "now"}, "urgency"),
        ({"identity_checked": True, "identity_note": ""}, "identity_note"),
    ],
)
def test_a_field_that_does_not_fit_is_named(facts: dict[str, object], field: str, case: Case) -> None:
    with pytest.raises(Invalid) as refused:
        describe(actor=fresh("zhou"), case=case, **facts)  # type: ignore[arg-type]
    assert [name for name, _words in refused.value.problems] == [field]


def test_reading_a_confidential_contact_is_an_event_once_an_hour(new_case: Register, house: House) -> None:
    case = walk(new_case(confidentiality="confidential"), house, until="assign")
    now = clock.now()
    for minutes in (0, 10, 59, 61):
        with clock.at(now + timedelta(minutes=minutes)):
            assert show_contact(actor=fresh("wang"), case=case)
    assert readings(case).count() == 2
    assert {event.actor_label for event in readings(case)} == {"王强"}


def test_who_may_not_see_the_contact_leaves_no_reading(new_case: Register, house: House) -> None:
    case = walk(new_case(confidentiality="confidential"), house, until="assign")
    assert not show_contact(actor=fresh("zhou"), case=case)
    assert not readings(case).exists()


def test_the_contact_of_a_named_case_is_no_secret(case: Case, house: House) -> None:
    assert show_contact(actor=fresh("wang"), case=case)
    assert not readings(case).exists()
