"""What a draft is and when it may be written: shared by beginning, saving and submitting."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from manyi.distribution.models import Invitation, OpenLink
from manyi.measures.answers import is_empty
from manyi.organisation import clock
from manyi.organisation.settings import value
from manyi.responses import rules
from manyi.responses.errors import AlreadyAnswered, LinkInactive, NotYetOpen, OptedOut, OverQuota, RoundClosed
from manyi.responses.models import Response
from manyi.surveys.conditions import asks_the_day
from manyi.surveys.definition import Questionnaire
from manyi.surveys.evaluation import Evaluation, evaluate
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of


def require_open(round: Round) -> None:
    """Raise NotYetOpen or RoundClosed unless answers are taken now."""
    now = clock.now()
    if round.state == "planned" or (round.state == "open" and now < round.opens_at):
        raise NotYetOpen(round.opens_at)
    if round.state != "open" or now >= round.closes_at:
        raise RoundClosed


def require_usable(invitation: Invitation | None, open_link: OpenLink | None) -> None:
    """Raise what stands against answering by this link now; a round that is over goes last."""
    if invitation is not None and invitation.state == "opted_out":
        raise OptedOut
    if invitation is not None and invitation.state == "answered":
        raise AlreadyAnswered
    if invitation is not None and invitation.state == "screened_out":
        raise OverQuota
    if open_link is not None and not open_link.active:
        raise LinkInactive
    source = invitation or open_link
    if source is not None:
        require_open(source.round)


def blank(source: Invitation | OpenLink, language: str, now: datetime) -> dict[str, Any]:
    """What every new draft of an invitation or a link holds."""
    return {
        "round": source.round,
        "questionnaire_id": source.round.questionnaire_id,
        "unit_id": source.unit_id,
        "key": secrets.token_urlsafe(16),
        "seed": secrets.randbelow(2**31),
        "language": language,
        "started_at": now,
        "saved_at": now,
    }


def personal(invitation: Invitation) -> dict[str, Any]:
    """What a draft holds of the invitation and the sampled person behind it."""
    member = invitation.member
    return {"channel": invitation.channel, "segments": member.segments, "product": member.product}


def from_link(link: OpenLink) -> dict[str, Any]:
    """What a draft holds of the open link behind it."""
    return {"open_link": link, "channel": link.kind, "product": link.product.code if link.product else ""}


def record(
    draft: Response, section: str, answers: Mapping[str, Any], seconds: float | None
) -> tuple[Evaluation, RoundClosed | None]:
    """Put answers into a draft, or beside it when the round is over; the verdict on the whole of it."""
    verdict = judged(questionnaire_of(draft.questionnaire), draft, answers)
    keep_time(draft, section or "all", seconds)
    try:
        require_open(draft.round)
    except RoundClosed as over:
        keep_late(draft, answers)
        return verdict, over
    keep_draft(draft, verdict)
    return verdict, None


def judged(questionnaire: Questionnaire, response: Response, given: Mapping[str, Any]) -> Evaluation:
    """The verdict on a draft with newly given answers over the ones that it holds."""
    # The organisation's date costs a statement, and hardly any questionnaire asks for it.
    day = today() if asks_the_day(questionnaire) else response.started_at.date()
    return evaluate(questionnaire, {**typed(response), **given}, today=day)


def typed(response: Response) -> dict[str, Any]:
    """Everything that a draft holds as it was typed, accepted or not: what its page shows."""
    return {**response.answers, **{code: kept["value"] for code, kept in response.set_aside.items()}}


def today() -> date:
    """The organisation's present date."""
    return clock.today(value("organisation.time_zone"))


def keep_draft(response: Response, verdict: Evaluation) -> None:
    """Put a verdict into a draft. Answers to hidden questions stay: the condition may change back."""
    hidden = {code: kept for code, (kept, _) in verdict.set_aside.items() if code not in verdict.errors}
    wrong = {code: kept for code, kept in verdict.set_aside.items() if code in verdict.errors}
    response.answers = {**verdict.accepted, **hidden}
    response.set_aside = rules.set_aside(wrong)


def keep_late(response: Response, given: Mapping[str, Any]) -> None:
    """Keep answers that came after the end beside the draft, with the reason."""
    late = {code: (kept, rules.LATE) for code, kept in given.items() if not is_empty(kept)}
    response.set_aside = {**response.set_aside, **rules.set_aside(late)}


def keep_time(response: Response, section: str, seconds: float | None) -> None:
    """Add the time spent on a section: as told, else since the draft was last saved."""
    now = clock.now()
    spent = (now - response.saved_at).total_seconds() if seconds is None else seconds
    response.timings = {**response.timings, section: round(response.timings.get(section, 0) + spent, 1)}
    response.saved_at = now
