"""The fieldwork monitor of a round: steps by channel, unit and day, named rates, forecast, conditions met."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from manyi.analytics.wording import channel_label
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.measures.response_rates import GROUPS, RATES, outcome_rate
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.responses.fieldwork import STEPS, Fieldwork, Steps, fieldwork
from manyi.responses.queries import quotas_of
from manyi.surveys.models import Round
from manyi.surveys.workflow import ROUND
from manyi.web.guard import StaffRequest, find, needs

ROWS = Round.objects.select_related("programme", "unit", "scheme")
DEFAULT_RATE, SHOWN_DAYS = "RR2", 31


@require_GET
@needs("surveys.view")
def monitor(request: StaffRequest, pk: int) -> HttpResponse:
    """The monitor; asked for by its own script it answers with the figures only."""
    row = find(request, ROWS, pk=pk)
    found = fieldwork(request.user, row)
    name = request.GET.get("rate", DEFAULT_RATE)
    name = name if name in RATES else DEFAULT_RATE
    context = {
        "round": row,
        "state": ROUND.state(row.state),
        "found": found,
        "steps": list(STEPS.values()),
        "channels": [
            (channel_label(channel), _line(steps)) for channel, steps in sorted(found.channels.items())
        ],
        "units": _units(found),
        "total": _line(found.total),
        "days": found.days[-SHOWN_DAYS:],
        "busiest": max((each.completed for each in found.days[-SHOWN_DAYS:]), default=1) or 1,
        "rates": [(each, rate.label) for each, rate in RATES.items()],
        "rate": name,
        "figure": outcome_rate(name, found.outcomes),
        "groups": [(label, getattr(found.outcomes, group)) for group, label in GROUPS.items()],
        "quotas": quotas_of(row),
    }
    template = (
        "manage/fieldwork_figures.html" if request.headers.get("HX-Request") else "manage/fieldwork.html"
    )
    return render(request, template, context)


def _line(steps: Steps) -> list[int]:
    return list(asdict(steps).values())


def _units(found: Fieldwork) -> list[tuple[Unit, list[int]]]:
    units = Unit.objects.in_bulk(found.units)
    return [(unit, _line(found.units[unit.pk])) for unit in in_tree_order(units.values())]


@require_GET
@needs("surveys.view")
def figures(request: StaffRequest, pk: int) -> JsonResponse:
    """The monitor's figures as JSON, every rate with its base and interval."""
    row = find(request, ROWS, pk=pk)
    return JsonResponse(as_data(row, fieldwork(request.user, row)))


def as_data(round: Round, found: Fieldwork) -> dict[str, Any]:
    """The figures of a monitor as plain data."""
    units = Unit.objects.in_bulk(found.units)
    return {
        "round": round.pk,
        "state": round.state,
        "total": asdict(found.total),
        "channels": {channel: asdict(steps) for channel, steps in sorted(found.channels.items())},
        "units": {units[pk].code: asdict(steps) for pk, steps in found.units.items() if pk in units},
        "days": [{**each._asdict(), "day": each.day.isoformat()} for each in found.days],
        "outcomes": asdict(found.outcomes),
        "rates": {name: _rate(outcome_rate(name, found.outcomes)) for name in RATES},
        "forecast": asdict(found.forecast) if found.forecast else None,
        "valid": None if found.validity is None else found.validity.valid,
        "misses": [] if found.validity is None else [_both(miss) for miss in found.validity.misses],
    }


def _rate(figure: Figure) -> dict[str, Any]:
    kept = ("value", "n", "valid_n", "low", "high", "warnings")
    return {name: value for name, value in figure.to_json().items() if name in kept}


def _both(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}
