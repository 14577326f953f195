"""What a step of the workflow does besides the change of state, by the names in its table.

Each effect writes its rows and gives back what the Event carries: ids and codes, no words of customers.
"""

from __future__ import annotations

from decimal import Decimal

from manyi.cases import category_versions, clocks, letters, rules
from manyi.cases.ending_effects import ENDING
from manyi.cases.models import (
    AnswerDraft,
    Assignment,
    Case,
    CaseMessage,
    Category,
    Pause,
    Solution,
)
from manyi.cases.step import Data, Effect, Step, write
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.people import holding


def _tell_customer(step: Step) -> Data:
    words = step.text("message") or letters.standard_words(step.transition.name, step.case)
    AnswerDraft.objects.filter(case=step.case).delete()  # what was sent is no draft any more
    return {"message": write(step, "out", words).pk, "direction": "out"}


def _note_acknowledged(step: Step) -> Data:
    step.case.acknowledged_at = step.case.acknowledged_at or step.now
    return {}


def _keep_note(step: Step) -> Data:
    return {"message": write(step, "internal", step.text("note")).pk} if step.text("note") else {}


def _note_response(step: Step) -> Data:
    step.case.responded_at = step.case.responded_at or step.now
    return {}


def _classify(step: Step) -> Data:
    category = Category.objects.filter(pk=step.facts["category"]).first()
    if category is None or not (category.active or category.pk == step.case.category_id):
        raise Refused(Label("请选择一个现有的分类。", "Choose one of the categories."), field="category")
    case = step.case
    case.category, case.severity = category, step.text("severity")
    category_versions.mark(case)
    case.urgency = step.text("urgency") or case.urgency
    given = step.facts.get("safety")
    case.safety = case.safety if given is None else bool(given)
    case.risk = rules.risk_of(case.severity, case.urgency, safety=case.safety)
    return {"category": category.code, "severity": case.severity, "risk": case.risk}


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
    rule = step.facts.get("rule")  # that chose this person, when no dispatcher did
    return {"owner": person.pk, "rule": rule} if rule else {"owner": person.pk}


def _end_assignment(step: Step) -> None:
    step.case.assignments.filter(until_at=None).update(until_at=step.now)


def _return(step: Step) -> Data:
    _end_assignment(step)
    write(step, "internal", step.text("reason"))
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
    step.case.facts = step.text("facts")
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
    solution.decision = "sent_back" if step.transition.name == "send_back" else "approved"
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


def _merge(step: Step) -> Data:
    main = _main_case(step)
    step.case.merged_into = main
    words = Label(f"{step.case.number} 已并入本件。", f"{step.case.number} was merged into this case.")
    CaseMessage.objects.create(
        case=main, direction="internal", channel="desk", body=words.text(""), by=step.actor, at=step.now
    )
    if step.case.received_at < main.received_at and not main.reopened:
        step.case.main_received_at = main.received_at
        main.received_at = main.cycle_from = step.case.received_at
        clocks.refresh(main)
        main.save()
    return {"into": main.number}


def _unmerge(step: Step) -> Data:
    """Give a merged case its own life back; the main one gets back the receipt that it had of its own."""
    case, main = step.case, step.case.merged_into
    if main is None:
        raise Refused(Label("这件诉求没有被合并。", "This case was not merged."))
    write(step, "internal", step.text("reason"))
    if case.main_received_at is not None and main.received_at == case.received_at:
        main.received_at = main.cycle_from = case.main_received_at
        clocks.refresh(main)
        main.save()
    case.merged_into = case.main_received_at = None
    return {"out_of": main.number}


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
    **ENDING,
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
    "merge": _merge,
    "unmerge": _unmerge,
}
