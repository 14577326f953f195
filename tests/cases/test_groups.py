"""The same matter twice: suggested, merged and taken back; many people with one matter: a group."""

from __future__ import annotations

from datetime import timedelta

import pytest

from manyi.cases import group_actions, likeness
from manyi.cases.actions import advance
from manyi.cases.errors import NotNow
from manyi.cases.models import Case, CaseGroup
from manyi.cases.queries import main_of
from manyi.distribution.models import Message
from manyi.organisation import clock, events
from manyi.organisation.errors import NotPermitted, Refused
from tests.cases.house import Register, at, fresh, walk
from tests.personas import House

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def unnamed(new_case: Register) -> Register:
    """Cases whose subject is what they say."""
    return lambda **changes: new_case(**{"subject": "", **changes})


NOISE = "小区北门的施工队每天晚上十一点以后还在打桩,孩子没法睡觉,希望尽快停止夜间施工。"
NOISE_TOO = "北门施工队夜里十一点以后打桩,家里孩子没法睡,请尽快停止夜间施工!"
OTHER = "保养收费单上多了一项空调滤芯,我没有同意更换,要求退款。"


def test_like_words_and_the_same_person_are_suggested(unnamed: Register, house: House) -> None:
    case = unnamed(body=NOISE, contact_phone="13900000001")
    like = unnamed(body=NOISE_TOO, contact_phone="13900000002")
    unnamed(body=OTHER, contact_phone="13900000003")
    again = unnamed(body="打桩还没有停,孩子没法睡觉", contact_phone="13900000001")
    found = likeness.duplicates(case, fresh("zhou"))
    assert [(row.case, row.same_person) for row in found] == [(again, True), (like, False)]
    group_actions.not_the_same(actor=fresh("zhou"), case=like, other=case)
    assert [row.case for row in likeness.duplicates(case, fresh("zhou"))] == [again]


def test_what_lies_far_back_or_elsewhere_is_not_suggested(unnamed: Register, house: House) -> None:
    old = unnamed(body=NOISE, received_at=at("2026-01-05T09:00"))
    unnamed(actor=None, body=NOISE, unit=house.tree.west)
    case = unnamed(body=NOISE_TOO)
    assert likeness.duplicates(case, fresh("zhou")) == []
    assert old.state == "registered"


def test_addresses_of_a_post_and_its_files_are_no_words_of_the_matter(
    unnamed: Register, house: House
) -> None:
    links = "\n附件:https://img.social.example/p/{0}.jpg\n原帖:https://social.example/status/{0}"
    one = unnamed(subject="换机油收了两次工时费", body="换机油收了两次工时费" + links.format("wb-1"))
    unnamed(subject="接待撑伞送到车上", body="接待撑伞送到车上" + links.format("wb-2"))
    assert likeness.text_of(one) == "换机油收了两次工时费"
    assert likeness.duplicates(one, fresh("zhou")) == []
    assert (
        likeness.text_of(unnamed(subject="https://a.example/x", body="https://a.example/x"))
        == "https://a.example/x"
    )


def test_a_merging_is_taken_back_with_both_receipts(unnamed: Register, house: House) -> None:
    first = unnamed(received_at=at("2026-02-26T10:00"))
    main = walk(unnamed(), house, "acknowledge")
    own = main.received_at
    merged = advance(case=first, name="merge", actor=fresh("zhou"), facts={"into": main.number})
    main.refresh_from_db()
    assert main.received_at == first.received_at
    assert not merged.clock_results.exists()
    with pytest.raises(NotNow):
        advance(case=merged, name="unmerge", actor=fresh("zhou"), facts={"reason": "不是一件事"})
    back = advance(case=merged, name="unmerge_new", actor=fresh("zhou"), facts={"reason": "不是一件事"})
    main.refresh_from_db()
    assert (back.state, back.merged_into, main.received_at) == ("registered", None, own)
    assert back.due_clock == "acknowledge"


