"""The tree of categories in versions: what changed, the version of a case, figures of today."""

from __future__ import annotations

import pytest

from manyi.cases import category_versions, closing, queries, tallies
from manyi.cases.actions import advance
from manyi.cases.category_actions import merge_category, restore_category, save_category, take_set
from manyi.cases.category_changes import changes
from manyi.cases.category_sets import SETS
from manyi.cases.describing import describe
from manyi.cases.likeness import precedents
from manyi.cases.models import Case, Category, CategoryVersion
from manyi.cases.rising import Said, topics
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event
from tests.cases.house import Register, facts_for, fresh
from tests.personas import House

pytestmark = pytest.mark.usefixtures("monday")


def category(code: str) -> Category:
    return Category.objects.select_related("parent").get(code=code)


def told(number: int) -> list[tuple[str, str]]:
    """What a version changed: codes and kinds."""
    old, new = (CategoryVersion.objects.get(number=n).tree for n in (number - 1, number))
    return [(change.code, change.kind) for change in changes(old, new)]


def test_every_change_is_a_version_and_no_change_is_none(house: House) -> None:
    assert category_versions.current() == CategoryVersion.objects.get(number=1)
    save_category(actor=house.chen, code="service.waiting", name="等候", name_en="Waiting",
                  parent=category("service"))  # fmt: skip
    save_category(actor=house.chen, code="service.waiting", name="等候", name_en="Waiting",
                  parent=category("service"))  # fmt: skip
    save_category(actor=house.chen, code="service.waiting", name="等候", name_en="Waiting",
                  parent=category("general"), active=False)  # fmt: skip
    save_category(actor=house.chen, code="club", name="车友会")
    assert told(2) == [("service.waiting", "renamed")]
    assert told(3) == [("service.waiting", "moved"), ("service.waiting", "ended")]
    assert told(4) == [("club", "added")]
    newest = CategoryVersion.objects.latest("number")
    assert (newest.number, newest.by) == (4, house.chen)
    assert Event.objects.filter(kind="category.changed").latest("seq").data == {"version": 4}


@pytest.mark.every_database
def test_a_case_keeps_the_version_in_which_it_was_classified(house: House, new_case: Register) -> None:
    first = new_case(category=category("service.price"))
    later = new_case()
    save_category(actor=house.chen, code="club", name="车友会")
    later = advance(case=later, name="acknowledge", actor=fresh("zhou"))
    assert later.category_version is None
    later = advance(case=later, name="assign", actor=fresh("zhou"), facts=facts_for("assign", house))
    assert [case.category_version and case.category_version.number for case in (first, later)] == [1, 2]
    save_category(actor=house.chen, code="club", name="俱乐部")
    describe(actor=fresh("zhou"), case=later, severity="high")
    assert Case.objects.get(pk=later.pk).category_version == CategoryVersion.objects.get(number=2)
    describe(actor=fresh("zhou"), case=later, category=category("service.price"))
    assert Case.objects.get(pk=later.pk).category_version == CategoryVersion.objects.get(number=3)


def test_a_merged_category_is_counted_where_it_went_and_its_cases_keep_it(
    house: House, new_case: Register
) -> None:
    chen = house.chen
    waiting, booking, price = (category(f"service.{name}") for name in ("waiting", "booking", "price"))
    case = new_case(category=waiting)
    merge_category(actor=chen, category=waiting, into=booking, note="客户分不清")
    merge_category(actor=chen, category=booking, into=price)  # a chain
    case.refresh_from_db()
    assert (case.category, case.category_version) == (waiting, CategoryVersion.objects.get(number=1))
    assert told(2) == [("service.waiting", "merged")]
    assert CategoryVersion.objects.get(number=2).note == "客户分不清"
    tree = tallies.Tree(Category.objects.all())
    assert tree.seen_from(waiting.pk, 2).category == price
    assert list(Case.objects.filter(tallies.of_category(price.pk, own=True))) == [case]
    assert list(Case.objects.filter(tallies.of_category(category("service").pk))) == [case]
    assert list(Case.objects.filter(tallies.of_category(waiting.pk))) == [case]  # as it was filed
    restore_category(actor=chen, category=booking)
    assert tallies.Tree(Category.objects.all()).seen_from(waiting.pk, 2).category == booking
    restore_category(actor=chen, category=waiting)
    assert list(Case.objects.filter(tallies.of_category(booking.pk))) == []
    assert told(5) == [("service.waiting", "restored")]


