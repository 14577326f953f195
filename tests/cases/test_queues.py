"""Queues, kept lists, and finding a case by any part of its words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manyi.cases import queries, saved_actions, word_index
from manyi.cases.actions import advance, describe
from manyi.cases.escalations import escalate
from manyi.cases.models import Case, SavedList
from manyi.cases.privacy import forget_contact
from manyi.cases.workflow import MACHINE
from manyi.organisation import access, clock
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


def sizes(person: Person) -> dict[str, int]:
    now = clock.now()
    return queries.sizes(fresh(person.username), now, now.replace(hour=0, minute=0) + timedelta(days=1))


def test_all_queues_are_counted_by_one_statement_and_no_further_than_needed(
    new_case: Register, house: House, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        new_case(subject=f"{number}")
    walk(new_case(), house, "start")
    zhao = fresh("zhao")
    assert access.verbs(zhao, None)  # read before the statements are counted
    now = clock.now()
    with django_assert_num_queries(1):
        counted = queries.sizes(zhao, now, now)
    assert counted.keys() == queries.QUEUES.keys()
    assert counted == {name: len(queue(house.zhao, name)) for name in queries.QUEUES}
    assert (sizes(house.zhao)["dispatch"], sizes(house.wang)["mine"]) == (4, 1)
    monkeypatch.setattr(queries, "MANY", 3)
    assert sizes(house.zhao)["dispatch"] == 3
    assert set(sizes(house.zheng).values()) == {0}


def test_the_database_knows_which_states_are_open(new_case: Register) -> None:
    case = new_case()
    for state in MACHINE.states:
        Case.objects.update(state=state.id)
        assert Case.objects.get(pk=case.pk).is_open == int(state.open), state.id


def test_the_earliest_deadline_stands_first_and_what_has_none_last(new_case: Register, house: House) -> None:
    for day in (4, 2, None, 3):
        case = new_case(subject=f"{day}")
        due = at(f"2026-03-0{day}T10:00") if day else None
        Case.objects.filter(pk=case.pk).update(due_at=due, owner=house.wang)
    now = clock.now()
    for name in ("department", "mine"):
        rows = queries.tab(fresh("wang"), name, now, now)
        assert [case.subject for case in rows] == ["2", "3", "4", "None"], name


@pytest.mark.parametrize("name", ["department", "overdue", "today"])
def test_what_presses_is_read_in_the_order_of_its_index(new_case: Register, house: House, name: str) -> None:
    new_case()
    now = clock.now()
    rows = queries.listed(queries.tab(fresh("zhao"), name, now, now + timedelta(days=1)))[:50]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # of a table this small it would read all
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = rows.explain()
    assert "open_cases_by_deadline" in plan
    assert not re.search("TEMP B-TREE|Sort", plan), plan


def test_the_page_of_cases_asks_as_much_for_many_as_for_one(
    new_case: Register, house: House, django_assert_num_queries: Any
) -> None:
    page = browser_of(house.zhao)
    new_case()
    page.get("/cases/")
    with CaptureQueriesContext(connection) as asked:
        page.get("/cases/?tab=department")
    for _ in range(6):
        walk(new_case(), house, "start")
    with django_assert_num_queries(len(asked)):
        assert page.get("/cases/?tab=department").status_code == 200
    assert len(asked) <= 13


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
