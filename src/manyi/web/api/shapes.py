"""What the routes of the API share: the person who asks, pages of rows, figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Schema
from ninja.security import SessionAuth
from pydantic import Field

from manyi.measures.figure import Figure
from manyi.organisation import access
from manyi.organisation.errors import NotPermitted
from manyi.organisation.models import Person
from manyi.web.guard import StaffRequest

R = TypeVar("R")
M = TypeVar("M", bound=Model)


class Words(Schema):
    """A text in both languages."""

    zh: str
    en: str


class Slice(Schema):
    """Which rows of a long list are asked for."""

    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=10_000_000)


class Rows(Schema, Generic[R]):
    """Rows of a list and how many there are in all."""

    total: int
    rows: list[R]


class FigureOut(Schema):
    """A figure: value with interval, base and method; without value when too few answers stand behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    valid_n: int
    unit: str
    method: str
    definition: str
    suppressed: bool


def figure_out(figure: Figure) -> FigureOut:
    """A figure as the API gives it out."""
    return FigureOut.model_validate(figure, from_attributes=True)


class Holding(SessionAuth):
    """The door of a route: logged in, and holding one of the verbs; asked before the body is read."""

    def __init__(self, *verbs: str) -> None:
        super().__init__()
        self.verbs = verbs

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        """The person of the session; None when nobody is logged in. Raises NotPermitted without a verb."""
        person = request.user
        if not isinstance(person, Person) or not person.is_active:
            return None
        if self.verbs and not any(access.may(person, verb) for verb in self.verbs):
            raise NotPermitted(self.verbs[0])
        return person


def asker(request: HttpRequest) -> Person:
    """The person who asks, behind a route's door."""
    return cast(StaffRequest, request).user


def sliced(rows: QuerySet[M], part: Slice, shape: Callable[[M], Any]) -> dict[str, Any]:
    """One slice of a list in the shape of its route."""
    found = rows[part.offset : part.offset + part.limit]
    return {"total": rows.count(), "rows": [shape(row) for row in found]}
