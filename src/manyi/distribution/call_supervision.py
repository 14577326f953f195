"""The supervisor's acts on the call list: extend it, reserve, reopen, put forward, have calls checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from manyi.customers.models import OptOut
from manyi.distribution import call_settings, invitation_actions, rules
from manyi.distribution.call_actions import restore, snapshot
from manyi.distribution.channels import phone
from manyi.distribution.models import Call, CallPlan, CallTask, Invitation
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.settings import check, values
from manyi.surveys.models import Round

LIST_EXTENDED = events.kind("call_list.extended", "加入电话名单", "People put on the call list")
TASK_CHANGED = events.kind("call_list.changed", "调整电话任务", "Entry of the call list changed")
TASK_UNDONE = events.kind("call_list.change_undone", "撤销电话任务调整", "Change of the call list taken back")
PLAN_SAVED = events.kind("call_plan.saved", "修改本轮拨打计划", "Call plan of a round changed")
CHECK_NOTED = events.kind("call.checked", "通话复核", "Call checked by a second contact")

#: Whether a finished call is verified by calling the person once more.
CHECKS = {
    "wanted": Label("待复核", "To be checked"),
    "confirmed": Label("复核无误", "Confirmed"),
    "doubtful": Label("复核存疑", "Doubtful"),
}


def follow_up_by_phone(*, actor: Person | None, round: Round) -> int:
    """Put everybody on the call list who was invited by another way, has not answered and has a number.

    Returns how many; a second call adds nobody. Raises Refused unless the round is open and not anonymous.
    """
    access.require(actor, "surveys.field", round)
    invitation_actions.require_open(round)
    invitation_actions.require_named(round)
    opted_out = set(OptOut.objects.values_list("contact_hash", flat=True))
    rows = Invitation.objects.filter(round=round, call_task=None).exclude(state__in=rules.DONE_WITH)
    rows = rows.select_related("customer").prefetch_related("customer__contacts").order_by("pk")
    with transaction.atomic():
        made = [
            CallTask(invitation=row, unit_id=row.unit_id)
            for row in rows
            if invitation_actions.reach(row.customer, "phone", opted_out)[0] is not None
        ]
        CallTask.objects.bulk_create(made, batch_size=1000)
        data = {"round": round.pk, "people": len(made)}
        events.append(LIST_EXTENDED, actor=actor, subject=round, unit=round.unit, data=data)
    return len(made)


def save_call_plan(*, actor: Person | None, round: Round, given: Mapping[str, str]) -> CallPlan:
    """Say how a round is called, by setting key; an empty value goes back to the organisation's setting.

    Raises Refused at the field out of bounds, and for hours that end before they begin.
    """
    access.require(actor, "surveys.field", round)
    own = {key: check(key, given[key]) for key in call_settings.BY_ROUND if given.get(key, "").strip()}
    both = {**values((phone.FROM, phone.UNTIL)), **own}
    if both[phone.FROM] >= both[phone.UNTIL]:
        words = Label("最晚应晚于最早。", "The last hour must come after the first.")
        raise Refused(words, field=phone.UNTIL)
    with transaction.atomic():
        before = call_settings.own_values(round)
        row, _ = CallPlan.objects.update_or_create(round=round, defaults={"values": own})
        events.append(PLAN_SAVED, actor=actor, subject=row, unit=round.unit, before=before, after=own)
    return row


def assign_task(*, actor: Person, task: CallTask, to: Person | None) -> CallTask:
    """Reserve a person for one interviewer; None gives them back to everybody."""
    if to is not None and not access.may(to, "surveys.call", task):
        raise Refused(
            Label("此员工没有访问权限。", "This member of staff may not interview here."), field="to"
        )
    return _change(actor, task, assigned_id=to.pk if to else None)


def reopen_task(*, actor: Person, task: CallTask) -> CallTask:
    """Put a person back on the list, with all tries before them; raises Refused once they are done with."""
    if task.invitation.state in rules.DONE_WITH:
        raise Refused(Label("客户已作答或已退订。", "They have answered, or opted out."))
    fresh = {"done": False, "tries": 0, "unanswered": 0, "parts": [], "not_before": None, "agreed": False}
    return _change(actor, task, **fresh)


def close_task(*, actor: Person, task: CallTask) -> CallTask:
    """Take a person off the list."""
    return _change(actor, task, done=True, agreed=False)


def undo_change(*, actor: Person, task: CallTask) -> CallTask:
    """Take the last change by a supervisor back; raises Refused without one, or after a later call."""
    access.require(actor, "surveys.field", task)
    with transaction.atomic():
        row = _locked(task)
        kept = row.undo
        if not kept or row.calls.exclude(disposition="").count() != kept["calls"]:
            raise Refused(Label("没有可以撤销的调整。", "There is no change to take back."))
        restore(row, kept["state"])
        row.undo = {}
        row.save()
        _note(TASK_UNDONE, actor, row)
    return row


def _change(actor: Person, task: CallTask, **changes: Any) -> CallTask:
    access.require(actor, "surveys.field", task)
    with transaction.atomic():
        row = _locked(task)
        before = {name: getattr(row, name) for name in changes if name != "not_before"}
        row.undo = {"state": snapshot(row), "calls": row.calls.exclude(disposition="").count()}
        for name, given in changes.items():
            setattr(row, name, given)
        row.save()
        after = {name: changes[name] for name in before}
        _note(TASK_CHANGED, actor, row, before=before, after=after)
    return row


def _locked(task: CallTask) -> CallTask:
    rows = CallTask.objects.select_for_update(of=("self",)).select_related("invitation", "unit")
    return rows.get(pk=task.pk)


def note_check(*, actor: Person, call: Call, state: str, note: str = "") -> Call:
    """Ask for a second contact to verify a call (``wanted``), note its result, or take that back (empty)."""
    access.require(actor, "surveys.field", call)
    if state and state not in CHECKS:
        raise Refused(Label("请从列表中选择。", "Please choose from the list."), field="state")
    if not call.ended_at:
        raise Refused(Label("通话还没有结束。", "The call has not ended yet."))
    before = call.check_state
    with transaction.atomic():
        call.check_state, call.check_note = state, note.strip()
        call.checked_by = actor if state in {"confirmed", "doubtful"} else None
        call.save(update_fields=["check_state", "check_note", "checked_by"])
        events.append(
            CHECK_NOTED,
            actor=actor,
            subject=call,
            unit=call.task.unit,
            before={"check": before},
            after={"check": state},
            data={"call": call.pk, "round": call.task.invitation.round_id},
        )
    return call


def _note(kind: events.EventKind, actor: Person, task: CallTask, **told: Any) -> None:
    data = {"task": task.pk, "round": task.invitation.round_id}
    events.append(kind, actor=actor, subject=task, unit=task.unit, data=data, **told)
