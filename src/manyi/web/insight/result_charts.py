"""The chart that fits a result of an analysis, picked by what its table tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manyi.analytics.results import Heading, ResultTable, headings
from manyi.kernel.labels import Label
from manyi.web.insight.charts import (
    BLUE,
    GRADES,
    GREY,
    NAME_WIDTH,
    VERMILLION,
    Option,
    from_low_to_high,
    height_of,
)
from manyi.web.insight.kano_chart import kano

#: Columns that are the figure of a row, the first that is there.
VALUES = ("value", "mean", "estimate", "difference", "share", "r", "index", "gap", "better")
NUMBERS = ("number", "share", "points")
NAMES = (
    "title",
    "item",
    "segment",
    "group",
    "value",
    "code",
    "term",
    "one",
    "two",
    "latent",
    "dimension",
    "feature",
    "period",
    "second",
    "first",
)
#: Of two groups side by side the second is a square of another colour.
OTHER_SIDE: Option = {"symbol": "rect", "itemStyle": {"color": GRADES[2]}}
#: Figures that say how far something is from nought: the chart marks it.
FROM_NOUGHT = frozenset({"gap", "difference"})
MOST_LINES = 40
IMPORTANCE, PERFORMANCE = Label("重要性", "Importance"), Label("表现", "Performance")
Row = Mapping[str, Any]
GRID = {"left": 8, "right": 46, "top": 30, "bottom": 8, "containLabel": True}


def chart_of(table: ResultTable, language: str) -> tuple[Option, int] | None:
    """The option for ECharts and its height; None where a table says more than a chart."""
    ids = {heading.id for heading in table.headings}
    rows = table.rows[:MOST_LINES]
    if not rows:
        return None
    if ids >= {"better", "worse"}:
        return kano(rows, language), 480
    if ids >= {"importance", "performance"}:
        return quadrant(rows, language), 420
    if ids >= {"period", "value", "low", "high", "centre"}:
        return control(rows, table, language), 340
    if any(each.startswith("share_") for each in ids):
        return stacked(rows, table, language), 120 + 40 * _groups(table, "share_")
    if any(each.startswith("mean_") for each in ids) and len(rows) == 1:
        groups = by_group(table)
        if not groups.rows:
            return None
        return dots(groups.rows, groups.headings[2], groups, language), height_of(groups.rows)
    if any(each.startswith("mean_") for each in ids):
        return grouped(rows, table, language), 120 + 22 * len(rows) * _groups(table, "mean_")
    figure = _figure(table.headings)
    shown = [row for row in rows if figure and _number(row.get(figure.id)) is not None]
    if figure is None or len(shown) < 2:
        return None
    make = dots if ids >= {"low", "high"} else bars
    names = [name_of(row, table, language) for row in shown]
    return make(shown, figure, table, language), height_of(shown, names)


def _groups(table: ResultTable, prefix: str) -> int:
    return sum(heading.id.startswith(prefix) for heading in table.headings)


def _figure(headings: Sequence[Heading]) -> Heading | None:
    """The column that a chart shows."""
    known = {heading.id: heading for heading in headings if heading.form in NUMBERS}
    return next((known[name] for name in VALUES if name in known), None)


def _number(cell: Any) -> float | None:
    if cell is None or isinstance(cell, str | Label | bool):
        return None
    value = float(cell)
    return value if value == value and abs(value) != float("inf") else None


def name_of(row: Row, table: ResultTable, language: str) -> str:
    """What a row is about, from its columns of words."""
    words = {heading.id for heading in table.headings if heading.form == "text"}
    wanted = [name for name in NAMES if name in words and not (name == "item" and "title" in words)]
    parts = [row.get(name) for name in wanted]
    told = [part.text(language) if isinstance(part, Label) else str(part) for part in parts if part]
    return " · ".join(dict.fromkeys(told))


def _scaled(cell: Any, heading: Heading) -> float | None:
    value = _number(cell)
    return None if value is None else round(value * (100 if heading.form == "share" else 1), 4)


def _axis(heading: Heading, *, from_nought: bool) -> Option:
    label = {"formatter": "{value}%"} if heading.form == "share" else {}
    return {"type": "value", "scale": not from_nought, "axisLabel": {"hideOverlap": True, **label}}


def _names(rows: Sequence[Row], table: ResultTable, language: str) -> Option:
    data = _without_the_same([name_of(row, table, language) for row in rows])
    label = {"width": NAME_WIDTH, "overflow": "break"}
    return {"type": "category", "data": data, "axisTick": {"show": False}, "axisLabel": label}


def _without_the_same(names: list[str]) -> list[str]:
    """Names without a first part that all of them share."""
    first = {name.partition(" · ")[0] for name in names}
    rest = [name.partition(" · ")[2] for name in names]
    return rest if len(first) == 1 and all(rest) else names


def _said(value: float, heading: Heading) -> str:
    return f"{value:.1f}%" if heading.form == "share" else f"{value:.4g}"


def dots(rows: Sequence[Row], figure: Heading, table: ResultTable, language: str) -> Option:
    """Estimates with their intervals, the first row on top."""
    rows = list(reversed(rows))
    points: list[Option] = []
    whiskers: list[list[Option]] = []
    for place, row in enumerate(rows):
        value = _scaled(row.get(figure.id), figure) or 0.0
        low, high = _scaled(row.get("low"), figure), _scaled(row.get("high"), figure)
        label = {"show": True, "position": "top", "distance": 4, "formatter": _said(value, figure)}
        mark = OTHER_SIDE if row.get("side") else {"itemStyle": {"color": BLUE}}
        points.append({"value": [value, place], "label": label, **mark})
        if low is not None and high is not None:
            whiskers.append([{"coord": [low, place]}, {"coord": [high, place]}])
    line = {"color": GREY, "width": 4, "type": "solid", "opacity": 0.65}
    marks = {"symbol": "none", "silent": True, "lineStyle": line, "label": {"show": False}, "data": whiskers}
    if figure.id in FROM_NOUGHT:
        nought = {"color": GREY, "width": 1, "type": "dashed"}
        whiskers.append([{"coord": [0, -0.5], "lineStyle": nought}, {"coord": [0, len(rows) - 0.5]}])
    edges = [end["coord"][0] for pair in whiskers for end in pair] + [p["value"][0] for p in points]
    axis = {**_axis(figure, from_nought=False), **_ends(edges, figure)}
    series = {"type": "scatter", "symbolSize": 13, "data": points, "z": 3, "markLine": marks}
    names = _names(rows, table, language)
    return {"grid": GRID, "xAxis": axis, "yAxis": names, "tooltip": {}, "series": [series]}


def _ends(edges: Sequence[float], figure: Heading) -> Option:
    """The ends of an axis with room for the marks; parts of a whole end at nought and at all of it."""
    room = (max(edges) - min(edges)) * 0.06 or 1.0
    low, high = _round(min(edges) - room), _round(max(edges) + room)
    if figure.form == "share" and min(edges) >= 0 and max(edges) <= 100:
        low, high = max(low, 0.0), min(high, 100.0)
    return {"min": low, "max": high}


def _round(edge: float) -> float:
    return round(edge, 1 if abs(edge) >= 1 else 3)


def bars(rows: Sequence[Row], figure: Heading, table: ResultTable, language: str) -> Option:
    """Figures without intervals as bars that begin at nought."""
    rows = list(reversed(rows))
    data = []
    for row in rows:
        value = _scaled(row.get(figure.id), figure) or 0.0
        data.append({"value": value, "label": {"formatter": _said(value, figure)}})
    label = {"show": True, "position": "right"}
    series = {"type": "bar", "barMaxWidth": 24, "data": data, "itemStyle": {"color": BLUE}, "label": label}
    names, axis = _names(rows, table, language), _axis(figure, from_nought=True)
    return {"grid": GRID, "xAxis": axis, "yAxis": names, "tooltip": {}, "series": [series]}


def grouped(rows: Sequence[Row], table: ResultTable, language: str) -> Option:
    """Means of several items, one bar for each group."""
    columns = [heading for heading in table.headings if heading.id.startswith("mean_")]
    rows = list(reversed(rows))
    series = [
        {
            "type": "bar",
            "name": column.title.text(language),
            "data": [_scaled(row.get(column.id), column) for row in rows],
            "itemStyle": {"color": GRADES[place % len(GRADES)]},
        }
        for place, column in enumerate(columns)
    ]
    names = _names(rows, table, language)
    return _with_legend({"xAxis": _axis(columns[0], from_nought=True), "yAxis": names, "series": series})


def by_group(table: ResultTable) -> ResultTable:
    """The one row of a table that has its groups in columns, as one row for each group."""
    (row,) = table.rows
    means = [h for h in table.headings if h.id.startswith("mean_") and row.get(h.id) is not None]
    rows = tuple(
        {
            "group": heading.title,
            **{name: row.get(heading.id.replace("mean_", f"{name}_", 1)) for name in _GROUP_CELLS},
        }
        for heading in means
    )
    return ResultTable(table.id, table.title, BY_GROUP, rows)


BY_GROUP = headings(
    ("group", "组", "Group", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("mean", "均值", "Mean", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("letters", "高于", "Above", "letters"),
)
_GROUP_CELLS = ("n", "mean", "low", "high", "letters")


def stacked(rows: Sequence[Row], table: ResultTable, language: str) -> Option:
    """A cross table: each group as one bar of the whole, divided by answer."""
    columns = [heading for heading in table.headings if heading.id.startswith("share_")][::-1]
    colours = from_low_to_high(len(rows))
    series = [
        {
            "type": "bar",
            "stack": "whole",
            "barMaxWidth": 28,
            "name": name_of(row, table, language),
            "data": [_scaled(row.get(column.id), column) for column in columns],
            "itemStyle": {"color": colours[place]},
        }
        for place, row in enumerate(rows)
    ]
    names = {"type": "category", "data": [column.title.text(language) for column in columns]}
    axis = {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}}
    return _with_legend({"xAxis": axis, "yAxis": names, "series": series})


def _with_legend(option: Option) -> Option:
    legend = {"top": 0, "left": 0, "type": "scroll"}
    return {"grid": {**GRID, "top": 44}, "legend": legend, "tooltip": {}, **option}


def control(rows: Sequence[Row], table: ResultTable, language: str) -> Option:
    """A line in its control limits; what lies outside is a diamond in another colour."""
    titles = {heading.id: heading.title.text(language) for heading in table.headings}
    data = [_outlier(row) for row in rows]
    line = {"color": BLUE, "width": 2.5}
    shown = {
        "type": "line",
        "name": titles["value"],
        "data": data,
        "symbolSize": 9,
        "lineStyle": line,
        "z": 3,
    }
    limits = [
        {
            "type": "line",
            "name": titles[name],
            "data": [_number(row.get(name)) for row in rows],
            "symbol": "none",
            "lineStyle": {"color": GREY, "type": "solid" if name == "centre" else "dashed"},
            "itemStyle": {"color": GREY},
        }
        for name in ("low", "centre", "high")
    ]
    names = {"type": "category", "data": [name_of(row, table, language) for row in rows]}
    return _with_legend(
        {"xAxis": names, "yAxis": {"type": "value", "scale": True}, "series": [*limits, shown]}
    )


def _outlier(row: Row) -> Option:
    outside = bool(row.get("outside"))
    colour, symbol = (VERMILLION, "diamond") if outside else (BLUE, "circle")
    return {"value": _number(row.get("value")), "symbol": symbol, "itemStyle": {"color": colour}}


def quadrant(rows: Sequence[Row], language: str) -> Option:
    """Importance and performance: what matters and lags is a diamond in the upper left."""
    averages = [{"type": "average", "valueDim": dim} for dim in ("x", "y")]
    plain: Option = {"symbol": "none", "silent": True, "label": {"show": False}}
    series = {
        "type": "scatter",
        "symbolSize": 14,
        "data": [_placed(row, language) for row in rows],
        "markLine": {**plain, "lineStyle": {"color": GREY}, "data": averages},
    }
    axes = {"xAxis": _named_axis(PERFORMANCE, language), "yAxis": _named_axis(IMPORTANCE, language)}
    return {"grid": {**GRID, "left": 44, "bottom": 40}, **axes, "tooltip": {}, "series": [series]}


def _placed(row: Row, language: str) -> Option:
    first = row.get("code") == "concentrate_here"
    title = row["title"].text(language) if isinstance(row.get("title"), Label) else str(row.get("item"))
    return {
        "value": [_number(row.get("performance")), _number(row.get("importance"))],
        "symbol": "diamond" if first else "circle",
        "itemStyle": {"color": VERMILLION if first else BLUE},
        "label": {"show": True, "position": "top", "formatter": title},
    }


def _named_axis(name: Label, language: str) -> Option:
    placed = {"nameLocation": "middle", "nameGap": 44}
    return {"type": "value", "scale": True, "name": name.text(language), **placed}
