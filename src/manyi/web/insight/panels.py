"""A panel: a finding as title, the chart that shows it, and the table with the same numbers.

The page, its export and its chart are drawn from the same panel, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from manyi.analytics.views import HEADLINE_LABELS, Filters, GroupLine, ItemLine, RoundView, TrendPoint
from manyi.analytics.wording import (
    change_words,
    channel_label,
    grades_finding,
    groups_finding,
    items_finding,
    points_words,
    returns_finding,
    trend_finding,
)
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.web.insight import charts


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: words or a figure, where it leads, and whether it is marked as bad; ``number`` is
    what a file holds in place of the words."""

    text: Label | None = None
    figure: Figure | None = None
    href: str = ""
    bad: bool = False
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One question answered by a chart and its table; ``option`` is the chart for ECharts, ``picture`` one
    that was drawn already (SVG). Of the rows ``most`` stand at once, the others one step away (0: all stand).
    """

    id: str
    title: Label
    columns: tuple[Label, ...]
    rows: tuple[tuple[Cell, ...], ...]
    option: Mapping[str, Any] | None = None
    note: Label | None = None
    height: int = 320
    numeric: tuple[int, ...] = field(default=())
    picture: SafeString | None = None
    most: int = 0

    @property
    def labelled(self) -> list[list[tuple[Label, Cell]]]:
        """The rows with the name of its column beside each cell: on a phone a row becomes a card."""
        return self._labelled(self.rows[: self.most or None])

    @property
    def further(self) -> list[list[tuple[Label, Cell]]]:
        """The rows that do not stand at once."""
        return self._labelled(self.rows[self.most :]) if self.most else []

    def _labelled(self, rows: Sequence[tuple[Cell, ...]]) -> list[list[tuple[Label, Cell]]]:
        return [list(zip(self.columns, row, strict=True)) for row in rows]

    @property
    def chart_id(self) -> str:
        """The element that holds the chart's option."""
        return f"{self.id}-chart"


ITEM, MEAN, SATISFIED = Label("项目", "Item"), Label("平均分", "Mean"), Label("满意率", "Satisfied")
TARGET, COUNT, N = Label("目标", "Target"), Label("答卷数", "Answers"), Label("样本量", "n")
SINCE = Label("与上一轮相比", "Since the last round")
UNITS, SEGMENTS = Label("部门", "units"), Label("客群", "segments")


def plain(words: str | int) -> Cell:
    """A cell with the same words in both languages."""
    shown = f"{words:,}" if isinstance(words, int) else words
    return Cell(Label(shown, shown), number=words if isinstance(words, int) else None)


def answers_href(round_id: int, filters: Filters, **more: str | int) -> str:
    """The list of the answers behind a figure; empty where there is no such page."""
    try:
        path = reverse("manage:responses", args=[round_id])
    except NoReverseMatch:
        path = f"/surveys/rounds/{round_id}/responses/"
    given = {"unit": filters.unit, "segment": filters.segment, "channel": filters.channel, **more}
    query = urlencode({name: value for name, value in given.items() if value not in ("", None)})
    return f"{path}?{query}" if query else path


def panels(view: RoundView, language: str, *, clickable: bool) -> list[Panel]:
    """The panels of a round in reading order; those without anything to show are left out."""
    shown = [
        items_panel(view, language, clickable=clickable),
        grades_panel(view, language, clickable=clickable),
        groups_panel(view, view.units, "units", UNITS, language),
        groups_panel(view, view.segments, "segments", SEGMENTS, language),
        trend_panel(view, language),
        returns_panel(view, language),
    ]
    return [panel for panel in shown if panel is not None and panel.rows]


def items_panel(view: RoundView, language: str, *, clickable: bool) -> Panel:
    """Means and satisfied shares of the items, the lowest first."""
    items = sorted(view.items, key=lambda item: (item.exact is None, item.exact or 0))
    rows = tuple(_item_row(view, item, clickable=clickable) for item in items)
    dots = [
        charts.Dot(item.title.text(language), item.mean, item.missed, row[0].href)
        for item, row in zip(items, rows, strict=True)
        if item.mean.value is not None
    ]
    targets = {float(item.target) for item in items if item.target is not None}
    line = targets.pop() if len(targets) == 1 else None
    option = charts.dots(dots, language, target=line) if dots else None
    columns = (ITEM, MEAN, SATISFIED, TARGET, *([SINCE] if any(item.change for item in items) else []))
    return Panel(
        "items",
        items_finding(view),
        columns,
        rows,
        option,
        height=charts.height_of(dots, [dot.name for dot in dots]),
        numeric=(1, 2, 3),
    )


def _item_row(view: RoundView, item: ItemLine, *, clickable: bool) -> tuple[Cell, ...]:
    href = ""
    if clickable and item.low is not None:
        href = answers_href(view.round, view.filters, item=item.code, at_most=item.low)
    goal = points_words(item.target) if item.target is not None else "–"
    return (
        Cell(item.title, href=href),
        Cell(figure=item.mean, href=href, bad=item.missed),
        Cell(figure=item.satisfied),
        plain(goal),
        *([_since(item)] if any(each.change for each in view.items) else []),
    )


