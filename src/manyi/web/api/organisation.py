"""Units and the Event log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from manyi.organisation import access, queries
from manyi.organisation.events import KINDS
from manyi.organisation.models import Event, Unit
from manyi.organisation.queries import LogFilter
from manyi.organisation.roles import VERBS
from manyi.web.api.shapes import Holding, Rows, Slice, Words, asker, sliced

router = Router(tags=["organisation"])


class UnitOut(Schema):
    """A unit of the tree."""

    id: int
    code: str
    name: str
    name_en: str
    kind: str
    parent: int | None
    active: bool


class EventOut(Schema):
    """One row of the Event log."""

    seq: int
    at: dt.datetime
    actor: str
    kind: str
    words: Words | None
    subject_type: str
    subject_id: str
    subject: str
    unit: int | None
    before: dict[str, Any]
    after: dict[str, Any]
    why: str
    data: dict[str, Any]
    hash: str


class EventQuery(Slice):
    """Which events are asked for."""

    who: str = ""
    kind: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def _unit(row: Unit) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "parent": row.parent_id,
        "active": row.active,
    }


def _event(row: Event) -> dict[str, Any]:
    known = KINDS.get(row.kind)
    return {
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor_label,
        "kind": row.kind,
        "words": {"zh": known.label.zh, "en": known.label.en} if known else None,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "subject": row.subject_label,
        "unit": row.unit_id,
        "before": row.before,
        "after": row.after,
        "why": row.why,
        "data": row.data,
        "hash": row.hash,
    }


@router.get("units", response=Rows[UnitOut])
def units(request: HttpRequest, part: Query[Slice]) -> dict[str, Any]:
    """The units in which the person holds any role."""
    person = asker(request)
    roots = {path for verb in VERBS for path in access.paths(person, verb)}
    return sliced(Unit.objects.filter(access.within(roots, "")), part, _unit)


@router.get("events", auth=Holding("events.view"), response=Rows[EventOut])
def events(request: HttpRequest, wanted: Query[EventQuery]) -> dict[str, Any]:
    """The Event log of the person's subtrees, newest first."""
    person = asker(request)
    asked = LogFilter(
        who=wanted.who, kind=wanted.kind, subject=wanted.subject, since=wanted.since, until=wanted.until
    )
    return sliced(queries.log(person, asked), wanted, _event)
