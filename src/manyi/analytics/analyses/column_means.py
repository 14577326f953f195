"""Means by group with letters of significance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Level, Table, moments
from manyi.analytics.designs import categories
from manyi.analytics.results import Heading, Result, ResultTable, headings
from manyi.analytics.sentences import plain
from manyi.analytics.telling import cautions
from manyi.kernel.labels import Label
from manyi.measures.distributions import t_for
from manyi.measures.groups import FEW_IN_A_GROUP
from manyi.measures.letters import Adjust, Variances, letter_of, letters_in, mean_letters


@dataclass(frozen=True, slots=True)
class ColumnMeansConfig:
    """The items, the groups in columns, and how letters are found."""

    items: tuple[str, ...]
    column: str
    adjust: Adjust = "bonferroni"
    variances: Variances = "pair"
    level: float = 0.05
    confidence: float = 0.95


@ANALYSES.register
class ColumnMeans(Analysis):
    """Which groups score higher."""

    id = "column_means"
    label = Label("分组均值", "Means by group")
    group = "tables"
    question = Label("哪些组的得分更高?", "Which groups score higher?")
    method = Label(
        "各列均值两两 t 检验(合并方差,pair 只用两列,all 用全部列),可用 Bonferroni;加权时按有效样本量。"
        "每组均值附 t 区间。",
        "Pairwise t tests of column means (variance pooled over the pair, or over all), Bonferroni or none; "
        "with weights on Kish's effective n. Each mean with its t interval.",
    )
    caution = Label(
        "各组方差相差很大时,请看 Welch 检验。",
        "Where variances differ much between groups, look at Welch's test.",
    )
    config = ColumnMeansConfig
    example = """
method = "column_means"

[config]
items = ["score"]
column = "shop"
"""
    example_data = {
        "score": [5, 4, 5, 4, 5, 4, 5, 3, 3, 2, 3, 2, 4, 1, 2, 3],
        "shop": ["A"] * 8 + ["B"] * 8,
    }

    def run(self, table: Table, config: ColumnMeansConfig) -> Result:
        """One line for each item."""
        groups, titles = categories(table, config.column), table.groups(config.column).levels
        head = [*headings(("item", "变量", "Variable", "text"), ("title", "名称", "Label", "text"))]
        for place, level in enumerate(titles):
            name, letter = level.title, letter_of(place)
            head += [
                Heading(f"n_{level.code}", Label(f"{name.zh} n", f"{name.en} n"), "count"),
                *_effective(level.code, letter, table.weighted),
                Heading(f"mean_{level.code}", Label(f"{name.zh} ({letter})", f"{name.en} ({letter})")),
                Heading(f"low_{level.code}", Label(f"{letter} 下限", f"{letter} low")),
                Heading(f"high_{level.code}", Label(f"{letter} 上限", f"{letter} high")),
                Heading(f"letters_{level.code}", Label(f"{letter} 大于", f"{letter} above"), "letters"),
            ]
        rows = tuple(_line(table, item, groups.codes, config) for item in config.items)
        sizes = [row[f"n_{level.code}"] for row in rows for level in titles]
        small = ("few_in_a_group",) if any(0 < size < FEW_IN_A_GROUP for size in sizes) else ()
        shown = ResultTable("means", self.label, tuple(head), rows)
        return Result(table.rows, (shown,), sentence=_sentence(rows, titles), warnings=cautions(small))


def _sentence(rows: Sequence[Mapping[str, Any]], levels: Sequence[Level]) -> Label:
    """The item in which two groups that differ significantly lie farthest apart."""
    apart = [(row, pair) for row in rows if (pair := _farthest(row, levels)) is not None]
    if not apart:
        return Label("各组均值没有显著差异。", "No means differ significantly between groups.")
    row, (high, low) = max(apart, key=lambda each: _gap(each[0], each[1]))
    title, above, below = row["title"], _mean_told(row, high), _mean_told(row, low)
    zh = f"“{title.zh}”:“{high.title.zh}”{above.zh}显著高于“{low.title.zh}”{below.zh}"
    en = f"“{title.en}”: “{high.title.en}”{above.en} is significantly above “{low.title.en}”{below.en}"
    if len(rows) > 1:
        zh += f";{len(rows)} 项中 {len(apart)} 项有显著差异"
        en += f"; {len(apart)} of {len(rows)} items differ"
    return Label(f"{zh}。", f"{en}.")


def _mean_told(row: Mapping[str, Any], level: Level) -> Label:
    mean, n = plain(row[f"mean_{level.code}"]), f"{row[f'n_{level.code}']:,}"
    return Label(f"({mean},n = {n})", f" ({mean}, n = {n})")


def _farthest(row: Mapping[str, Any], levels: Sequence[Level]) -> tuple[Level, Level] | None:
    """The two groups farthest apart of which one is significantly above the other by its letters."""
    places = {letter_of(place): level for place, level in enumerate(levels)}
    pairs = [(level, places[each]) for level in levels for each in letters_in(row[f"letters_{level.code}"])]
    return max(pairs, key=lambda pair: _gap(row, pair)) if pairs else None


def _gap(row: Mapping[str, Any], pair: tuple[Level, Level]) -> float:
    high, low = pair
    return float(row[f"mean_{high.code}"]) - float(row[f"mean_{low.code}"])


def _effective(code: str, letter: str, weighted: bool) -> tuple[Heading, ...]:
    """The column of the effective n on which a weighted column is tested."""
    name = Label(f"{letter} 有效样本量", f"{letter} effective n")
    return (Heading(f"effective_{code}", name),) if weighted else ()


def _line(table: Table, item: str, codes: Any, config: ColumnMeansConfig) -> dict[str, Any]:
    values, weights, levels = table.numbers(item), table.weights(), table.groups(config.column).levels
    line: dict[str, Any] = {"item": item, "title": table.title(item)}
    means: list[float] = []
    spreads: list[float] = []
    bases: list[float] = []
    for place, level in enumerate(levels):
        inside = (codes == place) & ~np.isnan(values) & (weights > 0)
        line[f"n_{level.code}"] = int(inside.sum())
        if not inside.any():
            means, spreads, bases = [*means, 0.0], [*spreads, 0.0], [*bases, 0.0]
            continue
        sums = moments(values[inside][:, None], weights[inside])
        effective, mean = sums.w**2 / sums.w2, float(sums.means[0])
        spread = float(sums.products[0, 0]) / sums.w
        spread = spread * effective / (effective - 1) if effective > 1 else 0.0
        means, spreads, bases = [*means, mean], [*spreads, spread], [*bases, effective]
        line |= {f"mean_{level.code}": mean, f"effective_{level.code}": effective}
        if effective > 1:
            half = t_for(config.confidence, effective - 1) * math.sqrt(spread / effective)
            line |= {f"low_{level.code}": mean - half, f"high_{level.code}": mean + half}
    found = mean_letters(
        means, spreads, bases, pooled=config.variances, adjust=config.adjust, level=config.level
    )
    for letters, level in zip(found.letters, levels, strict=True):
        line[f"letters_{level.code}"] = letters
    return line
