"""Suggestion boxes: the list with what came in, new ones, their printed code, and photos of a case."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases import box_actions
from manyi.cases.choices import KINDS
from manyi.cases.models import Case, SuggestionBox
from manyi.distribution import links
from manyi.distribution.channels.qr import svg
from manyi.organisation import access, attachments
from manyi.web.download import as_download
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, units_for


@require_GET
@needs("cases.view")
def index(request: StaffRequest) -> HttpResponse:
    """The boxes of one's units, each with how much of what came in and how much was answered."""
    rows = access.visible(request.user, SuggestionBox.objects.select_related("unit"))
    by_kind = {kind: Count("cases", filter=Q(cases__kind=kind)) for kind, _label in KINDS}
    answered = Count("cases", filter=Q(cases__state="closed"))
    counted = rows.annotate(received=Count("cases"), answered=answered, **by_kind)
    context = {
        "boxes": [(row, [(label, getattr(row, kind)) for kind, label in KINDS]) for row in counted],
        "units": units_for(request, "cases.dispatch"),
        "may_open": access.may(request.user, "cases.dispatch"),
    }
    return render(request, "desk/boxes.html", context)


@require_POST
@needs("cases.dispatch")
def new(request: StaffRequest) -> HttpResponse:
    """Put up a box."""
    unit = chosen_unit(request, "cases.dispatch", request.POST.get("unit", ""))
    made = box_actions.open_box(actor=request.user, unit=unit, label=request.POST.get("label", ""))
    messages.success(request, _("The box is ready; print its code and put it up."))
    return redirect("desk:box_sheet", pk=made.pk)


@require_POST
@needs("cases.dispatch")
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a box out of use, or put it back."""
    row = find(request, SuggestionBox.objects.select_related("unit"), verb="cases.dispatch", pk=pk)
    box_actions.switch_box(actor=request.user, box=row, active=not row.active)
    messages.success(request, _("Done."))
    return redirect("desk:boxes")


@require_GET
@needs("cases.view")
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The box's code, large enough for a wall."""
    row = find(request, SuggestionBox.objects.select_related("unit"), pk=pk)
    address = links.suggestion_box(row.token)
    drawing = mark_safe(svg(address))
    return render(request, "desk/box_sheet.html", {"box": row, "address": address, "drawing": drawing})


@require_GET
@needs("cases.view")
def photo(request: StaffRequest, pk: int, sha256: str) -> HttpResponseBase:
    """A photo of a case, as a download."""
    case = find(request, Case.objects.select_related("unit"), pk=pk)
    row = attachments.held_by(case).filter(sha256=sha256).first()
    if row is None:
        raise Http404
    return as_download(row)
