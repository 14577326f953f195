"""Doubts about answer sheets: each rule finds what it says, a person decides, and can take it back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from manyi.distribution import actions as distribution
from manyi.organisation import clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.responses import actions, quality
from manyi.responses.models import Doubt, Response
from manyi.responses.quality_actions import check_quality, decide_doubts, reopen_doubt
from manyi.surveys.codecs.toml import questionnaire_from_toml
from tests.survey_world import GOOD_ANSWERS, START, World, build

TREE = questionnaire_from_toml("""
code = "q"
title = "问卷"
[[contradictions]]
expression = "{nps} >= 9 and {items.a} <= 2"
message = "推荐却不满意"
message_en = "Recommends, yet unhappy"
[[sections]]
code = "s"
[[sections.questions]]
code = "nps"
type = "nps"
title = "推荐"
[[sections.questions]]
code = "items"
type = "matrix"
title = "各项"
rows = [
    { code = "a", title = "a" },
    { code = "b", title = "b" },
    { code = "c", title = "c" },
    { code = "d", title = "d" },
    { code = "e", title = "e" },
]
[[sections.questions]]
code = "why"
type = "text_long"
title = "原因"
[[sections.questions]]
code = "phone"
type = "phone"
title = "电话"
""")
MIXED = {"a": 4, "b": 5, "c": 3, "d": 4, "e": 5}


def sheet(pk: int, seconds: float | None = 60, **answers: Any) -> quality.Sheet:
    given = {"nps": 9, "items": MIXED, "why": f"这是第 {pk} 个人自己写的话", **answers}
    return quality.Sheet(pk, given, seconds)


def rules_of(*sheets: quality.Sheet) -> dict[int, set[str]]:
    known = quality.Round(TREE, quality.Limits(), date(2026, 3, 1)).read(sheets)
    return {each.pk: {rule for rule, _ in quality.doubts_of(each, known)} for each in sheets}


def test_ordinary_answers_raise_no_doubt() -> None:
    assert set().union(*rules_of(*[sheet(n) for n in range(20)]).values()) == set()


def test_far_below_the_median_is_too_fast_and_ten_sheets_are_needed_to_say_so() -> None:
    usual = [sheet(n, 100) for n in range(10)]
    assert rules_of(*usual, sheet(99, 39))[99] == {"too_fast"}
    assert rules_of(*usual, sheet(99, 41))[99] == set()
    assert rules_of(*usual[:5], sheet(99, 1))[99] == set()
    assert rules_of(*usual, sheet(99, None))[99] == set()


def test_a_long_matrix_of_one_answer_is_a_straight_line() -> None:
    assert rules_of(sheet(1, items=dict.fromkeys("abcde", 5)))[1] == {"straight"}
    assert rules_of(sheet(1, items=dict.fromkeys("abcd", 5)))[1] == set()


def test_mostly_open_questions_are_told() -> None:
    assert rules_of(quality.Sheet(1, {"nps": 9}, 60))[1] == {"too_empty"}


def test_what_the_questionnaire_calls_a_contradiction_is_one() -> None:
    found = rules_of(sheet(1, items={**MIXED, "a": 1}))
    assert found[1] == {"contradiction"}


def test_the_same_words_thrice_and_the_same_telephone_twice() -> None:
    same = [sheet(n, why="服务非常好,下次再来!") for n in range(2)] + [sheet(9, why="服务非常好 下次再来")]
    assert all(rules == {"repeated_text"} for rules in rules_of(*same).values())
    assert rules_of(*same[:2]) == {0: set(), 1: set()}
    twins = rules_of(
        sheet(1, phone="13800138000"), sheet(2, phone="13800138000"), sheet(3, phone="13900139000")
    )
    assert twins == {1: {"same_person"}, 2: {"same_person"}, 3: set()}


@pytest.fixture
def world(db: None) -> World:
    with clock.at(START):
        world = build()
        from manyi.surveys import actions as surveys

        surveys.advance_round(actor=world.manager, round=world.round, name="open")
        return world


def answers(world: World, count: int, seconds: float = 60) -> list[Response]:
    link = distribution.create_open_link(
        actor=world.manager, round=world.round, unit=world.shop, label="前台"
    )
    made = []
    for _ in range(count):
        begun = actions.begin(open_link=link)
        made.append(actions.submit(response=begun, answers=GOOD_ANSWERS, seconds=seconds))
    return made


def checked(world: World) -> list[Doubt]:
    check_quality(actor=world.manager, round=world.round)
    return list(Doubt.objects.filter(response__round=world.round).order_by("pk"))


def test_a_check_finds_doubts_once_and_changes_no_verdict(world: World) -> None:
    with clock.at(START):
        answers(world, 12)
        fast = answers(world, 1, seconds=3)[0]
        found = checked(world)
        assert [(doubt.response_id, doubt.rule) for doubt in found] == [(fast.pk, "too_fast")]
        assert len(checked(world)) == 1
    fast.refresh_from_db()
    assert "中位数" in found[0].reason
    assert fast.valid


def test_confirming_takes_the_sheet_out_and_undo_brings_it_back(world: World) -> None:
    with clock.at(START):
        answers(world, 12)
        fast = answers(world, 1, seconds=3)[0]
        doubt = checked(world)[0]
        with pytest.raises(Refused, match="does not count"):
            decide_doubts(actor=world.manager, doubts=[doubt], confirm=True)
        assert decide_doubts(actor=world.manager, doubts=[doubt], confirm=True, why="店员代填") == 1
        fast.refresh_from_db()
        assert not fast.valid
        assert "店员代填" in fast.judged["why"]
        assert checked(world)[0].state == "confirmed"
        reopen_doubt(actor=world.manager, doubt=Doubt.objects.get(pk=doubt.pk))
        fast.refresh_from_db()
        assert fast.valid
        assert fast.judged == {}


def test_lifting_leaves_the_sheet_alone_and_a_new_check_does_not_ask_again(world: World) -> None:
    with clock.at(START):
        answers(world, 12)
        answers(world, 1, seconds=3)
        decide_doubts(actor=world.manager, doubts=checked(world), confirm=False)
        assert check_quality(actor=world.manager, round=world.round) == 0
    assert Response.objects.filter(valid=False).count() == 0


def test_the_outsider_may_neither_check_nor_decide(world: World) -> None:
    with clock.at(START):
        answers(world, 12)
        answers(world, 1, seconds=3)
        doubts = checked(world)
        with pytest.raises(NotPermitted):
            check_quality(actor=world.outsider, round=world.round)
        with pytest.raises(NotPermitted):
            decide_doubts(actor=world.outsider, doubts=doubts, confirm=False)


def test_one_phone_that_answers_twice_by_an_open_link_is_told_within_its_round_only(world: World) -> None:
    with clock.at(START):
        place: dict[str, Any] = {"actor": world.manager, "round": world.round, "unit": world.shop}
        link = distribution.create_open_link(label="前台", **place)
        kiosk = distribution.create_open_link(label="平板", kind="kiosk", pin="4711", **place)
        phone, other, tablet = Client(), Client(), Client()
        for browser, door in ((phone, link), (phone, link), (other, link), (tablet, kiosk), (tablet, kiosk)):
            browser.post(f"/o/{door.token}/")
        for row in Response.objects.order_by("pk"):
            actions.submit(response=row, answers=GOOD_ANSWERS, seconds=60)
        check_quality(actor=world.manager, round=world.round)
    marks = list(Response.objects.order_by("pk").values_list("device", flat=True))
    assert marks[0] == marks[1] != marks[2] != ""
    assert marks[3:] == ["", ""]
    assert not tablet.cookies
    told = Doubt.objects.filter(rule="same_device").values_list("response__device", flat=True)
    assert list(told) == [marks[0]] * 2
    cookie = phone.cookies[f"device-{world.round.pk}"]
    assert cookie["httponly"]
    assert cookie["max-age"] <= 30 * 24 * 3600
    assert cookie.value not in marks
