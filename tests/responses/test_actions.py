"""Answering, from the first tap to the receipt, and everything that can be in the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from manyi.distribution import actions as distribution
from manyi.distribution.models import Invitation
from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.responses import actions
from manyi.responses.errors import (
    AlreadyAnswered,
    Incomplete,
    LinkInactive,
    NotYetOpen,
    OptedOut,
    RoundClosed,
)
from manyi.responses.models import Response, Score
from manyi.responses.queries import visible_responses
from manyi.surveys import actions as surveys
from tests.survey_world import GOOD_ANSWERS, START, World, build, invite

pytestmark = pytest.mark.django_db

SERVICE = {code: GOOD_ANSWERS[code] for code in ("reception", "channels")}
OVERALL = {"satisfied": "4", "recommend": "9", "why": None}


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


@pytest.fixture
def invitation(world: World) -> Invitation:
    with clock.at(START):
        return invite(world)[0]


def answered(invitation: Invitation, **changes: Any) -> Response:
    response = actions.begin(invitation=invitation)
    actions.save_section(response=response, section="service", answers=SERVICE, seconds=30)
    return actions.submit(response=response, section="overall", answers={**OVERALL, **changes}, seconds=20)


def test_an_answer_is_scored_and_gets_a_receipt_and_one_event(invitation: Invitation) -> None:
    with clock.at(START):
        before = Event.objects.count()
        response = answered(invitation)
    stored = Response.objects.get(receipt=response.receipt)
    assert stored.answers["reception"] == {"greeting": 5, "waiting": 4, "price": "na"}
    assert (stored.state, stored.seconds, stored.flags, stored.valid) == ("submitted", 50, [], True)
    score = Score.objects.get(response=stored)
    assert (score.total, score.grade) == (Decimal(85), "B")
    assert score.items["satisfied"] == [80, True]
    event = Event.objects.latest("seq")
    assert Event.objects.count() == before + 1
    assert event.data == {
        "response": stored.pk, "round": stored.round_id, "grade": "B", "total": "85", "nps": 9, "valid": True,
    }  # fmt: skip
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_at) == ("answered", START)


def test_a_draft_is_saved_at_every_step_and_resumed_by_the_link(invitation: Invitation) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation, language="en")
        events = Event.objects.count()
        actions.save_section(response=draft, section="service", answers=SERVICE)
    with clock.at(START + timedelta(days=1)):
        again = actions.begin(invitation=invitation)
    assert again.pk == draft.pk
    assert again.answers["channels"] == ["friend", "web"]
    assert again.language == "en"
    assert Event.objects.count() == events


def test_a_choice_taken_back_is_gone(invitation: Invitation) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation)
        actions.save_section(response=draft, section="service", answers=SERVICE)
        actions.save_section(response=draft, section="service", answers={**SERVICE, "channels": None})
    assert "channels" not in Response.objects.get(pk=draft.pk).answers


def test_submitting_twice_gives_the_same_receipt(invitation: Invitation) -> None:
    with clock.at(START):
        first = answered(invitation)
        twin = Response.objects.get(pk=first.pk)
        again = actions.submit(response=twin, section="overall", answers={"satisfied": "1"})
    assert again.receipt == first.receipt
    assert Response.objects.get(pk=first.pk).answers["satisfied"] == 4
    assert Score.objects.count() == 1


def test_what_is_missing_is_named_and_what_was_typed_is_kept(invitation: Invitation) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation)
        with pytest.raises(Incomplete) as caught:
            actions.submit(response=draft, section="overall", answers={**OVERALL, "recommend": "3"})
    assert {path for path, _ in caught.value.problems} == {"reception", "why"}
    stored = Response.objects.get(pk=draft.pk)
    assert (stored.state, stored.answers["recommend"]) == ("draft", 3)


def test_an_answer_out_of_range_is_refused_kept_and_mended(invitation: Invitation) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation)
        verdict = actions.save_section(
            response=draft, section="overall", answers={**OVERALL, "satisfied": "99"}
        )
        assert "satisfied" in verdict.errors
        kept = Response.objects.get(pk=draft.pk).set_aside
        assert kept["satisfied"]["value"] == "99"
        assert "99" in kept["satisfied"]["reason"]["zh"]
        actions.save_section(response=draft, section="overall", answers=OVERALL)
    stored = Response.objects.get(pk=draft.pk)
    assert (stored.answers["satisfied"], stored.set_aside) == (4, {})


def test_an_answer_to_a_question_that_became_hidden_is_set_aside_at_the_end(invitation: Invitation) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation)
        actions.save_section(response=draft, section="service", answers=SERVICE)
        low = {"satisfied": "4", "recommend": "3", "why": "太贵"}
        actions.save_section(response=draft, section="overall", answers=low)
        response = actions.submit(response=draft, section="overall", answers={**low, "recommend": "9"})
    assert "why" not in response.answers
    assert response.set_aside["why"]["value"] == "太贵"


def test_an_unknown_field_is_set_aside_with_the_reason(invitation: Invitation) -> None:
    with clock.at(START):
        response = answered(invitation, colour="red")
    assert response.set_aside["colour"]["value"] == "red"


def test_too_fast_and_all_the_same_does_not_count_until_a_person_says_so(
    world: World, invitation: Invitation
) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation)
        fives = {"reception": {"greeting": 5, "waiting": 5, "price": 5}}
        actions.save_section(response=draft, section="service", answers=fives, seconds=1)
        response = actions.submit(
            response=draft, section="overall", answers={**OVERALL, "satisfied": "5"}, seconds=1
        )
        assert (response.flags, response.valid) == (["speed", "straight_line"], False)
        with pytest.raises(NotPermitted):
            actions.judge(actor=world.outsider, response=response, valid=True, why="电话核实")
        with pytest.raises(Refused, match="reason"):
            actions.judge(actor=world.manager, response=response, valid=True, why=" ")
        actions.judge(actor=world.manager, response=response, valid=True, why="电话核实")
        assert Response.objects.get().valid is True
        actions.undo_judgement(actor=world.manager, response=response)
    assert (Response.objects.get().valid, Response.objects.get().judged) == (False, {})
    with pytest.raises(Refused, match="no judgement"):
        actions.undo_judgement(actor=world.manager, response=response)


def test_before_the_round_opens_nobody_can_answer(world: World) -> None:
    link = distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")
    with clock.at(START), pytest.raises(NotYetOpen):
        actions.begin(open_link=link)


def test_answers_after_the_end_are_kept_aside_and_do_not_count(world: World, invitation: Invitation) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation)
        actions.save_section(response=draft, section="service", answers=SERVICE)
    with clock.at(START + timedelta(days=31)):
        with pytest.raises(RoundClosed):
            actions.submit(response=draft, section="overall", answers=OVERALL)
        with pytest.raises(RoundClosed):
            actions.begin(invitation=invitation)
    stored = Response.objects.get(pk=draft.pk)
    assert stored.state == "draft"
    assert stored.answers["channels"] == ["friend", "web"]
    assert stored.set_aside["satisfied"]["value"] == "4"
    assert "结束" in stored.set_aside["satisfied"]["reason"]["zh"]


def test_late_answers_count_once_the_round_is_opened_again(world: World, invitation: Invitation) -> None:
    with clock.at(START):
        draft = actions.begin(invitation=invitation)
        actions.save_section(response=draft, section="service", answers=SERVICE)
    later = START + timedelta(days=31)
    with clock.at(later):
        with pytest.raises(RoundClosed):
            actions.submit(response=draft, section="overall", answers=OVERALL)
        surveys.advance_round(actor=None, round=world.round, name="close_on_time")
        facts = {"why": "补录", "closes_at": later + timedelta(days=5)}
        surveys.advance_round(actor=None, round=world.round, name="reopen", facts=facts)
        response = actions.submit(response=draft)
    assert response.answers["satisfied"] == 4
    assert response.set_aside == {}


def test_a_used_link_an_opted_out_person_and_a_closed_link_are_told_apart(
    world: World, invitation: Invitation
) -> None:
    link = distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")
    second = Invitation.objects.exclude(pk=invitation.pk).order_by("pk")[0]
    with clock.at(START):
        answered(invitation)
        invitation.refresh_from_db()
        with pytest.raises(AlreadyAnswered):
            actions.begin(invitation=invitation)
        distribution.opt_out(token=second.token)
        second.refresh_from_db()
        with pytest.raises(OptedOut):
            actions.begin(invitation=second)
        distribution.close_open_link(actor=None, link=link)
        with pytest.raises(LinkInactive):
            actions.begin(open_link=link)


def test_an_open_link_gives_everyone_a_draft_of_their_own(world: World, invitation: Invitation) -> None:
    link = distribution.create_open_link(
        actor=None, round=world.round, unit=world.house.tree.east_service, label="前台"
    )
    with clock.at(START):
        first, second = (actions.begin(open_link=link) for _ in range(2))
    assert first.key != second.key
    assert (first.unit, first.channel) == (world.house.tree.east_service, "qr")


def test_the_segments_are_those_of_the_draw_not_of_today(world: World) -> None:
    with clock.at(START):
        invitation = invite(world)[0]
        invitation.member.segments = ["vip"]
        invitation.member.save()
        response = actions.begin(invitation=invitation)
    assert response.segments == ["vip"]


def test_nothing_leads_from_a_person_to_their_answers_in_an_anonymous_round() -> None:
    with clock.at(START):
        world = build(anonymous=True)
        invitation = invite(world)[0]
    at = START + timedelta(hours=5, minutes=17)
    with clock.at(at):
        draft = actions.begin(invitation=invitation)
        assert not visible_responses(world.manager).exists()
        actions.save_section(response=draft, section="service", answers=SERVICE)
        response = actions.submit(response=draft, section="overall", answers=OVERALL)
    stored, used = Response.objects.get(pk=response.pk), Invitation.objects.get(pk=invitation.pk)
    assert stored.invitation is None
    assert used.state == "answered"
    assert used.answered_at is not None
    midnight_in_shanghai = START.replace(hour=16) - timedelta(days=1)
    assert (used.answered_at, used.opened_at) == (midnight_in_shanghai, midnight_in_shanghai)
    events = Event.objects.filter(kind="response.submitted").values_list("data", "subject_label")
    assert str(invitation.token) not in str(list(events))
    assert visible_responses(world.manager).count() == 1
    assert actions.submit(response=stored).receipt == response.receipt


def test_answers_are_seen_only_inside_the_subtree(world: World, invitation: Invitation) -> None:
    with clock.at(START):
        answered(invitation)
    assert visible_responses(world.manager, world.round).count() == 1
    assert visible_responses(world.outsider).count() == 0