def test_a_chain_of_mergings_has_one_main_case_and_no_circle(unnamed: Register, house: House) -> None:
    one, two, three = unnamed(), unnamed(), unnamed()
    advance(case=one, name="merge", actor=fresh("zhou"), facts={"into": two.number})
    advance(case=two, name="merge", actor=fresh("zhou"), facts={"into": three.number})
    with pytest.raises((Refused, NotNow)):
        advance(case=three, name="merge", actor=fresh("zhou"), facts={"into": one.number})
    assert main_of(Case.objects.get(pk=one.pk)) == three


def test_forty_equal_complaints_become_one_group_with_single_answers(unnamed: Register, house: House) -> None:
    lead = unnamed(body=NOISE)
    others = [
        unnamed(
            body=f"{NOISE}(住 {number} 号楼)",
            contact_name=f"住户{number}",
            contact_email=f"r{number}@example.com",
        )
        for number in range(1, 40)
    ]
    group = group_actions.make_group(actor=fresh("zhou"), lead=lead, cases=others)
    assert group.members.count() == 40
    lead = walk(lead, house, "approve")
    with pytest.raises(Refused, match="carried out"):
        group_actions.answer_members(actor=fresh("wang"), group=group, words="{name},施工已停止。")
    for name, facts in (("execute", {}), ("finish", {"evidence": "停工通知"})):
        lead = advance(case=lead, name=name, actor=fresh("wang"), facts=facts)
    group.lead.refresh_from_db()
    with pytest.raises(Refused, match="phone"):
        group_actions.answer_members(actor=fresh("wang"), group=group, words="{phone},好")
    result = group_actions.answer_members(
        actor=fresh("wang"), group=group, words="{name}:您的诉求 {number} 已办理,夜间施工已停止。"
    )
    assert (len(result.done), result.left) == (39, [])
    events.dispatch_pending()
    one = Case.objects.get(contact_name="住户7")
    assert (one.state, one.founded, one.owner) == ("answered", "founded", fresh("wang"))
    assert one.solutions.get().decided_by == fresh("zhao")
    letter = Message.objects.get(recipient="r7@example.com", kind="answer", body__contains="已停止")
    assert f"住户7:您的诉求 {one.number} 已办理" in letter.body
    again = group_actions.answer_members(actor=fresh("wang"), group=group, words="{name}")
    assert (again.done, len(again.left)) == ([], 39)


def test_a_member_complained_of_by_name_is_left_with_the_reason(unnamed: Register, house: House) -> None:
    lead = unnamed(body=NOISE)
    about = unnamed(body=NOISE, about_person=fresh("wang"))
    group = group_actions.make_group(actor=fresh("zhou"), lead=lead, cases=[about])
    walk(lead, house, "finish")
    group.lead.refresh_from_db()
    result = group_actions.answer_members(actor=fresh("wang"), group=group, words="已停止")
    assert result.done == []
    assert [case for case, _ in result.left] == [about]
    about.refresh_from_db()
    assert about.state == "registered", "nothing was half done"


def test_a_group_is_joined_and_left(unnamed: Register, house: House) -> None:
    lead, one, two = unnamed(), unnamed(), unnamed()
    group = group_actions.make_group(actor=fresh("zhou"), lead=lead, cases=[one])
    with pytest.raises(Refused):
        group_actions.join(actor=fresh("zhou"), group=group, cases=[one])
    with pytest.raises(NotPermitted):
        group_actions.join(actor=fresh("sun"), group=group, cases=[two])
    member = group.members.get(case=one)
    with pytest.raises(Refused):
        group_actions.leave(actor=fresh("zhou"), member=group.members.get(case=lead), reason="x")
    group_actions.leave(actor=fresh("zhou"), member=member, reason="另一栋楼")
    group_actions.leave(actor=fresh("zhou"), member=group.members.get(case=lead), reason="散了")
    assert not CaseGroup.objects.exists()


def test_closed_cases_in_like_words_are_precedents(unnamed: Register, house: House) -> None:
    done = walk(unnamed(body=NOISE), house, "close")
    walk(unnamed(body=OTHER), house, "close")
    with clock.at(clock.now() + timedelta(days=90)):
        case = unnamed(body=NOISE_TOO)
        assert [row.case for row in likeness.precedents(case, fresh("wang"))] == [done]