def test_what_stands_below_a_merged_one_is_counted_with_it(house: House, new_case: Register) -> None:
    parts, stock = category("parts"), category("parts.stock")
    case = new_case(category=stock)
    for code in ("parts.stock", "parts.quality"):
        row = category(code)
        save_category(actor=house.chen, code=code, name=row.name, parent=parts, active=False)
    merge_category(actor=house.chen, category=parts, into=category("service"))
    assert tallies.Tree(Category.objects.all()).seen_from(stock.pk, 1).category == category("service")
    assert list(Case.objects.filter(tallies.of_category(category("service").pk))) == [case]


@pytest.mark.every_database
def test_every_rule_by_category_counts_what_was_merged_where_it_went(
    house: House, new_case: Register
) -> None:
    """Why a case must be improved, complaints that repeat, rising topics, past cases, routing."""
    waiting, booking = category("service.waiting"), category("service.booking")
    cases = [new_case(category=each) for each in (waiting, booking, waiting)]
    Case.objects.update(founded="founded", risk="low")
    now = [Said(case.category_id, "等候", "等了两小时") for case in cases]

    def outcome(case: Case) -> tuple[bool, int, list[str], bool]:
        fresh_case = Case.objects.select_related("category").get(pk=case.pk)
        found = {topic.name.zh: topic.judged.change.now.n for topic in topics([], now, (20, 5))}
        same = queries.repeated(booking, case.unit, case.received_at)
        rows = [name for name, n in found.items() if n == 3 and name != "全部诉求"]
        return (
            closing.why_to_improve(fresh_case) is not None,
            same.count(),
            sorted(rows),
            booking.pk in queries.lineage(fresh_case.category),
        )

    assert outcome(cases[0]) == (False, 1, ["售后服务"], False)
    merge_category(actor=house.chen, category=waiting, into=booking)
    booking.refresh_from_db()
    assert outcome(cases[0]) == (True, 3, [booking.name], True)
    Case.objects.filter(pk__in=[case.pk for case in cases[1:]]).update(state="closed")
    for case in cases[1:]:
        case.messages.create(direction="out", channel="desk", body="已说明", at=case.received_at)
    cases[0].refresh_from_db()
    assert {like.case.pk for like in precedents(cases[0], fresh("wang"))} == {case.pk for case in cases[1:]}


def test_what_cannot_be_merged_or_restored_says_why(house: House) -> None:
    chen, price = house.chen, category("service.price")
    for wrong, goal in ((category("service"), price), (price, price)):
        with pytest.raises(Refused):
            merge_category(actor=chen, category=wrong, into=goal)
    merge_category(actor=chen, category=price, into=category("service.quality"))
    for wrong, goal in ((price, category("service.quality")), (category("service.quality"), price)):
        with pytest.raises(Refused):  # ended already, and a circle
            merge_category(actor=chen, category=wrong, into=goal)
    with pytest.raises(Refused):
        restore_category(actor=chen, category=category("service.quality"))
    with pytest.raises(NotPermitted):
        merge_category(actor=house.zhou, category=category("sales.price"), into=category("sales.finance"))
    service = category("service")
    save_category(actor=chen, code="service", name=service.name, active=False)
    with pytest.raises(Refused, match="above it"):
        restore_category(actor=chen, category=price)


def test_a_set_of_an_industry_is_one_version(house: House) -> None:
    hospital = next(each for each in SETS if each.id == "hospital")
    take_set(actor=house.chen, chosen=hospital, retire_others=True)
    assert CategoryVersion.objects.count() == 2
    kinds = {kind for _code, kind in told(2)}
    assert kinds == {"added", "ended"}
