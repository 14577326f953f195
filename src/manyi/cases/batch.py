"""One act on many cases: tried first without leaving a trace, then done, each case in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from manyi.cases import escalations, router
from manyi.cases.actions import add_message, advance
from manyi.cases.models import Case
from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person

#: Takes the act on one case; raises Refused when that is not possible.
Act = Callable[[Case], object]
#: The owner that leaves the choice to the routing rules, case by case.
BY_RULE = "rule"
ACTS = {
    "acknowledge": Label("受理", "Accept"),
    "assign": Label("派单", "Assign"),
    "reassign": Label("改派", "Reassign"),
    "raise": Label("升级督办", "Raise"),
    "message": Label("发消息", "Send a message"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the act can be done, or was done, on a case; ``why`` says what stands against it."""

    case: Case
    why: Label | None = None


def preview(cases: Iterable[Case], act: Act) -> list[Verdict]:
    """What would become of each case: the act is taken and rolled back, so the answer is the real one."""
    return [_attempt(case, act, keep=False) for case in cases]


def run(cases: Iterable[Case], act: Act) -> list[Verdict]:
    """Do the act on each case by itself; one that is refused leaves the others as they are."""
    return [_attempt(case, act, keep=True) for case in cases]


def _attempt(case: Case, act: Act, *, keep: bool) -> Verdict:
    try:
        with transaction.atomic():
            act(case)
            if not keep:
                transaction.set_rollback(True)
    except Invalid as refused:
        return Verdict(case, refused.problems[0][1] if refused.problems else refused.message)
    except (Refused, WorkflowError) as refused:
        return Verdict(case, refused.message)
    return Verdict(case)


def act_of(name: str, actor: Person, given: Mapping[str, str]) -> Act:
    """The act that a filled-in form means; raises Refused for an unknown one."""
    if name not in ACTS:
        raise Refused(Label("请选择要做的事。", "Choose what to do."), field="do")
    if name == "message":
        direction = "internal" if given.get("direction") == "internal" else "out"
        body = given.get("body", "")
        return lambda case: add_message(
            actor=actor, case=case, direction=direction, body=body, channel="desk"
        )
    if name == "raise":
        level = int(given["level"]) if given.get("level", "").isdigit() else 0
        why, note = given.get("reason", ""), given.get("note", "")
        return lambda case: escalations.escalate(actor=actor, case=case, level=level, reason=why, note=note)
    return lambda case: advance(case=case, name=name, actor=actor, facts=_facts(name, case, given))


def _facts(name: str, case: Case, given: Mapping[str, str]) -> dict[str, Any]:
    """What a step needs: of the form, and of the case what the form leaves to it."""
    if name == "acknowledge":
        return {"message": given.get("message", "")}
    facts: dict[str, Any] = {"owner": _owner(case, given.get("owner", "")), "reason": given.get("reason", "")}
    if name == "assign":
        facts |= {"category": case.category_id, "severity": case.severity, "note": given.get("reason", "")}
    return facts


def _owner(case: Case, chosen: str) -> int | None:
    if chosen != BY_RULE:
        return int(chosen) if chosen.isdigit() else None
    choice = router.choose(case)
    if choice is None:
        raise Refused(Label("没有适用的派单规则。", "No routing rule fits."), field="owner")
    if choice.person is None:
        raise Refused(choice.why, field="owner")
    return choice.person.pk
