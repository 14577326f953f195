"""Who gets a case: the pure choice, the rules in the register, and who is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.cases import router
from manyi.cases.actions import advance
from manyi.cases.describing import describe
from manyi.cases.models import Absence, Case, Category, RoutingRule
from manyi.cases.routing import Hand, Matter, Rule, first_fitting, least_busy
from manyi.cases.routing_actions import (
    RuleFacts,
    delete_rule,
    end_absence,
    move_rule,
    note_absence,
    save_rule,
)
from manyi.organisation import events
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from tests.cases.house import Register, facts_for, fresh
from tests.personas import House

START = datetime(2026, 3, 2, tzinfo=UTC)
hands = st.lists(
    st.builds(
        Hand,
        person=st.integers(1, 12),
        open_cases=st.integers(0, 4),
        last_got=st.none() | st.integers(0, 9).map(lambda days: START + timedelta(days=days)),
    ),
    unique_by=lambda hand: hand.person,
)
paths = st.sampled_from(["1/", "1/2/", "1/2/3/", "1/4/"])
rules = st.lists(
    st.builds(
        Rule,
        id=st.integers(1, 99),
        unit_path=paths,
        order=st.integers(1, 4),
        category=st.none() | st.integers(1, 3),
        kind=st.sampled_from(["", "complaint", "help"]),
        severity=st.sampled_from(["", "grave"]),
    ),
    unique_by=lambda rule: rule.id,
)
matters = st.builds(
    Matter,
    unit_path=paths,
    kind=st.sampled_from(["complaint", "help", "enquiry"]),
    severity=st.sampled_from(["normal", "grave"]),
    categories=st.frozensets(st.integers(1, 3)),
)


@given(hands, st.sets(st.integers(1, 12) | st.none()))
def test_the_least_busy_is_never_excluded_and_nobody_else_has_less(
    pool: list[Hand], never: set[int | None]
) -> None:
    chosen = least_busy(pool, never=never)
    free = [hand for hand in pool if hand.person not in never]
    if chosen is None:
        assert not free
        return
    assert chosen in free
    assert all(chosen.open_cases <= hand.open_cases for hand in free)
    for other in free:
        if other.open_cases == chosen.open_cases and other.last_got is None:
            assert chosen.last_got is None
        elif other.open_cases == chosen.open_cases and chosen.last_got and other.last_got:
            assert chosen.last_got <= other.last_got


@given(hands, st.randoms())
def test_the_order_of_the_pool_does_not_matter(pool: list[Hand], random: Any) -> None:
    mixed = [*pool]
    random.shuffle(mixed)
    assert least_busy(mixed, never=()) == least_busy(pool, never=())


@given(rules, matters)
def test_the_first_rule_that_fits_decides_the_nearest_unit_first(rows: list[Rule], matter: Matter) -> None:
    found = first_fitting(rows, matter)
    fitting = [rule for rule in rows if rule.fits(matter)]
    if found is None:
        assert not fitting
        return
    assert found in fitting
    assert all(len(rule.unit_path) <= len(found.unit_path) for rule in fitting)
    same = [rule for rule in fitting if rule.unit_path == found.unit_path]
    assert all((found.order, found.id) <= (rule.order, rule.id) for rule in same)


@pytest.fixture
def rule(house: House) -> Callable[..., RoutingRule]:
    def make(**changes: Any) -> RoutingRule:
        usual = {"name": "维修", "unit": house.tree.east, "people": (house.wang, fresh("second"))}
        return save_rule(actor=house.zhao, facts=RuleFacts(**{**usual, **changes}))

    return make


def named(case: Case) -> str:
    choice = router.choose(case)
    assert choice is not None
    return choice.person.username if choice.person else ""


Make = Callable[..., RoutingRule]


def accepted(case: Case) -> Case:
    advance(case=case, name="acknowledge", actor=fresh("zhou"))
    events.dispatch_pending()
    case.refresh_from_db()
    return case


def test_who_has_least_is_suggested_with_the_reason(
    house: House, monday: datetime, new_case: Register, rule: Make
) -> None:
    rule()
    first = accepted(new_case())
    advance(case=first, name="assign", actor=house.zhou, facts=facts_for("assign", house))
    choice = router.choose(new_case())
    assert choice is not None
    assert choice.person == fresh("second")
    assert (choice.why.zh, choice.why.en) == ("承办中 0 件,最少", "0 open cases, the fewest")


def test_never_the_person_complained_of_nor_somebody_away_nor_inactive(
    house: House, monday: datetime, new_case: Register, rule: Make
) -> None:
    rule()
    second = fresh("second")
    about_wang = describe(actor=house.zhou, case=new_case(), about_person=house.wang)
    assert named(about_wang) == "second"
    away = note_absence(
        actor=second, person=second, from_on=date(2026, 3, 2), until_on=date(2026, 3, 3), note="培训"
    )
    assert named(about_wang) == ""
    assert named(new_case()) == "wang"
    end_absence(actor=second, absence=away)
    second.is_active = False
    second.save()
    assert named(about_wang) == ""


def test_an_absence_that_begins_tomorrow_does_not_count_yet(
    house: House, monday: datetime, new_case: Register, rule: Make
) -> None:
    rule(people=(house.wang,))
    note_absence(actor=house.wang, person=house.wang, from_on=date(2026, 3, 3), until_on=date(2026, 3, 3))
    assert named(new_case()) == "wang"


def test_a_category_means_those_below_it_too(
    house: House, monday: datetime, new_case: Register, rule: Make
) -> None:
    leaf = Category.objects.get(code="service.quality")
    rule(category=leaf.parent)
    assert router.choose(new_case()) is None
    assert router.choose(describe(actor=house.zhou, case=new_case(), category=leaf)) is not None


def test_a_rule_assigns_by_itself_once_the_category_is_known(
    house: House, monday: datetime, new_case: Register, rule: Make
) -> None:
    made = rule(assigns=True)
    case = accepted(new_case())
    assert case.state == "acknowledged"
    describe(actor=house.zhou, case=case, category=Category.objects.get(code="service.quality"))
    events.dispatch_pending()
    case.refresh_from_db()
    assert (case.state, case.owner) == ("assigned", house.wang)
    event = Event.objects.get(kind="case.assign")
    assert (event.actor, event.data["rule"]) == (None, made.pk)
    assert case.assignments.get().reason == "按规则“维修”自动派单:承办中 0 件,最少"


def test_a_rule_that_suggests_assigns_nothing_and_a_returned_case_stays_with_a_person(
    house: House, monday: datetime, new_case: Register, rule: Make
) -> None:
    made = rule()
    category = Category.objects.get(code="service.quality")
    case = accepted(new_case(category=category))
    assert case.state == "acknowledged"
    save_rule(
        actor=house.zhao,
        facts=RuleFacts("维修", house.tree.east, people=(house.wang,), assigns=True),
        rule=made,
    )
    case = accepted(new_case(category=category))
    assert case.state == "assigned"
    advance(case=case, name="return", actor=house.wang, facts=facts_for("return", house))
    events.dispatch_pending()
    case.refresh_from_db()
    assert case.state == "acknowledged"


def test_praise_is_not_assigned(house: House, monday: datetime, new_case: Register, rule: Make) -> None:
    rule(assigns=True)
    case = accepted(new_case(kind="praise", category=Category.objects.get(code="service.quality")))
    assert case.state == "acknowledged"


def test_rules_are_moved_changed_and_deleted_by_those_who_lead(
    house: House, monday: datetime, new_case: Register, rule: Make
) -> None:
    first, second = rule(name="一"), rule(name="二")
    move_rule(actor=house.zhao, rule=second, up=True)
    assert [row.name for row in RoutingRule.objects.all()] == ["二", "一"]
    with pytest.raises(NotPermitted):
        delete_rule(actor=house.zhou, rule=first)  # leads only the service department
    delete_rule(actor=house.zhao, rule=second)
    with pytest.raises(Invalid) as wrong:
        save_rule(actor=house.zhao, facts=RuleFacts(" ", house.tree.east))
    assert [name for name, _ in wrong.value.problems] == ["name", "pool_unit"]


def test_a_head_notes_absences_of_the_unit_and_nobody_of_others(house: House, monday: datetime) -> None:
    day = date(2026, 3, 9)
    note_absence(actor=house.zhou, person=house.wu, from_on=day, until_on=day)
    with pytest.raises(NotPermitted):
        note_absence(actor=house.wang, person=house.wu, from_on=day, until_on=day)
    with pytest.raises(Refused) as wrong:
        note_absence(actor=house.wu, person=house.wu, from_on=day, until_on=day - timedelta(days=1))
    assert wrong.value.field == "until_on"
    assert Absence.objects.count() == 1
