"""The home page: what to do today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from manyi.organisation import clock
from manyi.organisation.models import Unit
from manyi.web.desk.agenda import agenda
from manyi.web.guard import StaffRequest, needs


@require_GET
@needs()
def today(request: StaffRequest) -> HttpResponse:
    """What waits for the person who reads it."""
    sections = agenda(request.user)
    context = {
        "sections": sections,
        "pressing": sum(section.count for section in sections if section.id in {"overdue", "today"}),
        "day": timezone.localtime(clock.now()),
        "new": Unit.objects.count() <= 1,
    }
    return render(request, "desk/today.html", context)
