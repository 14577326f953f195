"""The same matter twice, and many people with one matter: what is suggested, decided, and answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases import actions, group_actions, likeness, queries
from manyi.cases.models import Case, CaseGroup, GroupMember
from manyi.cases.templates import FIELDS
from manyi.cases.workflow import MACHINE, OPEN_STATES
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import page_of
from manyi.web.templatetags.manyi import label_text

CASES = Case.objects.select_related("unit")


def alike(request: StaffRequest, case: Case) -> dict[str, Any]:
    """What the page of a case shows of cases that are like it; looked for only while it matters."""
    may = access.may(request.user, "cases.dispatch", case)
    member = GroupMember.objects.filter(case=case).select_related("group__lead").first()
    early = case.state in {"registered", "acknowledged", "assigned"}
    return {
        "group": member.group if member else None,
        "duplicates": likeness.duplicates(case, request.user) if may and early and not member else [],
        "precedents": likeness.precedents(case, request.user) if case.state == "investigating" else [],
    }


@require_GET
@needs("cases.view")
def index(request: StaffRequest) -> HttpResponse:
    """The groups of one's units."""
    rows = access.visible(request.user, CaseGroup.objects.select_related("unit", "lead"))
    page = page_of(request, rows.prefetch_related("members"))
    lines = [(row, MACHINE.state(row.lead.state).label, row.members.count()) for row in page]
    return render(request, "desk/groups.html", {"page": page, "lines": lines})


@require_GET
@needs("cases.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One group: its lead, its members with their states, and the answer to all of them."""
    group = find(request, CaseGroup.objects.select_related("unit", "lead__unit", "lead__owner"), pk=pk)
    members = [
        (row, MACHINE.state(row.case.state).label)
        for row in group.members.select_related("case__unit").order_by("case__received_at")
    ]
    left = sum(row.case.state in OPEN_STATES and row.case_id != group.lead_id for row, _label in members)
    context = {
        "group": group,
        "members": members,
        "lead_state": MACHINE.state(group.lead.state).label,
        "left": left,
        "fields": [f"{{{name}}}" for name in FIELDS],
        "may_dispatch": access.may(request.user, "cases.dispatch", group),
        "may_answer": access.may(request.user, "cases.handle", group)
        and group.lead.state in group_actions.SOLVED,
    }
    return render(request, "desk/group.html", context)


@require_POST
@needs("cases.dispatch")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide on a suggestion: merge into the other, make or join a group, or: not the same."""
    case = find(request, CASES, verb="cases.dispatch", pk=pk)
    chosen = request.POST.get("other", "")
    if not chosen.isdigit():
        raise Refused(Label("请选择另一件诉求。", "Choose the other case."), field="other")
    other = find(request, CASES, pk=int(chosen))
    decision = request.POST.get("decision", "")
    if decision == "merge":
        actions.advance(case=case, name="merge", actor=request.user, facts={"into": other.number})
        messages.success(request, _("Merged into %s.") % other.number)
        return redirect("desk:case", pk=other.pk)
    if decision == "group":
        held = GroupMember.objects.filter(case=other).select_related("group").first()
        if held is not None:
            group_actions.join(actor=request.user, group=held.group, cases=[case])
            return redirect("desk:group", pk=held.group_id)
        group = group_actions.make_group(actor=request.user, lead=other, cases=[case])
        return redirect("desk:group", pk=group.pk)
    group_actions.not_the_same(actor=request.user, case=case, other=other)
    messages.success(request, _("It is not suggested again."))
    return redirect("desk:case", pk=pk)


@require_POST
@needs("cases.dispatch")
def gather(request: StaffRequest) -> HttpResponse:
    """Make a group of the cases that were ticked in a list; the earliest leads."""
    ticked = [int(pk) for pk in request.POST.getlist("case") if pk.isdigit()]
    cases = list(queries.cases(request.user).filter(pk__in=ticked).order_by("received_at", "pk"))
    if len(cases) < 2:
        messages.error(request, _("Tick at least two cases."))
        return redirect("desk:cases")
    group = group_actions.make_group(actor=request.user, lead=cases[0], cases=cases[1:])
    return redirect("desk:group", pk=group.pk)


@require_POST
@needs("cases.handle")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer every member by itself."""
    group = find(request, CaseGroup.objects.select_related("unit", "lead__unit"), pk=pk)
    words = request.POST.get("words", "")
    result = group_actions.answer_members(actor=request.user, group=group, words=words)
    messages.success(request, _("%s answered.") % len(result.done))
    for case, why in result.left[:10]:
        messages.warning(request, f"{case.number}: {label_text(why)}")
    return redirect("desk:group", pk=pk)


@require_POST
@needs("cases.dispatch")
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a case out of its group."""
    member = find(request, GroupMember.objects.select_related("case__unit", "group"), pk=pk)
    case = member.case
    group_actions.leave(actor=request.user, member=member, reason=request.POST.get("reason", ""))
    messages.success(request, _("Done."))
    return redirect("desk:case", pk=case.pk)
