"""Saved analyses: keep a question under a name, find it again, put it into reports, take it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manyi.analytics.analyses import ANALYSES
from manyi.analytics.models import SavedAnalysis
from manyi.analytics.saved_actions import (
    asked_now,
    change_analysis,
    keep_analysis,
    remove_analysis,
    restore_analysis,
)
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.insight.asking import address_of
from manyi.web.insight.explore_views import NOTHING_ASKED, explored


@needs("insight.view")
def saved(request: StaffRequest) -> HttpResponse:
    """The saved analyses that this person may open, and the one just removed with its way back."""
    rows = access.visible(request.user, SavedAnalysis.objects.select_related("programme", "unit", "by"))
    removed = request.GET.get("removed", "")
    context = {
        "rows": [
            (row, ANALYSES.get(row.specification["method"]).label) for row in rows.filter(removed_at=None)
        ],
        "removed": rows.filter(pk=int(removed)).exclude(removed_at=None).first()
        if removed.isdigit()
        else None,
    }
    return render(request, "insight/saved.html", context)


@needs("insight.view")
@require_POST
def keep(request: StaffRequest) -> HttpResponse:
    """Keep what the page shows, whose question stands in the address."""
    choice, found = explored(request)
    if choice.round is None or found.specification is None:
        raise Refused(found.problems[0] if found.problems else NOTHING_ASKED)
    row = keep_analysis(
        actor=request.user,
        round=choice.round,
        made=found.specification,
        title=request.POST.get("title", ""),
        newest=bool(request.POST.get("newest")),
    )
    messages.success(request, _("Kept as “%(title)s”.") % {"title": row.title})
    return redirect("insight:saved")


@needs("insight.view")
def open_saved(request: StaffRequest, pk: int) -> HttpResponse:
    """The analysis with its present figures, in Explore."""
    row = find(request, SavedAnalysis.objects.all(), pk=pk)
    return redirect(f"{reverse('insight:explore')}?{address_of(asked_now(row))}")


@needs("insight.view")
@require_POST
def change_saved(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename, put into reports, remove or bring back."""
    row, act = find(request, SavedAnalysis.objects.all(), pk=pk), request.POST.get("act", "")
    if act == "remove":
        remove_analysis(actor=request.user, row=row)
        return redirect(f"{reverse('insight:saved')}?removed={row.pk}")
    if act == "restore":
        restore_analysis(actor=request.user, row=row)
    else:
        chosen = bool(request.POST.get("in_reports"))
        change_analysis(actor=request.user, row=row, title=request.POST.get("title", ""), in_reports=chosen)
    messages.success(request, _("Saved."))
    return redirect("insight:saved")
