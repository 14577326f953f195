"""Work around a case: what was written, tasks of departments, demands, more time, call-backs.

The pages' own actions and their access: who may not do it there may not do it here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from manyi.cases import actions, demand_actions, extension_actions, queries, step_actions, task_actions
from manyi.cases.actions import WRITERS
from manyi.cases.models import CallBack, Case, CaseMessage, Demand, Extension, SideTask
from manyi.cases.queries import CONTACT_VERBS
from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.web.api.shapes import Holding, Rows, Slice, asker, sliced

router = Router(tags=["cases"])
SEE = Holding("cases.view")


class MessageOut(Schema):
    """One contribution: ``in`` from the complainant, ``out`` to them, ``internal`` for colleagues."""

    id: int
    direction: str
    channel: str
    body: str
    by: str
    at: dt.datetime


class MessageIn(Schema):
    """Words to the complainant, or a note for colleagues."""

    direction: Literal["out", "internal"]
    body: str = Field(min_length=1, max_length=20_000)


class TaskOut(Schema):
    """What a department is asked for; ``used`` is in ``amount_unit``, once it has ended."""

    id: int
    case: str
    unit: str
    person: str
    text: str
    state: str
    asked_at: dt.datetime
    due_at: dt.datetime
    amount: int
    amount_unit: str
    answer: str
    ended_at: dt.datetime | None
    used: float | None
    met: bool | None


class TaskIn(Schema):
    """A question to a department by its code; ``amount_unit``: working_days, calendar_days or minutes."""

    unit: str = Field(max_length=40)
    text: str = Field(max_length=10_000)
    amount: int = Field(ge=1, le=10_000)
    amount_unit: str = Field("working_days", max_length=14)


class TextIn(Schema):
    """The answer to a task, or the reason for taking it back."""

    text: str = Field(max_length=10_000)


class TaskQuery(Slice):
    """Which tasks are asked for: open, answered, withdrawn; empty for all."""

    state: str = Field("", max_length=10)


class DemandOut(Schema):
    """One thing that is asked for, and what is answered to it (granted, partly, refused; empty: not yet)."""

    id: int
    text: str
    outcome: str
    answer: str


class DemandsIn(Schema):
    """All demands; one that is left out goes, unless it was answered."""

    texts: list[str] = Field(max_length=50)


class DemandAnswerIn(Schema):
    """What is done about one demand."""

    outcome: str = Field(max_length=12)
    answer: str = Field(max_length=10_000)


class ExtensionOut(Schema):
    """A request for more time, in the unit of the deadline; ``decision`` empty while it waits."""

    id: int
    amount: int
    reason: str
    asked_by: str
    asked_at: dt.datetime
    decision: str
    decided_by: str
    decided_at: dt.datetime | None
    note: str


class ExtensionIn(Schema):
    """So much more time, and why."""

    amount: int = Field(ge=1, le=10_000)
    reason: str = Field(max_length=10_000)


class DecisionIn(Schema):
    """Whether more time is granted; a refusal needs its note."""

    granted: bool
    note: str = Field("", max_length=10_000)


class CallBackOut(Schema):
    """One attempt to reach the complainant, and what they said."""

    id: int
    cycle: int
    at: dt.datetime
    by: str
    outcome: str
    resolved: bool | None
    satisfied: bool | None
    again_at: dt.datetime | None
    comment: str


class CallBackIn(Schema):
    """How an attempt ended; ``resolved`` and ``satisfied`` where the person was reached."""

    outcome: str = Field(max_length=16)
    resolved: bool | None = None
    satisfied: bool | None = None
    again_at: dt.datetime | None = None
    comment: str = Field("", max_length=10_000)


def _case(request: HttpRequest, pk: int) -> Case:
    return get_object_or_404(queries.cases(asker(request)), pk=pk)


def _of_case(row: Any, names: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return {"id": row.pk, **{name: getattr(row, name) for name in names}, **more}


def _message(row: CaseMessage) -> dict[str, Any]:
    return _of_case(row, ("direction", "channel", "body", "at"), by=str(row.by or ""))


def _task(row: SideTask) -> dict[str, Any]:
    names = ("text", "state", "asked_at", "due_at", "amount", "amount_unit", "answer", "ended_at", "met")
    used = None if row.used is None else float(row.used)
    who = {"case": row.case.number, "unit": row.unit.code, "person": str(row.person or "")}
    return _of_case(row, names, used=used, **who)


def _demand(row: Demand) -> dict[str, Any]:
    return _of_case(row, ("text", "outcome", "answer"))


def _extension(row: Extension) -> dict[str, Any]:
    people = {"asked_by": str(row.asked_by), "decided_by": str(row.decided_by or "")}
    return _of_case(row, ("amount", "reason", "asked_at", "decision", "decided_at", "note"), **people)


def _call_back(row: CallBack) -> dict[str, Any]:
    names = ("cycle", "at", "outcome", "resolved", "satisfied", "again_at", "comment")
    return _of_case(row, names, by=str(row.by))


@router.get("cases/{int:pk}/messages", auth=SEE, response=Rows[MessageOut])
def case_messages(request: HttpRequest, pk: int, part: Query[Slice]) -> dict[str, Any]:
    """What was written in a case, the oldest first; notes for colleagues too."""
    return sliced(_case(request, pk).messages.select_related("by"), part, _message)


@router.post("cases/{int:pk}/messages", auth=Holding(*WRITERS), response={201: MessageOut})
def write_message(request: HttpRequest, pk: int, data: MessageIn) -> Status[dict[str, Any]]:
    """Write to the complainant, who also gets it where they wrote from, or a note for colleagues."""
    case = _case(request, pk)
    given = {"direction": data.direction, "body": data.body, "channel": "desk"}
    return Status(201, _message(actions.add_message(actor=asker(request), case=case, **given)))


def _tasks(person: Person) -> QuerySet[SideTask]:
    """A person's own tasks, and those of the cases that they may see."""
    rows = queries.tasks_of(person) | SideTask.objects.filter(case__in=queries.cases(person).values("pk"))
    return rows.select_related("case__unit", "unit", "person")


