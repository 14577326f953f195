"""Customer files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from manyi.customers import actions, queries
from manyi.customers.actions import CustomerFile
from manyi.customers.models import Customer
from manyi.customers.rules import masked
from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.web.api.shapes import Holding, Rows, Slice, asker, sliced

router = Router(tags=["customers"])


class CustomerOut(Schema):
    """A customer file; contacts are whole only for who may edit it."""

    id: int
    code: str
    name: str
    organisation_name: str
    pseudonym: str
    unit: str
    contacts: dict[str, str]
    segments: list[str]
    created_at: dt.datetime
    erased: bool


class CustomerIn(Schema):
    """A new customer file; ``unit`` is a unit's code, contacts go by kind."""

    unit: str = Field(max_length=40)
    code: str = Field(min_length=1, max_length=60)
    name: str = Field("", max_length=120)
    organisation_name: str = Field("", max_length=160)
    language: str = Field("", max_length=10)
    phone: str = Field("", max_length=200)
    email: str = Field("", max_length=200)
    wechat: str = Field("", max_length=200)
    segments: list[str] = Field(default_factory=list, max_length=50)
    note: str = Field("", max_length=5000)


class CustomerQuery(Slice):
    """Which files are asked for."""

    text: str = Field("", max_length=100)
    segment: str = Field("", max_length=40)


def _customer(row: Customer, person: Person) -> dict[str, Any]:
    whole = access.may(person, "customers.edit", row)
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "organisation_name": row.organisation_name,
        "pseudonym": row.pseudonym,
        "unit": row.unit.code,
        "contacts": {
            point.kind: point.value if whole else masked(point.kind, point.value)
            for point in row.contacts.all()
        },
        "segments": [segment.code for segment in row.segments.all()],
        "created_at": row.created_at,
        "erased": row.erased_at is not None,
    }


@router.get("customers", auth=Holding("customers.view"), response=Rows[CustomerOut])
def customers(request: HttpRequest, wanted: Query[CustomerQuery]) -> dict[str, Any]:
    """The customer files that the person may see."""
    person = asker(request)
    rows = queries.files(person, text=wanted.text, segment=wanted.segment).order_by("code", "pk")
    return sliced(rows, wanted, lambda row: _customer(row, person))


@router.get("customers/{int:pk}", auth=Holding("customers.view"), response=CustomerOut)
def customer(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One customer file."""
    person = asker(request)
    return _customer(get_object_or_404(queries.files(person), pk=pk), person)


@router.post("customers", auth=Holding("customers.edit"), response={201: CustomerOut})
def add(request: HttpRequest, data: CustomerIn) -> Status[dict[str, Any]]:
    """A new customer file in a unit where the person may edit files."""
    person = asker(request)
    rows = access.visible(person, Unit.objects.all(), verb="customers.edit")
    unit = get_object_or_404(rows, code=data.unit)
    file = CustomerFile(
        code=data.code,
        name=data.name,
        organisation_name=data.organisation_name,
        language=data.language,
        contacts={"phone": data.phone, "email": data.email, "wechat": data.wechat},
        segments=data.segments,
        note=data.note,
    )
    return Status(201, _customer(actions.save_customer(actor=person, unit=unit, data=file), person))
