"""What a ready page can be asked about in a round: the score and its items with their satisfied answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.items import Item, is_number
from manyi.analytics.reading import reading
from manyi.analytics.round_view import label_of
from manyi.analytics.views import HEADLINE_LABELS
from manyi.kernel.labels import Label
from manyi.surveys.models import Round

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class RoundItem:
    """One variable of a round. ``satisfied_from`` is the lowest satisfied answer, None where answers do not
    rise to satisfaction; ``points`` by answer, empty of the total."""

    code: str
    title: Label
    satisfied_from: float | None
    points: Mapping[str, Fraction]


def round_items(round: Round) -> tuple[RoundItem, ...]:
    """The total score where the round has a scheme, then its items, then the overall question."""
    brought_up_to_date(round)
    with reading(round, ("/",)) as open_round:
        measured = open_round.measured
        scored = open_round.scheme is not None
    items = list(measured.items)
    if measured.overall and measured.overall.code not in {each.code for each in items}:
        items.append(measured.overall)
    total = [RoundItem(TOTAL, HEADLINE_LABELS["total_mean"], None, {})] if scored else []
    return (*total, *(RoundItem(i.code, label_of(i.field.title), _from(i), i.points) for i in items))


def _from(item: Item) -> float | None:
    """The answer from which every higher one is satisfied too."""
    if not item.satisfied or not all(map(is_number, item.points)):
        return None
    lowest = min(map(int, item.satisfied))
    above = {code for code in item.points if int(code) >= lowest}
    return float(lowest) if above == item.satisfied & set(item.points) else None
