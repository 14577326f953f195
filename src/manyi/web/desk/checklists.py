"""Settings of supervision: the checklists, each change of which is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases.models import Checklist
from manyi.cases.supervision import checklist_actions, rules
from manyi.cases.supervision.rules import MOST_CRITERIA, Criterion
from manyi.organisation.errors import NotPermitted, Refused
from manyi.web.forms import faults
from manyi.web.guard import StaffRequest, needs
from manyi.web.refusals import UNPROCESSABLE

VERB = "settings.manage"
#: Empty rows at the end of the form.
MORE_ROWS = 3


@require_GET
@needs(VERB)
def index(request: StaffRequest) -> HttpResponse:
    """The newest version of every checklist, and the earlier ones below it."""
    checklist_actions.offered()  # the ready one is there from the beginning
    rows = [
        (row, rules.criteria_of(row.criteria), row.samples.count(), _earlier(row))
        for row in checklist_actions.newest()
    ]
    return render(request, "desk/checklists.html", {"rows": rows})


def _earlier(row: Checklist) -> list[tuple[Checklist, int]]:
    older = Checklist.objects.filter(code=row.code, number__lt=row.number).order_by("-number")
    return [(each, each.samples.count()) for each in older]


@require_http_methods(["GET", "POST"])
@needs(VERB)
def new(request: StaffRequest) -> HttpResponse:
    """A checklist of one's own."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@needs(VERB)
def checklist(request: StaffRequest, pk: int) -> HttpResponse:
    """A new version of a checklist, beginning with the one that is shown."""
    return _form(request, get_object_or_404(Checklist, pk=pk))


@require_POST
@needs(VERB)
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a checklist out of use for new samples, or back."""
    row = get_object_or_404(Checklist, pk=pk)
    checklist_actions.switch_checklist(actor=request.user, checklist=row, active=not row.active)
    messages.success(request, _("Done."))
    return redirect("desk:checklists")


def _form(request: StaffRequest, row: Checklist | None) -> HttpResponse:
    given = request.POST
    wrong: dict[str, Any] = {}
    criteria = rules.criteria_of(row.criteria) if row else []
    if request.method == "POST":
        criteria = _given(given)
        try:
            checklist_actions.save_checklist(
                actor=request.user,
                code=row.code if row else given.get("code", "").strip(),
                name=given.get("name", ""),
                name_en=given.get("name_en", ""),
                criteria=criteria,
            )
        except NotPermitted:
            raise
        except Refused as refused:
            wrong = dict(faults(refused))
        else:
            messages.success(request, _("Saved as a new version; samples that were drawn keep theirs."))
            return redirect("desk:checklists")
    places = range(min(len(criteria) + MORE_ROWS, MOST_CRITERIA))
    context = {
        "row": row,
        "given": {name: given.get(name, getattr(row, name, "")) for name in ("code", "name", "name_en")},
        "lines": [_line(place, criteria, wrong) for place in places],
        "fault": wrong,
    }
    return render(request, "desk/checklist.html", context, status=UNPROCESSABLE if wrong else 200)


def _line(place: int, criteria: list[Criterion], wrong: Mapping[str, Any]) -> dict[str, Any]:
    fault = wrong.get(f"text_{place}") or wrong.get(f"weight_{place}")
    return {"place": place, "it": criteria[place] if place < len(criteria) else None, "fault": fault}


def _given(given: Mapping[str, str]) -> list[Criterion]:
    """The rows of the form that say something; each keeps its code, and a new one gets the next."""
    rows, held = [], {given.get(f"code_{place}", "") for place in range(MOST_CRITERIA)}
    following = (f"c{number}" for number in range(1, 1000) if f"c{number}" not in held)
    for place in range(MOST_CRITERIA):
        text, text_en = (given.get(f"{name}_{place}", "").strip() for name in ("text", "text_en"))
        if text or text_en:
            code = given.get(f"code_{place}", "") or next(following)
            weight = _weight(given.get(f"weight_{place}", ""))
            rows.append(Criterion(code[:60], text, text_en, weight, given.get(f"must_{place}") == "yes"))
    return rows


def _weight(text: str) -> float:
    """A weight as it was typed, 1 when empty; what cannot be read is one that the rules refuse."""
    try:
        return float(text.strip() or 1)
    except ValueError:
        return 0.0
