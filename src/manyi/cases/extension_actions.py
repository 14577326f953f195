"""More time for the answer: asked for before the deadline, decided by somebody else (延期)."""

from __future__ import annotations

from django.db import transaction

from manyi.cases import clocks, rules
from manyi.cases.models import Case, Extension
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person

EXTENSION_ASKED = events.kind("extension.asked", "申请延期", "Extension asked for")
EXTENSION_DECIDED = events.kind("extension.decided", "延期审批", "Extension decided")
#: So often a deadline is extended in one cycle.
MOST = 2


def ask(*, actor: Person, case: Case, amount: int, reason: str) -> Extension:
    """Ask for more time, in the unit of the deadline; only the handler, and only while there is time left.

    Raises Refused with the reason: too late, too much, asked already, not the handler.
    """
    with transaction.atomic():
        row = _locked(case)
        _judge_asking(row, actor, amount, reason)
        asked = Extension.objects.create(
            case=row,
            cycle=row.reopened,
            amount=amount,
            reason=reason.strip(),
            asked_by=actor,
            asked_at=clock.now(),
        )
        data = {"case": row.pk, "extension": asked.pk, "amount": amount}
        events.append(EXTENSION_ASKED, actor=actor, subject=row, unit=row.unit, data=data)
    return asked


def _judge_asking(case: Case, actor: Person, amount: int, reason: str) -> None:
    access.require(actor, "cases.handle", case)
    running = {reading.name: reading for reading in clocks.readings(case)}
    resolve = running.get("resolve")
    if actor.pk != case.owner_id:
        raise Refused(Label("只有承办人可以申请延期。", "Only the handler can ask for more time."))
    if resolve is None or case.state == "registered":
        raise Refused(Label("现在没有可延期的时限。", "There is no deadline to extend now."))
    if resolve.late:
        raise Refused(
            Label("已超过时限,不能再申请延期。", "The deadline has passed; it cannot be extended any more.")
        )
    if not reason.strip():
        raise Refused(Label("请填写延期理由。", "Please give the reason."), field="reason")
    _judge_amount(case, amount)


def _judge_amount(case: Case, amount: int) -> None:
    target = rules.target_of(case.policy.targets, "resolve")
    most = target.amount if target else 0
    if not 1 <= amount <= most:
        words = Label(f"延期请填写 1 到 {most}。", f"Ask for 1 to {most}.")
        raise Refused(words, field="amount")
    mine = case.extensions.filter(cycle=case.reopened)
    if mine.filter(decision="").exists():
        raise Refused(Label("已有一份延期申请在等审批。", "A request is waiting already."))
    if mine.filter(decision="granted").count() >= MOST:
        raise Refused(Label(f"最多延期 {MOST} 次。", f"A deadline is extended {MOST} times at most."))


def decide(*, actor: Person, extension: Extension, granted: bool, note: str = "") -> Extension:
    """Grant or refuse; never by who asked, by the handler or by the person complained of.

    A refusal needs its reason. The deadline of the case moves at once.
    """
    with transaction.atomic():
        case = _locked(extension.case)
        row = Extension.objects.select_for_update().get(pk=extension.pk)
        access.require(actor, "cases.approve", case)
        if actor.pk in {row.asked_by_id, case.owner_id, case.about_person_id}:
            words = "延期不能由申请人、承办人或被投诉的人审批。", "Somebody else must decide."
            raise Refused(Label(*words))
        if row.decision:
            raise Refused(Label("这份申请已审批。", "This request was decided already."))
        if not granted and not note.strip():
            raise Refused(Label("请填写不同意的理由。", "Please say why not."), field="note")
        _end(row, "granted" if granted else "refused", actor, note)
        clocks.move(case)
    return row


def withdraw_all(case: Case, actor: Person | None) -> None:
    """A request that still waits when the answer is given is over."""
    for row in case.extensions.filter(decision=""):
        _end(row, "withdrawn", actor, "")


def _end(row: Extension, decision: str, actor: Person | None, note: str) -> None:
    row.decision, row.decided_by, row.decided_at, row.note = decision, actor, clock.now(), note.strip()
    row.save()
    data = {"case": row.case_id, "extension": row.pk, "granted": decision == "granted"}
    events.append(EXTENSION_DECIDED, actor=actor, subject=row.case, unit=row.case.unit, data=data)


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("unit", "policy").get(pk=case.pk)
