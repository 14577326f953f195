"""Findings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from manyi.improvement import queries
from manyi.improvement.models import Finding
from manyi.web.api.shapes import Holding, Rows, Slice, asker, sliced

router = Router(tags=["improvement"])


class FindingOut(Schema):
    """A finding with the metric that showed it."""

    id: int
    number: str
    title: str
    title_en: str
    unit: str
    source: str
    state: str
    metric: dict[str, Any]
    round: int | None
    owner: str
    detected_at: dt.datetime
    closed_at: dt.datetime | None


class FindingQuery(Slice):
    """Which findings are asked for."""

    state: str = Field("", max_length=16)


def _finding(row: Finding) -> dict[str, Any]:
    names = ("number", "title", "title_en", "source", "state", "metric", "detected_at", "closed_at")
    plain = {name: getattr(row, name) for name in names}
    return {
        "id": row.pk,
        "unit": row.unit.code,
        "round": row.round_id,
        "owner": str(row.owner or ""),
        **plain,
    }


@router.get("findings", auth=Holding("findings.view"), response=Rows[FindingOut])
def findings(request: HttpRequest, wanted: Query[FindingQuery]) -> dict[str, Any]:
    """The findings that the person may see, newest first."""
    rows = queries.findings(asker(request)).order_by("-detected_at", "-pk")
    return sliced(rows.filter(state=wanted.state) if wanted.state else rows, wanted, _finding)
