"""Access is role × unit subtree. Two questions only: what may a person see, and may they do this?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from manyi.organisation.errors import NotPermitted
from manyi.organisation.models import Event, Job, Person, RoleGrant, Unit, WorkCalendar
from manyi.organisation.roles import VERBS, Role

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """How rows of a model are tied to the tree: the verb that shows them and the way to their unit."""

    verb: str
    unit: str  # ORM lookup of the unit, "" for the unit itself


_scopes: dict[type[Model], Scope] = {}


def scope(model: type[Model], *, verb: str, unit: str) -> None:
    """Say once per model which verb shows its rows and which lookup leads to their unit."""
    if verb not in VERBS:
        raise ValueError(f"no access verb {verb!r}")
    _scopes[model] = Scope(verb, unit)


def scoped_models() -> dict[type[Model], Scope]:
    """All models whose rows are shown by role and subtree."""
    return dict(_scopes)


def _grants(person: Person) -> list[tuple[Role, str]]:
    """Roles with the path of their subtree; read once per person object (one request)."""
    cached: list[tuple[Role, str]] | None = getattr(person, "_manyi_grants", None)
    if cached is None:
        rows = RoleGrant.objects.filter(person=person).values_list("role", "unit__path")
        cached = [(Role(role), path) for role, path in rows]
        person._manyi_grants = cached  # type: ignore[attr-defined]
    return cached


def forget(person: Person) -> None:
    """Drop the grants read for this object, after they were changed."""
    person.__dict__.pop("_manyi_grants", None)


def paths(person: Person, verb: str) -> list[str]:
    """The roots of the subtrees in which a person holds a verb."""
    if not person.is_active or person.is_anonymous:
        return []
    return [path for role, path in _grants(person) if verb in role.verbs]


def verbs(person: Person, unit: Unit | None) -> frozenset[str]:
    """Every verb that a person holds at a unit; with None, anywhere."""
    if not person.is_active or person.is_anonymous:
        return frozenset()
    held: set[str] = set()
    for role, path in _grants(person):
        if unit is None or unit.path.startswith(path):
            held |= role.verbs
    return frozenset(held)


def may(person: Person, verb: str, thing: Model | None = None) -> bool:
    """Whether a person may do ``verb`` to ``thing`` (a unit or a scoped row); with None, anywhere at all."""
    if verb not in VERBS:
        raise ValueError(f"no access verb {verb!r}")
    allowed = paths(person, verb)
    if thing is None:
        return bool(allowed)
    unit = unit_of(thing)
    return unit is not None and any(unit.path.startswith(path) for path in allowed)


def require(person: Person | None, verb: str, thing: Model | None = None) -> None:
    """Raise NotPermitted unless the person may; ``None`` is the software itself, acting by a rule."""
    if person is not None and not may(person, verb, thing):
        raise NotPermitted(verb)


def unit_of(thing: Model) -> Unit | None:
    """The unit to which a row belongs, by its model's scope."""
    if isinstance(thing, Unit):
        return thing
    here: object = thing
    for name in _scopes[type(thing)].unit.split("__"):
        here = getattr(here, name, None)
    return here if isinstance(here, Unit) else None


def visible(person: Person, rows: QuerySet[M], *, verb: str = "") -> QuerySet[M]:
    """The rows of a scoped model that a person may see (or, with ``verb``, may do that verb to)."""
    found = _scopes[rows.model]
    return rows.filter(within(paths(person, verb or found.verb), found.unit))


def within(roots: Iterable[str], unit: str) -> Q:
    """A filter for rows whose unit (ORM lookup, "" for the unit itself) lies under one of the paths."""
    lookup = f"{unit}__path__startswith" if unit else "path__startswith"
    wanted = Q(pk__in=[])
    for root in roots:
        wanted |= Q(**{lookup: root})
    return wanted


scope(Unit, verb="units.manage", unit="")
scope(RoleGrant, verb="staff.manage", unit="unit")
scope(WorkCalendar, verb="settings.manage", unit="unit")
scope(Job, verb="settings.manage", unit="unit")
scope(Event, verb="events.view", unit="unit")
