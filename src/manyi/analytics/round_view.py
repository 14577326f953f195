"""Put together everything that a round shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from manyi.analytics.comparison import by_segment, by_unit, sets_of_segments
from manyi.analytics.engine import Histograms, Set, count
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.indicators import figures, headline_sums, sets_for
from manyi.analytics.items import Item
from manyi.analytics.reading import Reading, reading
from manyi.analytics.returns import Returns, returns_by_channel
from manyi.analytics.trend import trend
from manyi.analytics.views import (
    HEADLINE_LABELS,
    Filters,
    GradeLine,
    ItemLine,
    Missed,
    ReturnLine,
    RoundView,
)
from manyi.analytics.waves import with_changes
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.measures.indicators import ShareSums, return_rate
from manyi.measures.scoring import RoundValidity, Scheme, round_validity, targets_met
from manyi.surveys.models import Round
from manyi.surveys.tree import Text

NO_FILTERS = Filters()
BELOW_BANDS = Label("未达等级", "Below all grades")


def round_view(*, round: Round, roots: Sequence[str], filters: Filters = NO_FILTERS) -> RoundView:
    """What a reader of the units under ``roots`` (unit paths) sees of a round, narrowed by ``filters``."""
    behind = brought_up_to_date(round)
    with reading(round, roots) as open_round:
        allowed = open_round.permits(filters) or not open_round.row.rows
        found = open_round.histograms(_sets(open_round) if allowed else [()], filters)
        return _assembled(open_round, found if allowed else found.sizes_only(), filters, behind)


def sets_of_items(open_round: Reading) -> list[Set]:
    """The joint histograms behind the headlines and the items."""
    measured = open_round.measured
    return [*sets_for(measured), *((item.field.column,) for item in measured.items)]


def _sets(open_round: Reading) -> list[Set]:
    """All joint histograms that the page needs, for one pass."""
    units = sets_for(open_round.measured, "unit")
    return [*sets_of_items(open_round), ("grade",), *units, *sets_of_segments(open_round)]


def _assembled(open_round: Reading, found: Histograms, filters: Filters, behind: int) -> RoundView:
    round, scheme = open_round.round, open_round.scheme
    lines = returns_by_channel(
        round, open_round.roots, unit=filters.unit, segment=filters.segment, channel=filters.channel
    )
    sums = headline_sums(open_round.measured, found, scored=bool(scheme))
    items = item_lines(open_round, found)
    valid, invalid = found.cell().n, _invalid(open_round, filters)
    headlines = {name: open_round.shown(each) for name, each in figures(sums).items()}
    average = found.cell().total.mean if scheme else None
    return RoundView(
        round=round.pk,
        filters=filters,
        written_at=open_round.row.written_at,
        behind=behind,
        responses=valid + invalid,
        invalid=invalid,
        return_rate=return_rate(sum(x.invited for x in lines), sum(x.answered for x in lines)),
        returns=tuple(_return(each) for each in lines),
        headlines=headlines,
        items=with_changes(items, open_round, filters),
        grades=_grades(open_round, found, scheme),
        segments=by_segment(open_round, found),
        units=by_unit(open_round, found, filters),
        trend=trend(round, open_round.roots, filters),
        validity=None if filters.active else _validity(scheme, lines, valid + invalid, invalid),
        missed=missed_targets(scheme, headlines, items, average),
        target=scheme.targets.average_at_least if scheme else None,
    )


def _invalid(open_round: Reading, filters: Filters) -> int:
    condition = replace(open_round.condition(filters), valid=False)
    return count(open_round.store, condition)


def label_of(text: Text) -> Label:
    """A text of the questionnaire as a label with both languages filled."""
    return Label(text.text("zh"), text.text("en"))


def _return(line: Returns) -> ReturnLine:
    rate = return_rate(line.invited, line.answered)
    return ReturnLine(line.channel, line.invited, line.reached, line.answered, rate)


def item_lines(open_round: Reading, found: Histograms) -> tuple[ItemLine, ...]:
    """Every item with its figures."""
    return tuple(_item(open_round, found, item) for item in open_round.measured.items)


def _item(open_round: Reading, found: Histograms, item: Item) -> ItemLine:
    answers = found.distribution(item.field)
    mean = item.mean(answers)
    return ItemLine(
        code=item.code,
        title=label_of(item.field.title),
        mean=open_round.shown(mean.figure(f"item_mean:{item.code}")),
        satisfied=open_round.shown(item.satisfied_share(answers).figure(f"item_satisfied:{item.code}")),
        target=item.target,
        exact=mean.mean,
        low=item.highest_low_answer(),
    )


def _grades(open_round: Reading, found: Histograms, scheme: Scheme | None) -> tuple[GradeLine, ...]:
    """The bands from the best down, then who is below all of them; shares of those with a total."""
    whole = found.cell()
    if scheme is None or whole.totals < open_round.minimum:
        return ()
    counts = {
        band: found.cell(("grade",), (open_round.book.find("grade", band.grade),)).n for band in scheme.bands
    }
    lines = [
        (band.grade, band.label, counts[band])
        for band in sorted(scheme.bands, key=lambda band: band.at_least, reverse=True)
    ]
    below = whole.totals - sum(counts.values())
    if below:
        lines.append(("", BELOW_BANDS, below))
    return tuple(
        GradeLine(grade, label, ShareSums(whole.n, whole.totals, hits).figure(f"grade:{grade}"), hits)
        for grade, label, hits in lines
    )


def _validity(
    scheme: Scheme | None, lines: Sequence[Returns], responses: int, invalid: int
) -> RoundValidity | None:
    """The verdict on the round. The return is of the invited; invalid are counted among all answers, also
    those that came through an open link or a file."""
    if scheme is None:
        return None
    limits = scheme.validity
    returned = replace(scheme, validity=replace(limits, invalid_at_most=None))
    judged = replace(scheme, validity=replace(limits, return_rate_at_least=None))
    invited, answered = sum(x.invited for x in lines), sum(x.answered for x in lines)
    rate = round_validity(returned, invited=invited, returned=answered, invalid=0)
    bad = round_validity(judged, invited=responses, returned=responses, invalid=invalid)
    return RoundValidity(
        rate.valid and bad.valid, rate.return_rate, bad.invalid_rate, (*rate.misses, *bad.misses)
    )


def missed_targets(
    scheme: Scheme | None,
    headlines: dict[str, Figure],
    items: Sequence[ItemLine],
    average: Fraction | None,
) -> tuple[Missed, ...]:
    """The targets that shown figures miss, judged on exact means."""
    if scheme is None:
        return ()
    known = {item.code: item for item in items if not item.mean.suppressed}
    total = headlines["total_mean"]
    exact = {code: item.exact for code, item in known.items() if item.exact is not None}
    found = []
    for miss in targets_met(scheme, None if total.suppressed else average, exact):
        if miss.question is None:
            found.append(Missed("", HEADLINE_LABELS["total_mean"], total, miss.target))
        else:
            line = known[miss.question]
            found.append(Missed(line.code, line.title, line.mean, miss.target))
    return tuple(found)
