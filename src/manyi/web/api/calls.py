"""The telephone desk for other systems: take the next person, note how the call ended, read the calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from manyi.distribution import actions, call_queries
from manyi.distribution.actions import Outcome
from manyi.distribution.dispositions import DISPOSITIONS, Disposition
from manyi.distribution.models import Call
from manyi.organisation import access
from manyi.surveys.models import Round
from manyi.web.api.shapes import Holding, Rows, Slice, Words, asker, sliced

router = Router(tags=["surveys"])


class DispositionOut(Schema):
    """One way in which a call ends: its AAPOR code, and what follows (final, retry, soon, call_back)."""

    id: str
    code: str
    label: Words
    group: str
    then: str


class CallOut(Schema):
    """One call; ``invitation`` is the token by which its answers are handed in."""

    id: int
    round: int
    unit: str
    interviewer: str
    began_at: dt.datetime
    ended_at: dt.datetime | None
    disposition: str
    due_at: dt.datetime | None


class TakenOut(CallOut):
    """The call on the interviewer's screen, with what it takes to make it."""

    invitation: str
    customer: str


class OutcomeIn(Schema):
    """How a call ended."""

    disposition: str = Field(max_length=20)
    note: str = Field("", max_length=5000)
    call_back_at: dt.datetime | None = None
    mine: bool = False
    best_part: str = Field("", max_length=10)
    opt_out: bool = False


def _call(call: Call) -> dict[str, Any]:
    task = call.task
    return {
        "id": call.pk,
        "round": task.invitation.round_id,
        "unit": task.unit.code,
        "interviewer": str(call.interviewer),
        "began_at": call.began_at,
        "ended_at": call.ended_at,
        "disposition": call.disposition,
        "due_at": None if task.done else task.not_before,
    }


def _disposition(row: Disposition) -> dict[str, Any]:
    label = {"zh": row.label.zh, "en": row.label.en}
    return {"id": row.id, "code": row.code, "label": label, "group": row.group, "then": row.then}


@router.get("dispositions", auth=Holding("surveys.call"), response=list[DispositionOut])
def dispositions(request: HttpRequest) -> list[dict[str, Any]]:
    """The table of results."""
    return [_disposition(row) for row in DISPOSITIONS.values()]


@router.get("rounds/{int:pk}/calls", auth=Holding("surveys.field"), response=Rows[CallOut])
def calls(request: HttpRequest, pk: int, part: Query[Slice]) -> dict[str, Any]:
    """The calls of a round, the newest first."""
    rows = access.visible(asker(request), Round.objects.all(), verb="surveys.field")
    return sliced(call_queries.calls_of(asker(request), get_object_or_404(rows, pk=pk)), part, _call)


@router.post("calls", auth=Holding("surveys.call"), response={200: TakenOut, 204: None})
def next_call(request: HttpRequest) -> Status[Any]:
    """The next person, kept for whoever asks; 204 when there is nobody to call now."""
    call = actions.next_call(actor=asker(request))
    if call is None:
        return Status(204, None)
    invitation = call.task.invitation
    customer = invitation.customer.pseudonym if invitation.customer else ""
    return Status(200, {**_call(call), "invitation": invitation.token, "customer": customer})


@router.post("calls/{int:pk}/disposition", auth=Holding("surveys.call"), response=CallOut)
def dispose(request: HttpRequest, pk: int, data: OutcomeIn) -> dict[str, Any]:
    """Note how the call on one's screen ended."""
    rows = access.visible(asker(request), call_queries.CALLS)
    call = get_object_or_404(rows, pk=pk)
    done = actions.finish_call(actor=asker(request), call=call, outcome=Outcome(**data.model_dump()))
    return _call(call_queries.CALLS.get(pk=done.pk))
