"""A map of units by categories or causes: where there are more cases than one expects there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from manyi.customers.models import Transaction
from manyi.kernel.labels import Label
from manyi.measures.heat import heat_map
from manyi.organisation.models import Unit
from manyi.web.desk.case_frame import Asked, asked_by, cases_of, framed, received_in
from manyi.web.desk.case_narrowing import NONE, OWN
from manyi.web.desk.case_splits import Counts, Split, split_by, splits_for
from manyi.web.desk.case_units import Row, row_of_each, rows_of, units_seen
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.panels import Cell, Panel, plain

TITLE = Label("哪个部门的哪类问题比预期多?", "Where are there more cases than one expects?")
#: So many columns are shown, the largest; the rest stands in one.
MOST_COLUMNS = 14
REST = "rest"
UNIT = Label("部门", "Unit")
UNCOMPARED = Label("没有服务次数,未比较", "no visits, not compared")
#: What a place says besides its colour.
PLACES = {
    2: ("▲▲", Label("远多于预期", "far more than expected")),
    1: ("▲", Label("多于预期", "more than expected")),
    0: ("", Label("与预期相当", "as expected")),
    -1: ("▼", Label("少于预期", "less than expected")),
    -2: ("▼▼", Label("远少于预期", "far less than expected")),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: what it says, the list behind it, its place (-2 … 2), sign and meaning, what was expected."""

    name: Label
    text: str
    n: int
    href: str
    place: int
    sign: str
    meaning: Label
    expected: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its cells; ``volume`` is how many visits it had."""

    name: Label
    n: int
    volume: int
    places: tuple[Place, ...]


@require_GET
@needs("cases.view")
def index(request: StaffRequest) -> HttpResponse:
    """The map, its legend, and the numbers behind it."""
    asked = asked_by(request, kind="complaint")
    split = split_by(request.user, request.GET.get("by", ""))
    counts = split.count(received_in(cases_of(request, asked), asked))
    units = units_seen(request)
    heat = Drawn.of(asked, split, counts, units, rows_of(units, asked.unit)) if counts else None
    return framed(
        request,
        asked,
        title=TITLE,
        panels=[panel_of(split, heat)] if heat else [],
        template="desk/case_heat.html",
        split=split,
        splits=splits_for(request.user).items(),
        heat=heat,
        legend=PLACES,
    )


def volumes_of(rows: Sequence[Row], asked: Asked) -> list[int]:
    """How many visits and purchases each row had in the period."""
    happened = Transaction.objects.filter(on__gte=asked.first, on__lte=asked.last)
    return [
        happened.filter(
            **{"unit__path" if row.key.startswith(OWN) else "unit__path__startswith": row.path}
        ).count()
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The map as it is shown: the parts with their counts, a line for each unit that has cases.

    ``by_volume``: two units at least had visits, so that rates are shown and compared; others stay plain.
    """

    columns: tuple[tuple[Label, int], ...]
    lines: tuple[Line, ...]
    by_volume: bool

    @classmethod
    def of(
        cls, asked: Asked, split: Split, counts: Counts, units: Sequence[Unit], rows: Sequence[Row]
    ) -> Drawn:
        """The map of the counts."""
        table = _by_row(counts, units, rows)
        rows = [row for row in rows if table[row.key]]
        keys = _columns(table)
        cells = [[_cell_count(table[row.key], key, keys) for key in keys] for row in rows]
        volumes = volumes_of(rows, asked)
        by_volume = sum(volume > 0 for volume in volumes) > 1
        names = {**split.names, NONE: split.unknown, REST: Label("其余", "Others")}
        hrefs = [[_href(asked, split, row, key) for key in keys] for row in rows]
        places = _places([names[key] for key in keys], cells, hrefs, volumes if by_volume else None)
        lines = tuple(
            Line(row.name, sum(line), volume, told)
            for row, line, volume, told in zip(rows, cells, volumes, places, strict=True)
        )
        columns = tuple((names[key], sum(line[at] for line in cells)) for at, key in enumerate(keys))
        return cls(columns, lines, by_volume)

    @property
    def places(self) -> list[tuple[Line, Place]]:
        """Every cell with its line."""
        return [(line, place) for line in self.lines for place in line.places]


