"""The interviewer's acts: take the next person, show the number, say how the call ended, take that back.

Keeping a person on the screen writes no event, like saving a draft: it is the claim that is prolonged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from manyi.customers.models import Customer
from manyi.distribution import call_queries, call_settings, calling, opt_out_actions
from manyi.distribution.dispositions import CHOSEN, DISPOSITIONS, LAPSED, Disposition
from manyi.distribution.models import Call, CallTask
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.surveys.models import Round

CALL_BEGUN = events.kind("call.begun", "领取拨打任务", "Person handed out to be called")
CALL_ENDED = events.kind("call.ended", "登记通话结果", "Result of a call noted")
CALL_UNDONE = events.kind("call.undone", "撤销通话结果", "Result of a call taken back")
NUMBER_SHOWN = events.kind("call.number_shown", "查看完整号码", "Full telephone number shown")

#: What of a task a call changes, and what undoing it brings back.
STATE = ("done", "tries", "unanswered", "parts", "best_part", "not_before", "agreed", "assigned_id")
#: So many people are offered at once to an interviewer who has to compete with others.
OFFERED = 40
INSTEAD = {"answered": "complete", "screened_out": "over_quota"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an interviewer says that a call ended.

    ``call_back_at`` is the agreed time, kept for the interviewer with ``mine``; ``best_part`` is the part of
    the day that suits the person; with ``opt_out`` they are never asked again.
    """

    disposition: str
    note: str = ""
    call_back_at: datetime | None = None
    mine: bool = False
    best_part: str = ""
    opt_out: bool = False


def next_call(*, actor: Person, round: Round | None = None) -> Call | None:
    """The call that is on the person's screen, else the most pressing one, claimed for them; None for nobody.

    However many ask at once, each gets somebody else, and nobody is dialled from two screens.
    """
    access.require(actor, "surveys.call")
    now = clock.now()
    while offered := _offer(actor, round, now):
        for task in offered:
            # One transaction each: whoever waits for one person's row holds no other.
            with transaction.atomic():
                call = _begin(actor, task, now)
            if call is not None:
                return call
    return None


def _offer(actor: Person, round: Round | None, now: datetime) -> list[CallTask]:
    rows = call_queries.due(actor, now)
    if round is not None:
        rows = rows.filter(invitation__round=round)
    return list(rows[:OFFERED])


def _begin(actor: Person, task: CallTask, now: datetime) -> Call | None:
    """Claim one person; None when somebody else was faster."""
    _lock(actor)
    held = call_queries.call_of(actor, now)
    if held is not None:
        return held
    # The same customer may stand on the lists of two rounds.
    customer = Customer.objects.select_for_update(of=("self",)).filter(invitations__call_task=task).first()
    others = CallTask.objects.filter(invitation__customer=customer, claimed_until__gt=now)
    free = CallTask.objects.filter(pk=task.pk, done=False, tries=task.tries)
    free = free.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    until = now + call_settings.claim_lasts()
    if others.exists() or not free.update(claimed_by=actor, claimed_until=until):
        return None
    unended = Call.objects.filter(Q(task=task) | Q(interviewer=actor), ended_at=None)
    unended.update(ended_at=now, disposition=LAPSED)
    call = Call.objects.create(task=task, interviewer=actor, began_at=now)
    _note(CALL_BEGUN, actor, call)
    return call


def _lock(actor: Person) -> None:
    """Let one person's acts wait for each other: a double click takes nobody twice."""
    Person.objects.select_for_update().filter(pk=actor.pk or 0).first()


def keep_call(*, actor: Person, call: Call, note: str | None = None) -> Call:
    """Keep a person on the screen for another while, with what was noted so far."""
    with transaction.atomic():
        task = _held(actor, call)
        task.claimed_until = clock.now() + call_settings.claim_lasts()
        task.save(update_fields=["claimed_until"])
        if note is not None:
            call.note = note.strip()
            call.save(update_fields=["note"])
    return call


def show_number(*, actor: Person, call: Call, dial: bool = False) -> str:
    """The full number of the person on the screen, to look at or to ``dial``; every look is booked."""
    with transaction.atomic():
        point = call_queries.number_of(_held(actor, call))
        if point is None:
            raise Refused(
                Label("此客户没有可用的电话号码,请登记结果。", "No number works; please note a result.")
            )
        _note(NUMBER_SHOWN, actor, call, dial=dial)
    return point.value


def finish_call(*, actor: Person, call: Call, outcome: Outcome) -> Call:
    """Note how a call ended, and when the person is due again.

    Raises Refused at the field at fault, and when the person is not on the actor's screen any more.
    """
    with transaction.atomic():
        task = _held(actor, call)
        result = _result(task, outcome)
        round = task.invitation.round
        now, plan = clock.now(), call_settings.plan(round)
        hours = call_settings.hours_of(task.unit, round)
        call.before = snapshot(task)
        _count(task, call, result, outcome, hours)
        if result.then == "call_back":
            _require_agreeable(task, outcome, plan, hours, now)
        standing = calling.Standing(task.tries, task.unanswered, frozenset(task.parts), task.best_part)
        follows = calling.follow(result, standing, plan, now, hours, outcome.call_back_at)
        task.done, task.not_before, task.agreed = follows.done, follows.not_before, follows.agreed
        if follows.agreed:
            task.assigned = actor if outcome.mine else None
        _release(task)
        call.ended_at, call.disposition, call.note = now, result.id, outcome.note.strip() or call.note
        call.opted_out = outcome.opt_out and result.asks_opt_out
        call.save()
        if call.opted_out:
            opt_out_actions.opt_out(token=task.invitation.token, source="phone", actor=actor)
        due = task.not_before.isoformat() if task.not_before else None
        _note(
            CALL_ENDED, actor, call, disposition=result.id, done=task.done, due=due, opted_out=call.opted_out
        )
    return call


