"""What drives a result, how much each driver counts, and where to act first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.analyses.regression import drivers_problem
from manyi.analytics.data.table import Moments, Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import cautions, require_varied, wording
from manyi.kernel.labels import Label
from manyi.measures.drivers import Drivers, PriorityMap, from_covariance, priority_map

SHARES = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
    ("share", "重要性占比", "Share of importance", "share"),
    ("lmg", "LMG", "LMG", "number"),
    ("johnson", "Johnson", "Johnson", "number"),
    ("first", "单独 R²", "Alone", "number"),
    ("last", "最后加入", "Last", "number"),
    ("pratt", "Pratt", "Pratt", "number"),
    ("beta", "标准化系数", "Beta", "number"),
    ("r", "相关系数", "Correlation", "number"),
)
MAP = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
    ("importance", "重要性", "Importance", "number"),
    ("performance", "表现", "Performance", "number"),
    ("quadrant", "象限", "Field", "text"),
    ("code", "象限代码", "Field code", "text"),
)
MODEL = headings(
    ("n", "有效 n", "Valid n", "count"),
    ("r2", "R²", "R²", "number"),
    ("importance_cut", "重要性分界", "Cut of importance", "number"),
    ("performance_cut", "表现分界", "Cut of performance", "number"),
)
QUADRANTS = {
    "concentrate_here": Label("优先改进", "Concentrate here"),
    "keep_up_good_work": Label("继续保持", "Keep up the good work"),
    "low_priority": Label("次要机会", "Low priority"),
    "possible_overkill": Label("可能投入过度", "Possible overkill"),
}


@dataclass(frozen=True, slots=True)
class DriversConfig:
    """The result, its drivers (up to 16), which importance the map takes, and where it is cut.

    A ``fixed`` cut needs ``importance_cut`` and ``performance_cut``.
    """

    result: str
    drivers: tuple[str, ...]
    importance: Literal["lmg", "johnson", "first", "last", "pratt"] = "lmg"
    cut: Literal["mean", "median", "fixed"] = "mean"
    importance_cut: float | None = None
    performance_cut: float | None = None

    def problem(self) -> tuple[str, Label] | None:
        """A driver at least, none of them the result; a fixed cut with both values."""
        both = self.importance_cut is not None and self.performance_cut is not None
        if self.cut == "fixed" and not both:
            return "cut", Label("固定分界需要两个分界值。", "A fixed cut needs both of its values.")
        return drivers_problem(self.result, self.drivers)


@ANALYSES.register
class KeyDrivers(Analysis):
    """LMG (Shapley), Johnson, first, last and Pratt, with the map of importance and performance."""

    id = "key_drivers"
    label = Label("关键驱动因素", "Key drivers")
    group = "relations"
    question = Label(
        "哪些环节拉动了总体满意度,先改哪一个?", "What drives the result, and what should be improved first?"
    )
    method = Label(
        "把 R² 分摊给相互关联的因素:LMG/Shapley(Grömping 2006)、Johnson 相对权重(2000)、单独、最后、Pratt。"
        "只用完整的行;由协方差矩阵计算,可加权。四象限按 Martilla-James(1977),表现为各项均值。",
        "R² is shared out among correlated drivers: LMG/Shapley (Grömping 2006), Johnson's relative weights "
        "(2000), alone, last, Pratt. Complete rows, from the covariance matrix, weights possible. The map "
        "follows Martilla and James (1977); performance is the mean of each item.",
    )
    caution = Label(
        "R² 低于 0.1 时排序没有意义;重要性来自相关,不是因果;样本少于每因素 10 份时不要用来定优先级。",
        "Below R² of 0.1 the order means nothing; importance comes from correlation, not cause; with fewer "
        "than 10 rows per driver do not set priorities by it.",
    )
    config = DriversConfig
    example = """
method = "key_drivers"

[config]
result = "overall"
drivers = ["wait", "price", "staff"]
"""
    example_data = {
        "wait": [5, 4, 4, 5, 3, None, 2, 5, 1, 3, 4, 2],
        "price": [3, 4, 2, 5, 3, 4, 2, 1, 2, 3, 5, 1],
        "staff": [4, 5, 4, 4, 3, 5, 3, 4, 3, 5, 4, 2],
        "overall": [5, 4, 3, 5, 3, 4, 2, 4, 1, 3, 5, 1],
    }

    def run(self, table: Table, config: DriversConfig) -> Result:
        """Shares by falling importance, the map, and a sentence that names what to do first."""
        names = (*config.drivers, config.result)
        sums = table.moments(names)
        require_varied(sums, names)
        found = from_covariance(sums.products, config.drivers, n=sums.n, rows=sums.rows)
        placed = _map(found, sums, config)
        model = {"n": found.n, "r2": found.r2, "importance_cut": placed.importance_cut}
        model |= {"performance_cut": placed.performance_cut}
        tables = (
            ResultTable("drivers", self.label, SHARES, _shares(table, found, config)),
            ResultTable(
                "map", Label("重要性与表现", "Importance and performance"), MAP, _places(table, placed)
            ),
            ResultTable("model", Label("模型", "Model"), MODEL, (model,), shape="figures"),
        )
        told = cautions(found.warnings)
        return Result(table.rows, tables, sentence=_sentence(table, found, placed), warnings=told)


def _map(found: Drivers, sums: Moments, config: DriversConfig) -> PriorityMap:
    importance = [float(getattr(driver, config.importance)) for driver in found.drivers]
    at = None
    if config.cut == "fixed" and config.importance_cut is not None and config.performance_cut is not None:
        at = (config.importance_cut, config.performance_cut)
    done = sums.means[:-1].tolist()
    return priority_map(config.drivers, importance, done, cut=config.cut, at=at)


def _shares(table: Table, found: Drivers, config: DriversConfig) -> tuple[dict[str, Any], ...]:
    kinds = ("lmg", "johnson", "first", "last", "pratt", "beta", "r")
    rows = [
        {
            **wording(table, driver.name),
            "share": found.share(driver, config.importance),
            **{kind: getattr(driver, kind) for kind in kinds},
        }
        for driver in found.drivers
    ]
    return tuple(sorted(rows, key=lambda row: -row[config.importance]))


def _places(table: Table, placed: PriorityMap) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            **wording(table, item.name),
            "importance": item.importance,
            "performance": item.performance,
            "quadrant": QUADRANTS[item.quadrant],
            "code": item.quadrant,
        }
        for item in placed.items
    )


def _sentence(table: Table, found: Drivers, placed: PriorityMap) -> Label:
    """Which driver counts most, and which of the important ones are below the cut."""
    top = max(found.drivers, key=lambda driver: driver.lmg)
    first = [table.title(item.name) for item in placed.items if item.quadrant == "concentrate_here"]
    name, share = table.title(top.name), found.share(top)
    if "weak_model" in found.warnings:
        return Label(
            f"这些因素只解释了 {found.r2:.0%} 的差异,不宜据此排定改进顺序。",
            f"These drivers explain only {found.r2:.0%} of the differences: do not set priorities by them.",
        )
    act_zh = f"优先改进:{'、'.join(each.zh for each in first)}。" if first else "没有既重要又落后的项目。"
    act_en = f"Improve first: {', '.join(each.en for each in first)}." if first else "Nothing important lags."
    return Label(
        f"影响最大的是“{name.zh}”,占已解释部分的 {share:.0%}(R² = {found.r2:.2f})。{act_zh}",
        f"“{name.en}” counts most, {share:.0%} of what is explained (R² = {found.r2:.2f}). {act_en}",
    )
