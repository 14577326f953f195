"""Paper through the actions: printing, entering once and twice, deciding, undoing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from manyi.distribution import actions as distribution
from manyi.organisation import clock
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.responses import paper_actions, privacy, quota_actions
from manyi.responses.errors import RoundClosed
from manyi.responses.models import PaperCopy, PaperEntry, PaperRun, Response
from manyi.responses.paper_rules import Choice
from manyi.responses.quota_rules import QuotaPlan
from manyi.surveys import actions as surveys
from tests import survey_world
from tests.survey_world import START, World

SHEET = {
    "reception.greeting": "5", "reception.waiting": "4", "reception.price": "na",
    "channels": "2 1", "satisfied": "4", "recommend": "9",
}  # fmt: skip


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(START):
        made = survey_world.build(customers_count=2)
        surveys.advance_round(actor=made.manager, round=made.round, name="open")
        yield made


def printed(world: World, *, copies: int = 2, percent_twice: int = 0) -> list[PaperCopy]:
    run = paper_actions.print_run(
        actor=world.manager, round=world.round, unit=world.shop, copies=copies, percent_twice=percent_twice
    )
    return list(run.copies.all())


def test_copies_carry_numbers_that_nobody_else_has(world: World) -> None:
    serials = [copy.serial for _ in range(2) for copy in printed(world, copies=30, percent_twice=10)]
    assert len(set(serials)) == 60
    assert PaperCopy.objects.filter(twice=True).count() == 6
    assert Event.objects.filter(kind="paper.printed").count() == 2


def test_one_entry_becomes_a_response_with_the_serial_as_its_receipt(world: World) -> None:
    copy, other = printed(world)
    row = paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    response = Response.objects.get()
    assert (row.state, row.response) == ("done", response)
    assert (response.receipt, response.channel, response.state) == (copy.serial, "paper", "submitted")
    assert response.answers["channels"] == ["friend", "web"]
    assert (response.seconds, response.flags, response.valid) == (None, [], True)
    assert response.scores.get().grade
    with pytest.raises(Refused, match="entered already"):
        paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    other.refresh_from_db()
    assert other.state == "out"


def test_what_is_wrong_unreadable_or_missing_is_kept_aside_and_refuses_nothing(world: World) -> None:
    copy = printed(world)[0]
    typed = {**SHEET, "satisfied": "8", "recommend": "?", "reception.price": ""}
    response = paper_actions.enter(actor=world.house.sun, copy=copy, typed=typed).response
    assert response is not None
    assert response.set_aside["satisfied"]["value"] == "8"
    assert "无法辨认" in response.set_aside["recommend"]["reason"]["zh"]
    assert response.answers["reception"] == {"greeting": 5, "waiting": 4}


def test_two_clerks_who_agree_make_the_response(world: World) -> None:
    copy = printed(world, percent_twice=100)[0]
    first = paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    assert (first.state, Response.objects.count()) == ("once", 0)
    with pytest.raises(Refused, match="somebody else"):
        paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    again = paper_actions.enter(actor=world.manager, copy=copy, typed={**SHEET, "channels": "1,2"})
    assert (again.state, Response.objects.get().receipt) == ("done", copy.serial)


def test_a_difference_waits_for_a_decision(world: World) -> None:
    copy = printed(world, percent_twice=100)[0]
    paper_actions.enter(actor=world.house.sun, copy=copy, typed={**SHEET, "satisfied": "1"})
    row = paper_actions.enter(actor=world.manager, copy=copy, typed={**SHEET, "recommend": "8"})
    assert (row.state, Response.objects.count()) == ("differs", 0)
    with pytest.raises(Invalid):
        paper_actions.decide(actor=world.manager, copy=copy, choices={"satisfied": Choice("second")})
    chosen = {"satisfied": Choice("second"), "recommend": Choice("new", "7")}
    with pytest.raises(NotPermitted):
        paper_actions.decide(actor=world.house.sun, copy=copy, choices=chosen)
    paper_actions.decide(actor=world.manager, copy=copy, choices=chosen)
    response = Response.objects.get()
    assert (response.answers["satisfied"], response.answers["recommend"]) == (4, 7)
    kinds = ["paper.printed", "paper.entered", "paper.entered", "paper.decided"]
    assert list(Event.objects.filter(kind__startswith="paper.").values_list("kind", flat=True)) == kinds


def test_undone_steps_go_back_one_by_one_and_the_copy_can_be_entered_again(world: World) -> None:
    copy = printed(world, percent_twice=100)[0]
    paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    paper_actions.enter(actor=world.manager, copy=copy, typed={**SHEET, "satisfied": "5"})
    paper_actions.decide(actor=world.manager, copy=copy, choices={"satisfied": Choice("first")})
    states = [paper_actions.undo(actor=world.manager, copy=copy).state for _ in range(3)]
    assert states == ["differs", "once", "out"]
    withdrawn = Response.objects.get()
    assert (withdrawn.valid, withdrawn.receipt != copy.serial) == (False, True)
    paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    paper_actions.enter(actor=world.manager, copy=copy, typed=SHEET)
    assert Response.objects.get(valid=True).receipt == copy.serial


def test_a_clerk_takes_back_their_own_entry_only(world: World) -> None:
    copy = printed(world)[0]
    paper_actions.enter(actor=world.manager, copy=copy, typed=SHEET)
    with pytest.raises(NotPermitted):
        paper_actions.undo(actor=world.house.sun, copy=copy)
    assert paper_actions.undo(actor=world.manager, copy=copy).state == "out"


def test_a_named_copy_answers_for_its_person_and_frees_them_when_undone(world: World) -> None:
    surveys.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
    distribution.create_invitations(actor=world.manager, round=world.round, channel="link")
    run = paper_actions.print_run(actor=world.manager, round=world.round, unit=world.shop, named=True)
    copy = run.copies.all()[0]
    assert run.copies.count() == 2
    assert copy.invitation is not None
    for _ in range(2):
        response = paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET).response
        copy.invitation.refresh_from_db()
        assert response is not None
        assert (response.invitation, copy.invitation.state) == (copy.invitation, "answered")
        paper_actions.undo(actor=world.house.sun, copy=copy)
        copy.invitation.refresh_from_db()
        assert copy.invitation.state == "opened"


def test_an_anonymous_round_prints_no_named_copies(db: None) -> None:
    with clock.at(START):
        world = survey_world.build(anonymous=True)
        survey_world.invite(world)
        with pytest.raises(Refused) as told:
            paper_actions.print_run(actor=world.manager, round=world.round, unit=world.shop, named=True)
    assert told.value.field == "named"
    assert not PaperRun.objects.exists()


def test_paper_over_quota_is_kept_and_does_not_count(world: World) -> None:
    plan = QuotaPlan("one", "纸质一份", "{channel} = 'paper'", 1)
    quota_actions.add_quotas(actor=world.manager, round=world.round, plans=[plan])
    states = [
        paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET).response.state  # type: ignore[union-attr]
        for copy in printed(world)
    ]
    assert states == ["submitted", "screened_out"]


def test_nothing_is_entered_or_undone_after_the_end(world: World) -> None:
    copy, other = printed(world)
    paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    surveys.advance_round(actor=world.manager, round=world.round, name="close")
    with pytest.raises(RoundClosed):
        paper_actions.undo(actor=world.house.sun, copy=copy)
    with pytest.raises(RoundClosed):
        paper_actions.enter(actor=world.house.sun, copy=other, typed=SHEET)


@pytest.mark.parametrize("copies", [0, paper_actions.MOST + 1])
def test_too_many_or_no_copies_are_refused(world: World, copies: int) -> None:
    with pytest.raises(Refused) as told:
        printed(world, copies=copies)
    assert told.value.field == "copies"


def test_another_shop_neither_prints_nor_enters(world: World) -> None:
    copy = printed(world)[0]
    with pytest.raises(NotPermitted):
        paper_actions.print_run(actor=world.outsider, round=world.round, unit=world.shop, copies=1)
    with pytest.raises(NotPermitted):
        paper_actions.enter(actor=world.outsider, copy=copy, typed=SHEET)


def test_erasing_a_person_takes_what_was_typed_off_their_copy(world: World) -> None:
    surveys.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
    distribution.create_invitations(actor=world.manager, round=world.round, channel="link")
    run = paper_actions.print_run(actor=world.manager, round=world.round, unit=world.shop, named=True)
    copy = run.copies.get(invitation__customer=world.customers[0])
    paper_actions.enter(actor=world.house.sun, copy=copy, typed=SHEET)
    privacy.forget(world.customers[0])
    copy.refresh_from_db()
    assert (copy.invitation, copy.state) == (None, "done")
    assert PaperEntry.objects.get(copy=copy).values == {}
