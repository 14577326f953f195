"""Means and spread of numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import told
from manyi.kernel.labels import Label
from manyi.measures.distributions import t_for
from manyi.measures.indicators import FEW

HEADINGS = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("effective_n", "有效样本量", "Effective n", "number"),
    ("mean", "平均值", "Mean", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("sd", "标准差", "SD", "number"),
    ("least", "最小值", "Minimum", "number"),
    ("most", "最大值", "Maximum", "number"),
)


@dataclass(frozen=True, slots=True)
class DescriptivesConfig:
    """The numbers to describe."""

    items: tuple[str, ...]


@ANALYSES.register
class Descriptives(Analysis):
    """Mean with interval, standard deviation and range of some numbers."""

    id = "descriptives"
    label = Label("描述统计", "Descriptive statistics")
    group = "tables"
    question = Label("平均是多少,差别有多大?", "What is the mean, and how far do answers spread?")
    method = Label(
        "均值及 t 分布 95% 区间,标准差除以 n-1;加权时标准误用有效样本量(Kish 1965)。每个变量各自剔除缺失。",
        "Mean with t interval at 95 %, standard deviation over n - 1; with weights the standard error uses "
        "Kish's effective n (1965). Missing values are dropped for each variable by itself.",
    )
    caution = Label(
        "分布极不对称或样本很小时,不要只看平均值;复杂抽样请用设计型估计。",
        "Do not rely on the mean alone when answers are very skewed or few; for complex samples use the "
        "design-based estimates.",
    )
    config = DescriptivesConfig
    example = """
method = "descriptives"

[config]
items = ["wait", "price"]
"""
    example_data = {"wait": [5, 4, 4, 5, 3, None, 2, 5], "price": [3, 4, 2, 5, 3, 4, 2, 1]}

    def run(self, table: Table, config: DescriptivesConfig) -> Result:
        """One line for each variable."""
        rows = tuple(_line(table, name) for name in config.items)
        warnings = (warning_of("small_n"),) if any(row["n"] < FEW for row in rows) else ()
        title = Label("描述统计", "Descriptive statistics")
        shown = ResultTable("descriptives", title, HEADINGS, rows)
        return Result(table.rows, (shown,), sentence=_sentence(rows), warnings=warnings)


def _sentence(rows: Sequence[Mapping[str, Any]]) -> Label:
    """The first mean; among variables with the same ends also the lowest, which is what one looks for."""
    given = [row for row in rows if row.get("mean") is not None]
    if not given:
        return Label("没有可用的数值。", "There is no value to describe.")
    alike = len({(row["least"], row["most"]) for row in given}) == 1 and len(given) > 1
    shown = min(given, key=lambda row: float(row["mean"])) if alike else given[0]
    mean = told(shown["mean"], shown.get("low"), shown.get("high"), shown["n"])
    title = shown["title"]
    if alike:
        return Label(f"平均最低的是“{title.zh}”:{mean.zh}。", f"“{title.en}” has the lowest mean: {mean.en}.")
    return Label(f"“{title.zh}”的均值为 {mean.zh}。", f"The mean of “{title.en}” is {mean.en}.")


def _line(table: Table, name: str) -> dict[str, Any]:
    line: dict[str, Any] = {"item": name, "title": table.title(name)}
    sums, values = table.moments([name]), table.numbers(name)
    if not sums.n or not sums.w:
        return {**line, "n": 0}
    mean, effective = float(sums.means[0]), sums.w**2 / sums.w2
    line |= {"n": sums.n, "effective_n": effective, "mean": mean}
    counted = values[table.weights() > 0] if table.weighted else values
    line |= {"least": float(np.nanmin(counted)), "most": float(np.nanmax(counted))}
    if sums.n < 2 or effective <= 1:
        return line
    spread = math.sqrt(float(sums.products[0, 0]) / sums.w * effective / (effective - 1))
    half = t_for(0.95, effective - 1) * spread / math.sqrt(effective)
    return {**line, "sd": spread, "low": mean - half, "high": mean + half}
