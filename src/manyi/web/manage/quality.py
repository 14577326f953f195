"""Doubtful answers of a round: found by rules, confirmed or lifted by a person, with undo."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.responses import quality_actions
from manyi.responses.models import Doubt
from manyi.responses.quality import RULES
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import page_of

STATES = {
    "open": Label("待处理", "To decide"),
    "confirmed": Label("已确认无效", "Confirmed"),
    "lifted": Label("已排除", "Lifted"),
}
ROWS = Round.objects.select_related("programme", "unit", "questionnaire")


@require_GET
@needs("responses.view")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """The doubts of a round by state, each with its rule and reason."""
    row = find(request, ROWS, verb="responses.view", pk=pk)
    tab = request.GET.get("show", "open")
    tab = tab if tab in STATES else "open"
    mine = access.visible(request.user, Doubt.objects.filter(response__round=row))
    counts = dict(mine.values_list("state").annotate(count=Count("pk")).values_list("state", "count"))
    rows = mine.filter(state=tab)
    if request.GET.get("rule") in RULES:
        rows = rows.filter(rule=request.GET["rule"])
    page = page_of(request, rows.select_related("response__unit", "by").order_by("rule", "pk"), 50)
    context = {
        "round": row,
        "page": page,
        "rows": [(doubt, RULES[doubt.rule], Label(doubt.reason, doubt.reason_en)) for doubt in page],
        "tabs": [(state, label, counts.get(state, 0)) for state, label in STATES.items()],
        "tab": tab,
        "rules": RULES.items(),
        "may_judge": access.may(request.user, "responses.judge", row.unit),
    }
    return render(request, "manage/quality.html", context)


@require_POST
@needs("responses.judge")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Look through all answers now."""
    row = find(request, ROWS, verb="responses.judge", pk=pk)
    found = quality_actions.check_quality(actor=request.user, round=row)
    words = ngettext("%(n)s doubt to decide.", "%(n)s doubts to decide.", found)
    messages.success(request, words % {"n": found})
    return redirect("manage:quality", pk=pk)


@require_POST
@needs("responses.judge")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm or lift the chosen doubts."""
    row = find(request, ROWS, verb="responses.judge", pk=pk)
    chosen = [int(each) for each in request.POST.getlist("doubt") if each.isdigit()]
    mine = access.visible(request.user, Doubt.objects.filter(response__round=row), verb="responses.judge")
    doubts = mine.filter(pk__in=chosen).select_related("response__unit", "response__round")
    decided = quality_actions.decide_doubts(
        actor=request.user,
        doubts=doubts,
        confirm=request.POST.get("act") == "confirm",
        why=request.POST.get("why", ""),
    )
    words = ngettext("%(n)s doubt decided.", "%(n)s doubts decided.", decided)
    messages.success(request, words % {"n": decided})
    return redirect("manage:quality", pk=pk)


@require_POST
@needs("responses.judge")
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    rows = Doubt.objects.select_related("response__unit", "response__round")
    doubt = find(request, rows, verb="responses.judge", pk=pk)
    quality_actions.reopen_doubt(actor=request.user, doubt=doubt)
    messages.success(request, _("The decision was taken back."))
    return redirect("manage:quality", pk=doubt.response.round_id)
