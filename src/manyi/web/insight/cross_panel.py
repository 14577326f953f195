"""A cross table as a panel: counts, row shares, and marks where a cell stands out."""

from __future__ import annotations

from typing import Any

from manyi.analytics.views import CrossView
from manyi.kernel.labels import Label
from manyi.measures.tables import CrossTable
from manyi.web.insight.charts import GRADES, from_low_to_high
from manyi.web.insight.panels import Cell, Panel, plain

#: Adjusted residuals beyond this stand out at the 5 % level (Haberman 1973).
REMARKABLE = 1.96


def cross_panel(view: CrossView, language: str) -> Panel:
    """The table with its finding; without enough answers only the finding says so."""
    if view.table is None:
        words = Label(
            "样本不足,或两边选了同一题,无法列表。",
            "Too few answers, or the same question on both sides: no table.",
        )
        return Panel("crosstab", words, (), ())
    table = view.table
    columns = (view.row, *view.columns, Label("合计", "Total"))
    rows = tuple(_row(view, table, number) for number in range(len(view.rows)))
    return Panel(
        "crosstab",
        finding(view, table),
        columns,
        rows,
        _stacked(view, table, language),
        note=_method(view, table),
        height=max(200, 90 + 40 * len(rows)),
        numeric=tuple(range(1, len(columns))),
    )


def finding(view: CrossView, table: CrossTable) -> Label:
    """Whether the two sides hang together, and how strongly."""
    if table.p is None or table.cramers_v is None:
        return Label(f"“{view.row.zh}”与“{view.column.zh}”", f"“{view.row.en}” and “{view.column.en}”")
    if table.p >= 0.05:
        return Label(
            f"“{view.column.zh}”与“{view.row.zh}”没有显著关系",
            f"“{view.column.en}” does not differ by “{view.row.en}” beyond chance",
        )
    strength = _strength(table.cramers_v)
    return Label(
        f"“{view.column.zh}”与“{view.row.zh}”有{strength.zh}关系",
        f"“{view.column.en}” differs by “{view.row.en}”; the relation is {strength.en}",
    )


def _strength(v: float) -> Label:
    if v >= 0.5:
        return Label("强", "strong")
    return Label("中等", "moderate") if v >= 0.3 else Label("弱", "weak")


def _row(view: CrossView, table: CrossTable, number: int) -> tuple[Cell, ...]:
    cells = []
    for place in range(len(view.columns)):
        count, share = int(table.counts[number, place]), float(table.row_shares[number, place])
        residual = float(table.residuals[number, place])
        mark = "▲" if residual > REMARKABLE else "▼" if residual < -REMARKABLE else ""
        words = f"{share * 100:.1f}% ({count:,}){mark}"
        cells.append(Cell(Label(words, words)))
    return (Cell(view.rows[number]), *cells, plain(int(table.counts[number].sum())))


def _method(view: CrossView, table: CrossTable) -> Label:
    """The test, its size, what the marks mean, and what was left out."""
    zh, en = [f"n = {table.n:,}"], [f"n = {table.n:,}"]
    if table.chi2 is not None and table.p is not None:
        p = "p < 0.001" if table.p < 0.001 else f"p = {table.p:.3f}"
        test = f"χ²({table.df}) = {table.chi2:.1f}, {p}, Cramér V = {table.cramers_v:.2f}"
        zh, en = [*zh, test], [*en, test]
    zh.append("百分比按行;▲▼ 表示明显高于或低于平均(调整残差超过 1.96)")
    en.append("shares by row; ▲▼ clearly above or below average (adjusted residual beyond 1.96)")
    if table.warnings:
        zh.append("部分格的期望数小于 5,检验仅供参考")
        en.append("some cells expect fewer than 5: read the test with care")
    if view.hidden:
        zh.append(f"{view.hidden} 行样本不足,不显示")
        en.append(f"{view.hidden} rows with too few answers are not shown")
    return Label(";".join(zh) + "。", "; ".join(en) + ".")


def _stacked(view: CrossView, table: CrossTable, language: str) -> dict[str, Any]:
    """Each row as one bar of the whole."""
    count = len(view.columns)
    colours = from_low_to_high(count) if view.ordered else [GRADES[n % len(GRADES)] for n in range(count)]
    series = [
        {
            "type": "bar",
            "stack": "row",
            "barMaxWidth": 28,
            "name": title.text(language),
            "data": [round(100 * float(share), 1) for share in table.row_shares[::-1, place]],
            "itemStyle": {"color": colours[place]},
        }
        for place, title in enumerate(view.columns)
    ]
    return {
        "grid": {"left": 8, "right": 24, "top": 44, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "xAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "yAxis": {
            "type": "category",
            "data": [title.text(language) for title in reversed(view.rows)],
            "axisTick": {"show": False},
            "axisLabel": {"width": 120, "overflow": "break"},
        },
        "tooltip": {"trigger": "item"},
        "series": series,
    }
