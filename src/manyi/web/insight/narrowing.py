"""What a reader narrowed a page to, read from its address, and the choices that are offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from manyi.analytics.comparison import segment_names
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.models import Snapshot
from manyi.analytics.views import Filters
from manyi.analytics.wording import channel_label
from manyi.kernel.labels import Label
from manyi.organisation.access import within
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.surveys.models import Round


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    label: Label
    chosen: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters of a page with what each one offers."""

    filters: Filters
    units: tuple[Choice, ...]
    segments: tuple[Choice, ...]
    channels: tuple[Choice, ...]


def narrowing(query: QueryDict, round: Round, roots: Sequence[str]) -> Narrowing:
    """The filters in an address, as far as they say something here; what is not offered asks nothing."""
    brought_up_to_date(round)
    reach = within([root for root in roots if root.startswith(round.unit.path)] or [round.unit.path], "")
    units = in_tree_order(Unit.objects.filter(reach))
    names = {unit.path: Label(unit.name, unit.name_en or unit.name) for unit in units}
    segments = segment_names()
    row = Snapshot.objects.filter(round=round).first()
    book = row.codebook if row else {}
    known = {code: segments.get(code, Label(code, code)) for code in book.get("segment", [])}
    channels = {code: channel_label(code) for code in book.get("channel", [])}
    filters = Filters(
        unit=_one_of(query.get("unit", ""), names),
        segment=_one_of(query.get("segment", ""), known),
        channel=_one_of(query.get("channel", ""), channels),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
    )
    return Narrowing(
        filters,
        _choices(names, filters.unit),
        _choices(known, filters.segment),
        _choices(channels, filters.channel),
    )


def _one_of(value: str, known: dict[str, Label]) -> str:
    return value if value in known else ""


def _choices(known: dict[str, Label], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in sorted(known.items()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
