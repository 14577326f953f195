"""Completing answers: a work list of people to contact, and new answers over the old ones, both kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.responses import intake, places, rules
from manyi.responses.errors import Incomplete
from manyi.responses.models import Doubt, FollowUp, Response, Revision, Score
from manyi.surveys.evaluation import Evaluation, evaluate
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of, scheme_of

FOLLOW_UPS_PLANNED = events.kind("round.follow_ups_planned", "生成补填名单", "People to contact listed")
FOLLOW_UP_TRIED = events.kind("response.follow_up_tried", "联系补填", "Contacted for completion")
RESPONSE_COMPLETED = events.kind("response.completed", "补填答卷", "Answers completed")
COMPLETION_UNDONE = events.kind("response.completion_undone", "撤销补填", "Completion undone")

STATES = {
    "open": Label("待联系", "To be contacted"),
    "done": Label("已补填", "Completed"),
    "given_up": Label("放弃", "Given up"),
}


def plan_follow_ups(*, actor: Person | None, round: Round, assignee: Person | None = None) -> int:
    """List everybody whose answers are invalid or were begun only; returns how many are new on the list.

    Only where it is known whom to contact: refused for anonymous rounds.
    """
    access.require(actor, "responses.judge", round.unit)
    if round.anonymous:
        words = "匿名调查不能联系个人补填。", "In an anonymous round nobody can be contacted."
        raise Refused(Label(*words))
    wanting = Q(state="submitted", valid=False) | (Q(state="draft") & ~Q(answers={}))
    rows = Response.objects.filter(wanting, round=round, follow_up=None)
    rows = rows.filter(invitation__customer__isnull=False)
    now = clock.now()
    with transaction.atomic():
        new = [FollowUp(response=row, assignee=assignee, at=now) for row in rows]
        FollowUp.objects.bulk_create(new, ignore_conflicts=True)
        data = {"round": round.pk, "new": len(new)}
        events.append(FOLLOW_UPS_PLANNED, actor=actor, subject=round, unit=round.unit, data=data)
    return len(new)


def note_try(*, actor: Person, follow_up: FollowUp, note: str, give_up: bool = False) -> FollowUp:
    """Write down one attempt to reach a person; ``give_up`` ends the attempts."""
    access.require(actor, "responses.judge", follow_up.response)
    if not note.strip():
        raise Refused(Label("请填写联系结果。", "Please say how it went."), field="note")
    attempt = {"at": clock.now().isoformat(), "by": actor.pk, "note": note.strip()[:200]}
    with transaction.atomic():
        follow_up.tries = [*follow_up.tries, attempt]
        follow_up.assignee = actor
        follow_up.state = "given_up" if give_up else "open"
        follow_up.save(update_fields=["tries", "assignee", "state"])
        _note(FOLLOW_UP_TRIED, actor, follow_up.response, "")
    return follow_up


def complete(*, actor: Person | None, response: Response, answers: Mapping[str, Any], why: str) -> Response:
    """Put new answers over old ones; the old ones stay as a revision, and the sheet counts again.

    ``answers`` names every question that changes, None for one that is emptied. Raises Incomplete with what
    is still missing or wrong, and Refused for anonymous rounds.
    """
    access.require(actor, "responses.judge", response)
    if response.round.anonymous:
        raise Refused(Label("匿名答卷不能修改。", "Anonymous answers cannot be changed."))
    if not why.strip():
        raise Refused(Label("请说明补填依据。", "Please say what the new answers rest on."), field="why")
    with transaction.atomic():
        row = (
            Response.objects.select_for_update(of=("self",))
            .select_related("round__scheme", "unit")
            .get(pk=response.pk)
        )
        tree = questionnaire_of(row.questionnaire)
        verdict = evaluate(tree, {**intake.typed(row), **answers}, today=intake.today())
        if verdict.errors:
            raise Incomplete(list(verdict.errors.items()))
        before = _state_of(row)
        Revision.objects.create(response=row, before=before, by=actor, at=clock.now(), why=why.strip()[:300])
        _rewrite(row, verdict)
        Doubt.objects.filter(response=row, state="confirmed").update(state="lifted", by=actor, at=clock.now())
        FollowUp.objects.filter(response=row).update(state="done")
        _note(RESPONSE_COMPLETED, actor, row, why)
    response.refresh_from_db()
    return response


def _state_of(row: Response) -> dict[str, Any]:
    """Everything that completing changes, as a revision keeps it."""
    score = row.scores.order_by("-pk").first()
    kept = {
        name: getattr(row, name) for name in ("answers", "set_aside", "flags", "valid", "judged", "state")
    }
    kept["submitted_at"] = row.submitted_at.isoformat() if row.submitted_at else None
    kept["receipt"] = row.receipt
    scored = (
        {"total": rules.shown(score.total), "grade": score.grade, "items": score.items} if score else None
    )
    return {**kept, "score": scored}


def _rewrite(row: Response, verdict: Evaluation) -> None:
    """Store judged answers and what they score; the sheet is submitted and counts."""
    if not row.valid or row.state != "submitted":
        places.take_again(row)
    row.answers, row.set_aside = verdict.accepted, rules.set_aside(verdict.set_aside)
    row.flags, row.valid, row.judged = [], True, {}
    if row.state != "submitted":
        row.state, row.submitted_at, row.receipt = "submitted", clock.now(), rules.receipt()
    row.save(
        update_fields=["answers", "set_aside", "flags", "valid", "judged", "state", "submitted_at", "receipt"]
    )
    if row.invitation is not None and row.invitation.state != "answered":
        row.invitation.state, row.invitation.answered_at = "answered", clock.now()
        row.invitation.save(update_fields=["state", "answered_at"])
    scheme = row.round.scheme
    if scheme is not None:
        result = rules.outcome(scheme_of(scheme), row.answers, None)
        fields = {"total": result.total, "grade": result.grade, "items": result.items}
        Score.objects.update_or_create(response=row, scheme=scheme, defaults=fields)


def undo_completion(*, actor: Person, response: Response, why: str = "") -> Response:
    """Put back what the answers said before they were completed last."""
    access.require(actor, "responses.judge", response)
    with transaction.atomic():
        revision = Revision.objects.select_for_update().filter(response=response, undone_at=None).first()
        if revision is None:
            raise Refused(Label("没有可以撤销的补填。", "There is no completion to undo."))
        before = revision.before
        if response.valid and not before["valid"]:
            places.free(response)
        for name in ("answers", "set_aside", "flags", "valid", "judged", "state", "submitted_at", "receipt"):
            setattr(response, name, before[name])
        response.save()
        _put_back_score(response, before["score"])
        revision.undone_at = clock.now()
        revision.save(update_fields=["undone_at"])
        FollowUp.objects.filter(response=response, state="done").update(state="open")
        _note(COMPLETION_UNDONE, actor, response, why)
    response.refresh_from_db()
    return response


def _put_back_score(response: Response, scored: Mapping[str, Any] | None) -> None:
    scheme = response.round.scheme
    if scheme is None:
        return
    if scored is None:
        Score.objects.filter(response=response, scheme=scheme).delete()
        return
    Score.objects.update_or_create(response=response, scheme=scheme, defaults=dict(scored))


def _note(kind: events.EventKind, actor: Person | None, response: Response, why: str) -> None:
    data = {"response": response.pk, "round": response.round_id, "valid": response.valid}
    events.append(kind, actor=actor, subject=response, unit=response.unit, why=why.strip(), data=data)
