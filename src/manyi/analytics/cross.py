"""Two questions, or a question and a group, against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyi.analytics.codebook import Field
from manyi.analytics.comparison import segment_names
from manyi.analytics.engine import Histograms
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.items import is_number
from manyi.analytics.reading import Reading, reading
from manyi.analytics.round_view import NO_FILTERS, label_of
from manyi.analytics.rules import hidden_groups
from manyi.analytics.views import CrossView, Filters
from manyi.kernel.labels import Label
from manyi.measures.tables import cross_table
from manyi.organisation.errors import Refused
from manyi.surveys.models import Round

GROUPS = {"unit": Label("部门", "Unit"), "channel": Label("渠道", "Channel"), "grade": Label("等级", "Grade")}


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a cross table: the stored values that can stand on it, with their titles."""

    name: str
    title: Label
    column: str
    values: tuple[tuple[int, Label], ...]
    ordered: bool = False


def axes(open_round: Reading) -> dict[str, Axis]:
    """Everything that a table can be made of: coded questions, units, channels, grades."""
    found = {
        name: Axis(name, label_of(each.title), each.column, tuple(enumerate(_titles(each))), _is_scale(each))
        for name, each in open_round.book.fields.items()
        if each.kind != "number"
    }
    units = tuple((unit.pk, Label(unit.name, unit.name_en or unit.name)) for unit in open_round.units)
    groups = {"unit": units}
    for name in ("channel", "grade"):
        codes = open_round.book.values[name]
        groups[name] = tuple((n, Label(code, code)) for n, code in enumerate(codes))
    of_groups = {name: Axis(name, GROUPS[name], name, values) for name, values in groups.items()}
    return {**of_groups, **_segments(open_round), **found}


def _segments(open_round: Reading) -> dict[str, Axis]:
    """Each segment as a side of its own: customers in it and the others."""
    names = segment_names()
    axes = {}
    for place, code in enumerate(open_round.book.segments):
        name = names.get(code, Label(code, code))
        title = Label(f"客群:{name.zh}", f"Segment: {name.en}")
        sides = (1, name), (0, Label("其他客户", "Other customers"))
        axes[f"segment:{code}"] = Axis(f"segment:{code}", title, f"s{place}", sides)
    return axes


def _is_scale(field: Field) -> bool:
    return field.kind == "code" and all(is_number(code) for code, _ in field.codes)


def _titles(field: Field) -> list[Label]:
    return [label_of(title) for _, title in field.codes]


def choices(*, round: Round, roots: Sequence[str]) -> list[tuple[str, Label]]:
    """What a reader can choose for the two sides."""
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        return [(axis.name, axis.title) for axis in axes(open_round).values()]


def cross_view(
    *, round: Round, row: str, column: str, roots: Sequence[str], filters: Filters = NO_FILTERS
) -> CrossView:
    """The cross table of two sides by name. Raises Refused for an unknown one.

    Rows with fewer answers than the privacy minimum are left out, with as many more as keep them from being
    worked out from the whole.
    """
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        known = axes(open_round)
        for name in (row, column):
            if name not in known:
                raise Refused(Label(f"没有“{name}”这道题。", f"There is no question “{name}”."), field="row")
        down, across = known[row], known[column]
        if row == column or not open_round.permits(filters):
            return CrossView(down.title, across.title, (), (), None, 0)
        found = open_round.histograms([(down.column, across.column)], filters)
        return _table(found, down, across, open_round.minimum)


def _table(found: Histograms, down: Axis, across: Axis, minimum: int) -> CrossView:
    cells = found.cells[down.column, across.column]
    sizes = {
        place: sum(cell.n for (at, other), cell in cells.items() if at == place and other is not None)
        for place, _ in down.values
    }
    hidden = hidden_groups(sizes, minimum)
    rows = [(place, title) for place, title in down.values if sizes[place] and place not in hidden]
    columns = [(at, title) for at, title in across.values if any((place, at) in cells for place, _ in rows)]
    table = None
    if rows and columns:
        counts = [[cells[p, at].n if (p, at) in cells else 0 for at, _ in columns] for p, _ in rows]
        table = cross_table(np.array(counts))
    titles = tuple(title for _, title in rows), tuple(title for _, title in columns)
    return CrossView(down.title, across.title, *titles, table, len(hidden), across.ordered)
