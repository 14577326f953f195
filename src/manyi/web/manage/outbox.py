"""The outbox: what was written to whom, what went out, and what failed."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.customers.rules import masked
from manyi.distribution import actions, return_actions
from manyi.distribution.models import Message, ReturnedMail
from manyi.distribution.rules import MESSAGE_STATES, VERDICTS
from manyi.organisation import access
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import page_of

SHOWN_BYTES = 64 * 1024


@require_GET
@needs("surveys.view")
def index(request: StaffRequest) -> HttpResponse:
    """All messages of the person's subtrees, newest first."""
    rows = access.visible(request.user, Message.objects.select_related("unit"))
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state in MESSAGE_STATES else rows
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(row, MESSAGE_STATES[row.state], masked("email", row.recipient)) for row in page],
        "states": MESSAGE_STATES.items(),
        "state": state,
        "local": not settings.EMAIL_HOST,
        "here": "outbox",
    }
    return render(request, "manage/outbox.html", context)


@require_GET
@needs("surveys.field")
def returned(request: StaffRequest) -> HttpResponse:
    """Mail that came back; what names no mail of ours belongs to nobody and is shown to all who invite."""
    verdict = request.GET.get("verdict", "")
    rows = _returned(request)
    rows = rows.filter(verdict=verdict) if verdict in VERDICTS else rows
    page = page_of(request, rows.select_related("message").defer("raw"))
    context = {
        "page": page,
        "rows": [(row, VERDICTS[row.verdict]) for row in page],
        "verdicts": VERDICTS.items(),
        "verdict": verdict,
        "here": "returned",
    }
    return render(request, "manage/returned.html", context)


def _returned(request: StaffRequest) -> QuerySet[ReturnedMail]:
    return access.visible(request.user, ReturnedMail.objects.all()) | ReturnedMail.objects.filter(unit=None)


@require_GET
@needs("surveys.field")
def returned_mail(request: StaffRequest, pk: int) -> HttpResponse:
    """One mail that came back, as it came, in plain text; what it holds is never run or shown as a page."""
    row = get_object_or_404(_returned(request).select_related("message"), pk=pk)
    raw = bytes(row.raw)
    context = {
        "row": row,
        "verdict": VERDICTS[row.verdict],
        "text": raw[:SHOWN_BYTES].decode("utf-8", "replace"),
        "cut": len(raw) > SHOWN_BYTES,
    }
    return render(request, "manage/returned_mail.html", context)


@require_POST
@needs("surveys.field")
def read_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Read a kept mail once more."""
    row = get_object_or_404(_returned(request), pk=pk)
    return_actions.read_again(actor=request.user, row=row)
    messages.success(request, _("The mail was read again."))
    return redirect("manage:returned_mail", pk=pk)


@require_GET
@needs("surveys.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One message as its reader gets it."""
    row = find(request, Message.objects.select_related("unit", "invitation__round"), pk=pk)
    whole = access.may(request.user, "surveys.field", row)
    context = {
        "message": row,
        "state": MESSAGE_STATES[row.state],
        "recipient": row.recipient if whole else masked("email", row.recipient),
        "may_see_body": whole,
        "may_requeue": whole and row.state in {"failed", "cancelled"},
    }
    return render(request, "manage/message.html", context)


@require_POST
@needs("surveys.field")
def requeue(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a failed message again."""
    row = find(request, Message.objects.select_related("unit"), verb="surveys.field", pk=pk)
    actions.requeue(actor=request.user, message=row)
    messages.success(request, _("The message is in the queue again."))
    return redirect("manage:message", pk=pk)
