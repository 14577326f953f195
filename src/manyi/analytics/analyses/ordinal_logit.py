"""Ordered answers explained by drivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.analyses.regression import drivers_problem
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import effect_sentence
from manyi.analytics.telling import cautions, weights_if_any
from manyi.kernel.labels import Label
from manyi.measures.ordinal import Term, ordinal_logit

TERMS = headings(
    ("item", "变量", "Variable", "text"),
    ("b", "系数", "Coefficient", "number"),
    ("error", "标准误", "Std. error", "number"),
    ("z", "z", "z", "number"),
    ("p", "p 值", "p", "p"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("odds_ratio", "优势比", "Odds ratio", "number"),
)
MODEL = headings(
    ("n", "有效 n", "Valid n", "count"),
    ("weight", "权重合计", "Sum of weights", "number"),
    ("loglik", "对数似然", "Log-likelihood", "number"),
    ("mcfadden", "McFadden R²", "McFadden R²", "number"),
    ("chi2", "似然比卡方", "LR chi-squared", "number"),
    ("df", "自由度", "df", "count"),
    ("p", "p 值", "p", "p"),
)


@dataclass(frozen=True, slots=True)
class OrdinalConfig:
    """The answer, its drivers, what weights mean, and which errors (``polr`` prints those of R's polr)."""

    answer: str
    drivers: tuple[str, ...]
    weighting: Literal["sampling", "frequency"] = "sampling"
    errors: Literal["model", "robust", "polr"] = "model"

    def problem(self) -> tuple[str, Label] | None:
        """A driver at least, none of them the answer."""
        return drivers_problem(self.answer, self.drivers)


@ANALYSES.register
class OrdinalRegression(Analysis):
    """The proportional-odds logit."""

    id = "ordinal_logit"
    label = Label("有序逻辑回归", "Ordinal logit")
    group = "relations"
    question = Label(
        "某一项提高一分,打更高总分的可能性增加多少?",
        "How do the odds of a higher answer grow when one driver gains a point?",
    )
    method = Label(
        "比例优势模型(McCullagh 1980),与 R 的 MASS::polr 同一形式;权重为频数(一行代表若干份)或抽样权重"
        '(标准误改用稳健估计)。errors = "polr" 时按 polr 的数值微分给出标准误。',
        "Proportional odds (McCullagh 1980) in the form of R's MASS::polr; weights are counts or sampling "
        'weights (then with robust errors). errors = "polr" differentiates numerically, as polr does.',
    )
    caution = Label(
        "假定各分界处的影响相同;某个因素把回答完全分开时不给结果;很少有人选的等级会使分界点不稳。",
        "It assumes the same effect at every threshold; nothing is told where a driver separates the "
        "answers; rare answers make thresholds unsteady.",
    )
    config = OrdinalConfig
    example = """
method = "ordinal_logit"

[data]
weight = "count"

[config]
answer = "overall"
drivers = ["wait"]
weighting = "frequency"
"""
    example_data = {
        "overall": [1, 2, 3, 1, 2, 3, 1, 2, 3],
        "wait": [1, 1, 1, 2, 2, 2, 3, 3, 3],
        "count": [12, 8, 3, 7, 11, 9, 2, 6, 14],
    }

    def run(self, table: Table, config: OrdinalConfig) -> Result:
        """Coefficients, thresholds and the model as a whole."""
        found = ordinal_logit(
            table.numbers(config.answer),
            table.matrix(config.drivers),
            config.drivers,
            weights=weights_if_any(table),
            weighting=config.weighting if table.weighted else "frequency",
            errors=config.errors,
        )
        model: dict[str, Any] = {
            "n": found.n,
            "weight": found.weight,
            "loglik": found.loglik,
            "mcfadden": found.mcfadden,
        }
        model |= {"chi2": found.chi2, "df": found.df, "p": found.p}
        drivers = tuple(_row(term, table.title(term.name)) for term in found.coefficients)
        steps = tuple(_row(term, term.name) for term in found.thresholds)
        tables = (
            ResultTable("coefficients", Label("系数", "Coefficients"), TERMS, drivers),
            ResultTable("thresholds", Label("分界点", "Thresholds"), TERMS[:-1], steps),
            ResultTable("model", Label("模型", "Model"), MODEL, (model,), shape="figures"),
        )
        told = effect_sentence(drivers, table.title(config.answer), key="item", ratio="odds_ratio")
        return Result(table.rows, tables, sentence=told, warnings=cautions(found.warnings))


def _row(term: Term, title: Any) -> dict[str, Any]:
    return {
        "item": title,
        "b": term.estimate,
        "error": term.error,
        "z": term.z,
        "p": term.p,
        "low": term.low,
        "high": term.high,
        "odds_ratio": term.odds_ratio,
    }
