"""Weights of a round: made from known shares, told in a report, chosen, dropped, handed out."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.responses import weight_actions
from manyi.responses.models import WeightSet
from manyi.responses.weight_queries import coded_columns, sheets_of, variables_of
from manyi.responses.weight_rules import TRAITS
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, find, needs

ROWS = Round.objects.select_related("programme", "unit", "questionnaire")


@require_GET
@needs("surveys.view")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """The sets of weights of a round, and the form for another."""
    row = find(request, ROWS, pk=pk)
    titles = {column.name: Label(column.title.text("zh"), column.title.text("en")) for column in
              coded_columns(row)} | TRAITS  # fmt: skip
    variables = variables_of(row)
    chosen = [name for name in request.GET.getlist("rake") if name in variables]
    sets = WeightSet.objects.filter(round=row).select_related("by")
    context = {
        "round": row,
        "may_field": access.may(request.user, "surveys.field", row.unit),
        "answers": len(sheets_of(row)),
        "sets": [each for each in sets if each.dropped_at is None],
        "dropped": [each for each in sets if each.dropped_at is not None],
        "traits": TRAITS.items(),
        "variables": [(name, titles[name], name in chosen) for name in variables],
        "margins": [(name, titles[name], list(variables[name].items())) for name in chosen],
    }
    return render(request, "manage/weights.html", context)


@require_POST
@needs("surveys.field")
def make(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a set of weights from the form's steps."""
    row = find(request, ROWS, pk=pk)
    given = request.POST
    shares, population = _margins(row, given)
    low, high = given.get("low", "").strip(), given.get("high", "").strip()
    weight_actions.make_weights(
        actor=request.user,
        round=row,
        title=given.get("title", ""),
        design=bool(given.get("design")),
        classes=given.get("classes", ""),
        rake=shares,
        limits=(_number(low or "0", "low"), _number(high or "1000", "high")) if low or high else None,
        population=population,
    )
    messages.success(request, _("The weights are made; choose them to use them."))
    return redirect("manage:weights", pk=pk)


def _margins(row: Round, given: QueryDict) -> tuple[dict[str, dict[str, float]], float | None]:
    """Shares of 1 by variable, and the population where counts were given: ``m:variable:3`` is a cell."""
    counts, found, population = given.get("unit_of") == "counts", {}, None
    for name, categories in variables_of(row).items():
        cells: dict[str, float] = {}
        for place, category in enumerate(categories):
            text = given.get(f"m:{name}:{place}", "").strip()
            if text:
                cells[category] = _number(text, name)
        whole = sum(cells.values()) if counts else 100.0
        if cells and whole > 0:
            found[name] = {category: number / whole for category, number in cells.items()}
            if counts and population not in (None, whole):
                words = Label(
                    f"“{name}”的人数合计为 {whole:g},与其他变量的 {population:g} 不一致。",
                    f"The counts of “{name}” sum to {whole:g}, those of the others to {population:g}.",
                )
                raise Refused(words, field=name)
            population = whole if counts else None
    return found, population


def _number(text: str, field: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        words = Label(f"“{text}”不是有效的数。", f"“{text}” is not a number from 0.")
        raise Refused(words, field=field)
    return number


@require_POST
@needs("surveys.field")
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a set, stop using it, drop it, or take it back."""
    rows = WeightSet.objects.select_related("round__unit")
    row = find(request, rows, verb="surveys.field", pk=pk)
    wanted = request.POST.get("act", "")
    if wanted == "drop":
        weight_actions.drop_weights(actor=request.user, weights=row)
        messages.success(request, _("The weights were dropped."))
    elif wanted == "restore":
        weight_actions.restore_weights(actor=request.user, weights=row)
        messages.success(request, _("The weights are back."))
    else:
        chosen = row if wanted == "use" else None
        weight_actions.use_weights(actor=request.user, round=row.round, chosen=chosen)
        messages.success(request, _("These weights are in use.") if chosen else _("No weights are in use."))
    return redirect("manage:weights", pk=row.round_id)


@require_GET
@needs("surveys.view")
def table(request: StaffRequest, pk: int) -> HttpResponse:
    """The weights as CSV: number of the answer sheet and its weight."""
    row = find(request, WeightSet.objects.all(), pk=pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="weights-{pk}.csv"'
    lines: Any = csv.writer(answer)
    lines.writerow(["response", "weight"])
    for response, weight in sorted(row.weights.items(), key=lambda each: int(each[0])):
        lines.writerow([response, f"{weight:.10g}"])
    return answer