def _since(item: ItemLine) -> Cell:
    """How the mean moved since the round before."""
    change = item.change
    if change is None:
        return plain("–")
    return Cell(change_words(change), bad=change.beyond_chance and change.difference < 0)


def grades_panel(view: RoundView, language: str, *, clickable: bool) -> Panel:
    """How the answers fall on the grades, as one bar."""
    rows = []
    for line in view.grades:
        name = Label(f"{line.grade} {line.label.zh}".strip(), f"{line.grade} {line.label.en}".strip())
        href = answers_href(view.round, view.filters, grade=line.grade) if clickable and line.grade else ""
        rows.append((Cell(name, href=href), Cell(figure=line.share), plain(line.count)))
    option = charts.stacked(view.grades, language) if view.grades else None
    columns = (Label("等级", "Grade"), Label("占比", "Share"), COUNT)
    return Panel("grades", grades_finding(view), columns, tuple(rows), option, height=150, numeric=(1, 2))


def groups_panel(
    view: RoundView, groups: Sequence[GroupLine], panel_id: str, what: Label, language: str
) -> Panel | None:
    """Groups beside each other; one group alone compares nothing."""
    if len(groups) < 2:
        return None
    names = [name for name in HEADLINE_LABELS if any(name in group.figures for group in groups)]
    rows = tuple(
        (Cell(group.title, href=_narrowed(group, panel_id)), *(Cell(figure=group.figures[n]) for n in names))
        for group in groups
    )
    dots = [
        charts.Dot(
            group.title.text(language), group.figures[view.headline], False, _narrowed(group, panel_id)
        )
        for group in groups
        if group.figures[view.headline].value is not None
    ]
    goal = float(view.target) if view.target is not None and view.headline == "total_mean" else None
    hidden = any(figure.suppressed for group in groups for figure in group.figures.values())
    title = what.zh, what.en.removesuffix("s").capitalize()
    return Panel(
        panel_id,
        groups_finding(groups, view.headline, what),
        (Label(*title), *(HEADLINE_LABELS[name] for name in names)),
        rows,
        charts.dots(dots, language, target=goal) if dots else None,
        note=SMALL if hidden else None,
        height=charts.height_of(dots, [dot.name for dot in dots]),
        numeric=tuple(range(1, len(names) + 1)),
    )


SMALL = Label(
    "样本过少的组不显示;为防止由总数推算,必要时还会隐去一个相邻的小组。",
    "Groups with too few answers are not shown; where they could be worked out from the whole, "
    "the next smallest is left out too.",
)


def _narrowed(group: GroupLine, panel_id: str) -> str:
    name = "unit" if panel_id == "units" else "segment"
    return f"?{urlencode({name: group.key})}"


def trend_panel(view: RoundView, language: str) -> Panel | None:
    """The headline over the rounds of the programme; one round alone is no trend."""
    if len(view.trend) < 2:
        return None
    names = [name for name in HEADLINE_LABELS if any(name in point.figures for point in view.trend)]
    rows = tuple(_trend_row(view, point, names) for point in reversed(view.trend))
    columns = (
        Label("轮次", "Round"),
        *(HEADLINE_LABELS[name] for name in names),
        Label("变化", "Change"),
    )
    points = [point for point in view.trend if view.headline in point.figures]
    option = charts.trend(points, view.headline, language, view.target)
    numeric = tuple(range(1, len(names) + 1))
    return Panel("trend", trend_finding(view), columns, rows, option, numeric=numeric)


def _trend_row(view: RoundView, point: TrendPoint, names: Sequence[str]) -> tuple[Cell, ...]:
    change = point.changes.get(view.headline)
    figures = (Cell(figure=point.figures[n]) if n in point.figures else plain("–") for n in names)
    words = change_words(change) if change else Label("–", "–")
    worse = change is not None and change.beyond_chance and change.difference < 0
    href = reverse("insight:round", args=[point.round])
    return (Cell(point.title, href=href), *figures, Cell(words, bad=worse))


def returns_panel(view: RoundView, language: str) -> Panel:
    """Who was asked, reached and answered, by channel."""
    rows = tuple(
        (
            Cell(channel_label(line.channel), href=f"?{urlencode({'channel': line.channel})}"),
            plain(line.invited),
            plain(line.reached),
            plain(line.answered),
            Cell(figure=line.rate),
        )
        for line in view.returns
    )
    names = (
        ("渠道", "Channel"),
        ("邀请", "Invited"),
        ("送达", "Reached"),
        ("回收", "Answered"),
        ("回收率", "Return"),
    )
    option = charts.returns(view.returns, language) if rows else None
    height = charts.height_of(view.returns)
    columns = tuple(Label(*name) for name in names)
    return Panel("returns", returns_finding(view), columns, rows, option, height=height, numeric=(1, 2, 3, 4))
