"""The mean of each period over time: slope, trend by ranks, Sen's slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import periods
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.trend import RankTrend, Slope, mann_kendall, ols_slope

SERIES = headings(
    ("period", "时期", "Period", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("mean", "平均值", "Mean", "number"),
)
TESTS = headings(
    ("test", "检验", "Test", "text"),
    ("slope", "每期变化", "Change per period", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("statistic", "统计量", "Statistic", "number"),
    ("p", "p 值", "p", "p"),
)
#: The fewest periods in which a trend by ranks can be told.
LEAST = 4


@dataclass(frozen=True, slots=True)
class SeriesConfig:
    """The item and the column of periods, which count as equally far apart."""

    item: str
    period: str


@ANALYSES.register
class SeriesTrend(Analysis):
    """Mann–Kendall with Sen's slope, beside the least-squares slope."""

    id = "series_trend"
    label = Label("趋势检验", "Trend of a series")
    group = "time"
    question = Label("得分长期在升还是在降,每期变多少?", "Is the score rising or falling, and by how much?")
    method = Label(
        "每期均值(可加权)的 Mann–Kendall 秩检验(并列校正、连续性校正)与 Sen 斜率(Gilbert 1987 区间),"
        "以及最小二乘斜率(t 区间)。没有数据的时期留空。",
        "Mann–Kendall on the means of periods (weights possible), corrected for ties and continuity, Sen's "
        "slope with Gilbert's interval (1987), and the least-squares slope. Periods without data are left "
        "out.",
    )
    caution = Label(
        "少于 8 期时很难看出趋势;有季节性时请先看季节分析;前后期相关会使 p 值偏小。",
        "Fewer than eight periods hardly show a trend; where seasons matter look at seasonality first; "
        "periods that depend on each other make p too small.",
    )
    config = SeriesConfig
    example = """
method = "series_trend"

[config]
item = "score"
period = "month"
"""
    example_data = {
        "month": [1, 2, 3, 4, 5, 6, 7, 8],
        "score": [86.2, 86.9, 87.1, 86.8, 88, 88.4, 87.9, 89.1],
    }

    def run(self, table: Table, config: SeriesConfig) -> Result:
        """The series and its tests."""
        found = periods(table, config.period, config.item)
        means = [each.mean for each in found]
        given = [(place, mean) for place, mean in enumerate(means, start=1) if mean is not None]
        if len(given) < LEAST:
            raise NotComputable("too_few", column=config.period, n=len(given), least=LEAST)
        ranks = mann_kendall(means)
        slope = ols_slope([mean for _, mean in given], [place for place, _ in given])
        if ranks is None or slope is None:
            raise NotComputable("constant", column=config.item)
        rows = tuple(
            {"period": each.title, "n": len(each.values), "mean": mean}
            for each, mean in zip(found, means, strict=True)
        )
        tables = (
            ResultTable("series", Label("各期", "Periods"), SERIES, rows),
            ResultTable("tests", Label("趋势", "Trend"), TESTS, (_ranks(ranks), _slope(slope))),
        )
        return Result(table.rows, tables, sentence=_sentence(ranks))


def _ranks(found: RankTrend) -> dict[str, Any]:
    cells = {"slope": found.slope, "low": found.low, "high": found.high, "statistic": found.z, "p": found.p}
    return {"test": Label("Mann–Kendall 与 Sen 斜率", "Mann–Kendall with Sen's slope"), **cells}


def _slope(found: Slope) -> dict[str, Any]:
    cells = {"slope": found.slope, "low": found.low, "high": found.high, "statistic": found.t, "p": found.p}
    return {"test": Label("最小二乘", "Least squares"), **cells}


def _sentence(found: RankTrend) -> Label:
    if found.p >= 0.05:
        return Label("没有显著的升降趋势。", "There is no significant trend.")
    zh, en = ("上升", "rising") if found.s > 0 else ("下降", "falling")
    return Label(
        f"得分显著{zh},每期约 {found.slope:+.2f}。",
        f"The score is {en}, by about {found.slope:+.2f} a period.",
    )
