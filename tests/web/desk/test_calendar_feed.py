"""The private calendar address: what a calendar program reads there, and when the door is shut.

Read with the library ``icalendar``, which is not ours.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client

from manyi.cases import task_actions
from manyi.cases.actions import advance
from manyi.improvement.actions import complete_action
from manyi.organisation import calendar_feeds, clock
from manyi.organisation.actions import revoke_role, set_active, set_preferences
from manyi.organisation.models import CalendarAddress, CalendarEntry, Event, RoleGrant
from tests.cases.house import at, facts_for, fresh
from tests.personas import House, browser_of
from tests.web.desk.due import action_of, case_at, task_for

pytestmark = pytest.mark.usefixtures("monday")


def address_for(username: str, reminder: int = 0) -> str:
    """The path of a new address, as the page shows it."""
    page = browser_of(fresh(username)).post("/me/calendar/", {"act": "make", "reminder": reminder})
    found = re.search(r'id="address" value="http://[^/]+(/calendar/[^"]+)"', page.content.decode())
    assert found is not None
    return found.group(1)


def read(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers or None)


def events(address: str) -> list[Any]:
    answer = read(address)
    assert answer.status_code == 200, answer
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_what_is_due_stands_there_at_its_moment(house: House) -> None:
    case = case_at(house, "start")
    task_for(house, case)
    found = events(address_for("wang"))
    assert {str(each["SUMMARY"]) for each in found} == {f"{case.number} 答复", f"{case.number} 协办"}
    answer = next(each for each in found if "答复" in each["SUMMARY"])
    start = answer["DTSTART"].dt
    assert start == at("2026-03-16T18:00")
    assert start.utcoffset() == timedelta(0), "in UTC, so that every program knows the moment"
    assert start.tzinfo is not None


def test_a_corrective_action_has_a_date_without_an_hour(house: House) -> None:
    action = action_of(house, "zhou", date(2026, 3, 12))
    address = address_for("zhou")
    (event,) = events(address)
    assert event["DTSTART"].dt == date(2026, 3, 12)
    assert str(event["SUMMARY"]) == f"{action.cause.finding.number} 整改措施"
    complete_action(actor=fresh("zhou"), action=action, evidence="照片")
    (event,) = events(address)
    assert str(event["STATUS"]) == "CANCELLED"


def test_nothing_of_the_matter_or_the_customer_is_in_it(house: House) -> None:
    case = case_at(house, "start", "请勿外传的题目")
    task_for(house, case)
    text = read(address_for("wang")).content.decode()
    for secret in ("王女士", "13800000000", "请勿外传", "免费修好", "购车合同", case.tracking_code):
        assert secret not in text


def test_it_speaks_the_language_of_its_person(house: House) -> None:
    case = case_at(house, "start")
    set_preferences(person=fresh("wang"), language="en", time_zone="")
    (event,) = events(address_for("wang"))
    assert str(event["SUMMARY"]) == f"{case.number} Answer"


def test_a_due_date_that_moves_keeps_its_id_and_counts_up(house: House) -> None:
    case = case_at(house, "assign")
    address = address_for("wang")
    (first,) = events(address)
    assert int(first["SEQUENCE"]) == 0
    with clock.at(at("2026-03-03T10:00")):
        advance(case=case, name="start", actor=fresh("wang"), facts=facts_for("start", house))
        (second,) = events(address)
        (again,) = events(address)
    assert second["UID"] == first["UID"]
    assert int(second["SEQUENCE"]) == int(again["SEQUENCE"]) == 1
    assert second["DTSTART"].dt != first["DTSTART"].dt
    assert second["LAST-MODIFIED"].dt == at("2026-03-03T10:00")


def test_what_is_over_is_cancelled_and_forgotten_after_a_month(house: House) -> None:
    case = case_at(house, "start")
    task = task_for(house, case)
    address = address_for("wang")
    assert {str(each["STATUS"]) for each in events(address)} == {"CONFIRMED"}
    task_actions.answer(actor=fresh("wang"), task=task, text="合同已附")
    advance(case=case, name="reassign", actor=fresh("zhou"), facts=facts_for("reassign", house))
    assert {str(each["STATUS"]) for each in events(address)} == {"CANCELLED"}
    with clock.at(clock.now() + timedelta(days=31)):
        assert events(address) == []
    assert CalendarEntry.objects.count() == 0


def test_what_comes_back_is_the_same_event_again(house: House) -> None:
    case = case_at(house, "start")
    address = address_for("wang")
    (first,) = events(address)
    step = facts_for("reassign", house)
    advance(case=case, name="reassign", actor=fresh("zhou"), facts=step)
    (gone,) = events(address)
    back = facts_for("reassign", house, owner=house.wang.pk)
    advance(case=case, name="reassign", actor=fresh("zhou"), facts=back)
    (again,) = events(address)
    assert (first["UID"], str(gone["STATUS"]), str(again["STATUS"])) == (
        again["UID"],
        "CANCELLED",
        "CONFIRMED",
    )
    assert int(again["SEQUENCE"]) == 2


def test_a_case_out_of_reach_is_out_of_the_calendar(house: House) -> None:
    """A handler whose role goes to the other store owns the case on paper, but may not see it."""
    case_at(house, "start")
    address = address_for("wang")
    assert len(events(address)) == 1
    grant = RoleGrant.objects.get(person=house.wang)
    grant.unit = house.tree.west
    grant.save()
    assert [str(each["STATUS"]) for each in events(address)] == ["CANCELLED"]


def test_the_calendar_program_may_remind(house: House) -> None:
    case_at(house, "start")
    (event,) = events(address_for("wang", 60))
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-1)
    (bare,) = events(address_for("wang"))
    assert list(bare.walk("VALARM")) == []


def test_unchanged_is_said_without_sending_it_again(house: House) -> None:
    case = case_at(house, "start")
    address = address_for("wang")
    first = read(address)
    assert read(address, if_none_match=first["ETag"]).status_code == 304
    assert read(address, if_modified_since=first["Last-Modified"]).status_code == 304
    assert Client().head(address).status_code == 200
    browser_of(fresh("wang")).post("/me/calendar/", {"act": "remind", "reminder": 30})
    assert read(address, if_none_match=first["ETag"]).status_code == 200
    with clock.at(at("2026-03-03T10:00")):
        advance(case=case, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
        assert read(address, if_modified_since=first["Last-Modified"]).status_code == 200


def test_the_address_is_seen_once_and_only_its_hash_is_kept(house: House) -> None:
    address = address_for("wang")
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 43
    row = CalendarAddress.objects.get()
    assert row.token_hash == calendar_feeds.hashed(token)
    assert token not in browser_of(fresh("wang")).get("/me/calendar/").content.decode()
    assert token not in str(list(Event.objects.values_list("data", "before", "after", "subject_label")))


def test_a_new_address_shuts_the_old_one_and_revoking_shuts_all(house: House) -> None:
    old = address_for("wang")
    new = address_for("wang")
    assert (read(old).status_code, read(new).status_code) == (404, 200)
    browser_of(fresh("wang")).post("/me/calendar/", {"act": "revoke"})
    assert read(new).status_code == 404
    kinds = Event.objects.filter(kind__startswith="calendar_address").order_by("seq")
    assert list(kinds.values_list("kind", "data")) == [
        ("calendar_address.made", {"renewed": False, "reminder": 0}),
        ("calendar_address.made", {"renewed": True, "reminder": 0}),
        ("calendar_address.revoked", {}),
    ], "reading is not booked, making and revoking is"


def test_an_account_out_of_use_has_no_calendar(house: House) -> None:
    address = address_for("wang")
    set_active(actor=house.chen, person=house.wang, unit=house.tree.east, active=False, why="离职")
    assert read(address).status_code == 404


def test_without_any_right_left_the_address_is_shut(house: House) -> None:
    address = address_for("wang")
    for grant in RoleGrant.objects.filter(person=house.wang):
        revoke_role(actor=house.chen, grant=grant)
    assert read(address).status_code == 404


def test_whoever_guesses_is_stopped_and_whoever_reads_too_often(house: House) -> None:
    address = address_for("wang")
    wrong = [read(f"/calendar/guess-{number}.ics").status_code for number in range(32)]
    assert wrong == [404] * 30 + [429] * 2
    assert read(address).status_code == 200, "the right address still opens from there"
    often = [read(address).status_code for _ in range(121)]
    assert (often[0], often[-1]) == (200, 429)


def test_a_reminder_that_there_is_not_is_refused(house: House) -> None:
    browser = browser_of(fresh("wang"))
    browser.post(
        "/me/calendar/", {"act": "make", "reminder": 7}, headers={"referer": "http://testserver/me/"}
    )
    assert not CalendarAddress.objects.exists()


def test_the_page_says_when_it_was_read(house: House) -> None:
    address = address_for("wang")
    assert "还没有" in browser_of(fresh("wang")).get("/me/calendar/").content.decode()
    read(address)
    row = CalendarAddress.objects.get()
    assert row.read_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
