"""Ready answers with fields, the shared draft of an answer, colleagues named in notes, sets of categories."""

from __future__ import annotations

from datetime import timedelta

import pytest

from manyi.cases import category_actions, mentions, word_actions
from manyi.cases.actions import add_message, advance
from manyi.cases.category_sets import SETS
from manyi.cases.defaults import Node
from manyi.cases.models import AnswerDraft, AnswerTemplate, Category
from manyi.cases.wording import category_choices
from manyi.organisation import clock
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Event
from tests.cases.house import Register, facts_for, fresh, walk
from tests.personas import House

pytestmark = pytest.mark.usefixtures("monday")


def ready(house: House, **changes: object) -> AnswerTemplate:
    given = {
        "unit": house.tree.group,
        "name": "致歉",
        "kind": "",
        "category": None,
        "words": "{name}您好,您反映的 {number} 已处理。",
        "words_en": "Dear {name}, {number} is settled.",
        "active": True,
    }
    return word_actions.save_template(actor=house.chen, **{**given, **changes})  # type: ignore[arg-type]


def test_the_fields_are_filled_in_the_language_of_the_case(new_case: Register, house: House) -> None:
    row, case = ready(house), new_case()
    assert word_actions.words_of(row, case) == f"王女士您好,您反映的 {case.number} 已处理。"
    case.language = "en"
    assert word_actions.words_of(row, case) == f"Dear 王女士, {case.number} is settled."


def test_an_unknown_field_is_named_before_anybody_gets_it(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        ready(house, words="{price} 元", words_en="{cost}")
    assert [name for name, _words in refused.value.problems] == ["words", "words_en"]
    assert "{price}" in refused.value.problems[0][1].zh


def test_only_what_suits_a_case_is_offered(new_case: Register, house: House) -> None:
    service = Category.objects.get(code="service")
    everywhere = ready(house)
    below = ready(house, name="维修", category=service)
    ready(house, name="表扬", kind="praise")
    ready(house, name="西城", unit=house.tree.west)
    ready(house, name="旧", active=False)
    case = walk(new_case(), house, until="assign")  # service.quality
    assert set(word_actions.templates_for(case)) == {everywhere, below}


def test_a_draft_is_shared_and_nobodys_words_are_lost(new_case: Register, house: House) -> None:
    case = new_case()
    word_actions.keep_draft(actor=fresh("wang"), case=case, body="王强写的")
    with clock.at(clock.now() + timedelta(minutes=5)):
        word_actions.keep_draft(actor=fresh("zhou"), case=case, body="周涛写的", seen="")
    draft = AnswerDraft.objects.get(case=case)
    assert draft.by == fresh("zhou")
    assert draft.body == "周涛写的\n\n—— 王强 ——\n王强写的"
    word_actions.keep_draft(actor=fresh("wang"), case=case, body="合并后的", seen=draft.at.isoformat())
    assert AnswerDraft.objects.get(case=case).body == "合并后的"


def test_what_was_sent_is_no_draft_any_more(new_case: Register, house: House) -> None:
    case = walk(new_case(), house, until="finish")
    word_actions.keep_draft(actor=fresh("wang"), case=case, body="已修好")
    add_message(actor=fresh("wang"), case=case, direction="internal", body="再看一下草稿")
    assert AnswerDraft.objects.exists(), "a note sends nothing"
    advance(case=case, name="answer", actor=fresh("wang"), facts=facts_for("answer", house))
    assert not AnswerDraft.objects.exists()


def test_who_is_named_in_a_note_finds_it_until_they_open_the_case(new_case: Register, house: House) -> None:
    case = new_case()
    add_message(actor=fresh("wang"), case=case, direction="internal", body="@周涛 @zheng 请看工单")
    waiting = mentions.waiting(fresh("zhou"))
    assert [row.note.body for row in waiting] == ["@周涛 @zheng 请看工单"]
    assert not mentions.waiting(house.zheng).exists(), "who may not see the case is not called to it"
    mentions.saw(fresh("zhou"), case)
    assert not mentions.waiting(fresh("zhou")).exists()


def test_what_goes_to_the_customer_names_nobody(new_case: Register, house: House) -> None:
    add_message(actor=fresh("wang"), case=new_case(), direction="out", body="请联系 @周涛")
    assert not mentions.waiting(fresh("zhou")).exists()


def depth(node: Node) -> int:
    return 1 + max((depth(below) for below in node.below), default=0)


@pytest.mark.parametrize("chosen", SETS, ids=lambda each: each.id)
def test_the_set_of_an_industry_has_both_languages_and_at_most_three_levels(chosen: object) -> None:
    def nodes(rows: tuple[Node, ...]) -> list[Node]:
        return [each for row in rows for each in (row, *nodes(row.below))]

    found = nodes(chosen.nodes)  # type: ignore[attr-defined]
    assert len(found) == len({node.code for node in found}) >= 20
    assert all(node.zh and node.en and node.zh != node.en for node in found)
    assert max(depth(node) for node in chosen.nodes) <= 3  # type: ignore[attr-defined]


def test_another_industry_retires_the_first_and_old_cases_keep_theirs(
    new_case: Register, house: House
) -> None:
    case = walk(new_case(), house, until="assign")
    hospital = next(each for each in SETS if each.id == "hospital")
    category_actions.take_set(actor=house.chen, chosen=hospital, retire_others=True)
    offered = {pk for pk, _label in category_choices(Category.objects.all())}
    assert case.category_id not in offered
    kept = {pk for pk, _label in category_choices(Category.objects.all(), chosen=case.category_id)}
    assert case.category_id in kept
    other = walk(new_case(), house, until="acknowledge")
    with pytest.raises(Refused):
        advance(case=other, name="assign", actor=fresh("zhou"), facts=facts_for("assign", house))


def test_a_category_has_three_levels_and_its_versions_are_in_the_log(house: House) -> None:
    third = Category.objects.get(code="service.quality")
    below = category_actions.save_category(actor=house.chen, code="a", name="甲", parent=third)
    with pytest.raises(Refused):
        category_actions.save_category(actor=house.chen, code="b", name="乙", parent=below)
    category_actions.save_category(actor=house.chen, code="a", name="丙", parent=third, active=False)
    event = Event.objects.filter(kind="category.changed").order_by("-seq")[0]
    assert (event.before["name"], event.after["name"], event.after["active"]) == ("甲", "丙", False)
