"""Charts of cases as plain options for ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from manyi.kernel.labels import Label
from manyi.web.insight.charts import BLUE, GREY, VERMILLION, Option

if TYPE_CHECKING:
    from manyi.web.desk.case_pareto import Told

#: So many bars have room; the rest is one bar, and the table has them all.
MOST_BARS = 14
PALE = "#9ccbe8"
CASES, CUMULATIVE = Label("件数", "Cases"), Label("累计占比", "Cumulative share")


def pareto_chart(lines: Sequence[Told], language: str) -> tuple[Option, int]:
    """Bars in falling order, the vital few dark, what is not known grey; the cumulative line, and 80 %."""
    known = [line for line in lines if line.cumulative is not None]
    shown, rest = known[:MOST_BARS], known[MOST_BARS:]
    bars = [_bar(line.name.text(language), line.n, BLUE if line.vital else PALE, line.href) for line in shown]
    line: list[float | None] = [round(100 * (each.cumulative or 0), 1) for each in shown]
    if rest:
        words = Label(f"其余 {len(rest)} 类", f"{len(rest)} others")
        bars.append(_bar(words.text(language), sum(each.n for each in rest), PALE, ""))
        line.append(100.0)
    for unknown in lines[len(known) :]:
        bars.append(_bar(unknown.name.text(language), unknown.n, GREY, unknown.href))
        line.append(None)
    names = [str(bar["name"]) for bar in bars]
    bars[0] |= {"label": {"position": "insideTop", "color": "#fff"}}  # the line begins on its top
    top = max(sum(each.n for each in known), *(each.n for each in lines))
    option = {
        "grid": {"left": 8, "right": 8, "top": 46, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "data": [text.text(language) for text in (CASES, CUMULATIVE)]},
        "xAxis": {
            "type": "category",
            "data": names,
            "axisTick": {"show": False},
            "axisLabel": {"interval": 0, "rotate": 38, "width": 110, "overflow": "truncate"},
        },
        "yAxis": [
            {"type": "value", "minInterval": 1, "max": top},
            {
                "type": "value",
                "min": 0,
                "max": 100,
                "axisLabel": {"formatter": "{value}%"},
                "splitLine": {"show": False},
            },
        ],
        "tooltip": {"trigger": "axis"},
        "series": [_bars(bars, language), _cumulative(line, language)],
    }
    return option, 400


def _bar(name: str, n: int, colour: str, href: str) -> Option:
    return {"name": name, "value": n, "href": href or None, "itemStyle": {"color": colour}}


def _bars(bars: Sequence[Option], language: str) -> Option:
    return {
        "type": "bar",
        "name": CASES.text(language),
        "barMaxWidth": 46,
        "data": list(bars),
        "itemStyle": {"color": BLUE},
        "label": {"show": True, "position": "top"},
    }


def _cumulative(line: Sequence[float | None], language: str) -> Option:
    mark = {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": GREY, "type": "dashed"},
        "label": {"formatter": "80%", "position": "insideStartTop"},
        "data": [{"yAxis": 80}],
    }
    return {
        "type": "line",
        "name": CUMULATIVE.text(language),
        "yAxisIndex": 1,
        "data": list(line),
        "symbolSize": 7,
        "lineStyle": {"color": VERMILLION, "width": 2},
        "itemStyle": {"color": VERMILLION},
        "markLine": mark,
    }
