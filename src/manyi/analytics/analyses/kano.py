"""Kano's classes of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import cautions, common_title, weights_if_any
from manyi.kernel.labels import Label
from manyi.measures.kano import Kano, kano

HEADINGS = headings(
    ("feature", "功能", "Feature", "text"),
    ("class", "检验后的类别", "Class after the test", "text"),
    ("n", "有效 n", "Valid n", "count"),
    ("better", "满意系数", "Better", "number"),
    ("better_low", "下限", "Low", "number"),
    ("better_high", "上限", "High", "number"),
    ("worse", "不满意系数", "Worse", "number"),
    ("worse_low", "下限", "Low", "number"),
    ("worse_high", "上限", "High", "number"),
)
COUNTS = headings(
    ("feature", "功能", "Feature", "text"),
    ("M", "必备", "Must-be", "number"),
    ("O", "期望", "One-dimensional", "number"),
    ("A", "魅力", "Attractive", "number"),
    ("I", "无差异", "Indifferent", "number"),
    ("R", "反向", "Reverse", "number"),
    ("Q", "可疑", "Questionable", "number"),
    ("mode", "最多", "Most", "text"),
    ("fong", "Fong", "Fong", "text"),
    ("blauth", "Blauth", "Blauth", "text"),
    ("category_strength", "类别强度", "Category strength", "share"),
    ("total_strength", "总强度", "Total strength", "share"),
)
CLASSES = {
    "M": Label("必备", "Must-be"),
    "O": Label("期望", "One-dimensional"),
    "A": Label("魅力", "Attractive"),
    "I": Label("无差异", "Indifferent"),
    "R": Label("反向", "Reverse"),
    "Q": Label("可疑", "Questionable"),
}


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
        rows = tuple(_row(_title(table, name, config.features[name]), one) for name, one in found.items())
        told = cautions(*(one.warnings for one in found.values()))
        tables = (
            ResultTable("kano", self.label, HEADINGS, rows),
            ResultTable("counts", Label("各类人数", "People by class"), COUNTS, rows),
        )
        return Result(table.rows, tables, sentence=_sentence(rows), warnings=told)


def _title(table: Table, name: str, pair: tuple[str, ...]) -> Label:
    """What the feature is called: a matrix row or twin questions by their title, all else by its name."""
    first, second = table.title(pair[0]), table.title(pair[1])
    shared = common_title(first, second)
    if shared != second:
        return shared
    # Twin questions “park_with” and “park_without”, named by what their codes share.
    return first if pair[0].rpartition("_")[0] == name else Label(name, name)


def _sentence(rows: Sequence[Mapping[str, Any]]) -> Label:
    """The features of the three classes that count, by name."""
    named = {code: [row["feature"] for row in rows if row["fong"] == code] for code in ("M", "O", "A")}
    told = [(CLASSES[code], titles) for code, titles in named.items() if titles]
    if not told:
        return Label(
            "没有功能明确属于必备、期望或魅力类。",
            "No feature is clearly must-be, one-dimensional or attractive.",
        )
    zh = ";".join(f"{words.zh}:{'、'.join(t.zh for t in titles)}" for words, titles in told)
    en = "; ".join(f"{words.en}: {', '.join(t.en for t in titles)}" for words, titles in told)
    return Label(f"{zh}。", f"{en}.")


def _class_words(codes: str) -> Label:
    """“O/M” in words."""
    parts = [CLASSES[code] for code in codes.split("/")]
    return Label("/".join(p.zh for p in parts), " / ".join(p.en for p in parts))


def _row(title: Label, found: Kano) -> dict[str, Any]:
    better, worse = found.better_interval, found.worse_interval
    return {
        "feature": title,
        "class": _class_words(found.fong),
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
