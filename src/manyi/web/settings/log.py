"""The Event log to read and to prove, and the work that goes on in the background."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from manyi.organisation import access, events, jobs, queries
from manyi.organisation.events import KINDS, Broken
from manyi.organisation.models import EventFailure, Job, Unit
from manyi.organisation.queries import LogFilter
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import page_of, units_for


@require_GET
@needs("events.view")
def log(request: StaffRequest) -> HttpResponse:
    """The log of the person's subtrees, narrowed by who, kind, subject, unit and days."""
    page = page_of(request, queries.log(request.user, _wanted(request)))
    context = {
        "page": page,
        "rows": [(event, KINDS.get(event.kind)) for event in page],
        "kinds": sorted(KINDS.values(), key=lambda kind: kind.id),
        "units": units_for(request, "events.view"),
        "asked": request.GET,
        "verified": events.verify() if "verify" in request.GET else None,
        "broken": None,
    }
    if isinstance(context["verified"], Broken):
        context["broken"], context["verified"] = context["verified"], None
    return render(request, "settings/events.html", context)


def _wanted(request: StaffRequest) -> LogFilter:
    asked = request.GET
    unit = asked.get("unit", "")
    until = _midnight(asked.get("until", ""))
    return LogFilter(
        who=asked.get("who", "").strip(),
        kind=asked.get("kind", ""),
        subject=asked.get("subject", "").strip(),
        unit=access.visible(request.user, Unit.objects.all(), verb="events.view").filter(pk=int(unit)).first()
        if unit.isdigit()
        else None,
        since=_midnight(asked.get("since", "")),
        until=until + dt.timedelta(days=1) if until else None,
    )


def _midnight(text: str) -> dt.datetime | None:
    """The beginning of a day in the reader's zone; None for no day."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return dt.datetime.combine(day, dt.time(), ZoneInfo(timezone.get_current_timezone_name()))


@require_GET
@needs("settings.manage")
def work(request: StaffRequest) -> HttpResponse:
    """Jobs of the person's subtrees, and events that a subscriber could not digest."""
    rows = access.visible(request.user, Job.objects.select_related("created_by", "unit"))
    failed = EventFailure.objects.select_related("event").order_by("-at")
    failed = failed.filter(access.within(access.paths(request.user, "settings.manage"), "event__unit"))
    return render(request, "settings/jobs.html", {"page": page_of(request, rows), "failures": failed[:50]})


@require_http_methods(["GET", "POST"])
@needs()
def job(request: StaffRequest, pk: int) -> HttpResponse:
    """One job: how far it is; stop it. For whoever started it and for administrators."""
    mine = Q(created_by=request.user) | access.within(access.paths(request.user, "settings.manage"), "unit")
    row = get_object_or_404(Job.objects.filter(mine), pk=pk)
    if request.method == "POST":
        jobs.ask_stop(actor=request.user, job=row)
        return redirect("settings:job", pk=pk)
    template = "settings/job_state.html" if request.headers.get("hx-request") else "settings/job.html"
    return render(request, template, {"job": row})
