"""What the supervisor of the desk sees and does: who is calling, how it goes, which calls to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.distribution import actions, call_queries, call_settings
from manyi.distribution.call_script import FIELDS, OURS, script_of
from manyi.distribution.call_supervision import CHECKS
from manyi.distribution.dispositions import DISPOSITIONS, LAPSED, LAPSED_LABEL, label_of
from manyi.distribution.models import Call, CallTask
from manyi.distribution.text_actions import LANGUAGES
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, RoleGrant
from manyi.organisation.roles import Role
from manyi.organisation.settings import SETTINGS, value
from manyi.surveys.models import Programme, Round
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.refusals import UNPROCESSABLE
from manyi.web.settings.pages import form_page, page_of

ROUNDS = Round.objects.select_related("programme", "unit")


@dataclass(frozen=True, slots=True)
class Pace:
    """One interviewer in the last hour: calls, interviews, and since when the present call goes on."""

    person: Person
    calls: int
    interviews: int
    since: datetime | None


@require_GET
@needs("surveys.field")
def board(request: StaffRequest, pk: int) -> HttpResponse:
    """The live view of a round's calls: interviewers, rates with their base, and the calls themselves."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    calls = call_queries.calls_of(request.user, row)
    chosen = _narrowed(request, calls)
    page = page_of(request, chosen)
    context = {
        "round": row,
        "desk": call_queries.desk_of(row, access.paths(request.user, "surveys.field")),
        "paces": _paces(calls, clock.now()),
        "page": page,
        "rows": [(call, label_of(call.disposition), CHECKS.get(call.check_state)) for call in page],
        "results": [(name, each.label) for name, each in DISPOSITIONS.items()] + [(LAPSED, LAPSED_LABEL)],
        "checks": CHECKS.items(),
        "callers": callers(row),
        "given": request.GET,
        "may_edit": access.may(request.user, "surveys.edit", row),
    }
    return render(request, "field/round.html", context)


def _narrowed(request: StaffRequest, calls: QuerySet[Call]) -> QuerySet[Call]:
    """The calls that the address asks for."""
    given = request.GET
    if given.get("result"):
        calls = calls.filter(disposition=given["result"])
    if given.get("by", "").isdigit():
        calls = calls.filter(interviewer_id=int(given["by"]))
    if given.get("check") in CHECKS:
        calls = calls.filter(check_state=given["check"])
    return calls


def _paces(calls: QuerySet[Call], now: datetime) -> list[Pace]:
    """Everybody who called in the last hour or is calling now."""
    hour = list(calls.filter(began_at__gt=now - timedelta(hours=1)).exclude(disposition=LAPSED))
    held = calls.filter(ended_at=None, task__claimed_until__gt=now)
    present = {call.interviewer: call.began_at for call in held}
    people = {call.interviewer for call in hour} | present.keys()
    return [
        Pace(
            person,
            sum(call.interviewer == person for call in hour),
            sum(call.interviewer == person and call.disposition == "complete" for call in hour),
            present.get(person),
        )
        for person in sorted(people, key=str)
    ]


def callers(row: Round) -> QuerySet[Person]:
    """Everybody who may interview somewhere in a round."""
    roles = [role.value for role in Role if "surveys.call" in role.verbs]
    grants = RoleGrant.objects.filter(role__in=roles, person__is_active=True)
    reach = grants.filter(unit__path__startswith=row.unit.path) | grants.filter(unit__in=row.unit.lineage)
    return Person.objects.filter(grants__in=reach).distinct()


@require_POST
@needs("surveys.field")
def follow_up(request: StaffRequest, pk: int) -> HttpResponse:
    """Call those who were invited by another way and have not answered."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    added = actions.follow_up_by_phone(actor=request.user, round=row)
    words = ngettext("%(n)s person was added to the list.", "%(n)s people were added to the list.", added)
    messages.success(request, words % {"n": added})
    return redirect("field:round", pk=pk)


@require_POST
@needs("surveys.field")
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Reserve a person for an interviewer, put them back on the list, take them off it, or undo that."""
    task = find(request, call_queries.TASKS, verb="surveys.field", pk=pk)
    given = request.POST
    acts: dict[str, Callable[..., CallTask]] = {
        "reopen": actions.reopen_task,
        "close": actions.close_task,
        "undo": actions.undo_change,
    }
    act = given.get("act", "")
    if act in acts:
        acts[act](actor=request.user, task=task)
    else:
        people = callers(task.invitation.round)
        to = people.filter(pk=int(given["to"])).first() if given.get("to", "").isdigit() else None
        actions.assign_task(actor=request.user, task=task, to=to)
    messages.success(request, _("The call list was changed."))
    return redirect("field:round", pk=task.invitation.round_id)


@require_POST
@needs("surveys.field")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a call for a second contact, note what it said, or take the mark away."""
    call = find(request, call_queries.CALLS, verb="surveys.field", pk=pk)
    given = request.POST
    actions.note_check(
        actor=request.user, call=call, state=given.get("state", ""), note=given.get("note", "")
    )
    messages.success(request, _("Saved."))
    return redirect("field:call", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("surveys.field")
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """How a round is called where it differs from the organisation's settings."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    own, back = call_settings.own_values(row), reverse("field:round", args=[pk])

    def act(given: Mapping[str, str]) -> str:
        actions.save_call_plan(actor=request.user, round=row, given=given)
        return back

    def field(key: str) -> Field:
        spec, shown = SETTINGS[key], dict(SETTINGS[key].choices)
        usual = shown.get(value(key)) or Label(str(value(key)), str(value(key)))
        hint = Label(f"留空则用单位设置:{usual.zh}。", f"Empty: the organisation's setting, {usual.en}.")
        choices = [("", Label("–", "–")), *spec.choices] if spec.choices else ()
        kind = "select" if spec.choices else "number"
        return Field(key, spec.label, kind, str(own.get(key, "")), choices, False, hint)

    return form_page(
        request,
        heading=Label("本轮拨打计划", "Call plan of this round"),
        fields=[field(key) for key in call_settings.BY_ROUND],
        act=act,
        done=Label("已保存。", "Saved."),
        back=back,
    )


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def script(request: StaffRequest, pk: int) -> HttpResponse:
    """What interviewers of a programme say first, in both languages."""
    programme = find(request, Programme.objects.select_related("unit"), verb="surveys.edit", pk=pk)
    fault: Label | None = None
    given = request.POST
    if request.method == "POST":
        language = given.get("language", "")
        try:
            actions.save_script(
                actor=request.user, programme=programme, language=language, body=given.get("body", "")
            )
        except Refused as refused:
            if not refused.field:
                raise
            fault = refused.message
        else:
            messages.success(request, _("The words are saved."))
            return redirect("field:script", pk=pk)
    rows = [
        (
            code,
            label,
            given.get("body", "") if fault and given.get("language") == code else script_of(programme, code),
            script_of(programme, code) != OURS.text(code),
            fault if given.get("language") == code else None,
        )
        for code, label in LANGUAGES.items()
    ]
    context = {"programme": programme, "rows": rows, "fields": [(f"{{{n}}}", w) for n, w in FIELDS.items()]}
    return render(request, "field/script.html", context, status=UNPROCESSABLE if fault else 200)
