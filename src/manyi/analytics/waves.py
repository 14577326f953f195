"""Items from one round to the next, by their codes: renamed, split and merged questions are followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from manyi.analytics.engine import Histograms, Set
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.indicators import Sums, test
from manyi.analytics.items import Item
from manyi.analytics.reading import Reading, reading
from manyi.analytics.views import Change, Filters, ItemLine
from manyi.measures.indicators import MeanSums
from manyi.surveys.comparable import comparable
from manyi.surveys.models import Round


def set_of(items: Sequence[Item]) -> Set:
    """The joint histogram from which the mean of several items is made."""
    return tuple(item.field.column for item in items)


def mean_of(items: Sequence[Item], found: Histograms) -> MeanSums:
    """The mean of several items together: of each person the mean of what they answered counts once."""
    sums = MeanSums()
    for key, cell in found.cells[set_of(items)].items():
        given = [_points(item, place) for item, place in zip(items, key, strict=True) if place is not None]
        known = [points for points in given if points is not None]
        mean = sum(known, Fraction()) / len(known) if known else Fraction()
        valid = cell.n if known else 0
        sums += MeanSums(cell.n, valid, mean * valid, mean * mean * valid)
    return sums


def _points(item: Item, place: float) -> Fraction | None:
    return item.points.get(item.field.code(int(place)))


def items_named(open_round: Reading, names: Sequence[str]) -> list[Item] | None:
    """The measured items with these names; None unless every one is measured."""
    known = {item.code: item for item in open_round.measured.items}
    found = [known[name] for name in names if name in known]
    return found if found and len(found) == len(names) else None


def with_changes(lines: Sequence[ItemLine], open_round: Reading, filters: Filters) -> tuple[ItemLine, ...]:
    """The items of a round, each with its change since the round before where both asked for it."""
    rounds = Round.objects.filter(programme=open_round.round.programme_id, state__in=["open", "closed"])
    earlier = rounds.filter(number__lt=open_round.round.number).order_by("-number")
    before = earlier.select_related("questionnaire", "scheme", "unit").first()
    if before is None or not lines:
        return tuple(lines)
    alike = Filters(unit=filters.unit, segment=filters.segment, channel=filters.channel)
    brought_up_to_date(before)
    with reading(before, open_round.roots) as old_round:
        if not old_round.permits(alike):
            return tuple(lines)
        found = _changes(lines, open_round, filters, old_round, alike)
    return tuple(replace(line, change=found.get(line.code)) for line in lines)


def _changes(
    lines: Sequence[ItemLine], open_round: Reading, filters: Filters, old_round: Reading, alike: Filters
) -> dict[str, Change]:
    """The changes by item, from one statement on each round."""
    pairs: dict[str, tuple[list[Item], list[Item]]] = {}
    for line in lines:
        here, there = comparable(line.code, open_round.round.questionnaire, old_round.round.questionnaire)
        mine, theirs = items_named(open_round, here), items_named(old_round, there)
        if mine and theirs:
            pairs[line.code] = mine, theirs
    new = open_round.histograms([set_of(mine) for mine, _ in pairs.values()], filters)
    old = old_round.histograms([set_of(theirs) for _, theirs in pairs.values()], alike)
    found = {}
    for code, (mine, theirs) in pairs.items():
        after, before = mean_of(mine, new), mean_of(theirs, old)
        change = change_of(before, after)
        if change is not None and min(after.valid, before.valid) >= open_round.minimum:
            found[code] = change
    return found


def change_of(before: Sums, after: Sums) -> Change | None:
    """The tested difference of two means; None where it cannot be computed."""
    result = test(before, after)
    if result.difference is None:
        return None
    return Change(result.difference, result.low, result.high, result.p, "points")
