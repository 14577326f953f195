"""What a step of the workflow does besides the change of state, by the names in its table.

Each effect writes its rows and gives back what the Event carries: ids and codes, no words of customers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from manyi.cases import clocks, letters
from manyi.cases.models import Assignment, CallBack, Case, CaseMessage, Category, Pause, Solution
from manyi.kernel.labels import Label
from manyi.kernel.workflow import Transition
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.people import holding

Data = dict[str, Any]


@dataclass(slots=True)
class Step:
    """One step that is being taken: the locked case, who takes it, the facts given, and the moment."""

    case: Case
    transition: Transition
    actor: Person | None
    facts: Mapping[str, Any]
    now: datetime
    data: Data = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A fact as text without blanks around it; empty when it was not given."""
        return str(self.facts.get(name) or "").strip()

    @property
    def person(self) -> Person:
        """The person who takes the step; a rule never takes a step that signs for something."""
        if self.actor is None:
            raise ValueError(f"the step {self.transition.name} needs a person")
        return self.actor


Effect = Callable[[Step], Data]


def _write(step: Step, direction: str, body: str) -> CaseMessage:
    return CaseMessage.objects.create(
        case=step.case, direction=direction, channel="desk", body=body, by=step.actor, at=step.now
    )


def _tell_customer(step: Step) -> Data:
    words = step.text("message") or letters.standard_words(step.transition.name, step.case)
    return {"message": _write(step, "out", words).pk, "direction": "out"}


def _note_acknowledged(step: Step) -> Data:
    step.case.acknowledged_at = step.case.acknowledged_at or step.now
    return {}


def _keep_note(step: Step) -> Data:
    return {"message": _write(step, "internal", step.text("note")).pk} if step.text("note") else {}


def _note_response(step: Step) -> Data:
    step.case.responded_at = step.case.responded_at or step.now
    return {}


def _classify(step: Step) -> Data:
    category = Category.objects.filter(pk=step.facts["category"]).first()
    if category is None:
        raise Refused(Label("请选择一个现有的分类。", "Choose one of the categories."), field="category")
    step.case.category, step.case.severity = category, step.text("severity")
    return {"category": category.code, "severity": step.case.severity}


def _assign(step: Step) -> Data:
    person = holding("cases.handle", step.case.unit).filter(pk=step.facts["owner"]).first()
    if person is None:
        words = (
            "这位同事不能办理本部门的诉求,请换一位。",
            "This colleague cannot handle cases here; choose another.",
        )
        raise Refused(Label(*words), field="owner")
    _end_assignment(step)
    Assignment.objects.create(
        case=step.case,
        unit=step.case.unit,
        person=person,
        from_at=step.now,
        reason=step.text("reason") or step.text("note"),
    )
    step.case.owner = person
    return {"owner": person.pk}


def _end_assignment(step: Step) -> None:
    step.case.assignments.filter(until_at=None).update(until_at=step.now)


def _return(step: Step) -> Data:
    _end_assignment(step)
    _write(step, "internal", step.text("reason"))
    step.case.owner, step.case.returned = None, step.case.returned + 1
    return {"returned": step.case.returned}


def _pause(step: Step) -> Data:
    reason = step.text("waiting_for")
    Pause.objects.create(case=step.case, reason=reason, expected=step.facts["expected"], from_at=step.now)
    return {"waiting_for": reason, "expected": step.facts["expected"].isoformat()}


def _resume(step: Step) -> Data:
    step.case.pauses.filter(until_at=None).update(until_at=step.now)
    return {}


def _propose(step: Step) -> Data:
    step.case.founded, step.case.cause = step.text("founded"), step.text("cause")
    solution = Solution.objects.create(
        case=step.case,
        remedy=step.text("remedy"),
        text=step.text("solution"),
        cost=Decimal(step.text("cost") or 0),
        proposed_by=step.person,
        proposed_at=step.now,
    )
    return {"solution": solution.pk, "founded": step.case.founded, "remedy": solution.remedy}


def _last_solution(step: Step) -> Solution:
    return step.case.solutions.order_by("-proposed_at", "-id")[0]


def _decide(step: Step) -> Data:
    solution = _last_solution(step)
    solution.decision = "approved" if step.transition.name == "approve" else "sent_back"
    solution.decided_by, solution.decided_at = step.person, step.now
    solution.decision_reason = step.text("reason") or step.text("note")
    solution.save()
    return {"solution": solution.pk, "decision": solution.decision}


def _keep_evidence(step: Step) -> Data:
    solution = _last_solution(step)
    solution.evidence = step.text("evidence")
    solution.save(update_fields=["evidence"])
    return {"solution": solution.pk}


def _note_answer(step: Step) -> Data:
    step.case.answered_at = step.now
    step.case.responded_at = step.case.responded_at or step.now
    return {}


def _call(step: Step) -> Data:
    clocks.stop(step.case, "call_back", step.now)
    reached = step.text("outcome") == "reached"
    call = CallBack.objects.create(
        case=step.case,
        cycle=step.case.reopened,
        at=step.now,
        by=step.person,
        outcome=step.text("outcome"),
        resolved=step.facts.get("resolved") if reached else None,
        satisfied=step.facts.get("satisfied") if reached else None,
        comment=step.text("comment"),
    )
    return {"call": call.pk, "outcome": call.outcome, "resolved": call.resolved, "satisfied": call.satisfied}


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
    _write(step, "internal", step.text("reason"))
    case.reopened += 1
    case.cycle_from, case.answered_at, case.closed_at, case.waiver = step.now, None, None, ""
    return {"cycle": case.reopened}


def _merge(step: Step) -> Data:
    main = _main_case(step)
    step.case.merged_into = main
    words = Label(f"{step.case.number} 已并入本件。", f"{step.case.number} was merged into this case.")
    CaseMessage.objects.create(
        case=main, direction="internal", channel="desk", body=words.text(""), by=step.actor, at=step.now
    )
    if step.case.received_at < main.received_at and not main.reopened:
        main.received_at = main.cycle_from = step.case.received_at
        clocks.refresh(main)
        main.save()
    return {"into": main.number}


def _main_case(step: Step) -> Case:
    number = step.text("into")
    rows = Case.objects.exclude(pk=step.case.pk).exclude(state="duplicate")
    seen = access.visible(step.actor, rows) if step.actor else rows
    main = seen.select_for_update().filter(number=number, closed_at=None).first()
    if main is None:
        words = f"没有可并入的在办诉求“{number}”。", f"There is no open case “{number}” to merge into."
        raise Refused(Label(*words), field="into")
    return main


EFFECTS: dict[str, Effect] = {
    "tell_customer": _tell_customer,
    "note_acknowledged": _note_acknowledged,
    "keep_note": _keep_note,
    "note_response": _note_response,
    "classify": _classify,
    "assign": _assign,
    "return": _return,
    "pause": _pause,
    "resume": _resume,
    "propose": _propose,
    "decide": _decide,
    "keep_evidence": _keep_evidence,
    "note_answer": _note_answer,
    "call": _call,
    "waive": _waive,
    "no_call_back": _no_call_back,
    "end": _end,
    "reopen": _reopen,
    "merge": _merge,
}
