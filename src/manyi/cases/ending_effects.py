"""What the steps at the end of a case do: call-backs, closing, reopening, the review."""

from __future__ import annotations

from manyi.cases import clocks, closing
from manyi.cases.models import CallBack, Review
from manyi.cases.step import Data, Effect, Step, write
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused


def _call(step: Step) -> Data:
    clocks.stop(step.case, "call_back", step.now)
    reached, later = step.text("outcome") == "reached", step.text("outcome") == "later"
    again = step.facts.get("again_at") if later else None
    if again is not None and again <= step.now:
        words = Label("约定的时间应在现在之后。", "The agreed time must lie ahead.")
        raise Refused(words, field="again_at")
    call = CallBack.objects.create(
        case=step.case,
        cycle=step.case.reopened,
        at=step.now,
        by=step.person,
        outcome=step.text("outcome"),
        again_at=again,
        resolved=step.facts.get("resolved") if reached else None,
        satisfied=step.facts.get("satisfied") if reached else None,
        comment=step.text("comment"),
    )
    return {"call": call.pk, "outcome": call.outcome, "resolved": call.resolved, "satisfied": call.satisfied}


def _settle_finding(step: Step) -> Data:
    """What is grave or comes again is improved for good, or somebody says why not."""
    why = closing.why_to_improve(step.case)
    if why is None or closing.is_improved(step.case):
        return {}
    step.case.finding_waiver = step.text("finding_waiver")
    if not step.case.finding_waiver:
        words = (
            f"{why.zh},请先立改进项,或写明不立的理由。",
            f"{why.en}: make it a finding first, or say why nothing is to be improved.",
        )
        raise Refused(Label(*words), field="finding_waiver")
    return {"finding_waived": True}


def _ask_review(step: Step) -> Data:
    review = Review.objects.create(
        case=step.case,
        cycle=step.case.reopened,
        reason=step.text("reason"),
        asked_at=step.now,
        asked_by=step.actor,
    )
    return {"review": review.pk, "by_complainant": step.actor is None}


def _decide_review(step: Step) -> Data:
    review = step.case.reviews.get(outcome="")
    review.outcome = "upheld" if step.transition.name == "uphold" else "confirmed"
    review.reviewer, review.decided_at = step.person, step.now
    review.text = step.text("reason") or step.text("message")
    review.save()
    return {"review": review.pk, "outcome_of_review": review.outcome}


def _waive(step: Step) -> Data:
    step.case.waiver = step.text("waiver")
    return {"waived": True}


def _no_call_back(step: Step) -> Data:
    step.case.waiver = Label("这类诉求不需要回访。", "This kind needs no call-back.").text(step.case.language)
    return {"waived": True}


def _end(step: Step) -> Data:
    step.case.closed_at = step.now
    return {"why": step.text("why")} if step.text("why") else {}


def _reopen(step: Step) -> Data:
    case = step.case
    write(step, "internal", step.text("reason"))
    case.reopened += 1
    case.cycle_from, case.answered_at, case.closed_at, case.waiver = step.now, None, None, ""
    return {"cycle": case.reopened}


ENDING: dict[str, Effect] = {
    "call": _call,
    "waive": _waive,
    "no_call_back": _no_call_back,
    "settle_finding": _settle_finding,
    "ask_review": _ask_review,
    "decide_review": _decide_review,
    "end": _end,
    "reopen": _reopen,
}
