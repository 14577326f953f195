"""Segments and units side by side, with the groups hidden that are too small or could be worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from manyi.analytics.engine import Histograms
from manyi.analytics.indicators import Sums, figures, headline_sums, sets_for
from manyi.analytics.reading import Reading
from manyi.analytics.rules import hidden_groups, separable, step_below
from manyi.analytics.views import Filters, GroupLine
from manyi.customers.models import Segment
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Group:
    """A group before it is judged: the column and the stored values that make it up."""

    key: str
    title: Label
    column: str
    values: tuple[int, ...]


def segment_names() -> dict[str, Label]:
    """The names of all segments by code."""
    return {row.code: Label(row.name, row.name_en or row.name) for row in Segment.objects.all()}


def sets_of_segments(open_round: Reading) -> list[tuple[str, ...]]:
    """The sets of columns behind the comparison of segments."""
    places = range(len(open_round.book.segments))
    return [each for place in places for each in sets_for(open_round.measured, f"s{place}")]


def by_segment(open_round: Reading, found: Histograms) -> tuple[GroupLine, ...]:
    """Each segment with its headlines; a customer can be in several."""
    names = segment_names()
    groups = [
        Group(code, names.get(code, Label(code, code)), f"s{place}", (1,))
        for place, code in enumerate(open_round.book.segments)
    ]
    return _lines(open_round, found, groups, overlapping=True)


def by_unit(open_round: Reading, found: Histograms, filters: Filters) -> tuple[GroupLine, ...]:
    """The units just below the one that is looked at, each with everything below it."""
    base = filters.unit or open_round.round.unit.path
    units = {unit.pk: unit for unit in open_round.units}
    members: dict[str, list[int]] = {}
    for pk in found.keys("unit"):
        members.setdefault(step_below(base, units[pk].path), []).append(pk)
    by_path = {unit.path: unit for unit in units.values()}
    groups = [
        Group(path, _title(by_path.get(path), path), "unit", tuple(pks))
        for path, pks in sorted(members.items())
    ]
    return _lines(open_round, found, groups, overlapping=False)


def _title(unit: Unit | None, path: str) -> Label:
    return Label(unit.name, unit.name_en or unit.name) if unit else Label(path, path)


def _lines(
    open_round: Reading, found: Histograms, groups: list[Group], *, overlapping: bool
) -> tuple[GroupLine, ...]:
    """The groups with somebody in them. Each indicator is judged alone: not all answer everything."""
    made = {group.key: figures(_sums(open_round, found, group)) for group in groups}
    whole = figures(headline_sums(open_round.measured, found, scored=bool(open_round.scheme)))
    for name, of_all in whole.items():
        sizes = {key: each[name].valid_n for key, each in made.items()}
        hidden = hidden_groups(sizes, open_round.minimum)
        if overlapping:  # each segment can be subtracted from the whole by itself
            rest = {key: of_all.valid_n - size for key, size in sizes.items()}
            hidden |= {k for k, size in sizes.items() if not separable(size, rest[k], open_round.minimum)}
        for key in hidden:
            made[key][name] = _hide(made[key][name])
    return tuple(
        GroupLine(group.key, group.title, made[group.key])
        for group in groups
        if any(figure.n for figure in made[group.key].values())
    )


def _sums(open_round: Reading, found: Histograms, group: Group) -> dict[str, Sums]:
    within = (group.column, group.values)
    return headline_sums(open_round.measured, found, scored=bool(open_round.scheme), within=within)


def _hide(figure: Figure) -> Figure:
    """The figure without what it says, whatever its size."""
    return replace(figure, value=None, low=None, high=None, suppressed=True, warnings=())
