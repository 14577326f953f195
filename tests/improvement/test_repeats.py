"""Three complaints of one kind at one place within 90 days are more than bad luck."""

from __future__ import annotations

from datetime import timedelta

from manyi.cases.actions import register
from manyi.cases.category_actions import merge_category
from manyi.cases.models import Case, Category
from manyi.improvement.actions import advance
from manyi.improvement.models import Finding
from manyi.organisation import clock, events
from manyi.organisation.models import Unit
from tests.survey_world import START, World


def complain(unit: Unit, days: int = 0, category: str = "service.waiting") -> Case:
    with clock.at(START + timedelta(days=days)):
        case = register(
            actor=None,
            unit=unit,
            kind="complaint",
            channel="phone",
            subject="等待太久",
            body="等了两个小时",
            category=Category.objects.get(code=category),
        )
        events.dispatch_pending()
    return case


def test_the_third_complaint_makes_a_finding_and_the_fourth_joins_it(world: World) -> None:
    complain(world.shop)
    complain(world.shop, 10)
    assert Finding.objects.count() == 0
    complain(world.shop, 20)
    finding = Finding.objects.get()
    assert (finding.source, finding.unit, finding.cases.count()) == ("repeated_cases", world.shop, 3)
    assert "3 件“等待时间”投诉" in finding.title
    complain(world.shop, 21)
    assert Finding.objects.get().cases.count() == 4


def test_other_places_other_categories_and_old_complaints_do_not_count(world: World) -> None:
    complain(world.shop)
    complain(world.shop, 95)
    complain(world.shop, 96, category="service.price")
    complain(world.house.tree.west, 96)
    complain(world.shop, 97)
    assert Finding.objects.count() == 0


def test_after_the_finding_was_dismissed_counting_begins_anew(world: World) -> None:
    for day in (0, 1, 2):
        complain(world.shop, day)
    with clock.at(START + timedelta(days=3)):
        first = Finding.objects.get()
        advance(finding=first, name="dismiss", actor=world.manager, facts={"reason": "系统升级当天"})
    for day in (4, 5):
        complain(world.shop, day)
    assert Finding.objects.count() == 1
    complain(world.shop, 6)
    assert Finding.objects.exclude(pk=first.pk).get().cases.count() == 3


def test_a_matter_that_comes_back_after_closing_is_a_recurrence(world: World) -> None:
    for day in (0, 1, 2):
        complain(world.shop, day)
    first = Finding.objects.get()
    Finding.objects.filter(pk=first.pk).update(state="closed", closed_at=START + timedelta(days=30))
    for day in (40, 41, 42):
        complain(world.shop, day)
    assert Finding.objects.exclude(pk=first.pk).get().recurrence_of == first


def test_what_was_merged_is_one_matter(world: World) -> None:
    waiting, booking = (Category.objects.get(code=f"service.{name}") for name in ("waiting", "booking"))
    complain(world.shop)
    complain(world.shop, 1, category="service.booking")
    merge_category(actor=world.house.chen, category=waiting, into=booking)
    complain(world.shop, 2, category="service.booking")
    finding = Finding.objects.get()
    assert (finding.category, finding.cases.count()) == (booking, 3)
    Finding.objects.update(category=waiting)  # as it stood before the merging
    complain(world.shop, 3, category="service.booking")
    assert Finding.objects.get().cases.count() == 4
