"""The only writers of answers: begin, save, submit, judge.

Saving a draft writes no event: the draft row is its own record, and a log of every change of mind would say
more about a person than they gave. Submitting is the act, with one event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from manyi.distribution.models import Invitation, OpenLink
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.responses import finishing, intake, places, rules, storing
from manyi.responses.errors import Incomplete, OverQuota
from manyi.responses.models import Quota, Response
from manyi.surveys.evaluation import Evaluation

RESPONSE_JUDGED = events.kind("response.judged", "判定答卷有效性", "Validity of answers judged")
JUDGEMENT_UNDONE = events.kind("response.judgement_undone", "撤销有效性判定", "Judgement undone")

_DRAFT = ("answers", "set_aside", "timings", "saved_at")
_SCREENED = (*_DRAFT, "state", "disposition", "quotas", "invitation")
_SUBMITTED = (*_SCREENED, "receipt", "submitted_at", "seconds", "flags", "valid")
_OWN = tuple(field.name for field in Response._meta.concrete_fields)
#: What is read around a draft to judge it: reading whole rows there took a quarter of the time of submitting.
_AROUND = (
    *(f"round__{name}" for name in ("state", "opens_at", "closes_at", "anonymous")),
    *(
        f"{version}__{name}"
        for version in ("round__scheme", "questionnaire")
        for name in ("sha256", "published_at")
    ),
    "unit__code",
    "invitation__opened_at",
)


def begin(
    *,
    invitation: Invitation | None = None,
    open_link: OpenLink | None = None,
    language: str = "zh-hans",
    channel: str = "",
    device: str = "",
) -> Response:
    """The draft of a personal invitation (resumed when there is one) or a new draft of an open link.

    ``channel`` is the way in which it is answered where that is not the way of the invitation; ``device`` the
    mark of the device behind an open link.
    Raises NotYetOpen, RoundClosed, AlreadyAnswered, OptedOut or LinkInactive.
    """
    source = invitation or open_link
    if source is None or (invitation and open_link):
        raise ValueError("a response begins from one invitation or one open link")
    intake.require_usable(invitation, open_link)
    now = clock.now()
    fields = intake.blank(source, language, now)
    if open_link is not None:
        return Response.objects.create(**fields, **intake.from_link(open_link), device=device)
    assert invitation is not None
    fields |= intake.personal(invitation)
    with transaction.atomic():
        response, _ = Response.objects.get_or_create(invitation=invitation, defaults=fields)
        if channel and response.channel != channel:
            response.channel = channel
            response.save(update_fields=["channel"])
        Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now, state="opened")
    return response


def save_section(
    *,
    response: Response,
    section: str,
    answers: Mapping[str, Any],
    seconds: float | None = None,
    leaving: bool = True,
) -> Evaluation:
    """Save the answers of one section as they were typed and return the verdict on the whole draft.

    ``answers`` names every question of the section, with None where nothing was answered; ``seconds`` None
    measures since the last save. What is not accepted is kept in ``set_aside`` until it is mended. Raises
    RoundClosed after the end: the answers are kept aside with that reason; and OverQuota when the section is
    left forwards (``leaving``) and the answers already certainly fall into a quota that is full.
    """
    over: Refused | None
    with transaction.atomic():
        draft = _locked(response)
        if draft.state == "screened_out":
            raise OverQuota
        verdict, over = intake.record(draft, section, answers, seconds)
        draft.save(update_fields=_DRAFT)
        if over is None and leaving and places.certainly_full(draft, verdict):
            over = _screen_out(draft)
    _show(draft, response, _SCREENED)
    if over is not None:
        raise over
    return verdict


def submit(
    *,
    response: Response,
    section: str = "",
    answers: Mapping[str, Any] | None = None,
    seconds: float | None = None,
    paper: rules.OnPaper | None = None,
) -> Response:
    """Submit a draft, with the answers of its last section: score, flags, receipt and one event, together.

    A second time gives the same receipt. Raises Incomplete with what must be mended (on ``paper`` nothing can
    be: what is wrong is set aside), RoundClosed after the end, and OverQuota when a quota of these answers
    has no place left; the answers are kept in every case.
    """
    refusal: Refused | None = None
    with transaction.atomic():
        draft = _locked(response)
        if draft.state == "draft":
            verdict, refusal = intake.record(draft, section, answers or {}, 0.0 if paper else seconds)
            if refusal is None and verdict.errors and paper is None:
                refusal = Incomplete(list(verdict.errors.items()))
            if refusal is not None:
                draft.save(update_fields=_DRAFT)
            else:
                refusal = _finish(draft, verdict, paper)
        elif draft.state == "screened_out":
            refusal = OverQuota()
    _show(draft, response, _SUBMITTED)
    if refusal is not None:
        raise refusal
    return response


def _locked(response: Response) -> Response:
    """The draft as it stands now, locked, with what judging it reads of its surroundings."""
    rows = Response.objects.select_for_update(of=("self",))
    rows = rows.select_related("round__scheme", "questionnaire", "unit", "invitation")
    quotas = Quota.objects.filter(round=OuterRef("round"), active=True)
    return rows.only(*_OWN, *_AROUND).annotate(has_quotas=Exists(quotas)).get(pk=response.pk)


def _finish(draft: Response, verdict: Evaluation, paper: rules.OnPaper | None) -> OverQuota | None:
    """Turn a judged draft into a submitted response with its score and its event, if its quotas have room."""
    scheme = draft.round.scheme
    result = finishing.conclude(draft, verdict, paper=paper)
    places.settle([draft])
    if draft.state != "submitted":
        return _screen_out(draft)
    _release(draft)
    draft.save(update_fields=_SUBMITTED)
    if scheme is not None:
        storing.score_of(draft, result).save(force_insert=True)
    finishing.note(draft, result)
    return None


def _screen_out(draft: Response) -> OverQuota:
    """End a draft that falls into a full quota. Its answers stay; they never count."""
    finishing.turn_away(draft)
    _release(draft)
    draft.save(update_fields=_SCREENED)
    finishing.note(draft, rules.Outcome())
    return OverQuota()


def _release(draft: Response) -> None:
    invitation = finishing.release(draft)
    if invitation is not None:
        invitation.save(update_fields=["state", "answered_at", "opened_at"])


def _show(draft: Response, response: Response, fields: tuple[str, ...]) -> None:
    """Let the caller's object say what was stored."""
    for field in fields:
        setattr(response, field, getattr(draft, field))


