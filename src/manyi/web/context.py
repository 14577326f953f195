"""What every page knows: the organisation's name, the navigation, the person's verbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from manyi.organisation import access
from manyi.organisation.models import Person
from manyi.organisation.settings import value
from manyi.web.navigation import entries


def house(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates."""
    person = getattr(request, "user", None)
    staff = person if isinstance(person, Person) else None
    return {
        "organisation_name": value("organisation.name"),
        "accent": value("organisation.accent"),
        "languages": [("zh-hans", "中文"), ("en", "English")],
        "navigation": entries(staff, request.path) if staff else [],
        "verbs": access.verbs(staff, None) if staff else frozenset(),
    }
