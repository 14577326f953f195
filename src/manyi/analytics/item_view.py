"""One item of a round: how it moved, who is less content with it, and what these people wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from manyi.analytics import engine
from manyi.analytics.analyses.gap_sources import came_from
from manyi.analytics.data.table import Table
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.indicators import Sums, test
from manyi.analytics.queries import sums
from manyi.analytics.reading import reading
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.round_view import NO_FILTERS, label_of
from manyi.analytics.rules import separable
from manyi.analytics.running import run
from manyi.analytics.specification import Specification, specification
from manyi.analytics.trend import earlier_rounds
from manyi.analytics.views import Change, Filters, OpenAnswer
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure, suppress
from manyi.measures.text.cleaning import fingerprint
from manyi.measures.text.masking import masked
from manyi.organisation.errors import Refused
from manyi.organisation.settings import value
from manyi.surveys.models import Round


@dataclass(frozen=True, slots=True)
class ItemPoint:
    """The item in one round, and its change since the one before."""

    round: Round
    figure: Figure
    change: Change | None = None


def item_trend(round: Round, item: str, roots: Sequence[str]) -> list[ItemPoint]:
    """The item over the rounds of the programme up to this one, oldest first, without those that lack it."""
    asked, minimum = {"id": "item_mean", "item": item}, value("privacy.minimum_group")
    points: list[ItemPoint] = []
    before: Sums | None = None
    for each in earlier_rounds(round):
        try:
            found = sums(round=each, metric=asked, roots=roots, named_in=round)
        except Refused:
            continue
        figure = suppress(found.figure(f"item_mean:{item}"), minimum)
        if figure.value is None or not _shown(each, roots):
            continue
        points.append(ItemPoint(each, figure, _moved(before, found)))
        before = found
    return points


def _moved(before: Sums | None, after: Sums) -> Change | None:
    found = test(before, after) if before is not None else None
    if found is None or found.difference is None:
        return None
    return Change(found.difference, found.low, found.high, found.p, "")


def _shown(round: Round, roots: Sequence[str]) -> bool:
    with reading(round, roots) as open_round:
        return open_round.permits(NO_FILTERS)


#: So many times the texts that are shown are looked at, since some say the same.
SOUGHT = 4


def low_quotes(
    *,
    round: Round,
    item: str,
    at_most: int | None,
    roots: Sequence[str],
    filters: Filters = NO_FILTERS,
    limit: int = 12,
) -> list[OpenAnswer]:
    """What people wrote who answered the item with ``at_most`` or less, newest first, without personal data;
    what several wrote alike stands once.

    Nothing where these people, or the others, are too few to stay unknown.
    """
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        found = next((each for each in open_round.measured.items if each.code == item), None)
        if found is None or at_most is None or not open_round.permits(filters):
            return []
        places = (found.field.place(code) for code in found.points if int(code) <= at_most)
        whole = open_round.condition(filters)
        low = replace(whole, answers=((found.field.column, tuple(p for p in places if p is not None)),))
        inside, every = (engine.count(open_round.store, each) for each in (low, whole))
        if not separable(inside, every - inside, open_round.minimum):
            return []
        titles = {column.name: label_of(column.title) for column in open_round.book.texts}
        texts = engine.texts(open_round.connection, open_round.book, low, limit=SOUGHT * limit)
    different: dict[str, tuple[str, str]] = {}
    for name, text in texts:
        different.setdefault(fingerprint(text), (name, text))
    shown = list(different.values())[:limit]
    return [OpenAnswer(name, titles[name], masked(text)) for name, text in shown]


def drivers_asked(round: Round, narrowed: dict[str, str] | None = None) -> Specification | None:
    """What drives the overall judgement of a round; None where it has no such question or only one item."""
    brought_up_to_date(round)
    with reading(round, ("/",)) as open_round:
        measured = open_round.measured
    result = measured.overall.field if measured.overall else measured.nps
    items = [each.code for each in measured.items if result is None or each.code != result.name]
    if result is None or len(items) < 2:
        return None
    data = {"round": round.pk, **(narrowed or {})}
    config = {"result": result.name, "drivers": items}
    return specification({"method": "key_drivers", "data": data, "config": config})


def item_asked(method: str, round: Round, narrowed: dict[str, Any], **config: Any) -> Specification:
    """A method on one round, as the pages that are ready ask it."""
    return specification({"method": method, "data": {"round": round.pk, **narrowed}, "config": config})


def sources_asked(round: Round, item: str) -> Specification | None:
    """Where an item's change since the round before comes from; None in the first round.

    The score and the overall judgement come from the items of the round, an item from its units.
    """
    earlier = earlier_rounds(round)[:-1]
    if not earlier:
        return None
    before = earlier[-1]
    brought_up_to_date(round)
    with reading(round, ("/",)) as open_round:
        measured = open_round.measured
    overall = measured.overall.code if measured.overall else ""
    parts = [each.code for each in measured.items if each.code != overall]
    config: dict[str, Any] = {"result": item, "before": str(before.pk), "after": str(round.pk)}
    config |= {"components": parts} if item in ("total", overall) and len(parts) > 1 else {"by": "unit"}
    return item_asked("gap_sources", round, {"beside": [before.pk]}, **config)


def main_sources(result: Result) -> Label | None:
    """The clause that names the main sources of a change; None where nothing certain can be named."""
    named = [row["title"] for row in result.tables[-1].rows if row.get("named")]
    return came_from(named) if named else None


SEGMENTS = headings(
    ("segment", "客群", "Segment", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("mean", "平均答案", "Mean answer", "number"),
    ("others", "其他人", "The others", "number"),
    ("letters", "差异", "Difference", "text"),
)


def by_segments(table: Table, round: Round, item: str) -> ResultTable | None:
    """The item in each segment beside those outside it; segments overlap, so each is tested by itself."""
    rows = []
    for variable in table.variables:
        if not variable.name.startswith("segment:"):
            continue
        try:
            asked = item_asked("column_means", round, {}, items=[item], column=variable.name)
            row = run(asked, table).tables[0].rows[0]
        except Refused:
            continue
        if row.get("mean_1") is None or row.get("mean_0") is None:
            continue
        higher, lower = row.get("letters_1"), row.get("letters_0")
        told = HIGHER if higher else LOWER if lower else ALIKE
        if row["n_1"] > 0:
            rows.append(
                {
                    "segment": variable.title,
                    "n": row["n_1"],
                    "mean": row["mean_1"],
                    "others": row["mean_0"],
                    "letters": told,
                }
            )
    return ResultTable("segments", Label("按客群", "By segment"), SEGMENTS, tuple(rows)) if rows else None


HIGHER = Label("▲ 明显更高", "▲ clearly higher")
LOWER = Label("▼ 明显更低", "▼ clearly lower")
ALIKE = Label("差异不显著", "within chance")