def withdraw(*, actor: Person, response: Response, why: str) -> Response:
    """Take back answers that staff entered by mistake: kept, never counted, the way in open again."""
    access.require(actor, "surveys.call", response.unit)
    judged = {"by": actor.pk, "at": clock.now().isoformat(), "why": why}
    with transaction.atomic():
        _decide(RESPONSE_JUDGED, actor, response, valid=False, judged=judged, why=why)
        if response.invitation is not None:
            response.invitation.state, response.invitation.answered_at = "opened", None
            response.invitation.save(update_fields=["state", "answered_at"])
        response.invitation, response.receipt = None, rules.receipt()
        response.save(update_fields=["invitation", "receipt"])
    return response


def judge(*, actor: Person | None, response: Response, valid: bool, why: str) -> Response:
    """Decide by hand whether submitted answers count; the reason is kept, the decision can be undone."""
    access.require(actor, "responses.judge", response)
    if response.state != "submitted":
        raise Refused(Label("答卷还没有提交。", "These answers were not submitted yet."))
    if not why.strip():
        raise Refused(Label("请填写判定原因。", "Please give the reason."), field="why")
    judged = {"by": actor.pk if actor else None, "at": clock.now().isoformat(), "why": why.strip()}
    return _decide(RESPONSE_JUDGED, actor, response, valid=valid, judged=judged, why=why.strip())


def undo_judgement(*, actor: Person | None, response: Response) -> Response:
    """Take a judgement back: the answers count again, or not, by their flags."""
    access.require(actor, "responses.judge", response)
    if not response.judged:
        raise Refused(Label("没有可以撤销的判定。", "There is no judgement to undo."))
    valid = rules.counts(tuple(response.flags))
    return _decide(JUDGEMENT_UNDONE, actor, response, valid=valid, judged={}, why="")


def _decide(
    kind: events.EventKind,
    actor: Person | None,
    response: Response,
    *,
    valid: bool,
    judged: dict[str, Any],
    why: str,
) -> Response:
    with transaction.atomic():
        row = Response.objects.select_for_update().only("valid", "quotas").get(pk=response.pk)
        before, above = {"valid": row.valid}, list[int]()
        if row.valid and not valid:
            places.free(row)
        elif valid and not row.valid:
            above = places.take_again(row)
        response.valid, response.judged = valid, judged
        response.save(update_fields=["valid", "judged"])
        events.append(
            kind,
            actor=actor,
            subject=response,
            unit=response.unit,
            before=before,
            after={"valid": valid},
            why=why,
            data={
                "response": response.pk,
                "round": response.round_id,
                "valid": valid,
                "quotas_above": above,
            },
        )
    return response
