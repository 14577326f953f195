"""Side tasks: another department contributes to a case, with a clock of its own (协办)."""

from __future__ import annotations

from django.db import transaction

from manyi.cases import rules
from manyi.cases.clocks import CalendarOf
from manyi.cases.models import Case, SideTask
from manyi.cases.queries import takes_part
from manyi.cases.workflow import OPEN_STATES
from manyi.kernel.labels import Label
from manyi.measures.worktime import Target, due, used
from manyi.organisation import clock, events
from manyi.organisation.calendars import calendar_for
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Person, Unit

TASK_ASKED = events.kind("task.asked", "请部门协办", "Department asked to contribute")
TASK_ANSWERED = events.kind("task.answered", "协办答复", "Department answered")
TASK_WITHDRAWN = events.kind("task.withdrawn", "收回协办", "Task of a department withdrawn")


def ask(
    *,
    actor: Person,
    case: Case,
    unit: Unit,
    text: str,
    amount: int,
    amount_unit: str,
    person: Person | None = None,
) -> SideTask:
    """Ask a department (and one person of it) for its part; the clock of the task follows its own calendar.

    Raises Refused with the field: no words, a wrong time, the person complained of, a case that is over.
    """
    _require_part(actor, case)
    problem = _problem(case, text, amount, amount_unit, person)
    if problem is not None:
        raise problem
    now = clock.now()
    deadline = due(calendar_for(unit), now, Target(amount, amount_unit))  # type: ignore[arg-type]  # judged above
    with transaction.atomic():
        task = SideTask.objects.create(
            case=case,
            unit=unit,
            person=person,
            text=text.strip(),
            asked_by=actor,
            asked_at=now,
            amount=amount,
            amount_unit=amount_unit,
            due_at=deadline.at or now,
            provisional=deadline.provisional,
        )
        _book(TASK_ASKED, actor, task)
    return task


def _problem(case: Case, text: str, amount: int, amount_unit: str, person: Person | None) -> Refused | None:
    if case.state not in OPEN_STATES:
        return Refused(Label("诉求已结束,不能再请协办。", "The case is over; nobody can be asked any more."))
    if not text.strip():
        return Refused(Label("请写明需要协办的内容。", "Say what is needed."), field="text")
    if rules.target_problems({"respond": {"amount": amount, "unit": amount_unit}}):
        words = Label("期限请填写 1 到 10000 的整数并选择单位。", "Give 1 to 10000 and a unit.")
        return Refused(words, field="amount")
    if person is not None and person.pk == case.about_person_id:
        words = Label("被投诉的人不能协办(回避)。", "The person complained of cannot contribute.")
        return Refused(words, field="person")
    return None


def answer(*, actor: Person, task: SideTask, text: str) -> SideTask:
    """Answer a task; its clock stops and its result is frozen. Raises Refused without words."""
    if not may_answer(actor, task):
        raise NotPermitted("cases.handle")
    return _ended(task, "answered", actor, text, "text", TASK_ANSWERED)


def withdraw(*, actor: Person, task: SideTask, reason: str) -> SideTask:
    """Take a task back that is not needed any more. Raises Refused without a reason."""
    _require_part(actor, task.case)
    return _ended(task, "withdrawn", actor, reason, "reason", TASK_WITHDRAWN)


def _ended(
    task: SideTask, state: str, actor: Person, words: str, field: str, kind: events.EventKind
) -> SideTask:
    if not words.strip():
        raise Refused(Label("请填写内容。", "Please write something."), field=field)
    with transaction.atomic():
        row = _end(task, state, actor, words.strip())
        _book(kind, actor, row)
    return row


def may_answer(person: Person, task: SideTask) -> bool:
    """Whether a person may answer a task: it is theirs, or they handle cases in its department."""
    if person.pk == task.case.about_person_id:
        return False
    return person.pk == task.person_id or takes_part(person, task.unit)


def recompute(task: SideTask, calendar_of: CalendarOf = calendar_for) -> bool:
    """The deadline of an open task by the calendar of today (not saved); whether it moved."""
    target = Target(task.amount, task.amount_unit)  # type: ignore[arg-type]  # judged when it was asked
    deadline = due(calendar_of(task.unit), task.asked_at, target)
    moved = (task.due_at, task.provisional) != (deadline.at, deadline.provisional)
    task.due_at, task.provisional = deadline.at or task.due_at, deadline.provisional
    return moved


def withdraw_all(case: Case, actor: Person | None) -> None:
    """End the open tasks of a case that has ended."""
    for task in case.side_tasks.filter(state="open"):
        _end(task, "withdrawn", actor, Label("诉求已结束。", "The case has ended.").text(case.language))


def _end(task: SideTask, state: str, actor: Person | None, words: str) -> SideTask:
    rows = SideTask.objects.select_for_update(of=("self",)).select_related("unit", "case__unit")
    row = rows.get(pk=task.pk)
    if row.state != "open":
        raise Refused(Label("这项协办已结束。", "This task has ended already."))
    now = clock.now()
    spent = used(calendar_for(row.unit), row.asked_at, now, row.amount_unit)  # type: ignore[arg-type]
    row.state, row.ended_by, row.ended_at = state, actor, now
    row.used, row.met, row.answer = round(spent, 4), spent <= row.amount, words
    row.save()
    return row


def _require_part(actor: Person, case: Case) -> None:
    if not takes_part(actor, case):
        raise NotPermitted("cases.handle")


def _book(kind: events.EventKind, actor: Person | None, task: SideTask) -> None:
    data = {"case": task.case_id, "task": task.pk, "unit": task.unit_id}
    events.append(kind, actor=actor, subject=task.case, unit=task.case.unit, data=data)
