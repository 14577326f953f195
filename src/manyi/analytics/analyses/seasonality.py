"""Whether a figure comes and goes with the season."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import periods
from manyi.kernel.labels import Label
from manyi.measures.seasonality import seasonality

SEASONS = headings(
    ("season", "季节序号", "Season", "count"),
    ("effect", "季节效应", "Effect", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
)
SERIES = headings(
    ("period", "时期", "Period", "text"),
    ("mean", "平均值", "Mean", "number"),
    ("adjusted", "去季节后", "Adjusted", "number"),
)
TEST = headings(
    ("f", "F", "F", "number"),
    ("df1", "自由度 1", "df 1", "count"),
    ("df2", "自由度 2", "df 2", "count"),
    ("p", "p 值", "p", "p"),
    ("slope", "每期趋势", "Trend per period", "number"),
)


@dataclass(frozen=True, slots=True)
class SeasonalityConfig:
    """The item by period; a year has ``length`` periods, the first period is number ``first`` of its year."""

    item: str
    period: str
    length: int = 12
    first: int = 1

    def problem(self) -> tuple[str, Label] | None:
        """Two seasons at least; the first period stands in one of them."""
        if self.length < 2:
            return "length", Label("一年至少两个时期。", "A year has two periods at least.")
        if not 1 <= self.first <= self.length:
            return "first", Label("起始季节要在一年之内。", "The first season lies within the year.")
        return None


@ANALYSES.register
class SeasonalityAnalysis(Analysis):
    """Season effects beside a straight trend, with their F test."""

    id = "seasonality"
    label = Label("季节分析", "Seasonality")
    group = "time"
    question = Label("得分的起落是不是每年都这样?", "Does the score rise and fall like this every year?")
    method = Label(
        "各期均值对直线趋势加季节效应(和为 0)的最小二乘;偏 F 检验季节是否存在;给出去季节后的序列。"
        "每个季节至少两个值。",
        "Least squares of period means on a straight trend and season effects that sum to nought; partial F "
        "tests whether there are seasons; the series without them. Each season needs two values at least.",
    )
    caution = Label(
        "只有两年数据时一次偶然就像季节;趋势拐弯或季节逐年变化时此方法不适用。",
        "With two years one accident looks like a season; it does not suit bending trends or seasons that "
        "change.",
    )
    config = SeasonalityConfig
    example = """
method = "seasonality"

[config]
item = "score"
period = "quarter"
length = 4
"""
    example_data = {
        "quarter": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        "score": [81, 83, 80, 86, 82, 84, 82, 88, 84, 85, 83, 90],
    }

    def run(self, table: Table, config: SeasonalityConfig) -> Result:
        """Effects, the test, and the adjusted series."""
        found = periods(table, config.period, config.item)
        means = [each.mean for each in found]
        told = seasonality(means, config.length, first=config.first)
        seasons = tuple(
            {"season": s.season, "effect": s.effect, "low": s.low, "high": s.high} for s in told.seasons
        )
        series = tuple(
            {"period": each.title, "mean": mean, "adjusted": adjusted}
            for each, mean, adjusted in zip(found, means, told.adjusted, strict=True)
        )
        test = {"f": told.f, "df1": told.df1, "df2": told.df2, "p": told.p, "slope": told.slope}
        tables = (
            ResultTable("seasons", Label("季节效应", "Effects"), SEASONS, seasons),
            ResultTable("test", Label("检验", "Test"), TEST, (test,)),
            ResultTable("series", Label("各期", "Periods"), SERIES, series),
        )
        yes = Label("存在显著的季节性。", "Seasons are significant.")
        no = Label("看不出季节性。", "No seasons can be told.")
        return Result(table.rows, tables, sentence=yes if told.p < 0.05 else no)
