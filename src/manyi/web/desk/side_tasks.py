"""Tasks that other departments were asked to do: the list of one's department, and the page of one task."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases import queries, task_actions
from manyi.cases.models import SideTask
from manyi.cases.wording import amount_words
from manyi.organisation import access, clock
from manyi.organisation.models import Person
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import page_of

WITH = ("case__unit", "unit", "person", "asked_by", "ended_by")
ROWS = SideTask.objects.select_related(*WITH)


def mine(person: Person) -> QuerySet[SideTask]:
    """The tasks of a person, with what pages show of each."""
    return queries.tasks_of(person).select_related(*WITH)


@require_GET
@needs("cases.view", "cases.register")
def index(request: StaffRequest) -> HttpResponse:
    """What is asked of one's department, the open ones first."""
    ended = request.GET.get("tab") == "ended"
    rows = mine(request.user)
    rows = rows.exclude(state="open").order_by("-ended_at") if ended else rows.filter(state="open")
    page = page_of(request, rows if ended else rows.order_by("due_at"))
    context = {"page": page, "ended": ended, "now": clock.now()}
    return render(request, "desk/side_tasks.html", context)


@require_GET
@needs("cases.view", "cases.register")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One task: what is asked, by when, and the matter, without the contact of the customer."""
    task = get_object_or_404(_seen(request), pk=pk)
    context = {
        "task": task,
        "time": amount_words(task.amount, task.amount_unit),
        "late": task.state == "open" and task.due_at < clock.now(),
        "case": queries.cases(request.user).filter(pk=task.case_id).first(),
        "may_answer": task.state == "open" and task_actions.may_answer(request.user, task),
        "may_withdraw": task.state == "open" and access.may(request.user, "cases.handle", task.case),
    }
    return render(request, "desk/side_task.html", context)


def _seen(request: StaffRequest) -> QuerySet[SideTask]:
    """One's own tasks, and those of the cases that one may see."""
    return mine(request.user) | ROWS.filter(case__in=queries.cases(request.user).values("pk"))


@require_POST
@needs("cases.view", "cases.register")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer a task."""
    task = get_object_or_404(mine(request.user), pk=pk)
    task_actions.answer(actor=request.user, task=task, text=request.POST.get("text", ""))
    messages.success(request, _("The answer is in the case."))
    return redirect("desk:side_tasks")


@require_POST
@needs("cases.handle", "cases.dispatch")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a task back."""
    task = get_object_or_404(_seen(request), pk=pk)
    task_actions.withdraw(actor=request.user, task=task, reason=request.POST.get("reason", ""))
    messages.success(request, _("Done."))
    return redirect("desk:case", pk=task.case_id)