@router.get("tasks", auth=Holding("cases.view", "cases.register"), response=Rows[TaskOut])
def tasks(request: HttpRequest, wanted: Query[TaskQuery]) -> dict[str, Any]:
    """What one's department is asked for, the first due first."""
    rows = queries.tasks_of(asker(request)).select_related("case__unit", "unit", "person")
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    return sliced(rows.order_by("due_at", "pk"), wanted, _task)


@router.get("cases/{int:pk}/tasks", auth=SEE, response=Rows[TaskOut])
def case_tasks(request: HttpRequest, pk: int, part: Query[Slice]) -> dict[str, Any]:
    """The tasks of a case."""
    rows = _case(request, pk).side_tasks.select_related("case__unit", "unit", "person")
    return sliced(rows, part, _task)


@router.post("cases/{int:pk}/tasks", auth=Holding(*CONTACT_VERBS), response={201: TaskOut})
def ask_department(request: HttpRequest, pk: int, data: TaskIn) -> Status[dict[str, Any]]:
    """Ask a department for its part; any unit in use may be asked."""
    case = _case(request, pk)
    unit = get_object_or_404(Unit, code=data.unit, active=True)
    given = data.model_dump(exclude={"unit"})
    return Status(201, _task(task_actions.ask(actor=asker(request), case=case, unit=unit, **given)))


@router.post("tasks/{int:pk}/answer", auth=Holding("cases.view", "cases.register"), response=TaskOut)
def answer_task(request: HttpRequest, pk: int, data: TextIn) -> dict[str, Any]:
    """Answer a task of one's own or of one's department; its clock stops."""
    person = asker(request)
    task = get_object_or_404(queries.tasks_of(person).select_related("case__unit", "unit"), pk=pk)
    return _task(task_actions.answer(actor=person, task=task, text=data.text))


@router.post("tasks/{int:pk}/withdraw", auth=Holding(*CONTACT_VERBS), response=TaskOut)
def withdraw_task(request: HttpRequest, pk: int, data: TextIn) -> dict[str, Any]:
    """Take a task back that is not needed any more; the text is the reason."""
    person = asker(request)
    task = get_object_or_404(_tasks(person), pk=pk)
    return _task(task_actions.withdraw(actor=person, task=task, reason=data.text))


@router.get("cases/{int:pk}/demands", auth=SEE, response=list[DemandOut])
def case_demands(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """What is asked for, one by one."""
    return [_demand(row) for row in _case(request, pk).demands.all()]


@router.post("cases/{int:pk}/demands", auth=Holding(*CONTACT_VERBS), response=list[DemandOut])
def list_demands(request: HttpRequest, pk: int, data: DemandsIn) -> list[dict[str, Any]]:
    """Write down all that is asked for."""
    lines = "\n".join(" ".join(text.split()) for text in data.texts)
    rows = demand_actions.list_demands(actor=asker(request), case=_case(request, pk), text=lines)
    return [_demand(row) for row in rows]


@router.post("demands/{int:pk}/answer", auth=Holding(*CONTACT_VERBS), response=DemandOut)
def answer_demand(request: HttpRequest, pk: int, data: DemandAnswerIn) -> dict[str, Any]:
    """Say what is done about one demand."""
    person = asker(request)
    row = get_object_or_404(access.visible(person, Demand.objects.select_related("case__unit")), pk=pk)
    return _demand(demand_actions.answer_demand(actor=person, demand=row, **data.model_dump()))


@router.get("cases/{int:pk}/extensions", auth=SEE, response=list[ExtensionOut])
def case_extensions(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """The requests for more time, with how they were decided."""
    rows = _case(request, pk).extensions.select_related("asked_by", "decided_by")
    return [_extension(row) for row in rows]


@router.post("cases/{int:pk}/extensions", auth=Holding("cases.handle"), response={201: ExtensionOut})
def ask_extension(request: HttpRequest, pk: int, data: ExtensionIn) -> Status[dict[str, Any]]:
    """Ask for more time; only the handler, and only while there is time left."""
    given = data.model_dump()
    made = extension_actions.ask(actor=asker(request), case=_case(request, pk), **given)
    return Status(201, _extension(made))


@router.post("extensions/{int:pk}/decision", auth=Holding("cases.approve"), response=ExtensionOut)
def decide_extension(request: HttpRequest, pk: int, data: DecisionIn) -> dict[str, Any]:
    """Grant more time or refuse it; never for oneself."""
    person = asker(request)
    rows = Extension.objects.select_related("case__unit", "case__policy")
    row = get_object_or_404(access.visible(person, rows), pk=pk)
    return _extension(extension_actions.decide(actor=person, extension=row, **data.model_dump()))


@router.get("cases/{int:pk}/call-backs", auth=SEE, response=list[CallBackOut])
def case_call_backs(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """Every attempt to reach the complainant, in their order."""
    return [_call_back(row) for row in _case(request, pk).call_backs.select_related("by")]


@router.post("cases/{int:pk}/call-backs", auth=Holding("cases.callback"), response={201: CallBackOut})
def record_call_back(request: HttpRequest, pk: int, data: CallBackIn) -> Status[dict[str, Any]]:
    """Record an attempt; never by who handled the case."""
    case = _case(request, pk)
    step_actions.advance(case=case, name="call", actor=asker(request), facts=data.model_dump())
    return Status(201, _call_back(case.call_backs.select_related("by").latest("at", "pk")))