def _result(task: CallTask, outcome: Outcome) -> Disposition:
    """The result: what the answers say goes before what was chosen."""
    told = INSTEAD.get(task.invitation.state, "")
    if told or outcome.disposition in {row.id for row in CHOSEN}:
        return DISPOSITIONS[told or outcome.disposition]
    raise Refused(Label("请选择通话结果。", "Please say how the call ended."), field="disposition")


def _count(task: CallTask, call: Call, result: Disposition, outcome: Outcome, hours: calling.Hours) -> None:
    task.tries += 1
    task.unanswered = task.unanswered + 1 if result.unanswered else 0
    part = calling.part_of(call.began_at, hours.zone)
    if result.group in {"UH", "NC"} and part not in task.parts:
        task.parts = [*task.parts, part]
    if outcome.best_part in calling.PARTS:
        if not calling.reachable(outcome.best_part, call.began_at, hours):
            words = Label("这个时段不在允许拨打的时间内。", "Nobody is called in that part of the day.")
            raise Refused(words, field="best_part")
        task.best_part = outcome.best_part


def _require_agreeable(
    task: CallTask, outcome: Outcome, plan: calling.Plan, hours: calling.Hours, now: datetime
) -> None:
    at = outcome.call_back_at
    if task.tries >= plan.most_tries:
        words = Label(
            "已达到最多拨打次数。请选择其他结果,或请主管恢复这位客户。",
            "That was the last try. Choose another result, or ask the supervisor to reopen this person.",
        )
        raise Refused(words, field="disposition")
    if at is None or not calling.agreeable(at, now, hours):
        words = Label("请填写将来的、允许拨打的时间。", "Give a time to come, within the hours of calling.")
        raise Refused(words, field="call_back_at")


def undo_call(*, actor: Person, call: Call) -> Call:
    """Take back the result of one's last call: the person is on the screen again, as before it was noted.

    Raises Refused when the answers are in, when somebody called since, or with another call on the screen.
    """
    access.require(actor, "surveys.call", call)
    with transaction.atomic():
        _lock(actor)
        task = CallTask.objects.select_for_update().get(pk=call.task_id)
        now, last = clock.now(), call_queries.last_call(actor)
        if last is None or last.pk != call.pk:
            raise Refused(Label("这个结果不能撤销了。", "This result can no longer be taken back."))
        if call_queries.call_of(actor, now) is not None or (task.claimed_until and task.claimed_until > now):
            raise Refused(Label("请先结束当前通话。", "Please end the present call first."))
        before = call.disposition
        if call.opted_out:
            opt_out_actions.opt_back_in(actor=None, invitation=call.task.invitation)
        restore(task, call.before)
        task.claimed_by, task.claimed_until = actor, now + call_settings.claim_lasts()
        task.save()
        call.ended_at, call.disposition, call.opted_out, call.before = None, "", False, {}
        call.save()
        _note(CALL_UNDONE, actor, call, disposition=before)
    return call


def snapshot(task: CallTask) -> dict[str, Any]:
    """What of a task changes, as JSON holds it."""
    found = {name: getattr(task, name) for name in STATE}
    return {**found, "not_before": task.not_before.isoformat() if task.not_before else None}


def restore(task: CallTask, state: dict[str, Any]) -> None:
    """Put a task back into a state that ``snapshot`` took; it is not saved."""
    for name in STATE:
        setattr(task, name, state[name])
    due = state["not_before"]
    task.not_before = datetime.fromisoformat(due) if due else None


def _release(task: CallTask) -> None:
    task.claimed_by, task.claimed_until = None, None
    task.save()


def _held(actor: Person, call: Call) -> CallTask:
    """The locked task of a call that is on the actor's screen; raises Refused for any other."""
    access.require(actor, "surveys.call", call)
    rows = CallTask.objects.select_for_update(of=("self",)).select_related("invitation__customer", "unit")
    task = rows.get(pk=call.task_id)
    state = Call.objects.filter(pk=call.pk, interviewer=actor, ended_at=None).exists()
    if not state or task.claimed_by_id != actor.pk:
        words = Label(
            "这位客户已不在您的屏幕上:任务超时已交还,或结果已登记。请领取下一位。",
            "They left your screen: the time ran out, or a result was noted. Please take the next person.",
        )
        raise Refused(words)
    return task


def _note(kind: events.EventKind, actor: Person, call: Call, **data: Any) -> None:
    task = call.task
    told = {"call": call.pk, "task": task.pk, "round": task.invitation.round_id, **data}
    events.append(kind, actor=actor, subject=call, unit=task.unit, data=told)
