"""What open answers say, as panels: aspects with their tone, and aspects by segment."""

from __future__ import annotations

from typing import Any

from manyi.analytics.text_queries import AspectLine, TextView
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.web.insight.charts import height_of
from manyi.web.insight.panels import Cell, Panel, plain

#: Safe for colour-blind readers and in grey print: orange, grey, blue from dark to light and back.
TONES = {
    "negative": (Label("负面", "Negative"), "#b35806"),
    "neutral": (Label("中性", "Neutral"), "#c7cdd4"),
    "positive": (Label("正面", "Positive"), "#2166ac"),
}
_MORE, _LESS = Label("增多,差异显著", "more, beyond chance"), Label("减少,差异显著", "fewer, beyond chance")
_SAME, _NONE = Label("无显著变化", "no clear change"), Label("无上一轮", "no round before")


def sentence(view: TextView) -> Label:
    """What customers write about most, and how much of it is blame."""
    if not view.lines:
        return Label("还没有可以阅读的意见。", "There are no comments to read yet.")
    first = max(view.lines, key=lambda line: line.negative)
    n = first.positive + first.neutral + first.negative
    share, bad = _percent(first.share), f"{100 * first.negative / n:.0f}%"
    zh = f"{view.read:,} 段意见中,不满最集中在“{first.title.zh}”:{share}的意见提到它,其中 {bad} 是负面。"
    en = (
        f"Of {view.read:,} comments, blame gathers at “{first.title.en}”: {share} of them name it, "
        f"{bad} of these in a negative tone."
    )
    return Label(zh, en)


def aspects_panel(view: TextView, language: str) -> Panel:
    """One line for each aspect: share with interval, tone, change since the round before."""
    columns = (
        Label("方面", "Aspect"),
        Label("提及占比", "Share of comments"),
        *(label for label, _ in TONES.values()),
        Label("与上一轮相比", "Since the last round"),
    )
    rows = tuple(_row(line) for line in view.lines)
    only = Label("(只读最新的这些)", " (only the newest are read)") if view.newest else Label("", "")
    note = Label(
        f"n = {view.read:,}{only.zh};占比为 Wilson 95% 区间;一段意见可提到多个方面。",
        f"n = {view.read:,}{only.en}; shares with Wilson's 95% interval; a comment can name several aspects.",
    )
    title = Label("客户写了什么,语气如何", "What customers write about, and in which tone")
    return Panel(
        "aspects", title, columns, rows, _stacked(view, language), note, height_of(view.lines), (1, 2, 3, 4)
    )


def segments_panel(view: TextView) -> Panel | None:
    """The share of each aspect by segment; None where there is one group only."""
    if not view.groups:
        return None
    columns = (Label("方面", "Aspect"), *(group.title for group in view.groups))
    rows = tuple(
        (Cell(line.title), *(Cell(figure=group.shares.get(line.id)) for group in view.groups))
        for line in view.lines
    )
    sizes = ";".join(f"{group.title.zh} n = {group.n:,}" for group in view.groups)
    english = "; ".join(f"{group.title.en} n = {group.n:,}" for group in view.groups)
    zh, en = f"{sizes}。", f"{english}."
    if view.hidden:
        zh += f"{view.hidden} 个客群样本不足,不显示。"
        en += f" {view.hidden} segments have too few comments and are not shown."
    title = Label("各客群提到什么", "What each segment writes about")
    numeric = tuple(range(1, len(columns)))
    return Panel("aspect-segments", title, columns, rows, note=Label(zh, en), numeric=numeric)


def _row(line: AspectLine) -> tuple[Cell, ...]:
    change = _NONE
    if line.before is not None and line.share.value is not None and line.before.value is not None:
        change = _SAME
        if line.beyond_chance:
            change = _MORE if line.share.value > line.before.value else _LESS
    counts = (plain(line.negative), plain(line.neutral), plain(line.positive))
    bad = line.beyond_chance and change is _MORE and line.negative > line.positive
    return (Cell(line.title), Cell(figure=line.share), *counts, Cell(change, bad=bad))


def _stacked(view: TextView, language: str) -> dict[str, Any]:
    lines = view.lines[::-1]
    series = [
        {
            "type": "bar",
            "stack": "aspect",
            "barMaxWidth": 22,
            "name": label.text(language),
            "itemStyle": {"color": colour},
            "data": [getattr(line, tone) for line in lines],
        }
        for tone, (label, colour) in TONES.items()
    ]
    return {
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "data": [line.title.text(language) for line in lines],
            "axisTick": {"show": False},
        },
        "series": series,
    }


def _percent(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value * 100:.0f}%"
