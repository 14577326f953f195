"""Kano's classes of features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import cautions, weights_if_any
from manyi.kernel.labels import Label
from manyi.measures.kano import Kano, kano

HEADINGS = headings(
    ("feature", "功能", "Feature", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("M", "必备", "Must-be", "number"),
    ("O", "期望", "One-dimensional", "number"),
    ("A", "魅力", "Attractive", "number"),
    ("I", "无差异", "Indifferent", "number"),
    ("R", "反向", "Reverse", "number"),
    ("Q", "可疑", "Questionable", "number"),
    ("mode", "类别", "Category", "text"),
    ("fong", "检验后类别(Fong)", "Tested category (Fong)", "text"),
    ("blauth", "类别(Blauth)", "Category (Blauth)", "text"),
    ("better", "满意系数", "Better", "number"),
    ("better_low", "满意系数下限", "Better, low", "number"),
    ("better_high", "满意系数上限", "Better, high", "number"),
    ("worse", "不满意系数", "Worse", "number"),
    ("worse_low", "不满意系数下限", "Worse, low", "number"),
    ("worse_high", "不满意系数上限", "Worse, high", "number"),
    ("category_strength", "类别强度", "Category strength", "share"),
    ("total_strength", "总强度", "Total strength", "share"),
)


@dataclass(frozen=True, slots=True)
class KanoConfig:
    """Features by name, each with its two columns: asked if it is there, asked if it is not (1 like … 5)."""

    features: Mapping[str, tuple[str, ...]]

    def problem(self) -> tuple[str, Label] | None:
        """A feature at least, each with two columns."""
        if not self.features or any(len(pair) != 2 for pair in self.features.values()):
            zh, en = "每个功能需要正向、反向两列。", "Each feature needs two columns: with it and without it."
            return "features", Label(zh, en)
        return None


@ANALYSES.register
class KanoModel(Analysis):
    """Kano's evaluation table with better and worse, tested."""

    id = "kano"
    label = Label("卡诺模型", "Kano model")
    group = "relations"
    question = Label("哪些功能必须有,哪些能带来惊喜?", "Which features must be there, and which delight?")
    method = Label(
        "卡诺评价表与 Better/Worse 系数(Berger 1993,Wilson 区间);前两类相差不显著时按 Fong 检验并列,"
        "另给 Blauth 规则、类别强度与总强度(Lee、Newcomb 1997)。回答 1 很喜欢…5 很不喜欢。",
        "Kano's evaluation table with better and worse (Berger 1993, Wilson intervals); two leading classes "
        "that do not differ by Fong's test are joined; Blauth's rule, category and total strength (Lee and "
        "Newcomb 1997). Answers are 1 like … 5 dislike.",
    )
    caution = Label(
        "样本少、或不同客群看法相反时,单一类别会误导;“可疑”超过一成说明题目没被看懂。",
        "With few answers, or where segments disagree, one category misleads; more than a tenth "
        "questionable means that people did not understand the pair of questions.",
    )
    config = KanoConfig
    example = """
method = "kano"

[config.features]
"取送车" = ["with_it", "without_it"]
"""
    example_data = {
        "with_it": [1, 1, 1, 2, 3, 1, 1, 2, 1, 1],
        "without_it": [3, 5, 3, 3, 3, 2, 4, 5, 3, None],
    }

    def run(self, table: Table, config: KanoConfig) -> Result:
        """One line for each feature."""
        weights = weights_if_any(table)
        found = {
            name: kano(table.numbers(pair[0]), table.numbers(pair[1]), weights=weights)
            for name, pair in config.features.items()
        }
        rows = tuple(_row(name, one) for name, one in found.items())
        told = cautions(*(one.warnings for one in found.values()))
        return Result(table.rows, (ResultTable("kano", self.label, HEADINGS, rows),), warnings=told)


def _row(name: str, found: Kano) -> dict[str, Any]:
    better, worse = found.better_interval, found.worse_interval
    return {
        "feature": name,
        "n": found.n,
        **{str(name): count for name, count in found.counts.items()},
        "mode": found.mode,
        "fong": found.fong,
        "blauth": found.blauth,
        "better": found.better,
        "better_low": better and better.low,
        "better_high": better and better.high,
        "worse": found.worse,
        "worse_low": worse and worse.low,
        "worse_high": worse and worse.high,
        "category_strength": found.category_strength,
        "total_strength": found.total_strength,
    }
