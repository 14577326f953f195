"""The sample of a round: how many, by which method, whom; and the record of every draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from manyi.customers.models import TRANSACTION_KINDS, Customer, Segment
from manyi.kernel.labels import Label
from manyi.measures.allocation import stratum_margins
from manyi.measures.sampling import SampleSize, required_size
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.organisation.settings import value
from manyi.responses.queries import score_spread
from manyi.surveys import actions
from manyi.surveys.draw_actions import listed
from manyi.surveys.draw_methods import ALLOCATIONS, GROUPINGS, METHODS, ORDERS, Listing, Plan, allocated
from manyi.surveys.draw_plans import plan_from
from manyi.surveys.frames import GAP, REASONS, Filters, frame_of
from manyi.surveys.models import Draw, DrawRecord, Round
from manyi.surveys.queries import standing_draws
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import page_of

ROWS = Round.objects.select_related("programme", "unit")
#: Percentages of the calculator: name, what stands there at first.
RATES = {"margin": 5.0, "confidence": 95.0, "share": 50.0, "rate": 30.0, "invalid": 0.0}


@require_GET
@needs("surveys.view")
def sample(request: StaffRequest, pk: int) -> HttpResponse:
    """The draws of a round, and the form for the next one."""
    row = find(request, ROWS, pk=pk)
    context = {
        "round": row,
        "may_field": access.may(request.user, "surveys.field", row.unit),
        "running": row.state in {"planned", "open"},
        "draws": [(draw, METHODS[draw.method].label, left_out(draw)) for draw in standing_draws(row)],
        "units": Unit.objects.filter(path__startswith=row.unit.path, active=True),
        "segments": Segment.objects.all(),
        "kinds": TRANSACTION_KINDS.items(),
        "methods": METHODS.items(),
        "groupings": GROUPINGS.items(),
        "orders": ORDERS.items(),
        "allocations": ALLOCATIONS.items(),
        "rates": RATES,
        "gap": value(GAP),
    }
    return render(request, "manage/sample.html", context)


def left_out(draw: Draw) -> list[tuple[Label, int]]:
    """Who was left out of a draw, counted by reason."""
    return [(REASONS[reason], count) for reason, count in sorted(draw.excluded.items())]


@require_GET
@needs("surveys.field")
def size(request: StaffRequest, pk: int) -> HttpResponse:
    """The calculator: how many can be asked, how many should be, and what each stratum gets."""
    row = find(request, ROWS, pk=pk)
    frame = frame_of(row, Filters.from_json(filters_of(request.GET)))
    rates = {name: _percent(request.GET, name) for name in RATES}
    context: dict[str, Any] = {
        "frame_size": len(frame.members),
        "excluded": [(REASONS[reason], count) for reason, count in sorted(frame.excluded.items())],
    }
    if frame.members:
        context["needed"] = needed = _needed(len(frame.members), rates)
        method = request.GET.get("method", "")
        if method in {"stratified", "cluster"}:
            plan = plan_from(plan_of(request.GET, needed.invitations))
            listing = listed(frame, method, plan)
            context["method"], context["allocation"] = method, plan.allocation
            context["strata"] = _strata(row, listing, method, plan, rates)
    return render(request, "manage/round_size.html", context)


def _percent(given: QueryDict, name: str) -> float:
    try:
        return float(given.get(name) or RATES[name]) / 100
    except ValueError as error:
        raise Refused(Label("请填写百分数。", "Please give a percentage."), field=name) from error


def _needed(population: int, rates: Mapping[str, float]) -> SampleSize:
    try:
        return required_size(
            population,
            rates["margin"],
            share=rates["share"],
            confidence=rates["confidence"],
            response_rate=rates["rate"],
            invalid_rate=rates["invalid"],
        )
    except ValueError as error:
        words = Label(
            "误差、置信度和回收率请填写 1 到 99 之间的百分数,无效率从 0 起。",
            "Margin, confidence and return are percentages from 1 to 99, the invalid share begins at 0.",
        )
        raise Refused(words, field="margin") from error


def _strata(
    row: Round, listing: Listing, method: str, plan: Plan, rates: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Each group of the frame: members, its part of the sample, the margin to expect, measured deviation."""
    sizes = listing.sizes()
    spread = score_spread(row.programme, plan.by) if method == "stratified" else {}
    deviations = {**{name: round(found, 3) for name, found in spread.items()}, **plan.deviations}
    numbers: dict[str, int] = {}
    if method == "stratified":
        try:
            numbers = allocated(
                sizes, Plan(plan.size, by=plan.by, allocation=plan.allocation, sizes=plan.sizes,
                            deviations=deviations)
            )  # fmt: skip
        except ValueError:
            numbers = {}  # numbers or deviations are still to be filled in: the table asks for them
    expected = {
        name: max(round(number * rates["rate"] * (1 - rates["invalid"])), 1) if number else 0
        for name, number in numbers.items()
    }
    margins = stratum_margins(sizes, expected, share=rates["share"], confidence=rates["confidence"])
    return [
        {
            "name": name,
            "members": members,
            "number": numbers.get(name),
            "margin": None if (margin := margins[name]) is None else 100 * margin,
            "deviation": deviations.get(name),
        }
        for name, members in sizes.items()
    ]


