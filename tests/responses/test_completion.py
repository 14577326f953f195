"""Completing answers: whom to contact, new answers over old ones, both kept, and the way back."""

from __future__ import annotations

import pytest

from manyi.distribution.models import Invitation
from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.responses import actions
from manyi.responses.completion_actions import complete, note_try, plan_follow_ups, undo_completion
from manyi.responses.errors import Incomplete
from manyi.responses.models import FollowUp, Response, Revision, Score
from tests.survey_world import GOOD_ANSWERS, START, World, build, invite

pytestmark = pytest.mark.django_db
CALL = "3 月 5 日电话补填"


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


def invalid(world: World, invitation: Invitation) -> Response:
    done = actions.submit(response=actions.begin(invitation=invitation), answers=GOOD_ANSWERS)
    return actions.judge(actor=world.manager, response=done, valid=False, why="漏页")


def test_invalid_and_unfinished_answers_make_the_list_once(world: World) -> None:
    with clock.at(START):
        first, second, third, _ = invite(world)
        invalid(world, first)
        actions.save_section(
            response=actions.begin(invitation=second), section="service", answers={"channels": ["web"]}
        )
        actions.submit(response=actions.begin(invitation=third), answers=GOOD_ANSWERS)
        assert plan_follow_ups(actor=world.manager, round=world.round) == 2
        assert plan_follow_ups(actor=world.manager, round=world.round) == 0


def test_nobody_can_be_contacted_in_an_anonymous_round() -> None:
    with clock.at(START):
        world = build(anonymous=True)
        with pytest.raises(Refused, match="anonymous"):
            plan_follow_ups(actor=world.manager, round=world.round)


def test_attempts_are_noted_and_may_end(world: World) -> None:
    with clock.at(START):
        invalid(world, invite(world)[0])
        plan_follow_ups(actor=world.manager, round=world.round)
        row = FollowUp.objects.get()
        note_try(actor=world.manager, follow_up=row, note="无人接听")
        with pytest.raises(Refused):
            note_try(actor=world.manager, follow_up=row, note=" ")
        note_try(actor=world.manager, follow_up=row, note="拒绝", give_up=True)
    row.refresh_from_db()
    assert [attempt["note"] for attempt in row.tries] == ["无人接听", "拒绝"]
    assert row.state == "given_up"


def test_completed_answers_count_and_the_old_ones_are_kept(world: World) -> None:
    with clock.at(START):
        sheet = invalid(world, invite(world)[0])
        plan_follow_ups(actor=world.manager, round=world.round)
        before = Score.objects.get(response=sheet).total
        complete(
            actor=world.manager,
            response=sheet,
            answers={"satisfied": 2, "recommend": 5, "why": "等太久"},
            why=CALL,
        )
    assert sheet.valid
    assert sheet.answers["satisfied"] == 2
    assert Score.objects.get(response=sheet).total != before
    kept = Revision.objects.get(response=sheet)
    assert kept.before["answers"]["satisfied"] == 4
    assert not kept.before["valid"]
    assert FollowUp.objects.get().state == "done"


def test_completing_finishes_a_sheet_that_was_only_begun(world: World) -> None:
    with clock.at(START):
        invitation = invite(world)[0]
        draft = actions.begin(invitation=invitation)
        actions.save_section(response=draft, section="service", answers={"channels": ["web"]})
        complete(actor=world.manager, response=draft, answers=GOOD_ANSWERS, why=CALL)
    invitation.refresh_from_db()
    assert (draft.state, draft.valid, invitation.state) == ("submitted", True, "answered")
    assert draft.receipt


def test_what_is_still_missing_is_named_and_nothing_changes(world: World) -> None:
    with clock.at(START):
        sheet = invalid(world, invite(world)[0])
        with pytest.raises(Incomplete) as caught:
            complete(actor=world.manager, response=sheet, answers={"satisfied": 99}, why=CALL)
        with pytest.raises(Refused, match="rest on"):
            complete(actor=world.manager, response=sheet, answers={}, why=" ")
    assert dict(caught.value.problems).keys() == {"satisfied"}
    sheet.refresh_from_db()
    assert sheet.answers["satisfied"] == 4
    assert Revision.objects.count() == 0


def test_undo_puts_everything_back(world: World) -> None:
    with clock.at(START):
        sheet = invalid(world, invite(world)[0])
        before = Score.objects.get(response=sheet).total
        complete(actor=world.manager, response=sheet, answers={"satisfied": 2}, why=CALL)
        undo_completion(actor=world.manager, response=sheet)
        with pytest.raises(Refused, match="no completion"):
            undo_completion(actor=world.manager, response=sheet)
    assert (sheet.valid, sheet.answers["satisfied"]) == (False, 4)
    assert sheet.judged["why"] == "漏页"
    assert Score.objects.get(response=sheet).total == before


def test_the_outsider_completes_nothing(world: World) -> None:
    with clock.at(START):
        sheet = invalid(world, invite(world)[0])
        with pytest.raises(NotPermitted):
            complete(actor=world.outsider, response=sheet, answers={}, why=CALL)
