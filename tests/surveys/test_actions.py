"""Planning a survey: drafts, publication, schemes, rounds and samples, through the actions."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from manyi.customers import actions as customer_actions
from manyi.customers.models import Consent, Segment
from manyi.organisation import clock
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.surveys import actions
from manyi.surveys.definition import Questionnaire, Text, from_dict
from manyi.surveys.errors import ChangedElsewhere, CodeTaken, Frozen
from manyi.surveys.models import QuestionnaireVersion, Round
from manyi.surveys.queries import questionnaire_of, scheme_of
from manyi.surveys.tasks import close_rounds
from tests.survey_world import QUESTIONNAIRE, SCHEME, START, World, build, customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


def renamed(tree: Questionnaire, title: str) -> Questionnaire:
    return replace(tree, title=Text(title, tree.title.en))


def test_the_manager_edits_a_new_version_undoes_and_publishes_it(world: World) -> None:
    draft = actions.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)
    assert draft.number == 2
    tree = questionnaire_of(draft)
    for title in ("第一稿", "第二稿"):
        actions.save_draft(
            actor=world.manager, version=draft, definition=renamed(tree, title), revision=draft.revision
        )
    actions.undo_draft(actor=world.manager, version=draft)
    assert questionnaire_of(draft).title.zh == "第一稿"
    actions.publish_questionnaire(actor=world.director, version=draft)
    draft.refresh_from_db()
    assert questionnaire_of(draft).title.zh == "第一稿"
    assert draft.published_by == world.director
    assert len(draft.sha256) == 64
    assert questionnaire_of(world.questionnaire).title.zh == "售后服务满意度调查"


def test_a_published_version_never_changes(world: World) -> None:
    tree = questionnaire_of(world.questionnaire)
    with pytest.raises(Frozen):
        actions.save_draft(
            actor=world.manager, version=world.questionnaire, definition=renamed(tree, "x"), revision=0
        )
    with pytest.raises(Frozen):
        actions.publish_questionnaire(actor=world.manager, version=world.questionnaire)
    assert QuestionnaireVersion.objects.get().definition["title"] == "售后服务满意度调查"


def test_two_editors_notice_each_other(world: World) -> None:
    draft = actions.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)
    mine, theirs = (QuestionnaireVersion.objects.get(pk=draft.pk) for _ in range(2))
    tree = questionnaire_of(draft)
    actions.save_draft(actor=world.director, version=theirs, definition=renamed(tree, "总监"), revision=0)
    with pytest.raises(ChangedElsewhere):
        actions.save_draft(actor=world.manager, version=mine, definition=renamed(tree, "经理"), revision=0)
    draft.refresh_from_db()
    assert draft.definition["title"] == "总监"


def test_nothing_to_undo_is_said(world: World) -> None:
    draft = actions.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)
    with pytest.raises(Refused, match="nothing to undo"):
        actions.undo_draft(actor=world.manager, version=draft)


def test_an_incomplete_questionnaire_is_not_published(world: World) -> None:
    data = tomllib.loads(QUESTIONNAIRE) | {"code": "second"}
    del data["sections"][0]["questions"][0]["title_en"]
    draft = actions.create_questionnaire(actor=world.manager, unit=world.shop, definition=from_dict(data))
    with pytest.raises(Invalid) as caught:
        actions.publish_questionnaire(actor=world.manager, version=draft)
    assert [path for path, _ in caught.value.problems] == ["reception.title"]


def test_a_code_is_used_once(world: World) -> None:
    tree = questionnaire_of(world.questionnaire)
    with pytest.raises(CodeTaken):
        actions.create_questionnaire(actor=world.manager, unit=world.shop, definition=tree)
    with pytest.raises(CodeTaken):
        actions.create_programme(actor=world.manager, unit=world.shop, code="after_sales", title="再来")


def test_a_manager_of_another_shop_may_not(world: World) -> None:
    with pytest.raises(NotPermitted):
        actions.new_version(actor=world.outsider, questionnaire=world.questionnaire.questionnaire)
    with pytest.raises(NotPermitted):
        actions.draw_sample(actor=world.outsider, round=world.round, method="census", filters={})
    with pytest.raises(Refused, match="not permitted"):
        actions.advance_round(actor=world.outsider, round=world.round, name="open")


def test_a_scheme_gets_a_new_version_once_it_is_published(world: World) -> None:
    tables = tomllib.loads(SCHEME)
    tables["round_to"] = 1
    second = actions.save_scheme_draft(actor=world.manager, scheme=world.scheme.scheme, definition=tables)
    assert (second.number, scheme_of(second).round_to, scheme_of(world.scheme).round_to) == (2, 1, None)
    again = actions.save_scheme_draft(
        actor=world.manager, scheme=world.scheme.scheme, definition=tables | {"round_to": 2}
    )
    assert again.pk == second.pk
    actions.publish_scheme(actor=world.manager, version=again)
    with pytest.raises(Frozen):
        actions.publish_scheme(actor=world.manager, version=again)


def test_a_scheme_for_questions_that_are_not_there_is_refused(world: World) -> None:
    tables: dict[str, Any] = copy.deepcopy(tomllib.loads(SCHEME))
    tables["items"][0]["question"] = "reception.roof"
    draft = actions.save_scheme_draft(actor=world.manager, scheme=world.scheme.scheme, definition=tables)
    with pytest.raises(Invalid) as caught:
        actions.publish_scheme(actor=world.manager, version=draft)
    assert caught.value.field == "items[0].question"
    with pytest.raises(Invalid):
        actions.save_scheme_draft(actor=world.manager, scheme=world.scheme.scheme, definition={"items": []})


def test_a_round_needs_published_versions_and_a_possible_period(world: World) -> None:
    draft = actions.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)
    whole: dict[str, Any] = {
        "actor": world.manager,
        "programme": world.programme,
        "questionnaire": world.questionnaire,
        "scheme": world.scheme,
        "title": "二季度",
        "opens_at": START,
        "closes_at": START + timedelta(days=1),
    }
    for field, value in (("questionnaire", draft), ("closes_at", START)):
        with pytest.raises(Refused) as caught:
            actions.create_round(**(whole | {field: value}))
        assert caught.value.field == field
    assert actions.create_round(**whole).number == 2


def test_a_round_lives_from_plan_to_end_and_may_be_opened_again(world: World) -> None:
    with clock.at(START):
        actions.advance_round(actor=world.manager, round=world.round, name="open")
    with clock.at(START + timedelta(days=31)):
        assert close_rounds() == 1
        world.round.refresh_from_db()
        assert world.round.state == "closed"
        with pytest.raises(Refused, match="New last day"):
            actions.advance_round(actor=world.manager, round=world.round, name="reopen", facts={"why": "补"})
        facts = {"why": "补录", "closes_at": START + timedelta(days=40)}
        actions.advance_round(actor=world.manager, round=world.round, name="reopen", facts=facts)
    assert (world.round.state, world.round.closed_at) == ("open", None)
    steps = Event.objects.filter(kind__in=["round.opened", "round.closed"]).values_list(
        "data__step", flat=True
    )
    assert list(steps) == ["open", "close_on_time", "reopen"]


def test_a_round_that_is_over_before_it_begins_is_not_opened(world: World) -> None:
    with clock.at(START + timedelta(days=31)), pytest.raises(Refused, match="must end after now"):
        actions.advance_round(actor=world.manager, round=world.round, name="open")
    with pytest.raises(Refused, match="not possible"):
        actions.advance_round(actor=world.manager, round=world.round, name="close")


def test_a_sample_leaves_out_those_who_must_not_be_asked(world: World) -> None:
    customer(world.shop, 10, consent=False)
    customer(world.shop, 11, email=False)
    customer_actions.opt_out(customer=world.customers[0], source="电话")
    refused = world.customers[1]
    Consent.objects.create(customer=refused, granted=False, source="电话", at=START + timedelta(days=1))
    draw = actions.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
    assert (draw.frame_size, draw.size) == (2, 2)
    assert draw.excluded == {"opted_out": 1, "no_consent": 2, "no_contact": 1}
    assert set(draw.members.values_list("customer__code", flat=True)) == {"C3", "C4"}


def test_the_same_seed_draws_the_same_customers(world: World) -> None:
    drawn = []
    for _ in range(2):
        draw = actions.draw_sample(
            actor=world.manager, round=world.round, method="simple", filters={}, size=2, seed="2026"
        )
        drawn.append((sorted(draw.members.values_list("customer_id", flat=True)), draw.frame_hash))
        actions.undo_draw(actor=world.manager, draw=draw)
    assert drawn[0] == drawn[1]
    assert world.round.members.count() == 0


def test_a_second_draw_does_not_ask_the_same_customer_twice(world: World) -> None:
    actions.draw_sample(actor=world.manager, round=world.round, method="simple", filters={}, size=3)
    second = actions.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
    assert (second.size, second.excluded) == (1, {"already_drawn": 3})


def test_filters_narrow_the_frame_to_segment_and_transaction(world: World) -> None:
    customer_actions.save_segment(actor=None, code="vip", name="贵宾")
    product = customer_actions.save_product(actor=None, code="m1", name="车型一")
    first, second, *_ = world.customers
    first.segments.set([Segment.objects.get(code="vip")])
    for person, day in ((first, 5), (second, 20)):
        customer_actions.add_transaction(
            actor=None, customer=person, unit=world.shop, kind="service", product=product,
            on=START.date().replace(day=day),
        )  # fmt: skip
    period = {"kind": "service", "from": "2026-03-01", "until": "2026-03-10"}
    draw = actions.draw_sample(actor=None, round=world.round, method="census", filters=period)
    member = draw.members.get()
    assert (member.customer, member.product, member.segments) == (first, "m1", ["vip"])
    actions.undo_draw(actor=None, draw=draw)
    draw = actions.draw_sample(actor=None, round=world.round, method="census", filters={"segments": ["vip"]})
    assert draw.members.get().customer == first


@pytest.mark.parametrize(
    ("filters", "field"),
    [({"from": "soon"}, "from"), ({"colour": "red"}, "filters"), ({"unit": "HC-W"}, "unit")],
)
def test_a_wrong_filter_is_named(world: World, filters: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        actions.draw_sample(actor=world.manager, round=world.round, method="census", filters=filters)
    assert caught.value.field == field


@pytest.mark.parametrize("size", [0, 5, None])
def test_an_impossible_size_is_refused(world: World, size: int | None) -> None:
    with pytest.raises(Refused, match="1 to 4"):
        actions.draw_sample(actor=world.manager, round=world.round, method="simple", filters={}, size=size)


def test_every_act_left_one_event(world: World) -> None:
    before = Event.objects.count()
    draw = actions.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
    actions.undo_draw(actor=world.manager, draw=draw, why="筛选错了")
    actions.update_programme(actor=world.manager, programme=world.programme, frequency="yearly")
    assert Event.objects.count() == before + 3
    last = Event.objects.latest("seq")
    assert (last.before, last.after) == ({"frequency": "quarterly"}, {"frequency": "yearly"})
    assert Round.objects.get().anonymous is False
