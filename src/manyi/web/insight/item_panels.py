"""One item as panels: its trend, how its answers fall, and who is less content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from manyi.analytics.data.rounds import round_table
from manyi.analytics.data.table import Table
from manyi.analytics.item_view import (
    ItemPoint,
    by_segments,
    item_asked,
    item_trend,
    main_sources,
    sources_asked,
)
from manyi.analytics.running import run
from manyi.analytics.views import ItemLine, RoundView, TrendPoint
from manyi.analytics.wording import change_words, figure_words
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.models import Round
from manyi.web.insight import charts
from manyi.web.insight.panels import Cell, Panel, plain
from manyi.web.insight.result_charts import by_group
from manyi.web.insight.result_panels import result_panel

DISTRIBUTION, UNITS = Label("答案分布", "How the answers fall"), Label("按部门", "By unit")


def item_panels(round: Round, item: ItemLine, roots: Sequence[str], language: str) -> list[Panel]:
    """What can be shown of an item; a part that has too few answers is left out."""
    panels = list(_trend(item_trend(round, item.code, roots), language))
    try:
        table = round_table(item_asked("frequencies", round, {}, items=[item.code]).choice, roots)
    except Refused:
        return panels
    return [*panels, *_tables(table, round, item, language)]


def _trend(points: Sequence[ItemPoint], language: str) -> Iterator[Panel]:
    if len(points) < 2:
        return
    rows = tuple(
        (
            Cell(_title(point.round)),
            Cell(figure=point.figure),
            Cell(change_words(point.change)) if point.change else plain("–"),
        )
        for point in reversed(points)
    )
    line = [TrendPoint(point.round.pk, _title(point.round), {"item": point.figure}) for point in points]
    columns = Label("轮次", "Round"), Label("平均分", "Mean"), Label("变化", "Change")
    option = charts.trend(line, "item", language, None)
    yield Panel("item-trend", Label("历轮趋势", "Trend over the rounds"), columns, rows, option, numeric=(1,))


def _title(round: Round) -> Label:
    return Label(round.title, round.title_en or round.title)


def _tables(table: Table, round: Round, item: ItemLine, language: str) -> Iterator[Panel]:
    for method, settings in (("frequencies", {}), ("column_means", {"column": "unit"})):
        try:
            asked = item_asked(method, round, {}, items=[item.code], **settings)
            found = run(asked, table).tables[-1 if method == "frequencies" else 0]
            yield result_panel(found if method == "frequencies" else by_group(found), language)
        except Refused:
            continue
    segments = by_segments(table, round, item.code)
    if segments:
        yield result_panel(segments, language)


def item_sentence(view: RoundView, item: ItemLine, round: Round, roots: Sequence[str]) -> Label:
    """The item's figure, its change since the round before, and where it stands to its target."""
    words = figure_words(item.mean)
    parts = [Label(f"“{item.title.zh}”{words.zh}", f"“{item.title.en}” {words.en}")]
    if item.change:
        parts.append(change_words(item.change))
    if item.target is not None and item.mean.value is not None:
        zh, en = ("低于", "below") if item.missed else ("达到", "on or above")
        parts.append(
            Label(f"{zh}目标 {float(item.target):g} 分", f"{en} the target of {float(item.target):g}")
        )
    if item.change and item.change.beyond_chance and (came := change_sources(round, item.code, roots)):
        parts.append(came)
    return Label(f"{','.join(part.zh for part in parts)}。", f"{', '.join(part.en for part in parts)}.")


def change_sources(round: Round, item: str, roots: Sequence[str]) -> Label | None:
    """Where a change since the round before comes from, where something certain can be named."""
    asked = sources_asked(round, item)
    if asked is None:
        return None
    try:
        return main_sources(run(asked, round_table(asked.choice, roots)))
    except Refused:
        return None
