"""Several rounds in a list, each in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.indicators import Sums, changes, figures, headline_sums
from manyi.analytics.reading import reading
from manyi.analytics.returns import returns_by_channel
from manyi.analytics.round_view import NO_FILTERS, item_lines, missed_targets, sets_of_items
from manyi.analytics.trend import sums_of
from manyi.analytics.views import HEADLINES, Change
from manyi.measures.figure import Figure
from manyi.measures.indicators import return_rate
from manyi.surveys.models import Round


@dataclass(frozen=True, slots=True)
class Summary:
    """A round's headline, its change since the round before, its return, and the number of missed targets
    (None where none was set).
    """

    round: Round
    headline: str
    figure: Figure | None
    change: Change | None
    return_rate: Figure
    missed: int | None


def summaries(rounds: Iterable[Round], roots: Sequence[str]) -> list[Summary]:
    """The lines of these rounds for a reader of the units under ``roots``."""
    known: dict[int, dict[str, Sums]] = {}
    return [_summary(round, roots, known) for round in rounds]


def _summary(round: Round, roots: Sequence[str], known: dict[int, dict[str, Sums]]) -> Summary:
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        permitted = open_round.permits(NO_FILTERS)
        found = open_round.histograms(sets_of_items(open_round), NO_FILTERS)
        found = found if permitted else found.sizes_only()
        sums = headline_sums(open_round.measured, found, scored=bool(open_round.scheme))
        shown = {name: open_round.shown(each) for name, each in figures(sums).items()}
        items = item_lines(open_round, found)
        scheme = open_round.scheme
        missed = missed_targets(scheme, shown, items, found.cell().total.mean)
    known[round.pk] = sums if permitted else {}
    headline = next((name for name in HEADLINES if name in shown), HEADLINES[0])
    lines = returns_by_channel(round, roots)
    return Summary(
        round=round,
        headline=headline,
        figure=shown.get(headline),
        change=_change(round, roots, known, headline),
        return_rate=return_rate(sum(x.invited for x in lines), sum(x.answered for x in lines)),
        missed=len(missed) if scheme and scheme.targets.any_set else None,
    )


def _change(
    round: Round, roots: Sequence[str], known: dict[int, dict[str, Sums]], headline: str
) -> Change | None:
    """The change since the round before; sums that were read for one line serve the next."""
    earlier = Round.objects.filter(programme=round.programme_id, number__lt=round.number)
    before = (
        earlier.filter(state__in=["open", "closed"]).select_related("questionnaire", "scheme", "unit").last()
    )
    if before is None:
        return None
    if before.pk not in known:
        known[before.pk] = sums_of(before, roots, NO_FILTERS)
    old, new = known[before.pk], known[round.pk]
    if headline not in old or headline not in new:
        return None
    return changes(old, new, [headline]).get(headline)
