"""Better against worse: what a feature can add, and what its absence takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manyi.kernel.labels import Label
from manyi.web.insight.charts import BLUE, GREY, VERMILLION, Option

BETTER = Label("满意系数(有它能增加多少满意)", "Better: satisfaction that it can add")
WORSE = Label("不满意系数的大小(没有它会减少多少)", "Worse: satisfaction that its absence takes")
#: Shape and colour by class, so that the chart reads without colours too.
MARKS = {
    "M": ("diamond", VERMILLION),
    "O": ("circle", BLUE),
    "A": ("triangle", "#009E73"),
    "I": ("rect", GREY),
}
#: The mark of a feature that belongs to no single class.
MIXED = ("pin", GREY)
#: A ground that keeps a name readable where a whisker runs behind it.
PLATE: Option = {"backgroundColor": "rgba(255,255,255,0.88)", "color": "#101828", "padding": [1, 4]}
PLATE |= {"width": 120, "overflow": "break"}
#: Neighbours in height have their names on different sides.
SIDES = ("top", "bottom")
CORNERS = (
    (25, 97, Label("必备", "Must-be")),
    (75, 97, Label("期望", "One-dimensional")),
    (25, 3, Label("无差异", "Indifferent")),
    (75, 3, Label("魅力", "Attractive")),
)


def kano(rows: Sequence[Mapping[str, Any]], language: str) -> Option:
    """A scatter of per cent on both axes, divided at a half; the whiskers are Wilson's intervals."""
    known = [row for row in rows if row.get("better") is not None and row.get("worse") is not None]
    known.sort(key=lambda row: row["worse"])
    whiskers = [end for row in known for end in _whiskers(row)]
    line = {"color": GREY, "width": 2, "type": "solid", "opacity": 0.55}
    half = {"lineStyle": {"color": GREY, "type": "dashed", "width": 1}}
    marks = [[{"coord": a, "lineStyle": line}, {"coord": b}] for a, b in whiskers]
    marks += [[{"coord": a, **half}, {"coord": b}] for a, b in (([50, 0], [50, 100]), ([0, 50], [100, 50]))]
    points = {
        "type": "scatter",
        "symbolSize": 14,
        "z": 3,
        "data": [_point(row, language, SIDES[place % 2]) for place, row in enumerate(known)],
        "labelLayout": {"hideOverlap": True},
        "markLine": {"symbol": "none", "silent": True, "label": {"show": False}, "data": marks},
    }
    return {
        "grid": {"left": 44, "right": 30, "top": 24, "bottom": 44, "containLabel": True},
        "xAxis": _axis(BETTER, language, 28),
        "yAxis": _axis(WORSE, language, 40),
        "tooltip": {},
        "series": [_corners(language), points],
    }


def _axis(name: Label, language: str, gap: int) -> Option:
    return {
        "type": "value",
        "min": 0,
        "max": 100,
        "name": name.text(language),
        "nameLocation": "middle",
        "nameGap": gap,
        "axisLabel": {"formatter": "{value}%"},
        "splitLine": {"show": False},
    }


def _corners(language: str) -> Option:
    """The names of the four quarters."""
    data = [
        {"value": [x, y], "label": {"show": True, "formatter": words.text(language), "color": GREY}}
        for x, y, words in CORNERS
    ]
    return {"type": "scatter", "symbolSize": 0.1, "silent": True, "data": data}


def _point(row: Mapping[str, Any], language: str, side: str) -> Option:
    symbol, colour = MARKS.get(str(row["fong"]), MIXED)
    name = row["feature"].text(language) if isinstance(row["feature"], Label) else str(row["feature"])
    return {
        "value": [_share(row["better"]), _share(row["worse"])],
        "name": name,
        "symbol": symbol,
        "itemStyle": {"color": colour},
        "label": {"show": True, "position": side, "distance": 8, "formatter": name, **PLATE},
    }


def _whiskers(row: Mapping[str, Any]) -> list[tuple[list[float], list[float]]]:
    """The two intervals of a feature as lines; none where an interval is not told."""
    found = []
    better, worse = _share(row["better"]), _share(row["worse"])
    if row.get("better_low") is not None:
        found.append(([_share(row["better_low"]), worse], [_share(row["better_high"]), worse]))
    if row.get("worse_low") is not None:
        found.append(([better, _share(row["worse_low"])], [better, _share(row["worse_high"])]))
    return found


def _share(value: float) -> float:
    return round(100 * abs(value), 2)
