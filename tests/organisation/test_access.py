"""Access is role × subtree: what a role may, it may in its subtree and nowhere else."""

from __future__ import annotations

import pytest

from manyi.customers.models import Customer
from manyi.organisation import access
from manyi.organisation.errors import NotPermitted
from manyi.organisation.models import Person, Unit
from manyi.organisation.people import holding
from manyi.organisation.roles import ROLE_VERBS, VERBS, Role
from tests import personas
from tests.personas import House


@pytest.mark.parametrize("role", Role)
def test_a_role_holds_its_verbs_in_its_subtree_and_nowhere_else(role: Role, house: House) -> None:
    tree = house.tree
    person = personas.staff("someone", "某人", role, tree.east)
    for verb in VERBS:
        held = verb in ROLE_VERBS[role]
        assert [access.may(person, verb, unit) for unit in (tree.east, tree.east_service)] == [held, held]
        assert access.may(person, verb) == held
        assert not any(access.may(person, verb, unit) for unit in (tree.group, tree.west, tree.west_sales))


def test_every_role_is_granted_only_verbs_that_exist() -> None:
    assert set().union(*ROLE_VERBS.values()) <= set(VERBS)
    assert set(ROLE_VERBS) == set(Role)


def test_a_verb_that_nobody_declared_is_a_mistake_in_the_code(house: House) -> None:
    with pytest.raises(ValueError, match=r"units\.paint"):
        access.may(house.chen, "units.paint")
    with pytest.raises(ValueError, match=r"units\.paint"):
        access.scope(Customer, verb="units.paint", unit="unit")


def test_two_roles_add_up_each_in_its_own_subtree(house: House) -> None:
    assert access.verbs(house.zheng, house.tree.west) >= {"surveys.edit", "cases.handle"}
    assert access.verbs(house.zheng, house.tree.east) == frozenset()
    assert access.verbs(house.zheng, None) == access.verbs(house.zheng, house.tree.west)


def test_rows_outside_the_subtree_do_not_exist(house: House) -> None:
    here = personas.customer(house.tree.east_sales, "K1")
    there = personas.customer(house.tree.west, "K2")

    def seen(person: Person, verb: str = "") -> set[Customer]:
        return set(access.visible(person, Customer.objects.all(), verb=verb))

    assert seen(house.li) == {here}
    assert seen(house.zheng) == {there}
    assert seen(house.zhao) == {here, there}
    assert seen(house.wu) == set()
    assert seen(house.zhao, "customers.edit") == set()  # a director reads files but does not edit them


def test_a_sibling_whose_number_begins_alike_is_another_subtree(db: None) -> None:
    """/1/ must not cover /12/: the path ends with a slash for this."""
    group = personas.tree().group
    near = Unit(pk=group.pk * 10 + 2, path=f"/{group.pk * 10 + 2}/")
    assert not group.contains(near)
    assert group.contains(group)


def test_a_closed_account_may_nothing(house: House) -> None:
    house.li.is_active = False
    assert access.paths(house.li, "customers.view") == []
    assert access.verbs(house.li, house.tree.east) == frozenset()


def test_require_names_the_verb_and_lets_the_software_through(house: House) -> None:
    access.require(None, "customers.edit", house.tree.west)
    with pytest.raises(NotPermitted) as refused:
        access.require(house.li, "customers.edit", house.tree.west)
    assert refused.value.verb == "customers.edit"
    assert "系统管理员" in refused.value.message.zh


def test_a_form_offers_the_people_who_could_do_it(house: House) -> None:
    assert set(holding("cases.handle", house.tree.east_service)) == {house.wang, house.zhou}
    assert set(holding("cases.handle", house.tree.east)) == {house.wang}
    assert set(holding("reports.approve", house.tree.west)) == {house.zhao}


def test_access_costs_one_statement_however_often_it_is_asked(
    house: House, django_assert_num_queries: object
) -> None:
    person = Person.objects.get(pk=house.li.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        for verb in VERBS:
            access.may(person, verb, house.tree.east)
