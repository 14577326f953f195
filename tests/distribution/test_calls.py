"""The telephone desk: one person to one interviewer, results with what follows, and the way back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from manyi.customers.models import OptOut
from manyi.distribution import actions, call_queries
from manyi.distribution.actions import Outcome
from manyi.distribution.call_script import spoken
from manyi.distribution.models import Call, CallTask, Message
from manyi.organisation import access, clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event, Person
from manyi.organisation.roles import Role
from manyi.responses import actions as responses
from tests import personas, survey_world
from tests.survey_world import GOOD_ANSWERS, START, World

#: A Monday, 10:00 in Shanghai.
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
INTERVIEWERS = 8


def phoned(customers: int = 3) -> World:
    """A round that is open, with everybody on the call list."""
    with clock.at(START):
        world = survey_world.build(customers_count=0)
        world.customers.extend(
            personas.customer(world.shop, f"P{n}", phone=f"1380000{n:04}") for n in range(customers)
        )
        survey_world.invite(world, channel="phone")
    return world


@pytest.fixture
def world(db: None) -> World:
    return phoned()


def taken(person: Person) -> Call:
    call = actions.next_call(actor=person)
    assert call is not None
    return call


def ended(person: Person, disposition: str, **more: Any) -> Call:
    """The next call of a person, with its result."""
    return actions.finish_call(actor=person, call=taken(person), outcome=Outcome(disposition, **more))


def task_of(call: Call) -> CallTask:
    return CallTask.objects.get(pk=call.task_id)


def test_inviting_by_telephone_makes_the_list_and_sends_nothing(world: World) -> None:
    assert CallTask.objects.count() == 3
    assert not Message.objects.exists()
    with clock.at(START + timedelta(days=20)):
        assert actions.remind(actor=world.manager, round=world.round) == 0


def test_one_interviewer_has_one_person_and_nobody_else_gets_them(world: World) -> None:
    sun, li = world.house.sun, world.manager
    with clock.at(MORNING):
        first = taken(sun)
        assert taken(sun) == first
        assert taken(li).task_id != first.task_id
    kinds = Event.objects.filter(kind="call.begun").count()
    assert kinds == 2


def test_nobody_is_handed_out_outside_the_hours(world: World) -> None:
    for at in (MORNING - timedelta(hours=2), MORNING + timedelta(hours=11), MORNING - timedelta(days=1)):
        with clock.at(at):
            assert actions.next_call(actor=world.house.sun) is None


def test_who_walks_away_loses_the_person(world: World) -> None:
    sun, li = world.house.sun, world.manager
    with clock.at(MORNING):
        left = taken(sun)
    with clock.at(MORNING + timedelta(minutes=31)):
        again = {taken(li).task_id for _ in range(1)}
        assert again == {left.task_id}
        with pytest.raises(Refused, match="left your screen"):
            actions.finish_call(actor=sun, call=left, outcome=Outcome("refusal"))
    left.refresh_from_db()
    assert (left.disposition, task_of(left).tries) == ("lapsed", 0)


def test_agreed_calls_come_first_then_new_people_then_further_tries(world: World) -> None:
    sun = world.house.sun
    with clock.at(MORNING):
        tried = ended(sun, "busy")
        agreed = ended(sun, "call_back", call_back_at=MORNING + timedelta(hours=1), mine=True)
    with clock.at(MORNING + timedelta(hours=2)):
        order = [row.pk for row in call_queries.due(sun, clock.now())]
        assert (order[0], order[-1], len(order)) == (agreed.task_id, tried.task_id, 3)
        others = [row.pk for row in call_queries.due(world.manager, clock.now())]
        assert agreed.task_id not in others
        assert [row.pk for row in call_queries.appointments(sun)] == [agreed.task_id]


def test_a_call_back_needs_a_time_within_the_hours(world: World) -> None:
    sun = world.house.sun
    with clock.at(MORNING):
        call = taken(sun)
        for at in (None, MORNING - timedelta(hours=1), MORNING + timedelta(days=5)):
            with pytest.raises(Refused) as caught:
                actions.finish_call(actor=sun, call=call, outcome=Outcome("call_back", call_back_at=at))
            assert caught.value.field == "call_back_at"
        with pytest.raises(Refused) as caught:
            actions.finish_call(actor=sun, call=call, outcome=Outcome("complete"))
        assert caught.value.field == "disposition"
    assert task_of(call).tries == 0


def test_after_enough_unanswered_calls_it_is_enough(db: None) -> None:
    world, at = phoned(1), MORNING
    for _ in range(4):
        with clock.at(at):
            last = ended(world.house.sun, "no_answer")
        task = task_of(last)
        if task.not_before:
            assert task.not_before >= at + timedelta(hours=4)
            at = task.not_before
    assert (task.done, task.tries) == (True, 4)
    assert set(task.parts) == {"morning", "afternoon", "evening"}
    with clock.at(at + timedelta(days=1)):
        assert actions.next_call(actor=world.house.sun) is None


def test_a_refusal_can_mean_never_again_and_both_can_be_taken_back(world: World) -> None:
    sun = world.house.sun
    with clock.at(MORNING):
        call = ended(sun, "refusal", opt_out=True, note="  不想参加 ")
        call.task.invitation.refresh_from_db()
        assert call.task.invitation.state == "opted_out"
        assert (task_of(call).done, call.note) == (True, "不想参加")
        actions.undo_call(actor=sun, call=call)
        assert not OptOut.objects.exists()
        assert taken(sun).pk == call.pk
        assert (task_of(call).done, task_of(call).tries) == (False, 0)
        actions.finish_call(actor=sun, call=call, outcome=Outcome("busy"))
    assert Call.objects.count() == 1


def test_only_the_last_result_is_taken_back(world: World) -> None:
    sun = world.house.sun
    with clock.at(MORNING):
        first, second = ended(sun, "busy"), ended(sun, "busy")
        with pytest.raises(Refused):
            actions.undo_call(actor=sun, call=first)
        taken(sun)
        with pytest.raises(Refused, match="end the present call"):
            actions.undo_call(actor=sun, call=second)


def test_an_interview_by_telephone_says_so_and_its_interviewer_is_kept(world: World) -> None:
    sun = world.house.sun
    with clock.at(MORNING):
        call = taken(sun)
        draft = responses.begin(invitation=call.task.invitation, channel="phone")
        responses.submit(response=draft, answers=GOOD_ANSWERS)
        actions.finish_call(actor=sun, call=call, outcome=Outcome("other"))
    assert (draft.channel, call.disposition, call.interviewer) == ("phone", "complete", sun)
    with clock.at(MORNING), pytest.raises(Refused):
        actions.undo_call(actor=sun, call=call)


def test_who_has_answered_meanwhile_is_not_called(db: None) -> None:
    world = phoned(1)
    invitation = CallTask.objects.get().invitation
    with clock.at(MORNING):
        responses.submit(response=responses.begin(invitation=invitation), answers=GOOD_ANSWERS)
        assert actions.next_call(actor=world.house.sun) is None


def test_a_look_at_the_number_is_booked_without_the_number(world: World) -> None:
    sun = world.house.sun
    with clock.at(MORNING):
        call = taken(sun)
        number = actions.show_number(actor=sun, call=call)
        assert number.startswith("1380000")
        with pytest.raises(Refused):
            actions.show_number(actor=world.manager, call=call)
    event = Event.objects.get(kind="call.number_shown")
    assert number not in f"{event.data}{event.subject_label}"


def test_those_who_did_not_answer_by_mail_are_followed_up_by_telephone(db: None) -> None:
    with clock.at(START):
        world = survey_world.build(customers_count=1)
        personas.customer(world.shop, "P1", phone="13800000001", email="p1@example.com")
        survey_world.invite(world, channel="email")
        assert actions.follow_up_by_phone(actor=world.manager, round=world.round) == 1
        assert actions.follow_up_by_phone(actor=world.manager, round=world.round) == 0
    with clock.at(MORNING):
        call = taken(world.house.sun)
        assert responses.begin(invitation=call.task.invitation, channel="phone").channel == "phone"


def test_an_anonymous_round_is_not_asked_by_telephone(db: None) -> None:
    """The record of calls would lead from the person to the answers by its times."""
    with clock.at(START):
        world = survey_world.build(customers_count=1, anonymous=True)
        with pytest.raises(Refused, match="anonymous") as caught:
            survey_world.invite(world, channel="phone")
        assert caught.value.field == "channel"
        with pytest.raises(Refused, match="anonymous"):
            actions.follow_up_by_phone(actor=world.manager, round=world.round)
    assert not CallTask.objects.exists()


def test_the_supervisor_reserves_reopens_and_takes_it_back(world: World) -> None:
    sun, li = world.house.sun, world.manager
    with clock.at(MORNING):
        task = task_of(ended(sun, "refusal"))
        with pytest.raises(NotPermitted):
            actions.reopen_task(actor=sun, task=task)
        assert not actions.reopen_task(actor=li, task=task).done
        assert actions.undo_change(actor=li, task=task).done
        with pytest.raises(Refused):
            actions.undo_change(actor=li, task=task)
        other = CallTask.objects.filter(done=False).first()
        assert other is not None
        with pytest.raises(Refused) as caught:
            actions.assign_task(actor=li, task=other, to=world.outsider)
        assert caught.value.field == "to"
        actions.assign_task(actor=li, task=other, to=li)
        assert other not in call_queries.due(sun, clock.now())
        assert other in call_queries.due(li, clock.now())


def test_a_call_is_checked_by_a_second_contact(world: World) -> None:
    with clock.at(MORNING):
        call = ended(world.house.sun, "refusal")
        li = world.manager
        assert actions.note_check(actor=li, call=call, state="wanted").check_state == "wanted"
        checked = actions.note_check(actor=li, call=call, state="confirmed", note="客户确认")
        assert (checked.checked_by, checked.check_note) == (li, "客户确认")
        with pytest.raises(NotPermitted):
            actions.note_check(actor=world.house.sun, call=call, state="")


def test_the_rates_of_the_desk_carry_their_base(world: World) -> None:
    sun = world.house.sun
    with clock.at(MORNING):
        ended(sun, "refusal"), ended(sun, "no_answer"), ended(sun, "disconnected")
        desk = call_queries.desk_of(world.round, access.paths(world.manager, "surveys.field"))
    assert (desk.people, desk.waiting, desk.called, desk.calls) == (3, 1, 3, 3)
    assert (desk.refusal.value, desk.refusal.valid_n) == (0.5, 2)
    assert (desk.contact.value, desk.completion.value) == (0.5, 0)


def test_the_script_names_who_speaks_and_what_is_promised(world: World) -> None:
    sun = world.house.sun
    programme = world.programme
    with clock.at(MORNING):
        call = call_queries.CALLS.get(pk=taken(sun).pk)
    assert "孙悦" in spoken(call, "zh-hans")
    assert "never for advertising" in spoken(call, "en")
    with pytest.raises(Refused, match="colour"):
        actions.save_script(actor=world.manager, programme=programme, language="en", body="{colour}")
    actions.save_script(actor=world.manager, programme=programme, language="en", body="Hi, {name}!")
    assert spoken(call, "en") == f"Hi, {call.task.invitation.customer}!"
    actions.save_script(actor=world.manager, programme=programme, language="en", body="")
    assert "Good day" in spoken(call, "en")


@pytest.mark.every_database
def test_eight_interviewers_at_once_get_eight_different_people(transactional_db: None) -> None:
    world = phoned(INTERVIEWERS)
    people = [
        personas.staff(f"agent{n}", f"访问员{n}", Role.CALL_BACK_AGENT, world.shop)
        for n in range(INTERVIEWERS)
    ]
    got: list[int] = []

    def interviewer(person: Person) -> None:
        try:
            with clock.at(MORNING):
                got.append(taken(person).task_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=interviewer, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    assert len(got) == len(set(got)) == INTERVIEWERS
    assert CallTask.objects.exclude(claimed_by=None).count() == INTERVIEWERS


def test_a_round_can_be_called_by_a_plan_of_its_own(world: World) -> None:
    round, sun = world.round, world.house.sun
    with pytest.raises(Refused):
        actions.save_call_plan(actor=world.manager, round=round, given={"phone.most_tries": "99"})
    with pytest.raises(Refused, match="after the first"):
        actions.save_call_plan(actor=world.manager, round=round, given={"phone.until_hour": "8"})
    own = {"phone.most_tries": "1", "phone.from_hour": "13", "phone.pause_hours": ""}
    actions.save_call_plan(actor=world.manager, round=round, given=own)
    with clock.at(MORNING):
        assert actions.next_call(actor=sun) is None, "not before one o'clock"
    with clock.at(MORNING + timedelta(hours=4)):
        call = actions.next_call(actor=sun)
        assert call is not None
        done = actions.finish_call(actor=sun, call=call, outcome=Outcome("no_answer"))
        assert done.task.done or CallTask.objects.get(pk=done.task_id).done, "one try was the last"
    actions.save_call_plan(actor=world.manager, round=round, given={})
    with clock.at(MORNING):
        assert actions.next_call(actor=sun) is not None, "the organisation's hours again"
    with pytest.raises(NotPermitted):
        actions.save_call_plan(actor=world.outsider, round=round, given={})
