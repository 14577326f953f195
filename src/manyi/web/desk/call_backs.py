"""Calling back: whom and from when, one customer at a time with what to ask, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases import clocks, queries
from manyi.cases.actions import advance
from manyi.cases.calling import Try, missing_words, next_call
from manyi.cases.choices import DEMAND_OUTCOMES, OUTCOMES, label_of
from manyi.cases.guards import call_back_settles
from manyi.cases.models import CallBack, Case
from manyi.cases.step_actions import file_of
from manyi.cases.workflow import MACHINE
from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.organisation import access, clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Person
from manyi.web.acts import facts_of, possible
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.refusals import UNPROCESSABLE, reasons

VERB = "cases.callback"
SHOWN = 200
CASES = Case.objects.select_related("unit", "policy", "owner", "about_person", "customer")
#: What may follow from a call.
ENDS = ("close", "reopen", "waive")


@dataclass(frozen=True, slots=True)
class Turn:
    """One case on the list: from when to call, the attempts of this cycle, and whether its clock ran out."""

    case: Case
    at: datetime
    tries: list[tuple[CallBack, Label]]
    ready: bool
    late: bool

    @property
    def agreed(self) -> bool:
        """Whether the time was agreed with the customer."""
        return bool(self.tries) and self.tries[-1][0].again_at is not None


def turns(person: Person) -> list[Turn]:
    """Whom the person has to call: those whose time has come first, the earliest due before the others."""
    now, calendar_of = clock.now(), clocks.calendar_cache()
    found = []
    for case in queries.to_call(person).prefetch_related("call_backs__by")[:SHOWN]:
        rows = [row for row in case.call_backs.all() if row.cycle == case.reopened]
        tries = [Try(row.at, row.outcome, row.again_at) for row in rows]
        at = next_call(tries, case.answered_at or case.received_at, calendar_of(case.unit))
        late = bool(case.due_at and case.due_at < now)
        found.append(Turn(case, at, _worded(rows), at <= now, late))
    return sorted(found, key=_pressing)


def _pressing(turn: Turn) -> tuple[bool, float, float]:
    """Agreed times stand by their hour; the others by their deadline."""
    due = turn.at if turn.agreed or not turn.ready else turn.case.due_at or turn.at
    return not turn.ready, due.timestamp(), turn.at.timestamp()


def _worded(rows: list[CallBack]) -> list[tuple[CallBack, Label]]:
    return [(row, label_of(OUTCOMES, row.outcome)) for row in rows]


@require_GET
@needs(VERB)
def index(request: StaffRequest) -> HttpResponse:
    """Whom to call back, with the number to dial, the attempts so far, and who is to be called later."""
    rows = turns(request.user)
    context = {"now": [row for row in rows if row.ready], "later": [row for row in rows if not row.ready]}
    return render(request, "desk/calls.html", context)


@require_GET
@needs(VERB)
def following(request: StaffRequest) -> HttpResponse:
    """On to the next customer; ``after`` names the one that was put off for now."""
    ready = [turn.case.pk for turn in turns(request.user) if turn.ready]
    after = request.GET.get("after", "")
    if after.isdigit() and int(after) in ready:
        place = ready.index(int(after)) + 1
        ready = ready[place:]
    if not ready:
        messages.info(request, _("Nobody else is to be called now."))
        return redirect("desk:calls")
    return redirect("desk:call", pk=ready[0])


@require_http_methods(["GET", "POST"])
@needs(VERB)
def call(request: StaffRequest, pk: int) -> HttpResponse:
    """One customer: what they wanted, what was answered, what to ask; and what they said."""
    case = _own_turn(request, pk)
    if case.state != "call_back":
        return redirect("desk:case", pk=pk)
    fault: list[Label] = []
    if request.method == "POST":
        try:
            given = _given(request)
            case = advance(case=case, name="call", actor=request.user, facts=given)
        except NotPermitted:
            raise
        except (Refused, WorkflowError) as refused:
            fault = reasons(refused)
        else:
            messages.success(request, _("The call is noted."))
            settled = given.get("outcome") == "reached" or call_back_settles(file_of(case, clock.now()).calls)
            return redirect("desk:call", pk=pk) if settled else redirect("desk:call_next")
    context = {"case": case, "fault": fault, "given": request.POST, **_script(case), **_state(request, case)}
    return render(request, "desk/call.html", context, status=UNPROCESSABLE if fault else 200)


@require_POST
@needs(VERB)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """What follows from the call: closed, or done again; then on to the next customer."""
    case, name = _own_turn(request, pk), request.POST.get("act", "")
    if name not in ENDS:
        raise Refused(Label("请选择办结或重办。", "Choose to close or to reopen."))
    advance(case=case, name=name, actor=request.user, facts=_given(request, name))
    messages.success(request, f"{case.number}: {_('Done.')}")
    return redirect("desk:call_next")


def _own_turn(request: StaffRequest, pk: int) -> Case:
    """The case, unless the person handled it: nobody judges their own work."""
    case = find(request, CASES, verb=VERB, pk=pk)
    if request.user.pk in {case.owner_id, case.about_person_id}:
        words = "自己承办的或被投诉的诉求由别人回访。", "Somebody else calls about one's own case."
        raise Refused(Label(*words))
    return case


def _given(request: StaffRequest, name: str = "call") -> dict[str, Any]:
    posted: Mapping[str, str] = {key: str(value) for key, value in request.POST.items()}
    return facts_of(MACHINE.transition(name), posted)


def _script(case: Case) -> dict[str, Any]:
    """The demand, each part of it with its answer, and the words with which the case was answered."""
    answers = case.messages.filter(direction="out")
    demands = [
        (row, label_of(DEMAND_OUTCOMES, row.outcome) if row.outcome else None) for row in case.demands.all()
    ]
    return {"demands": demands, "answer": answers.order_by("-at", "-id").first()}


def _state(request: StaffRequest, case: Case) -> dict[str, Any]:
    rows = list(case.call_backs.filter(cycle=case.reopened).select_related("by"))
    file = file_of(case, clock.now())
    reached = bool(rows) and rows[-1].outcome == "reached"
    settled = call_back_settles(file.calls)
    verbs = access.verbs(request.user, case.unit)
    acts = [act for act in possible(MACHINE, file, case.state, verbs, request.user.pk) if act.name in ENDS]
    return {
        "tries": _worded(rows),
        "missing": None if reached else missing_words((each.day, each.outcome) for each in file.calls),
        "decide": reached or settled,
        "acts": [act for act in acts if act.name == "close" or not settled],
        "likely": "close" if settled else "reopen",
        "outcomes": OUTCOMES,
        "contact": queries.may_see_contact(request.user, case),
    }
