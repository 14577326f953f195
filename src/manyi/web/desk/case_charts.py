"""Charts of cases as plain options for ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from manyi.cases.workload import Load
from manyi.kernel.labels import Label
from manyi.web.insight.charts import BLUE, GREY, VERMILLION, Option, height_of

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
    bars[0] |= {"label": {"position": "inside", "color": "#fff"}}  # the line begins on its top
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


PARTS = (
    (Label("已超期", "Late"), VERMILLION),
    (Label("3 个工作日内到期", "Due in 3 working days"), "#E69F00"),
    (Label("其余在办", "Other open ones"), BLUE),
)


def load_chart(lines: Sequence[tuple[Label, Load]], language: str) -> tuple[Option | None, int]:
    """Open cases as bars in three parts, the first line on top; nothing where nobody has any."""
    shown = [(name, load) for name, load in lines if load.open][::-1]
    if not shown:
        return None, 0
    parts = [(load.late, load.soon, load.open - load.late - load.soon) for _name, load in shown]
    series = [
        {
            "type": "bar",
            "stack": "open",
            "barMaxWidth": 26,
            "name": words.text(language),
            "data": [each[place] or None for each in parts],
            "itemStyle": {"color": colour},
            "label": {"show": True, "color": "#fff" if colour != "#E69F00" else "#1f2937"},
        }
        for place, (words, colour) in enumerate(PARTS)
    ]
    option = {
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "data": [name.text(language) for name, _load in shown],
            "axisTick": {"show": False},
            "axisLabel": {"width": 130, "overflow": "break"},
        },
        "tooltip": {"trigger": "axis"},
        "series": series,
    }
    return option, height_of(shown)