def filters_of(given: QueryDict) -> dict[str, Any]:
    """The filters of a form, without those left empty."""
    filters = {name: given.get(name, "").strip() for name in ("unit", "kind", "from", "until", "gap_days")}
    return {name: text for name, text in filters.items() if text} | (
        {"segments": given.getlist("segments")} if given.getlist("segments") else {}
    )


def plan_of(given: QueryDict, otherwise: int | None = None) -> dict[str, Any]:
    """What a form tells the method; numbers and deviations of strata stand in ``n:…`` and ``s:…``."""
    names = ("by", "order", "allocation", "clusters", "per_cluster")
    return {name: given.get(name, "").strip() for name in names} | {
        "size": given.get("size", "").strip() or otherwise,
        "seed": given.get("seed", ""),
        "sizes": {name[2:]: given[name] for name in given if name.startswith("n:")},
        "deviations": {name[2:]: given[name] for name in given if name.startswith("s:")},
    }


@require_POST
@needs("surveys.field")
def draw(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw a sample."""
    row = find(request, ROWS, pk=pk)
    given = request.POST
    told = plan_of(given)
    drawn = actions.draw_sample(
        actor=request.user,
        round=row,
        method=given.get("method", ""),
        filters=filters_of(given),
        size=plan_from({"size": told["size"]}).size,
        seed=told["seed"],
        plan=told,
    )
    words = ngettext("%(n)s customer was drawn.", "%(n)s customers were drawn.", drawn.size)
    messages.success(request, words % {"n": drawn.size})
    return redirect("manage:round", pk=pk)


@require_POST
@needs("surveys.field")
def undo_draw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a draw back."""
    row = find(request, Draw.objects.select_related("round__unit"), verb="surveys.field", pk=pk)
    actions.undo_draw(actor=request.user, draw=row)
    messages.success(request, _("The draw was taken back."))
    return redirect("manage:round", pk=row.round_id)


@require_GET
@needs("surveys.view")
def draw_record(request: StaffRequest, pk: int) -> HttpResponse:
    """The record of a draw: method, frame, seed, strata, and who was left out and why."""
    row = find(request, Draw.objects.select_related("round__unit", "by"), pk=pk)
    record = DrawRecord.objects.filter(draw=row).first()
    may_name = access.may(request.user, "customers.view", row.round.unit)
    page = page_of(request, record.left_out if record else [])
    context = {
        "draw": row,
        "round": row.round,
        "method": METHODS[row.method],
        "excluded": left_out(row),
        "strata": _drawn_strata(row),
        "kept": record is not None,
        "may_name": may_name,
        "page": page,
        "names": _named(list(page)) if may_name else [],
        "plan": sorted((name, told) for name, told in row.plan.items() if told not in ("", None, {})),
    }
    return render(request, "manage/draw.html", context)


def _drawn_strata(row: Draw) -> list[tuple[str, int, float]]:
    """Number and weight of the drawn in each stratum."""
    found: dict[str, list[float]] = {}
    for stratum, weight in row.members.values_list("stratum", "weight"):
        found.setdefault(stratum, []).append(weight)
    return [(name, len(weights), sum(weights)) for name, weights in sorted(found.items())]


def _named(rows: list[list[Any]]) -> list[tuple[Customer | None, int, Label]]:
    """The left out with their files as they are now; None where there is none any more."""
    files = Customer.objects.in_bulk([pk for pk, _reason in rows])
    return [(files.get(pk), pk, REASONS[reason]) for pk, reason in rows]


@require_POST
@needs("surveys.view")
def prove_draw(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw again from the record, and say whether it gave the same people."""
    row = find(request, Draw.objects.select_related("round__unit"), pk=pk)
    proof = actions.redraw_check(actor=request.user, draw=row)
    if proof.same:
        words = ngettext(
            "Same seed, same frame: the same %(n)s customer.",
            "Same seed, same frame: the same %(n)s customers.",
            proof.size,
        )
        messages.success(request, words % {"n": proof.size})
    else:
        messages.error(request, _("Drawing again gave other customers: the record was changed."))
    return redirect("manage:draw_record", pk=pk)