def _places(
    names: Sequence[Label],
    cells: Sequence[Sequence[int]],
    hrefs: Sequence[Sequence[str]],
    volumes: Sequence[int] | None,
) -> list[tuple[Place, ...]]:
    """The cells; with volumes only the units that have one are compared."""
    compared = [at for at in range(len(cells)) if volumes is None or volumes[at]]
    heat = heat_map([cells[at] for at in compared], [volumes[at] for at in compared] if volumes else None)
    at_heat = {at: place for place, at in enumerate(compared)}

    def place(at: int, column: int) -> Place:
        n, here = cells[at][column], at_heat.get(at)
        where = int(heat.places[here, column]) if here is not None else 0
        expected = float(heat.expected[here, column]) if here is not None else None
        rate = f"{1000 * n / volumes[at]:.1f}" if volumes and volumes[at] else "–"
        sign, meaning = PLACES[where] if expected is not None else ("", UNCOMPARED)
        return Place(
            names[column], rate if volumes else str(n), n, hrefs[at][column], where, sign, meaning, expected
        )

    return [tuple(place(at, column) for column in range(len(names))) for at in range(len(cells))]


def _by_row(counts: Counts, units: Sequence[Unit], rows: Sequence[Row]) -> dict[str, Counter[str]]:
    key_of = row_of_each(units, rows)
    table: dict[str, Counter[str]] = {row.key: Counter() for row in rows}
    for (unit, key), n in counts.items():
        if unit in key_of:
            table[key_of[unit]][key] += n
    return table


def _columns(table: Mapping[str, Counter[str]]) -> list[str]:
    """The largest parts, then the rest, then what is not known."""
    whole: Counter[str] = Counter()
    for counts in table.values():
        whole.update(counts)
    known = [key for key, _n in whole.most_common() if key != NONE]
    rest = [REST] if len(known) > MOST_COLUMNS else []
    return [*known[:MOST_COLUMNS], *rest, *([NONE] if whole[NONE] else [])]


def _cell_count(counts: Counter[str], key: str, keys: Sequence[str]) -> int:
    return sum(n for other, n in counts.items() if other not in keys) if key == REST else counts[key]


def _href(asked: Asked, split: Split, row: Row, key: str) -> str:
    return "" if key == REST else asked.list_of(**{"unit": row.key, split.parameter: key})


def panel_of(split: Split, heat: Drawn) -> Panel:
    """The same as a list of cells, for files and for who wants to read them one by one."""
    head = (
        UNIT,
        split.label,
        Label("件数", "Cases"),
        Label("预期件数", "Expected"),
        Label("判断", "Meaning"),
    )
    rate = (Label("每千次服务", "Per 1,000 visits"),) if heat.by_volume else ()
    rows = tuple(
        (
            Cell(line.name),
            Cell(place.name, href=place.href),
            _number(str(place.n), place.n),
            _number("–" if place.expected is None else f"{place.expected:.1f}", place.expected),
            Cell(place.meaning, bad=place.place > 0),
            *((_number(place.text, 1000 * place.n / line.volume if line.volume else None),) if rate else ()),
        )
        for line, place in heat.places
    )
    return Panel("heat", finding(heat), (*head, *rate), rows, numeric=(2, 3, 5))


def _number(words: str, number: float | None) -> Cell:
    return replace(plain(words), number=number)


def finding(heat: Drawn) -> Label:
    """What stands out most, in one sentence."""
    if len(heat.lines) < 2:
        return Label("只有一个部门,无从比较", "There is one unit only; nothing to compare with")
    hot = [(line, place) for line, place in heat.places if place.place > 0]
    if not hot:
        return Label("没有哪一格明显多于预期", "No cell has clearly more than expected")
    told = sorted(hot, key=lambda each: (-each[1].place, (each[1].expected or 0) - each[1].n))[:3]
    zh = "、".join(f"{line.name.zh}的“{place.name.zh}”" for line, place in told)
    en = ", ".join(f"“{place.name.en}” at {line.name.en}" for line, place in told)
    return Label(f"多于预期:{zh}", f"More than expected: {en}")
