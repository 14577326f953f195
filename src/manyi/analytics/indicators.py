"""The headline indicators of any group, from its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from manyi.analytics.engine import Cell, Histograms, Set
from manyi.analytics.items import Measured, nps_sums
from manyi.analytics.views import Change
from manyi.measures.effects import DifferenceTest, mean_test, nps_test, share_test
from manyi.measures.figure import Figure
from manyi.measures.indicators import Distribution, MeanSums, NpsSums, ShareSums

Sums = MeanSums | ShareSums | NpsSums
UNITS = {"total_mean": "points", "csat": "share", "nps": "points"}


def sets_for(measured: Measured, column: str = "") -> list[Set]:
    """The sets of columns that the headlines of a group (or of all) need."""
    group = (column,) if column else ()
    asked = [each.column for each in (measured.overall and measured.overall.field, measured.nps) if each]
    return [group, *((*group, each) for each in asked)]


def headline_sums(
    measured: Measured, found: Histograms, *, scored: bool, within: tuple[str, Iterable[int]] | None = None
) -> dict[str, Sums]:
    """The sums of the headlines among all rows, or over the groups where a column has one of the values.

    Groups add up, so the sums of a unit are those of everything below it.
    """
    places = [(within[0], value) for value in within[1]] if within else [None]
    sums: dict[str, Sums] = {}
    if scored:
        cells = [found.cell((p[0],), (p[1],)) if p else found.cell() for p in places]
        sums["total_mean"] = _total(cells)
    if measured.overall:
        answers = _added(found.distribution(measured.overall.field, place) for place in places)
        sums["csat"] = measured.overall.satisfied_share(answers)
    if measured.nps:
        nps = measured.nps
        sums["nps"] = nps_sums(_added(found.distribution(nps, place) for place in places))
    return sums


def figures(sums: Mapping[str, Sums]) -> dict[str, Figure]:
    """The figures of some sums, each defined by its name."""
    return {name: each.figure(name) for name, each in sums.items()}


def test(before: Sums, after: Sums) -> DifferenceTest:
    """The test of a difference between two sums of one kind."""
    if isinstance(before, MeanSums) and isinstance(after, MeanSums):
        return mean_test(before, after)
    if isinstance(before, NpsSums) and isinstance(after, NpsSums):
        return nps_test(before, after)
    if isinstance(before, ShareSums) and isinstance(after, ShareSums):
        return share_test(before, after)
    raise TypeError("only sums of one kind can be compared")


def changes(before: Mapping[str, Sums], after: Mapping[str, Sums], shown: Iterable[str]) -> dict[str, Change]:
    """How each shown indicator moved."""
    found = {}
    for name in shown:
        result = test(before[name], after[name])
        if result.difference is not None:
            unit = UNITS[name]
            found[name] = Change(result.difference, result.low, result.high, result.p, unit)
    return found


def _total(cells: Iterable[Cell]) -> MeanSums:
    return sum((cell.total for cell in cells), MeanSums())


def _added(parts: Iterable[Distribution]) -> Distribution:
    return sum(parts, Distribution())
