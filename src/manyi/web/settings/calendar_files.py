"""A year of a calendar from a file, date by date decided by a person; and the calendar as an iCal file."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import calendar_actions, clock, year_files
from manyi.organisation.errors import Refused
from manyi.organisation.models import WorkCalendar
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.refusals import UNPROCESSABLE

ROWS = WorkCalendar.objects.select_related("unit")
DECISIONS = {"off": False, "working": True}


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a file, decide on each of its dates, and set the year."""
    row = find(request, ROWS, pk=pk)
    year = _year(request.POST.get("year") or request.GET.get("year", ""), row)
    context = {"calendar": row, "year": year}
    if request.method != "POST":
        return render(request, "settings/calendar_take.html", context)
    try:
        if "file" in request.FILES:
            return render(request, "settings/calendar_take.html", {**context, **_proposed(request, year)})
        _set(request, row, year)
    except Refused as refused:
        context |= {"fault": refused.message, "source": request.POST.get("source", "")}
        return render(request, "settings/calendar_take.html", context, status=UNPROCESSABLE)
    messages.success(request, _("The year is set."))
    return redirect(f"{reverse('settings:calendar', args=[pk])}?year={year}")


def _year(text: str, row: WorkCalendar) -> int:
    return int(text) if text.isdigit() and 2000 <= int(text) <= 2100 else clock.today(row.zone).year


def _proposed(request: HttpRequest, year: int) -> dict[str, object]:
    """The dates of the file that lie in the year, each with what the file seems to say."""
    file = request.FILES["file"]
    if not isinstance(file, UploadedFile):
        raise Refused(Label("请选择文件。", "Choose a file."), field="file")
    name = file.name or "file"
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix) as held:
        for block in file.chunks():
            held.write(block)
        held.flush()
        found = year_files.read(Path(held.name), name)
    rows = [day for day in found if day.date.year == year]
    if not rows:
        words = f"文件里没有 {year} 年的日期。", f"The file has no date in {year}."
        raise Refused(Label(*words), field="file")
    shown = [(day, {True: "working", False: "off", None: ""}[day.working]) for day in rows]
    return {"rows": shown, "source": name, "elsewhere": len(found) - len(rows)}


def _set(request: StaffRequest, row: WorkCalendar, year: int) -> None:
    given = request.POST
    dates, reasons = given.getlist("date"), given.getlist("reason")
    decisions = given.getlist("decision")
    try:
        days = [
            (dt.date.fromisoformat(date), DECISIONS[decision], reason)
            for date, decision, reason in zip(dates, decisions, reasons, strict=True)
            if decision in DECISIONS
        ]
    except ValueError:
        raise Refused(Label("请选择文件。", "Choose a file."), field="file") from None
    if not days:
        raise Refused(Label("请至少为一个日期选择休息或上班。", "Decide on at least one date."), field="days")
    calendar_actions.take_year(
        actor=request.user,
        calendar=row,
        year=year,
        days=days,
        source=given.get("source", ""),
        official=given.get("official") == "yes",
    )


@require_GET
@needs("settings.manage")
def ical(request: StaffRequest, pk: int) -> HttpResponse:
    """The dates on which the calendar differs from its week, for any calendar program."""
    row = find(request, ROWS, pk=pk)
    days = row.days.order_by("date").values_list("date", "working", "reason")
    answer = HttpResponse(
        year_files.written(row.name, days, clock.now()), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return answer
