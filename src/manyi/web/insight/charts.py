"""Charts as plain options for ECharts: dots with intervals, one stacked bar, a line in its band, bars.

Colours are Okabe and Ito's, which colour-blind readers tell apart; what is bad differs in shape as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from manyi.analytics.views import GradeLine, ReturnLine, TrendPoint
from manyi.analytics.wording import channel_label
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8a94a3"
#: From the best grade down.
GRADES = ("#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#7a3b00", "#CC79A7")
SCALE = ("#D55E00", "#F0B36B", "#CBD2DB", "#7CC0EA", "#0072B2")
Option = dict[str, Any]
#: Pixels for the name of a line beside a horizontal chart.
NAME_WIDTH = 130
TARGET, INTERVAL = Label("目标", "Target"), Label("95% 置信区间", "95% interval")
BELOW = Label("低于目标", "Under target")


@dataclass(frozen=True, slots=True)
class Dot:
    """One estimate with its interval."""

    name: str
    figure: Figure
    bad: bool
    href: str
    other: bool = False  # somebody else's: a grey square


def height_of(lines: Sequence[object], names: Sequence[str] = ()) -> int:
    """Pixels for so many lines of a horizontal chart; ``names`` stand beside them, maybe broken."""
    band = max([34, *(17 * math.ceil(_pixels(name) / NAME_WIDTH) for name in names)])
    return max(150, 70 + band * len(lines))


def _pixels(name: str) -> float:
    """About how wide a name is in a chart: a Chinese character is as wide as two letters."""
    return sum(12.5 if ord(sign) > 0x2E80 else 6.5 for sign in name)


def dots(lines: Sequence[Dot], language: str, *, target: float | None = None) -> Option:
    """Estimates with their intervals, the first on top, against a target line."""
    lines = list(reversed(lines))
    scale = 100.0 if lines[0].figure.unit == "share" else 1.0
    values = [(dot.figure.value or 0.0) * scale for dot in lines]
    lows = [
        scale * dot.figure.low if dot.figure.low is not None else v
        for dot, v in zip(lines, values, strict=True)
    ]
    highs = [
        scale * dot.figure.high if dot.figure.high is not None else v
        for dot, v in zip(lines, values, strict=True)
    ]
    points = [_point(dot, value, place) for place, (dot, value) in enumerate(zip(lines, values, strict=True))]
    shown: Option = {"type": "scatter", "symbolSize": 13, "data": points, "z": 3}
    if target is not None:
        shown["markLine"] = _target_line(target, language, "xAxis")
    edges = [*lows, *highs, *([target] if target is not None else [])]
    return {
        "grid": {"left": 8, "right": 46, "top": 30, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", **_range(edges)},
        "yAxis": {
            "type": "category",
            "data": [dot.name for dot in lines],
            "axisTick": {"show": False},
            "axisLabel": {"width": NAME_WIDTH, "overflow": "break"},
        },
        "tooltip": {},
        "series": [*_whiskers(lows, highs, language), shown],
    }


def _point(dot: Dot, value: float, place: int) -> Option:
    colour = VERMILLION if dot.bad else GREY if dot.other else BLUE
    return {
        "value": [round(value, 2), place],
        "name": dot.name,
        "href": dot.href or None,
        "symbol": "diamond" if dot.bad else "rect" if dot.other else "circle",
        "itemStyle": {"color": colour},
        "label": {"show": True, "position": "top", "distance": 4, "formatter": f"{value:.1f}"},
    }


def _whiskers(lows: Sequence[float], highs: Sequence[float], language: str) -> list[Option]:
    """An interval is a thin bar that stands on an invisible one."""
    common: Option = {"type": "bar", "stack": "interval", "barWidth": 5, "silent": True, "animation": False}
    widths = [round(high - low, 3) for low, high in zip(lows, highs, strict=True)]
    return [
        {**common, "data": [round(low, 3) for low in lows], "itemStyle": {"color": "transparent"}},
        {
            **common,
            "name": INTERVAL.text(language),
            "data": widths,
            "itemStyle": {"color": GREY, "opacity": 0.65},
        },
    ]


def _target_line(target: float, language: str, axis: str) -> Option:
    words = f"{TARGET.text(language)} {target:g}"
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": GREY, "type": "dashed", "width": 1.5},
        "label": {"formatter": words, "position": "end"},
        "data": [{axis: target}],
    }


def stacked(grades: Sequence[GradeLine], language: str) -> Option:
    """One bar of the whole, divided by grade from the best to the worst."""
    series = [
        {
            "type": "bar",
            "stack": "grades",
            "name": " ".join(part for part in (line.grade, line.label.text(language)) if part),
            "barWidth": 38,
            "data": [round(100 * (line.share.value or 0), 1)],
            "itemStyle": {"color": GRADES[place % len(GRADES)]},
            "label": {
                "show": (line.share.value or 0) >= 0.06,
                "formatter": _in_the_bar(line),
                "color": "#fff" if place in (0, 3, 4) else "#1f2937",
            },
        }
        for place, line in enumerate(grades)
    ]
    return {
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 4, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "xAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "yAxis": {"type": "category", "data": [""], "axisTick": {"show": False}, "axisLine": {"show": False}},
        "tooltip": {"trigger": "item"},
        "series": series,
    }


def _in_the_bar(line: GradeLine) -> str:
    """Grade and share, or the grade alone where a phone has no room for more."""
    share = line.share.value or 0
    return f"{line.grade} {100 * share:.1f}%" if share >= 0.18 else line.grade


def from_low_to_high(count: int) -> list[str]:
    """Colours for the steps of a scale, the lowest first: vermillion over grey to blue."""
    anchors = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in SCALE]
    colours = []
    for step in range(count):
        place = step * (len(anchors) - 1) / max(count - 1, 1)
        left = min(int(place), len(anchors) - 2)
        mixed = (
            round(a + (b - a) * (place - left)) for a, b in zip(anchors[left], anchors[left + 1], strict=True)
        )
        colours.append("#" + "".join(f"{part:02x}" for part in mixed))
    return colours


def trend(
    points: Sequence[TrendPoint], headline: str, language: str, target: Fraction | None
) -> Option | None:
    """The headline over the rounds as a line in the band of its intervals."""
    figures = [point.figures[headline] for point in points]
    if len(figures) < 2:
        return None
    scale = 100.0 if figures[0].unit == "share" else 1.0
    values = [round(scale * (figure.value or 0), 2) for figure in figures]
    lows = [round(scale * f.low, 2) if f.low is not None else v for f, v in zip(figures, values, strict=True)]
    highs = [
        round(scale * f.high, 2) if f.high is not None else v for f, v in zip(figures, values, strict=True)
    ]
    goal = float(target) if target is not None and headline == "total_mean" else None
    line: Option = {
        "type": "line",
        "data": [{"value": value, "label": {"formatter": f"{value:.1f}"}} for value in values],
        "symbolSize": 9,
        "lineStyle": {"color": BLUE, "width": 2.5},
        "itemStyle": {"color": BLUE},
        "label": {"show": True, "position": "top"},
        "z": 3,
    }
    if goal is not None:
        line["markLine"] = {**_target_line(goal, language, "yAxis")}
    edges = [*lows, *highs, *([goal] if goal is not None else [])]
    return {
        "grid": {"left": 8, "right": 56, "top": 28, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": [point.title.text(language) for point in points],
            "boundaryGap": True,
            "axisLabel": {"interval": 0, "width": 90, "overflow": "break"},
        },
        "yAxis": {"type": "value", **_range(edges)},
        "tooltip": {"trigger": "axis"},
        "series": [*_band(lows, highs, language), line],
    }


def _band(lows: Sequence[float], highs: Sequence[float], language: str) -> list[Option]:
    """The intervals as an area that stands on an invisible one."""
    common: Option = {
        "type": "line",
        "stack": "band",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    widths = [round(high - low, 3) for low, high in zip(lows, highs, strict=True)]
    area = {"color": BLUE, "opacity": 0.16}
    return [
        {**common, "data": list(lows)},
        {**common, "name": INTERVAL.text(language), "data": widths, "areaStyle": area},
    ]


def returns(lines: Sequence[ReturnLine], language: str) -> Option:
    """The return rate of each channel as bars that begin at nought."""
    shown = [line for line in reversed(lines) if line.rate.value is not None]
    data = [
        {
            "value": round(100 * (line.rate.value or 0), 1),
            "label": {
                "formatter": f"{100 * (line.rate.value or 0):.1f}% ({line.answered:,}/{line.invited:,})"
            },
        }
        for line in shown
    ]
    return {
        "grid": {"left": 8, "right": 110, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "yAxis": {
            "type": "category",
            "data": [channel_label(line.channel).text(language) for line in shown],
            "axisTick": {"show": False},
        },
        "tooltip": {},
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 26,
                "data": data,
                "itemStyle": {"color": BLUE},
                "label": {"show": True, "position": "right"},
            }
        ],
    }


def _range(edges: Sequence[float]) -> Option:
    """An axis in round steps around all values, with room for the marks; what ends at 100 shows no more."""
    step = 5 if max(edges) - min(edges) <= 30 else 20
    low, high = (min(edges) - 2) // step * step, -(-(max(edges) + 2) // step) * step
    return {"min": low, "max": min(high, 100) if max(edges) <= 100 else high, "interval": step}
