"""The rules of routing applied to the register: whom a case would go to now, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from manyi.cases.models import Absence, Assignment, Case, Category, RoutingRule
from manyi.cases.queries import lineage
from manyi.cases.routing import Hand, Matter, Rule, first_fitting, least_busy
from manyi.cases.workflow import OPEN_STATES
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.calendars import calendar_for
from manyi.organisation.models import Person, Unit
from manyi.organisation.people import holding


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule that decides on a case, and the person whom it picks: None when nobody of its pool is free."""

    rule: RoutingRule
    person: Person | None
    why: Label


def matter_of(case: Case) -> Matter:
    """A case as the rules look at it."""
    return matter(case.unit, case.kind, case.severity, case.category, about=case.about_person_id)


def matter(
    unit: Unit, kind: str, severity: str, category: Category | None, *, about: int | None = None
) -> Matter:
    """A case that need not be there, for trying the rules."""
    return Matter(unit.path, kind, severity, frozenset(lineage(category)), about)


def choose(case: Case) -> Choice | None:
    """Whom the rules name for a case now; None when no rule fits it."""
    return choice_for(matter_of(case), case.unit)


def choice_for(wanted: Matter, unit: Unit) -> Choice | None:
    """Whom the rules name for such a case of a unit today."""
    rows = RoutingRule.objects.filter(active=True, unit_id__in=unit.lineage).select_related(
        "unit", "pool_unit"
    )
    stored = {row.pk: row for row in rows}
    found = first_fitting(map(_pure, stored.values()), wanted)
    if found is None:
        return None
    rule, today = stored[found.id], calendar_for(unit).local_date(clock.now())
    people = {person.pk: person for person in pool(rule, unit)}
    hand = least_busy(_hands(people), never={wanted.about_person, *away(people, today)})
    if hand is None:
        words = Label("规则中的人今天都不能承办", "nobody of this rule can take it today")
        return Choice(rule, None, words)
    more = len(people) > 1
    n = hand.open_cases
    zh, en = f"承办中 {n} 件", f"{n} open {'case' if n == 1 else 'cases'}"
    return Choice(rule, people[hand.person], Label(zh + ",最少" * more, en + ", the fewest" * more))


def pool(rule: RoutingRule, unit: Unit) -> list[Person]:
    """The active people of a rule who may handle cases of a unit."""
    able = holding("cases.handle", unit)
    if rule.pool_unit is None:
        return list(able.filter(pk__in=rule.people.values("pk")))
    return list(able.filter(pk__in=holding("cases.handle", rule.pool_unit).values("pk")))


def away(people: Iterable[int], day: date) -> set[int]:
    """Who of these is away on a day."""
    rows = Absence.objects.filter(person__in=list(people), from_on__lte=day, until_on__gte=day)
    return set(rows.values_list("person_id", flat=True))


def _pure(row: RoutingRule) -> Rule:
    return Rule(row.pk, row.unit.path, row.order, row.category_id, row.kind, row.severity)


def _hands(people: Iterable[int]) -> list[Hand]:
    pks = list(people)
    at_work = Count("cases", filter=Q(cases__state__in=OPEN_STATES))
    counts = dict(Person.objects.filter(pk__in=pks).annotate(n=at_work).values_list("pk", "n"))
    given = Assignment.objects.filter(person__in=pks).values("person").annotate(last=Max("from_at"))
    last = dict(given.values_list("person", "last"))
    return [Hand(pk, counts[pk], last.get(pk)) for pk in pks]
