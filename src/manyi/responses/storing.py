"""Many answer sheets at once: places in quotas, then one statement for the sheets and one for the scores."""

from __future__ import annotations

from collections.abc import Sequence

from manyi.distribution.models import Invitation
from manyi.responses import finishing, places
from manyi.responses.models import Response, Score
from manyi.responses.rules import Outcome

Judged = tuple[Response, Outcome | None]


def store(sheets: Sequence[Judged]) -> None:
    """Write new sheets of one round; those with an outcome are finished, the others stay drafts.

    A finished sheet whose quota is full is kept and does not count. Belongs into the transaction of an act.
    """
    places.enter()
    finished = [(sheet, result) for sheet, result in sheets if result is not None]
    places.settle([sheet for sheet, _ in finished])
    begun = [sheet.invitation for sheet, result in sheets if result is None]
    used = [*begun, *(finishing.release(sheet) for sheet, _ in finished)]
    Response.objects.bulk_create(sheet for sheet, _ in sheets)
    Score.objects.bulk_create(
        score_of(sheet, result)
        for sheet, result in finished
        if sheet.state == "submitted" and sheet.round.scheme is not None
    )
    invitations = [invitation for invitation in used if invitation is not None]
    Invitation.objects.bulk_update(invitations, ["state", "answered_at", "opened_at"])


def score_of(sheet: Response, result: Outcome) -> Score:
    """What a submitted sheet scored under the scheme of its round."""
    return Score(
        response=sheet,
        scheme=sheet.round.scheme,
        total=result.total,
        grade=result.grade,
        items=result.items,
    )
