"""The pages of the tree of categories: merging, restoring, and what changed between two versions."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from manyi.cases.models import Category, CategoryVersion
from manyi.organisation.roles import Role
from tests import personas
from tests.personas import House, browser_of


@pytest.fixture
def admin(house: House, monday: datetime) -> Client:
    return browser_of(personas.staff("admin", "管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group))


def test_a_category_is_merged_shown_in_the_versions_and_restored(admin: Client) -> None:
    row, goal = Category.objects.get(code="service.waiting"), Category.objects.get(code="service.booking")
    address = reverse("desk:category_merge", args=[row.pk])
    assert admin.post(address, {"into": ""}).status_code == 422
    assert admin.post(address, {"into": str(goal.pk), "note": "分不清"}).status_code == 302
    settings = admin.get(reverse("desk:case_settings")).content.decode()
    assert reverse("desk:category_restore", args=[row.pk]) in settings
    shown = admin.get(reverse("desk:category_versions")).content.decode()
    assert all(words in shown for words in ("service.waiting", "分不清"))
    admin.post(reverse("desk:category_restore", args=[row.pk]))
    assert CategoryVersion.objects.count() == 3
    whole = admin.get(reverse("desk:category_versions"), {"from": "1", "to": "3"}).content.decode()
    assert "service.waiting" not in whole  # merged and restored: as before


@pytest.mark.parametrize("query", [{}, {"to": "1"}, {"from": "9", "to": "x"}, {"from": "99999999999"}])
def test_any_pair_of_versions_can_be_asked_for(admin: Client, query: dict[str, str]) -> None:
    assert admin.get(reverse("desk:category_versions"), query).status_code == 200
