"""An index from items through dimensions, with weights at each level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Floats, Table
from manyi.analytics.designs import DesignConfig, cells, design_on, domain_of, estimate_headings, with_design
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Heading, Result, ResultTable
from manyi.kernel.labels import Label
from manyi.measures.design.estimates import mean
from manyi.measures.errors import NotComputable
from manyi.measures.indices import index_scores, weighted_levels

SHARE = Heading("share", Label("占总指数", "Part of the index"), "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexTreeConfig(DesignConfig):
    """Dimensions with the weights of their items, weights of dimensions (else 1), and the scale."""

    dimensions: Mapping[str, Mapping[str, float]]
    weights: Mapping[str, float] = field(default_factory=dict)
    least: float = 1.0
    most: float = 5.0
    least_answered: float = 0.5

    def problem(self) -> tuple[str, Label] | None:
        """Weights and scales that cannot be."""
        every = [w for items in self.dimensions.values() for w in items.values()]
        if not every or not all(items for items in self.dimensions.values()):
            return "dimensions", Label("每个维度至少要有一项。", "Every dimension needs an item.")
        if min([*every, *self.weights.values()]) <= 0:
            return "weights", Label("权重必须大于 0。", "Weights must be above nought.")
        if self.least >= self.most:
            return "most", Label("量表上限必须大于下限。", "The scale must end above its start.")
        names = [*self.dimensions, *(name for items in self.dimensions.values() for name in items)]
        if len(names) != len(set(names)) or "index" in names:
            words = "维度与题目的名字不能重复,也不能叫 index。", "Names are used once, and none is index."
            return "dimensions", Label(*words)
        return DesignConfig.problem(self)


@ANALYSES.register
class IndexTree(Analysis):
    """One index from many items."""

    id = "index_tree"
    label = Label("指数树(项目→维度→指数)", "Index tree (item, dimension, index)")
    group = "scoring"
    question = Label("总指数是多少,由哪些维度构成?", "What is the index, and what makes it up?")
    method = with_design(
        Label(
            "各项换算为 0 至 100,按两级权重逐人求加权平均;未答者的权重由已答者分担,"
            "答到的权重不足 least_answered 则不计。",
            "Items are put on 0 to 100 and averaged person by person with the weights of each level; "
            "answered items carry the weight of the others, below least_answered there is no value.",
        )
    )
    caution = Label(
        "权重是规定而不是发现;改权重后的指数与以前不可比。",
        "Weights are decreed, not found; an index with other weights does not compare with earlier ones.",
    )
    config = IndexTreeConfig
    example = """
method = "index_tree"

[config]
least = 1
most = 5

[config.dimensions.sales]
greeting = 1
advice = 2

[config.dimensions.service]
wait = 1
repair = 1

[config.weights]
sales = 0.4
service = 0.6
"""
    example_data = {
        "greeting": [5, 4, 3, None, 5, 4],
        "advice": [4, 4, 2, 3, 5, None],
        "wait": [2, 3, 3, 4, None, 2],
        "repair": [5, 4, 4, None, 5, 3],
    }

    def run(self, table: Table, config: IndexTreeConfig) -> Result:
        """One line for each node of the tree."""
        levels = [
            (name, config.weights.get(name, 1.0), tuple(items.items()))
            for name, items in config.dimensions.items()
        ]
        tree = weighted_levels(levels, "index")
        columns = {name: _percent(table, name, config) for name in tree.items()}
        found = index_scores(tree, columns, least_answered=config.least_answered)
        design, domain = design_on(table, config), domain_of(table, config)
        rows: list[dict[str, Any]] = []
        for name, values in found.scores.items():
            title = table.title(name) if name in columns else Label(name, name)
            each = mean(design, values, where=domain, column=name, confidence=config.confidence)
            rows.append({"item": name, "title": title, "share": found.shares[name], **cells(each)})
        head = estimate_headings("number", by_group=False)
        codes = dict.fromkeys(code for row in rows for code in row["warnings"])
        shown = ResultTable("index", self.label, (*head[:2], SHARE, *head[2:]), tuple(rows))
        told = f"{rows[0]['value']:.1f}"
        sentence = Label(f"总指数为 {told}(0 至 100)。", f"The index is {told} (0 to 100).")
        return Result(table.rows, (shown,), sentence=sentence, warnings=tuple(map(warning_of, codes)))


def _percent(table: Table, name: str, config: IndexTreeConfig) -> Floats:
    """An item on 0 to 100. Raises NotComputable for an answer outside the scale."""
    values = table.numbers(name)
    wild = np.flatnonzero((values < config.least) | (values > config.most))
    if len(wild):
        raise NotComputable("out_of_range", column=name, row=int(wild[0]), value=f"{values[wild[0]]:g}")
    return np.asarray(100 * (values - config.least) / (config.most - config.least))
