"""Queues, kept lists, and finding a case by any part of its words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from manyi.cases import queries, saved_actions, word_index
from manyi.cases.actions import advance, describe
from manyi.cases.escalations import escalate
from manyi.cases.models import Case, SavedList
from manyi.cases.privacy import forget_contact
from manyi.organisation import clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from tests import personas
from tests.cases.house import Register, at, facts_for, fresh, walk
from tests.personas import House, browser_of

pytestmark = pytest.mark.usefixtures("monday")


def found(text: str, *, contacts: bool = False) -> list[str]:
    rows = queries.find(Case.objects.order_by("pk"), text, contacts=contacts)
    return [case.subject for case in rows]


def queue(person: Person, name: str) -> set[str]:
    now = clock.now()
    midnight = now.replace(hour=0, minute=0) + timedelta(days=1)
    return {case.subject for case in queries.tab(fresh(person.username), name, now, midnight)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("空", ["空调修了两次"]),
        ("凉", ["空调修了两次"]),
        ("调修", ["空调修了两次"]),
        ("不凉,退钱", ["空调修了两次"]),
        ("空调 退钱", ["空调修了两次"]),
        ("钱退", []),
        ("空调 变速箱", []),
        ("ETC", ["Etc 设备"]),
        ("tc", ["Etc 设备"]),
        ("𠮷", ["Etc 设备"]),
        ("%", ["Etc 设备"]),
        ("!?", []),
        ("'\" OR 1", []),
    ],
)
def test_any_part_of_the_words_is_found(new_case: Register, text: str, wanted: list[str]) -> None:
    new_case(subject="空调修了两次", body="还是不凉,退钱。")
    new_case(subject="Etc 设备", body="𠮷野家门口的 etc 扣费多了 5%")
    assert found(text) == wanted


def test_common_words_are_found_without_the_index(
    new_case: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    for which in "甲乙丙丁":
        new_case(subject=f"空调 {which}", body="不凉")
    monkeypatch.setattr(word_index, "COMMON", 2)
    assert len(found("空调")) == 4
    assert found("调 丙") == ["空调 丙"]


def test_what_changed_is_found_as_it_is_now(new_case: Register, house: House) -> None:
    file = personas.customer(house.tree.east_service, "K1")
    case = new_case(subject="旧题目", contact_name="欧阳修", customer=file)
    describe(actor=house.zhou, case=case, subject="新标题", severity="normal")
    assert (found("旧题"), found("新标")) == ([], ["新标题"])
    assert found("阳修", contacts=True) == ["新标题"]
    assert found("阳修") == []
    forget_contact(file)
    assert found("阳修", contacts=True) == []


def test_each_queue_holds_what_its_name_says(new_case: Register, house: House) -> None:
    new_case(subject="刚登记")
    walk(new_case(subject="被督办"), house, "start")
    back = walk(new_case(subject="被退回"), house, "assign")
    advance(case=back, name="return", actor=fresh("wang"), facts=facts_for("return", house))
    wait = walk(new_case(subject="在等配件"), house, "start")
    advance(case=wait, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
    late = walk(new_case(subject="早就该答", received_at=at("2026-01-05T09:00")), house, "start")
    raised = Case.objects.get(subject="被督办")
    escalate(actor=fresh("zhou"), case=raised, level=1, reason="media")
    assert queue(house.zhao, "dispatch") == {"刚登记", "被退回"}
    assert queue(house.zhao, "returned") == {"被退回"}
    assert queue(house.zhao, "raised") == {"被督办"}
    assert queue(house.zhao, "waiting") == {"在等配件"}
    assert queue(house.zhao, "overdue") == {late.subject}
    assert queue(house.wang, "mine") == {"被督办", "在等配件", "早就该答"}
    assert len(queue(house.zhou, "department")) == 5
    assert queue(house.zheng, "all") == set()


def test_a_queue_counts_no_further_than_needed(new_case: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        new_case()
    monkeypatch.setattr(queries, "MANY", 3)
    assert queries.size(Case.objects.all()) == 3


def test_a_kept_list_opens_first_and_goes_away_again(new_case: Register, house: House) -> None:
    new_case(subject="空调不凉")
    new_case(subject="轮胎漏气", body="补")
    page = browser_of(house.zhou, language="zh-hans")
    page.post("/cases/lists/keep/?tab=all&q=轮胎&page=3", {"name": "轮胎的"})
    row = SavedList.objects.get()
    assert row.filters == {"tab": "all", "q": "轮胎"}
    page.post(f"/cases/lists/{row.pk}/", {"act": "first"})
    shown = page.get("/cases/", follow=True).content.decode()
    assert "轮胎漏气" in shown
    assert "空调不凉" not in shown
    assert browser_of(house.zhao).post(f"/cases/lists/{row.pk}/", {"act": "remove"}).status_code == 404
    page.post(f"/cases/lists/{row.pk}/", {"act": "remove"})
    assert not SavedList.objects.exists()


def test_a_list_needs_a_name_and_there_are_at_most_twenty(house: House) -> None:
    with pytest.raises(Refused):
        saved_actions.keep_list(actor=house.zhou, name="  ", filters={})
    for number in range(20):
        saved_actions.keep_list(actor=house.zhou, name=f"第 {number}", filters={"tab": "all", "odd": "x"})
    saved_actions.keep_list(actor=house.zhou, name="第 3", filters={"tab": "mine"})
    assert SavedList.objects.get(name="第 3").filters == {"tab": "mine"}
    with pytest.raises(Refused):
        saved_actions.keep_list(actor=house.zhou, name="多一个", filters={})
