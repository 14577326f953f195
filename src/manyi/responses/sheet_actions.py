"""Answer sheets from interviewers' devices: each is taken in once, however often it is sent."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from manyi.distribution import open_link_actions
from manyi.distribution.models import OpenLink
from manyi.kernel.labels import Label
from manyi.organisation import clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.responses.actions import begin
from manyi.responses.models import Response, Sheet
from manyi.surveys.models import Round

SHEET_TAKEN = events.kind("sheet.taken", "收到面对面答卷", "Face-to-face sheet taken in")


def draft_of_sheet(
    *, actor: Person, round: Round, unit: Unit, key: UUID, language: str = "zh-hans"
) -> Response:
    """The draft of an answer sheet, made when it arrives for the first time; it is then submitted like any.

    ``key`` is the sheet's own, made on the device. Raises what stands against answering now, NotPermitted for
    a unit in which the actor does not interview, and Refused for somebody else's sheet.
    """
    link = open_link_actions.field_link(actor=actor, round=round, unit=unit)
    with transaction.atomic():
        # The same sheet may arrive twice at once; the lock lets the second find what the first made.
        OpenLink.objects.select_for_update().get(pk=link.pk)
        sheet = Sheet.objects.filter(key=key).select_related("response__round").first()
        if sheet is None:
            return _take(actor, link, key, language)
        if sheet.interviewer_id != actor.pk or sheet.round_id != round.pk or sheet.response is None:
            raise Refused(Label("这份答卷属于其他访问员或轮次。", "This sheet belongs to somebody else."))
        return sheet.response


def _take(actor: Person, link: OpenLink, key: UUID, language: str) -> Response:
    response = begin(open_link=link, language=language)
    sheet = Sheet.objects.create(
        key=key,
        round=link.round,
        unit=link.unit,
        interviewer=actor,
        response=response,
        received_at=clock.now(),
    )
    data = {"round": link.round_id, "response": response.pk}
    events.append(SHEET_TAKEN, actor=actor, subject=sheet, unit=link.unit, data=data)
    return response
