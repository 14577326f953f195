"""Who could do a thing: the people from whom a form lets one choose."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role


def holding(verb: str, unit: Unit) -> QuerySet[Person]:
    """The active people who hold a verb at a unit, through any role there or above it."""
    roles = [role.value for role in Role if verb in role.verbs]
    above = [int(part) for part in unit.path.split("/") if part]
    granted = Q(grants__role__in=roles, grants__unit_id__in=above)
    return Person.objects.filter(granted, is_active=True).distinct()
