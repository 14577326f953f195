"""Cases: read, register, and take the steps of the workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from manyi.cases import actions, queries, step_actions
from manyi.cases.contact_reading import show_contact
from manyi.cases.models import Case
from manyi.cases.workflow import MACHINE
from manyi.organisation import access, clock
from manyi.organisation.models import Person, Unit
from manyi.web.acts import facts_of, possible
from manyi.web.api.shapes import Holding, Rows, Slice, asker, sliced
from manyi.web.desk.case_narrowing import Shown, narrow

router = Router(tags=["cases"])
DAYS = ("first", "last", "closed_first", "closed_last")


class CaseOut(Schema):
    """A case; the contact only for who may see it, the acts that the person could take now."""

    id: int
    number: str
    kind: str
    channel: str
    state: str
    unit: str
    subject: str
    demand: str
    severity: str
    confidentiality: str
    owner: str
    received_at: dt.datetime
    due_at: dt.datetime | None
    provisional: bool
    closed_at: dt.datetime | None
    contact: dict[str, str]
    acts: list[str]


class CaseIn(Schema):
    """A new case; ``unit`` is a unit's code."""

    unit: str = Field(max_length=40)
    kind: str = Field(max_length=20)
    channel: str = Field("form", max_length=20)
    subject: str = Field("", max_length=200)
    body: str = Field(min_length=1, max_length=20_000)
    received_at: dt.datetime | None = None
    severity: str = Field("normal", max_length=8)
    confidentiality: str = Field("named", max_length=12)
    contact_name: str = Field("", max_length=80)
    contact_phone: str = Field("", max_length=40)
    contact_email: str = Field("", max_length=200)


class ActIn(Schema):
    """One step of the workflow with its facts, written as a form would: dates 2026-03-02, yes or no."""

    name: str = Field(max_length=40)
    facts: dict[str, str] = Field(default_factory=dict, max_length=30)


class CaseQuery(Slice):
    """Which cases are asked for: ``state`` also ``open`` for all open ones and ``counted`` for all but merged
    and rejected ones; ``unit`` is a unit's code and means those below it too; days are those on which a case
    was received (``first``, ``last``) or closed, both included."""

    text: str = Field("", max_length=100)
    kind: str = Field("", max_length=20)
    state: str = Field("", max_length=16)
    unit: str = Field("", max_length=40)
    first: dt.date | None = None
    last: dt.date | None = None
    closed_first: dt.date | None = None
    closed_last: dt.date | None = None


def _case(row: Case, person: Person) -> dict[str, Any]:
    contact = {}
    if show_contact(actor=person, case=row):
        contact = {"name": row.contact_name, "phone": row.contact_phone, "email": row.contact_email}
    names = ("number", "kind", "channel", "state", "subject", "demand", "severity", "confidentiality")
    times = ("received_at", "due_at", "provisional", "closed_at")
    file, held = step_actions.file_of(row, clock.now()), access.verbs(person, row.unit)
    acts = possible(MACHINE, file, row.state, held, person.pk)
    return {
        "id": row.pk,
        "unit": row.unit.code,
        "owner": str(row.owner or ""),
        "contact": contact,
        "acts": [act.name for act in acts],
        **{name: getattr(row, name) for name in (*names, *times)},
    }


def _shown(wanted: CaseQuery, person: Person) -> Shown:
    """The same as the list of cases is narrowed. Raises 404 for a unit that the person does not see."""
    units = access.visible(person, Unit.objects.all(), verb="cases.view")
    unit = str(get_object_or_404(units, code=wanted.unit).pk) if wanted.unit else ""
    asked = (getattr(wanted, name) for name in DAYS)
    days = {name: day.isoformat() for name, day in zip(DAYS, asked, strict=True) if day}
    return Shown("all", kind=wanted.kind, state=wanted.state, unit=unit, **days)


@router.get("cases", auth=Holding("cases.view"), response=Rows[CaseOut])
def cases(request: HttpRequest, wanted: Query[CaseQuery]) -> dict[str, Any]:
    """The cases that the person may see, newest first."""
    person = asker(request)
    rows = queries.find(queries.cases(person), wanted.text).order_by("-received_at", "-pk")
    rows = narrow(rows, _shown(wanted, person), person)
    return sliced(rows, wanted, lambda row: _case(row, person))


@router.get("cases/{int:pk}", auth=Holding("cases.view"), response=CaseOut)
def case(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One case."""
    person = asker(request)
    return _case(get_object_or_404(queries.cases(person), pk=pk), person)


@router.post("cases", auth=Holding("cases.register"), response={201: CaseOut})
def register(request: HttpRequest, data: CaseIn) -> Status[dict[str, Any]]:
    """Register a case in a unit where the person may."""
    person = asker(request)
    units = access.visible(person, Unit.objects.all(), verb="cases.register")
    given = data.model_dump(exclude={"unit"})
    made = actions.register(actor=person, unit=get_object_or_404(units, code=data.unit), **given)
    return Status(201, _case(made, person))


@router.post("cases/{int:pk}/acts", auth=Holding("cases.view"), response=CaseOut)
def act(request: HttpRequest, pk: int, data: ActIn) -> dict[str, Any]:
    """Take one step of the workflow."""
    person = asker(request)
    row = get_object_or_404(queries.cases(person), pk=pk)
    step = MACHINE.transition(data.name)
    facts = facts_of(step, data.facts)
    step_actions.advance(case=row, name=step.name, actor=person, facts=facts)
    return _case(queries.cases(person).get(pk=pk), person)
