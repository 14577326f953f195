"""Who could do a thing: the people from whom a form lets one choose."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from manyi.organisation.models import Person, RoleGrant, Unit
from manyi.organisation.roles import Role


def holding(verb: str, unit: Unit) -> QuerySet[Person]:
    """The active people who hold a verb at a unit, through any role there or above it."""
    roles = [role.value for role in Role if verb in role.verbs]
    granted = Q(grants__role__in=roles, grants__unit_id__in=unit.lineage)
    return Person.objects.filter(granted, is_active=True).distinct()


def nearest(role: Role, unit: Unit) -> list[Person]:
    """The active people with a role at a unit, or at the nearest unit above it where somebody has it."""
    grants = RoleGrant.objects.filter(role=role.value, unit_id__in=unit.lineage, person__is_active=True)
    by_depth: dict[int, list[Person]] = {}
    for grant in grants.select_related("person", "unit").order_by("person_id"):
        by_depth.setdefault(grant.unit.depth, []).append(grant.person)
    return by_depth[max(by_depth)] if by_depth else []
