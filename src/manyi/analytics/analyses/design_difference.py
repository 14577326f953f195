"""The difference of two groups' means under a sample design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import DesignConfig, design_on, domain_of, with_design
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import LEVEL, p_words, told
from manyi.kernel.labels import Label
from manyi.measures.design.comparisons import difference

HEADINGS = headings(
    ("item", "变量", "Variable", "text"),
    ("n_first", "甲组 n", "First n", "count"),
    ("n_second", "乙组 n", "Second n", "count"),
    ("difference", "乙减甲", "Second - first", "number"),
    ("standard_error", "标准误", "Standard error", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("t", "t", "t", "number"),
    ("df", "自由度", "df", "number"),
    ("p", "p", "p", "p"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceConfig(DesignConfig):
    """The numbers, the variable that holds the groups, and the two groups."""

    items: tuple[str, ...]
    by: str
    first: str
    second: str


@ANALYSES.register
class DesignDifference(Analysis):
    """How far two groups of the population lie apart."""

    id = "design_difference"
    label = Label("两组差异(设计型)", "Difference of two groups (design-based)")
    group = "estimation"
    question = Label("两组的均值差多少,显著吗?", "How far apart are two groups, and is it significant?")
    method = with_design(
        Label("设计型 t 检验(Lumley 2010):两域均值之差。", "Design-based t test of two domain means.")
    )
    caution = Label(
        "比较很多组时,请用分组均值的 Bonferroni 字母。",
        "When many groups are compared, use the letters of means by group.",
    )
    config = DifferenceConfig
    example = """
method = "design_difference"

[config]
items = ["score"]
by = "channel"
first = "app"
second = "shop"
"""
    example_data = {
        "score": [5, 4, 5, 4, 3, 5, 3, 2, 3, 2, 4, 1],
        "channel": ["app"] * 6 + ["shop"] * 6,
    }

    def run(self, table: Table, config: DifferenceConfig) -> Result:
        """One line for each number."""
        design, domain = design_on(table, config), domain_of(table, config)
        groups = np.array(table.texts(config.by), dtype=object).astype(str)
        first, second = groups == config.first, groups == config.second
        if domain is not None:
            first, second = first & domain, second & domain
        rows: list[dict[str, Any]] = []
        codes: list[str] = []
        for name in config.items:
            found = difference(
                design, table.numbers(name), first, second, column=name, confidence=config.confidence
            )
            line = {heading.id: getattr(found, heading.id) for heading in HEADINGS[3:]}
            rows.append({"item": name, "n_first": found.n[0], "n_second": found.n[1], **line})
            codes += found.warnings
        warnings = tuple(warning_of(code) for code in dict.fromkeys(codes))
        shown = ResultTable("difference", self.label, HEADINGS, tuple(rows))
        return Result(table.rows, (shown,), sentence=_sentence(table, rows, config), warnings=warnings)


def _sentence(table: Table, rows: Sequence[Mapping[str, Any]], config: DifferenceConfig) -> Label:
    """How the first number differs between the two groups."""
    first, names = rows[0], {level.code: level.title for level in table.groups(config.by).levels}
    one, two = (names.get(code, Label(code, code)) for code in (config.first, config.second))
    title, clear = table.title(first["item"]), first["p"] is not None and first["p"] < LEVEL
    size = told(first["difference"], first["low"], first["high"], first["n_first"] + first["n_second"])
    behind = "" if first["p"] is None else p_words(first["p"])
    zh, en = ("差异显著", "significantly") if clear else ("差异不显著", "not significantly")
    return Label(
        f"“{title.zh}”:“{two.zh}”减“{one.zh}”为 {size.zh},{zh}({behind})。",
        f"“{title.en}”: “{two.en}” less “{one.en}” is {size.en}, {en} so ({behind}).",
    )
