"""The rounds of a programme in a row, each compared with the one before."""

from __future__ import annotations

from collections.abc import Sequence

from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.indicators import Sums, changes, figures, headline_sums, sets_for
from manyi.analytics.reading import reading
from manyi.analytics.views import Filters, TrendPoint
from manyi.kernel.labels import Label
from manyi.surveys.models import Round

#: So many rounds fit on a line that can be read.
ROUNDS = 12


def trend(round: Round, roots: Sequence[str], filters: Filters) -> tuple[TrendPoint, ...]:
    """The last rounds of the programme up to this one, oldest first.

    Units, segment and channel narrow every round alike; a period belongs to one round and narrows none.
    """
    rounds = earlier_rounds(round)
    alike = Filters(unit=filters.unit, segment=filters.segment, channel=filters.channel)
    points: list[TrendPoint] = []
    before: dict[str, Sums] = {}
    for each in rounds:
        sums = sums_of(each, roots, alike)
        made = {name: figure for name, figure in figures(sums).items() if figure.valid_n}
        point = TrendPoint(each.pk, Label(each.title, each.title_en or each.title), made)
        if sums and before:
            both = [name for name in made if name in before]
            point = TrendPoint(point.round, point.title, made, changes(before, sums, both))
        if sums:
            points.append(point)
            before = {name: sums[name] for name in made}
    return tuple(points)


def earlier_rounds(round: Round) -> list[Round]:
    """The last rounds of the programme up to and with this one, oldest first."""
    earlier = Round.objects.filter(programme=round.programme_id, number__lte=round.number)
    known = earlier.filter(state__in=["open", "closed"]).select_related("questionnaire", "scheme", "unit")
    return list(known.order_by("-number")[:ROUNDS])[::-1]


def sums_of(round: Round, roots: Sequence[str], filters: Filters) -> dict[str, Sums]:
    """The headline sums of a round; empty when nobody answered or too few to be shown."""
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        if not open_round.permits(filters):
            return {}
        found = open_round.histograms(sets_for(open_round.measured), filters)
        return headline_sums(open_round.measured, found, scored=bool(open_round.scheme))
