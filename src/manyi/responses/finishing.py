"""How a judged draft ends: submitted with score and receipt, or over a full quota; with the one event of it.

Only the rows in memory change here; whoever calls stores them, one by one or many at once.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from manyi.distribution.models import Invitation
from manyi.organisation import clock, events
from manyi.organisation.settings import value
from manyi.responses import rules
from manyi.responses.models import Response
from manyi.surveys.evaluation import Evaluation
from manyi.surveys.queries import questionnaire_of, scheme_of

RESPONSE_SUBMITTED = events.kind("response.submitted", "提交答卷", "Answers submitted")
SCREENED_OUT = events.kind("response.screened_out", "配额已满,未计入", "Answers over quota, not counted")


def conclude(
    draft: Response, verdict: Evaluation, *, paper: rules.OnPaper | None = None, timed: bool = True
) -> rules.Outcome:
    """Make a submitted sheet of a judged draft, with its flags and its receipt; returns what it scored.

    Without ``timed`` (and on ``paper``: nobody times a pen) nothing is said of the time that it took.
    """
    scheme = draft.round.scheme
    aside = {**verdict.set_aside, **(paper.unread if paper else {})}
    draft.answers, draft.set_aside = verdict.accepted, rules.set_aside(aside)
    seconds = sum(draft.timings.values()) if timed and paper is None else None
    result = rules.outcome(scheme_of(scheme), draft.answers, seconds) if scheme else rules.Outcome()
    draft.flags, draft.valid = list(result.flags), rules.counts(result.flags)
    draft.state, draft.submitted_at = "submitted", clock.now()
    draft.receipt = paper.serial if paper else rules.receipt()
    draft.seconds = None if seconds is None else round(seconds)
    return result


def turn_away(draft: Response) -> None:
    """End a sheet that falls into a full quota. Its answers stay; they never count."""
    draft.state, draft.disposition = "screened_out", "over_quota"
    draft.submitted_at = draft.receipt = None


def release(draft: Response) -> Invitation | None:
    """Mark the invitation of a finished sheet as done with, and return it.

    In an anonymous round the link is cut and its times are cut to the day, so that neither a row nor a time
    leads from the person to the answers.
    """
    invitation, now = draft.invitation, clock.now()
    if invitation is None:
        return None
    invitation.state = "answered" if draft.state == "submitted" else draft.state
    invitation.answered_at = now
    if draft.round.anonymous:
        zone = ZoneInfo(value("organisation.time_zone"))
        invitation.answered_at = _day(now, zone)
        invitation.opened_at = _day(invitation.opened_at or now, zone)
        draft.invitation = None
    return invitation


def _day(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def note(draft: Response, result: rules.Outcome) -> None:
    """Write the event of one finished sheet."""
    data = {"response": draft.pk, "round": draft.round_id}
    if draft.state == "submitted":
        kind, more = RESPONSE_SUBMITTED, {
            "grade": result.grade or None,
            "total": rules.shown(result.total),
            "nps": rules.nps_of(questionnaire_of(draft.questionnaire), draft.answers),
            "valid": draft.valid,
        }  # fmt: skip
    else:
        kind, more = SCREENED_OUT, {"disposition": draft.disposition}
    events.append(kind, actor=None, subject=draft, unit=draft.unit, data={**data, **more})
