"""A result explained by several drivers with least squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import effect_sentence
from manyi.analytics.telling import cautions, require_varied, weights_if_any
from manyi.kernel.labels import Label
from manyi.measures.regression import INTERCEPT, Products, Regression, from_products, ols

TERMS = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
    ("b", "系数", "Coefficient", "number"),
    ("error", "标准误", "Std. error", "number"),
    ("t", "t", "t", "number"),
    ("p", "p 值", "p", "p"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("beta", "标准化系数", "Beta", "number"),
    ("vif", "方差膨胀", "VIF", "number"),
)
MODEL = headings(
    ("n", "有效 n", "Valid n", "count"),
    ("r2", "R²", "R²", "number"),
    ("adjusted_r2", "调整 R²", "Adjusted R²", "number"),
    ("sigma", "残差标准差", "Residual SD", "number"),
    ("f", "F", "F", "number"),
    ("p", "p 值", "p", "p"),
)


@dataclass(frozen=True, slots=True)
class RegressionConfig:
    """The result, its drivers, and which standard errors: classical or robust HC0 to HC3."""

    result: str
    drivers: tuple[str, ...]
    errors: Literal["classical", "HC0", "HC1", "HC2", "HC3"] = "HC3"

    def problem(self) -> tuple[str, Label] | None:
        """A driver at least, none of them the result."""
        return drivers_problem(self.result, self.drivers)


def drivers_problem(result: str, drivers: tuple[str, ...]) -> tuple[str, Label] | None:
    """What is wrong with a choice of drivers, or None."""
    if not drivers:
        return "drivers", Label("请至少选一个影响因素。", "Choose one driver at least.")
    if result in drivers or len(set(drivers)) < len(drivers):
        return "drivers", Label("结果变量和每个因素只能出现一次。", "Name the result and every driver once.")
    return None


@ANALYSES.register
class LinearRegression(Analysis):
    """Least squares with robust errors, standardised coefficients and variance inflation."""

    id = "regression"
    label = Label("线性回归", "Linear regression")
    group = "relations"
    question = Label(
        "某一项提高一分,总体满意度会变多少?", "How much does the result move when one driver gains a point?"
    )
    method = Label(
        "最小二乘,只用完整的行;标准误为经典或稳健(White 1980 HC0,MacKinnon-White 1985 HC1–HC3)。"
        "权重按加权最小二乘使用,此时请用稳健标准误。",
        "Least squares over complete rows; errors are classical or robust (White 1980, HC0; MacKinnon and "
        "White 1985, HC1 to HC3). Weights are those of weighted least squares: take robust errors with them.",
    )
    caution = Label(
        "系数是“其他因素不变”时的差别,不是因果;VIF 超过 10 时单个系数不可靠,请看关键驱动因素。",
        "A coefficient is a difference with all else equal, not a cause; above VIF 10 single coefficients "
        "are not reliable: look at key drivers instead.",
    )
    config = RegressionConfig
    example = """
method = "regression"

[config]
result = "overall"
drivers = ["wait", "price"]
errors = "HC3"
"""
    example_data = {
        "wait": [5, 4, 4, 5, 3, None, 2, 5, 1, 3, 4, 2],
        "price": [3, 4, 2, 5, 3, 4, 2, 1, 2, 3, 5, 1],
        "overall": [5, 4, 3, 5, 3, 4, 2, 4, 1, 3, 5, 1],
    }

    def run(self, table: Table, config: RegressionConfig) -> Result:
        """The coefficients, the intercept first, and the model as a whole."""
        found = _fitted(table, config)
        rows = tuple(
            {
                "item": term.name,
                "title": Label("常数项", "Intercept") if term.name == INTERCEPT else table.title(term.name),
                "b": term.estimate,
                "error": term.error,
                "t": term.t,
                "p": term.p,
                "low": term.low,
                "high": term.high,
                "beta": term.beta,
                "vif": term.vif,
            }
            for term in found.coefficients
        )
        model = {"n": found.n, "r2": found.r2, "adjusted_r2": found.adjusted_r2, "sigma": found.sigma}
        tables = (
            ResultTable("coefficients", Label("系数", "Coefficients"), TERMS, rows),
            ResultTable(
                "model",
                Label("模型", "Model"),
                MODEL,
                ({**model, "f": found.f, "p": found.f_p},),
                shape="figures",
            ),
        )
        told = effect_sentence([row for row in rows if row["item"] != INTERCEPT], table.title(config.result))
        return Result(table.rows, tables, sentence=told, warnings=cautions(found.warnings))


def _fitted(table: Table, config: RegressionConfig) -> Regression:
    """From merged sums where they suffice, from rows where errors or weights want them."""
    names = (*config.drivers, config.result)
    if config.errors == "classical" and not table.weighted:
        sums = table.moments(names)
        require_varied(sums, names)
        ready = Products(sums.n, sums.rows, sums.w, sums.means, sums.products)
        return from_products(ready, config.drivers)
    weights = weights_if_any(table)
    return ols(
        table.numbers(config.result),
        table.matrix(config.drivers),
        config.drivers,
        weights=weights,
        errors=config.errors,
    )
