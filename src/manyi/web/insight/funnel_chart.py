"""The funnel: units by n and figure within limits that close in; what lies outside has another shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manyi.analytics.results import ResultTable
from manyi.kernel.labels import Label
from manyi.web.insight.charts import BLUE, GREY, VERMILLION, Option

N, CENTRE = Label("有效答卷数 n", "Valid answers n"), Label("中线", "Centre")
LINES = (
    ("low_998", "solid", Label("99.8% 界限", "99.8% limits")),
    ("high_998", "solid", Label("99.8% 界限", "99.8% limits")),
    ("low_95", "dashed", Label("95% 界限", "95% limits")),
    ("high_95", "dashed", Label("95% 界限", "95% limits")),
)
#: A legend of lines without marks.
PLAIN_LINES = {"top": 0, "left": 0, "itemStyle": {"opacity": 0}, "lineStyle": {"width": 2}}
#: Beyond so many units only those outside the limits bear their names.
MOST_NAMED = 14


def funnel(units: ResultTable, limits: ResultTable, spread: ResultTable, language: str) -> Option:
    """The option for ECharts from the three tables of the analysis."""
    share = next(each for each in units.headings if each.id == "value").form == "share"
    scale = 100.0 if share else 1.0
    target = round(spread.rows[0]["target"] * scale, 3)
    centre = {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": GREY, "type": "dotted", "width": 1.5},
        "label": {"formatter": f"{CENTRE.text(language)} {target:.3g}", "position": "insideEndTop"},
        "data": [{"yAxis": target}],
    }
    few = len(units.rows) <= MOST_NAMED
    points = [_point(row, scale, language, named=few) for row in units.rows]
    shown: Option = {"type": "scatter", "symbolSize": 13, "data": points, "z": 3, "markLine": centre}
    shown["labelLayout"] = {"hideOverlap": True, "moveOverlap": "shiftY"}
    label = {"hideOverlap": True, **({"formatter": "{value}%"} if share else {})}
    return {
        "grid": {"left": 12, "right": 30, "top": 44, "bottom": 34, "containLabel": True},
        "legend": {**PLAIN_LINES, "data": [LINES[2][2].text(language), LINES[0][2].text(language)]},
        "xAxis": {
            "type": "value",
            "name": N.text(language),
            "nameLocation": "middle",
            "nameGap": 28,
            "scale": True,
        },
        "yAxis": {"type": "value", "scale": True, "axisLabel": label},
        "tooltip": {},
        "series": [*_limits(limits, scale, language), shown],
    }


def _limits(limits: ResultTable, scale: float, language: str) -> list[Option]:
    return [
        {
            "type": "line",
            "name": title.text(language),
            "symbol": "none",
            "silent": True,
            "data": [[row["n"], round(row[name] * scale, 3)] for row in limits.rows],
            "lineStyle": {"color": GREY, "type": kind, "width": 1.5},
            "itemStyle": {"color": GREY},
        }
        for name, kind, title in LINES
    ]


def _point(row: Any, scale: float, language: str, *, named: bool) -> Option:
    outside = abs(row["outside"])
    name = row["group"].text(language)
    return {
        "value": [row["n"], round(row["value"] * scale, 3)],
        "name": name,
        "symbol": ("circle", "triangle", "diamond")[outside],
        "itemStyle": {"color": VERMILLION if outside == 2 else BLUE},
        "label": {"show": named or outside > 0, "position": "top", "formatter": name},
    }


def tables_of(tables: Sequence[ResultTable]) -> tuple[ResultTable, ResultTable, ResultTable] | None:
    """The three tables of a funnel, if these are they."""
    known = {table.id: table for table in tables}
    wanted = [known.get(name) for name in ("units", "limits", "spread")]
    return (wanted[0], wanted[1], wanted[2]) if all(wanted) else None  # type: ignore[return-value]
