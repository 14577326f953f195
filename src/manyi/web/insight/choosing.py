"""The round that a page is about: the one in its address, else the newest that was answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404

from manyi.analytics.queries import rounds_for
from manyi.organisation import access
from manyi.responses.models import Response
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest

MOST = 60


@dataclass(frozen=True, slots=True)
class RoundChoice:
    """The rounds that are offered, newest first, and the chosen one; None where nothing was answered yet."""

    rounds: tuple[Round, ...]
    round: Round | None


def round_choice(request: StaffRequest) -> RoundChoice:
    """What this person may choose; 404 for a round that is not theirs."""
    answered = Response.objects.filter(round=OuterRef("pk"), state="submitted")
    rows = rounds_for(request.user).exclude(state__in=["planned", "cancelled"]).filter(Exists(answered))
    rows = rows.select_related("programme", "unit", "questionnaire", "scheme").order_by("-opens_at", "-pk")
    asked = request.GET.get("round", "")
    if asked:
        chosen = get_object_or_404(rows, pk=int(asked) if asked.isdigit() else 0)
        return RoundChoice(tuple(rows[:MOST]), chosen)
    offered = tuple(rows[:MOST])
    return RoundChoice(offered, offered[0] if offered else None)


def roots(request: StaffRequest) -> list[str]:
    """The units whose figures this person may read."""
    return access.paths(request.user, "insight.view")
