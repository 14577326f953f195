"""Lists of cases that a person keeps: under a name, as the one that opens first, and away with it again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manyi.cases import saved_actions
from manyi.cases.models import SavedList
from manyi.web.desk.case_lists import shown_by
from manyi.web.guard import StaffRequest, needs


@require_POST
@needs("cases.view")
def keep(request: StaffRequest) -> HttpResponse:
    """Keep the list whose filters stand in the address."""
    filters = shown_by(request).filters
    row = saved_actions.keep_list(actor=request.user, name=request.POST.get("name", ""), filters=filters)
    messages.success(request, _("Kept as “%(title)s”.") % {"title": row.name})
    return redirect(f"{reverse('desk:cases')}?{urlencode(row.filters)}")


@require_POST
@needs("cases.view")
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Let one of one's own lists open first, or no longer; or delete it."""
    row = get_object_or_404(SavedList, pk=pk, person=request.user)
    address = urlencode(row.filters)
    act = request.POST.get("act", "")
    if act == "remove":
        saved_actions.remove_list(actor=request.user, row=row)
        messages.success(request, _("The list is deleted; the cases are where they were."))
    elif act in {"first", "last"}:
        saved_actions.open_first(actor=request.user, row=row, chosen=act == "first")
        messages.success(request, _("Done."))
    return redirect(f"{reverse('desk:cases')}?{address}")
