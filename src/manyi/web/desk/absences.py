"""Who is away: one's own days, and for those who lead a unit those of its people."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.cases import routing_actions
from manyi.cases.models import Absence
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.web.guard import StaffRequest, needs
from manyi.web.refusals import UNPROCESSABLE

ABSENCES = Absence.objects.select_related("person", "unit", "by")


@require_http_methods(["GET", "POST"])
@needs()
def index(request: StaffRequest) -> HttpResponse:
    """The absences from today on that the person may see, and a form for another one."""
    fault: Refused | None = None
    if request.method == "POST":
        try:
            _note(request)
        except Refused as refused:
            fault = refused
        else:
            messages.success(request, _("Noted. No new cases go there on these days."))
            return redirect("desk:absences")
    me, today = request.user, timezone.localdate(clock.now())
    context = {
        "given": request.POST,
        "fault": fault,
        "rows": _seen(me).filter(until_on__gte=today).order_by("from_on", "person__display_name"),
        "people": _led_by(me),
        "today": today,
    }
    return render(request, "desk/absences.html", context, status=UNPROCESSABLE if fault else 200)


def _seen(person: Person) -> QuerySet[Absence]:
    """One's own absences, and those of the people of one's units."""
    return access.visible(person, ABSENCES) | ABSENCES.filter(person=person)


def _led_by(person: Person) -> list[Person]:
    """Whom else one may note as away: the handlers of the units that one leads."""
    grants = access.within(access.paths(person, "cases.approve"), "grants__unit")
    rows = Person.objects.filter(grants, is_active=True).exclude(pk=person.pk).distinct()
    return [each for each in rows if routing_actions.in_charge_of(person, each)]


def _note(request: StaffRequest) -> Absence:
    given, me = request.POST, request.user
    chosen = given.get("person", "")
    people = {str(each.pk): each for each in [me, *_led_by(me)]}
    if chosen and chosen not in people:
        raise Refused(Label("请选择本部门的同事。", "Choose a colleague of your unit."), field="person")
    return routing_actions.note_absence(
        actor=me,
        person=people[chosen or str(me.pk)],
        from_on=_day(given.get("from_on", ""), "from_on"),
        until_on=_day(given.get("until_on", ""), "until_on"),
        note=given.get("note", ""),
    )


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(Label("请填写日期。", "Please give the day."), field=field) from error


@require_POST
@needs()
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an absence back."""
    row = get_object_or_404(_seen(request.user), pk=pk)
    routing_actions.end_absence(actor=request.user, absence=row)
    messages.success(request, _("Taken back."))
    return redirect("desk:absences")
