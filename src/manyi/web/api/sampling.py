"""Draws and quotas of a round: read, drawn and set by other systems through the same actions as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from manyi.organisation import access
from manyi.responses import quota_actions
from manyi.responses.models import Quota
from manyi.responses.queries import quotas_of
from manyi.responses.quota_rules import QuotaPlan
from manyi.surveys import actions
from manyi.surveys.models import Draw, Round
from manyi.web.api.shapes import Holding, asker

router = Router(tags=["surveys"])


class DrawOut(Schema):
    """One draw with everything that it takes to make it again, except the frame itself."""

    id: int
    method: str
    filters: dict[str, Any]
    plan: dict[str, Any]
    seed: str
    size: int
    frame_size: int
    frame_hash: str
    excluded: dict[str, int]
    at: dt.datetime
    undone_at: dt.datetime | None


class DrawIn(Schema):
    """A draw: the method, whom to ask, and what the method is told (see the draw page for the names)."""

    method: str = Field(max_length=12)
    filters: dict[str, Any] = Field(default_factory=dict, max_length=10)
    size: int | None = None
    seed: str = Field("", max_length=60)
    plan: dict[str, Any] = Field(default_factory=dict, max_length=10)


class QuotaIn(Schema):
    """A quota: its condition over the answers, and how many are wanted."""

    code: str = Field(max_length=60)
    title: str = Field(max_length=160)
    title_en: str = Field("", max_length=160)
    condition: str = Field(max_length=2000)
    limit: int
    action: str = Field("stop", max_length=8)


class QuotaOut(QuotaIn):
    """A quota in force, with how many answers fill it."""

    id: int
    filled: int


def _draw(row: Draw) -> dict[str, Any]:
    names = ("method", "filters", "plan", "seed", "size", "frame_size", "frame_hash", "excluded")
    return {"id": row.pk, "at": row.at, "undone_at": row.undone_at} | {
        name: getattr(row, name) for name in names
    }


def _quota(row: Quota) -> dict[str, Any]:
    names = ("code", "title", "title_en", "condition", "limit", "action", "filled")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def _round(request: HttpRequest, pk: int, verb: str) -> Round:
    rows = Round.objects.select_related("unit", "questionnaire")
    return get_object_or_404(access.visible(asker(request), rows, verb=verb), pk=pk)


@router.get("rounds/{int:pk}/draws", auth=Holding("surveys.view"), response=list[DrawOut])
def draws(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """The draws of a round, those taken back included."""
    return [_draw(row) for row in _round(request, pk, "surveys.view").draws.order_by("pk")]


@router.post("rounds/{int:pk}/draws", auth=Holding("surveys.field"), response={201: DrawOut})
def draw(request: HttpRequest, pk: int, data: DrawIn) -> Status[dict[str, Any]]:
    """Draw a sample into a round that is planned or open."""
    row = _round(request, pk, "surveys.field")
    made = actions.draw_sample(
        actor=asker(request),
        round=row,
        method=data.method,
        filters=data.filters,
        size=data.size,
        seed=data.seed,
        plan=data.plan,
    )
    return Status(201, _draw(made))


@router.get("rounds/{int:pk}/quotas", auth=Holding("surveys.view"), response=list[QuotaOut])
def quotas(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """The quotas of a round that are in force."""
    return [_quota(row) for row in quotas_of(_round(request, pk, "surveys.view"))]


@router.post("rounds/{int:pk}/quotas", auth=Holding("surveys.field"), response={201: QuotaOut})
def add_quota(request: HttpRequest, pk: int, data: QuotaIn) -> Status[dict[str, Any]]:
    """Put a quota in force; answers that are there already are counted."""
    row = _round(request, pk, "surveys.field")
    plan = QuotaPlan(**data.model_dump())
    (made,) = quota_actions.add_quotas(actor=asker(request), round=row, plans=[plan])
    return Status(201, _quota(made))
