"""What every page knows: the organisation's name, the navigation, the person's verbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from manyi.organisation import access
from manyi.organisation.models import Person
from manyi.organisation.settings import values_as
from manyi.web.navigation import entries


def settings_of(request: HttpRequest) -> dict[str, Any]:
    """The settings that every page needs (name, accent, time_zone), read once for a request."""
    found: dict[str, Any] | None = getattr(request, "_manyi_settings", None)
    if found is None:
        found = values_as(
            name="organisation.name", accent="organisation.accent", time_zone="organisation.time_zone"
        )
        request._manyi_settings = found  # type: ignore[attr-defined]
    return found


def house(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates."""
    person = getattr(request, "user", None)
    staff, known = person if isinstance(person, Person) else None, settings_of(request)
    return {
        "organisation_name": known["name"],
        "accent": known["accent"],
        "languages": [("zh-hans", "中文"), ("en", "English")],
        "navigation": entries(staff, request.path) if staff else [],
        "verbs": access.verbs(staff, None) if staff else frozenset(),
    }
